"""The words of a Japanese text that carry its meaning, each in the spelling under which the dictionary keeps it.

引越し, 引っ越し and 引越 are one word, サーバ and サーバー too. The dictionary is SudachiDict (core), cut into short
units (mode A). It is loaded at the first use, which takes 0.1 s and 70 MB of memory that processes share.
"""

import re
import threading
from functools import lru_cache
from typing import Any, Final

from sudachipy import Dictionary, SplitMode

from anshin.language.folding import fold
from anshin.language.names import katakana

LONGEST_BYTES: Final = 48_000
"""What the tokenizer takes at once is 49,149 bytes; longer texts go in pieces."""
_EMPTY: Final = frozenset({"助詞", "助動詞", "補助記号", "記号", "空白", "接頭辞", "接続詞", "感動詞", "代名詞"})
_NUMERAL: Final = "数詞"
_HELPING_VERB: Final = "非自立可能"
_SHORT: Final = 2
_OFTEN_THE_SAME: Final = 200
"""Paragraphs up to this length are remembered."""
_STEM_ENDINGS: Final = dict(zip("すくぐつぬぶむるう", "しきぎちにびみりい", strict=True))
_LATIN: Final = re.compile("[a-z]+")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]{2,}")
_KANA: Final = re.compile("[\u3041-\u30ff]")
_lock = threading.Lock()
_own = threading.local()
_loaded: list[tuple[Any, Any, Any]] = []


def content_words(spelled: str) -> set[str]:
    """The words of a folded text, as keys. What its letters already say is left out: words of Latin letters, and
    words of one or two characters that are written as the dictionary writes them."""
    found: set[str] = set()
    if spelled.isascii():
        return found
    for paragraph in spelled.split("\n"):
        read = _known_words if len(paragraph) <= _OFTEN_THE_SAME else _new_words
        found.update(read(paragraph))
    return found


def meaning_words(spelled: str) -> set[str]:
    """Every word of a folded text that carries meaning, short ones too, as the dictionary keeps it; of Latin letters
    from three letters on by their first six, of Hangul by their first two, of Chinese by pairs of characters."""
    found = {word[:6] for word in _LATIN.findall(spelled) if len(word) > 2}
    if spelled.isascii():
        return found
    found |= {word[:2] for word in _HANGUL.findall(spelled)}
    if not _KANA.search(spelled):
        return found | {spelled[at : at + 2] for at in range(len(spelled) - 1) if _is_han(spelled[at : at + 2])}
    is_content = _content()
    for piece in _pieces(spelled):
        words = (_key(token.normalized_form()) for token in _tokenizer().tokenize(piece) if is_content(token))
        found.update(word for word in words if _is_word(word) and not word.isascii())
    return found


def words_of_query(spelled: str) -> tuple[str, ...]:
    """The words that a search for this folded text may look for instead of its letters; none where that would be a
    guess: for kana that fall into pieces (へんぴん is not 辺鄙だ), and for text that is mostly not words."""
    if not spelled or len(spelled) > 200:
        return ()
    tokens = _tokenizer().tokenize(spelled)
    is_content = _content()
    if len(tokens) > 1 and _is_kana(spelled):
        return ()
    if any(token.surface().isascii() for token in tokens):
        return ()
    words = (_key(token.normalized_form()) for token in tokens if is_content(token))
    return tuple(dict.fromkeys(word for word in words if _is_word(word)))


def word_places(text: str, words: frozenset[str]) -> list[tuple[int, int]]:
    """Where in a text of at most LONGEST_BYTES one of these words stands, however it is spelled."""
    if len(text.encode()) > LONGEST_BYTES:
        return []
    is_content = _content()
    return [
        (token.begin(), token.end())
        for token in _tokenizer().tokenize(text)
        if is_content(token) and _key(token.normalized_form()) in words
    ]


def _is_han(text: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in text)


def _is_kana(text: str) -> bool:
    return all("\u3041" <= character <= "\u30ff" for character in text)


def _is_word(text: str) -> bool:
    """Whether it can be looked for: not a sign, not a single kana."""
    return text.isalnum() and not (len(text) == 1 and _is_kana(text))


@lru_cache(maxsize=4_000)
def _known_words(paragraph: str) -> frozenset[str]:
    """The words of a greeting, a signature, a quoted line: the same paragraphs come again and again."""
    return _new_words(paragraph)


def _new_words(paragraph: str) -> frozenset[str]:
    _all, is_content, is_stem = _dictionary()
    found = set()
    for piece in _pieces(paragraph):
        for token in _tokenizer().tokenize(piece):
            if is_content(token):
                surface, normal = token.surface(), token.normalized_form()
                found.add(_kept(surface, normal))
                if is_stem(token):
                    found.add(_kept_noun(surface, normal, token.part_of_speech()[4]))
    found.discard("")
    return frozenset(found)


@lru_cache(maxsize=50_000)
def _kept(surface: str, normal: str) -> str:
    """The key of a word as written and as the dictionary keeps it; "" for one whose letters already say it."""
    return _unless_written(_key(normal), surface)


@lru_cache(maxsize=5_000)
def _kept_noun(surface: str, verb: str, conjugation: str) -> str:
    """As `_kept`, of the noun that a verb's stem is."""
    return _unless_written(_noun(verb, conjugation), surface)


def _unless_written(word: str, surface: str) -> str:
    if surface.isascii() or not _is_word(word):
        return ""
    return word if len(word) > _SHORT or word != katakana(surface) else ""


@lru_cache(maxsize=2_000)
def _noun(verb: str, conjugation: str) -> str:
    """The noun that a verb's stem is: 引越し may be a form of 引っ越す, and is 引っ越し for who looks for it."""
    if conjugation.startswith("五段") and verb[-1] in _STEM_ENDINGS:
        return _key(verb[:-1] + _STEM_ENDINGS[verb[-1]])
    return _key(verb[:-1]) if "一段" in conjugation and verb.endswith("る") else ""


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    return katakana(fold(word)).replace(" ", "")


def _tokenizer() -> Any:
    """This thread's own: one that two threads share raises."""
    if not hasattr(_own, "tokenizer"):
        _own.tokenizer = _dictionary()[0].tokenizer(SplitMode.A)
    return _own.tokenizer


def _content() -> Any:
    return _dictionary()[1]


def _dictionary() -> tuple[Any, Any, Any]:
    """The dictionary, and what says of a word whether it carries meaning, and whether it is a verb's bare stem."""
    with _lock:
        if not _loaded:
            dictionary = Dictionary(dict="core")
            _loaded.append((dictionary, dictionary.pos_matcher(_carries_meaning), dictionary.pos_matcher(_is_stem)))
    return _loaded[0]


def _carries_meaning(part_of_speech: tuple[str, ...]) -> bool:
    kind, finer, *_rest = part_of_speech
    if kind in _EMPTY or finer == _NUMERAL:
        return False
    return not (kind in {"動詞", "形容詞"} and finer == _HELPING_VERB)


def _is_stem(part_of_speech: tuple[str, ...]) -> bool:
    return part_of_speech[0] == "動詞" and part_of_speech[5] == "連用形-一般"


def _pieces(text: str) -> list[str]:
    """The text in pieces that the tokenizer takes, cut at paragraphs and sentences where there are any."""
    if len(text.encode()) <= LONGEST_BYTES:
        return [text] if text else []
    middle = len(text) // 2
    cut = max(text.rfind("\n", 0, middle), text.rfind("。", 0, middle)) + 1 or middle
    return _pieces(text[:cut]) + _pieces(text[cut:])
