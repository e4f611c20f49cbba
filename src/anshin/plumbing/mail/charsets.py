"""Which characters some bytes are, whatever their label says; the choice is always reported, never silent.

For everything in a mail that is text: bodies, headers, file names. The order: ISO-2022-JP escapes (pure
ASCII, so also valid UTF-8: they come first), strict UTF-8, the label, then a guess between the Japanese
sets by how plausible the text reads, Latin last.
"""

import codecs
import re
from encodings.aliases import aliases
from functools import lru_cache
from typing import NamedTuple

from anshin.plumbing.mail import jis, neighbours
from anshin.plumbing.mail.values import CharsetChoice

SAMPLE_BYTES = 16_384

_OURS = {
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "cesu-8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "x-shift-jis": "cp932",
    "s-jis": "cp932",
    "sjis-win": "cp932",
    "shift_jisx0213": "cp932",
    "windows-31j": "cp932",
    "windows-932": "cp932",
    "cswindows31j": "cp932",
    "csshiftjis": "cp932",
    "ms_kanji": "cp932",
    "mskanji": "cp932",
    "ms932": "cp932",
    "932": "cp932",
    "iso-2022-jp": "iso-2022-jp",
    "iso2022jp": "iso-2022-jp",
    "csiso2022jp": "iso-2022-jp",
    "jis": "iso-2022-jp",
    "jis7": "iso-2022-jp",
    "cp50220": "iso-2022-jp",
    "cp50221": "iso-2022-jp",
    "cp50222": "iso-2022-jp",
    "euc-jp": "euc-jp",
    "eucjp": "euc-jp",
    "euc_jp": "euc-jp",
    "x-euc-jp": "euc-jp",
    "x-euc": "euc-jp",
    "ujis": "euc-jp",
    "eucjp-ms": "euc-jp",
    "eucjp-win": "euc-jp",
    "cp51932": "euc-jp",
    "cseucpkdfmtjapanese": "euc-jp",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "gb18030": "gb18030",
    "euc-cn": "gb18030",
    "big5": "cp950",
    "big5-eten": "cp950",
    "x-big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949",
    "euckr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "uhc": "cp949",
    "windows-949": "cp949",
    "windows-874": "cp874",
    "us-ascii": "us-ascii",
    "ascii": "us-ascii",
    "ansi_x3.4-1968": "us-ascii",
    "646": "us-ascii",
    "7bit": "us-ascii",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf-7": "utf-7",
    "utf7": "utf-7",
}
_PYTHON_NAMES = {*aliases, *aliases.values(), "koi8_u", "koi8_t", "cp874", "cp1006"}
_NO_LABEL = frozenset(
    {"", "x-unknown", "unknown", "unknown-8bit", "binary", "8bit", "default", "none", "x-user-defined"}
)
_NOT_TEXT = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "palmos"}
)
_NOT_BY_BYTE = (
    "utf-16",
    "utf-32",
    "utf-7",
    "hz",
    "iso2022",
    "cp037",
    "cp500",
    "cp1026",
    "cp1140",
    "cp273",
    "cp424",
)
_TWO_BYTE_SETS = frozenset({"cp932", "euc-jp", "gb18030", "cp950", "big5hkscs", "cp949", "johab"})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Decoded(NamedTuple):
    """Text and how it was found."""

    text: str
    choice: CharsetChoice


def decode(raw: bytes, declared: str = "") -> Decoded:
    """The text of `raw`, with U+FFFD where nothing made sense. Never raises for any bytes or label."""
    label = codec_for(declared)
    if jis.has_escapes(raw) and not label.startswith("iso2022"):
        return _decoded(jis.decode_iso2022jp(raw, _stray), declared, "iso-2022-jp", "escapes")
    found = _by_odd_label(raw, declared, label)
    if found is not None:
        return found
    if raw.isascii():
        return _decoded(raw.decode("ascii"), declared, label or "us-ascii", "ascii")
    for mark, codec in _BOMS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :].decode(codec, "replace"), declared, codec, "declared")
    return _by_reading(raw, declared, label)


def decode_as(raw: bytes, chosen: str, declared: str = "") -> Decoded:
    """The text of `raw` in the set that a person chose (one of READABLE_AS), whatever it was declared to be."""
    label = codec_for(chosen)
    if label == "iso-2022-jp":
        return _decoded(jis.decode_iso2022jp(jis.restore_escapes(raw), _stray), declared, label, "chosen")
    if not label:
        return decode(raw, declared)
    return _decoded(_with_replacements(raw, label), declared, label, "chosen")


READABLE_AS = ("utf-8", "cp932", "iso-2022-jp", "euc-jp", "gb18030", "cp950", "cp949", "cp1252")
"""What a person may choose when a mail is garbled, the likeliest first."""

NEIGHBOUR_SETS = frozenset({"gb18030", "cp950", "big5hkscs", "cp949", "johab"})
"""Sets of Chinese and Korean; a label elsewhere in the mail is the best hint for what has none."""


def as_utf8(raw: bytes, charset: str) -> bytes:
    """8-bit bytes of that charset as UTF-8; unchanged where they are not of it, or plainly something else."""
    label = codec_for(charset)
    if raw.isascii() or not label or jis.has_escapes(raw) or _strictly(raw, "utf-8") is not None:
        return raw
    text = _strictly(raw, label)
    return raw if text is None else text.encode("utf-8", "replace")


@lru_cache(maxsize=1_000)
def codec_for(declared: str) -> str:
    """Our name of a declared charset, or "" when the label is missing or unknown."""
    label = declared.strip(" \t\r\n\"'<>;").lower().removeprefix("charset=").strip("\"' ")
    label = label.split("*", 1)[0]  # RFC 2231: charset*language
    if label in _NO_LABEL:
        return ""
    if label in _OURS:
        return _OURS[label]
    if label.startswith(("iso-2022-jp", "iso2022-jp", "iso2022jp", "iso-2022jp")):
        return "iso-2022-jp"
    return _python_codec(label)


def _python_codec(label: str) -> str:
    """What CPython calls it; only names that turn bytes into text."""
    if re.sub(r"[^a-z0-9]+", "_", label) not in _PYTHON_NAMES:  # asking for any other name costs a search on disk
        return ""
    try:
        found = codecs.lookup(label)
        b"a".decode(label)  # refuses codecs that are not for text
    except UnicodeError:
        pass  # a text codec for which this letter is too little
    except (LookupError, ValueError):
        return ""
    name = found.name
    return "" if name.replace("-", "_") in _NOT_TEXT else _OURS.get(name, name)


def _decoded(text: str, declared: str, used: str, reason: str, *, meant: int = 0) -> Decoded:
    """Makes text storable (no NUL, no lone surrogate); counts the U+FFFD beyond those that were `meant`."""
    if "\0" in text or not text.isascii():
        text = _UNSTORABLE.sub(jis.REPLACEMENT, text)
    lost = max(0, text.count(jis.REPLACEMENT) - meant)
    return Decoded(text, CharsetChoice(declared, used, "damaged" if lost else reason, lost))


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _by_odd_label(raw: bytes, declared: str, label: str) -> Decoded | None:
    """Sets whose bytes look like ASCII or like nothing: trusted when they decode."""
    if label == "iso-2022-jp":
        restored = jis.restore_escapes(raw)
        if restored != raw or b"\x0e" in raw:
            return _decoded(jis.decode_iso2022jp(restored, _stray), declared, label, "escapes")
    is_wide = label.startswith(("utf-16", "utf-32"))
    if not label.startswith(_NOT_BY_BYTE) or (is_wide and b"\0" not in raw and raw.isascii()):
        return None
    try:
        return _decoded(raw.decode(label).removeprefix("\ufeff"), declared, label, "declared")
    except UnicodeError:
        if is_wide and b"\0" in raw:
            return _decoded(raw.decode(label, "replace"), declared, label, "damaged")
        return None


def _by_reading(raw: bytes, declared: str, label: str) -> Decoded:
    """8-bit bytes without escapes or marks."""
    utf8 = _strictly(raw, "utf-8")
    if utf8 is not None and _is_meant_as_utf8(raw, utf8, label):
        meant = raw.count(b"\xef\xbf\xbd")
        return _decoded(utf8, declared, "utf-8", "declared" if label == "utf-8" else "utf8", meant=meant)
    trusted = _strictly(raw, label) if label and label not in ("us-ascii", "utf-8", "iso-2022-jp") else None
    if trusted is not None and not _is_beaten(raw, trusted, label):
        return _decoded(trusted, declared, label, "declared")
    return _guess(raw, declared, label)


def _is_meant_as_utf8(raw: bytes, utf8: str, label: str) -> bool:
    """Valid UTF-8 is believed over a label, unless a two-byte set reads at least as well."""
    if label not in _TWO_BYTE_SETS:
        return True
    other = _strictly(raw, label)
    return other is None or plausibility(utf8[:SAMPLE_BYTES]) > plausibility(other[:SAMPLE_BYTES]) + 0.5


def _is_beaten(raw: bytes, trusted: str, label: str) -> bool:
    """Whether a Japanese set reads clearly better than the (valid) declared one, Latin or Japanese."""
    if label not in ("cp1252", "latin-1", "iso8859-15", "cp932", "euc-jp"):
        return False
    if label == "euc-jp" and _EUC_KANA.search(raw):
        return False
    declared_score = plausibility(trusted[:SAMPLE_BYTES])
    rivals = [name for name in ("cp932", "euc-jp") if name != label]
    return any(_score(raw, name) >= max(1.0, declared_score + 0.7) for name in rivals)


_EUC_KANA = re.compile(rb"(?:\x8e[\xa1-\xdf]){3}")
"""Half-width kana of EUC-JP; as Shift_JIS it would be kanji of one and the same row."""


def _guess(raw: bytes, declared: str, label: str) -> Decoded:
    if _is_mostly_utf8(raw):
        return _decoded(raw.decode("utf-8", "replace"), declared, "utf-8", "damaged")
    names = [
        name for name in (label, "utf-8", "cp932", "euc-jp", "cp1252") if name not in ("us-ascii", "iso-2022-jp", "")
    ]
    scored = {name: _score(raw, name) + (0.4 if name == label else 0.0) for name in names}
    best = max(scored, key=lambda name: scored[name])
    if best != label:
        best = neighbours.likelier(raw[:SAMPLE_BYTES], _with_replacements(raw[:SAMPLE_BYTES], best)) or best
    text = _strictly(raw, best)
    reason = "declared" if best == label else "guessed"
    return _decoded(_with_replacements(raw, best) if text is None else text, declared, best, reason)


def _is_mostly_utf8(raw: bytes) -> bool:
    """UTF-8 with some bytes lost: at least one whole Japanese character, and more whole than broken ones."""
    text = raw[:SAMPLE_BYTES].decode("utf-8", "replace")
    whole = len(re.findall("[\u0800-\ufffc\U00010000-\U0010ffff]", text))
    return whole > 0 and whole >= text.count(jis.REPLACEMENT)


def _score(raw: bytes, name: str) -> float:
    return plausibility(_with_replacements(raw[:SAMPLE_BYTES], name))


def _strictly(raw: bytes, name: str) -> str | None:
    if name == "euc-jp":
        text = jis.decode_eucjp(raw)
        return None if jis.REPLACEMENT in text else text
    try:
        return raw.decode(name)
    except UnicodeError:
        return raw.decode("latin-1") if name == "cp1252" and not re.search(rb"[\x80-\x9f]{2}", raw) else None


def _with_replacements(raw: bytes, name: str) -> str:
    return jis.decode_eucjp(raw) if name == "euc-jp" else raw.decode(name, "replace")


def _stray(run: bytes) -> str:
    """8-bit bytes inside ISO-2022-JP: usually UTF-8 or Shift_JIS added by a relay or a mailing list."""
    return _by_reading(run, "", "").text


_WEIGHTS = (
    (re.compile("[\u3041-\u309f]"), 2.0),
    (re.compile("[\u30a1-\u30ff\u3001-\u303f\uff01-\uff60]"), 1.5),
    (re.compile("[\uac00-\ud7a3]"), 1.0),
    (re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2018-\u201f\u2026]"), 1.0),
    (re.compile("[\uff66-\uff9f]"), 0.2),
    (re.compile("[\uff61-\uff65\u2500-\u257f]"), -1.5),
    (re.compile("[\u0370-\u052f]"), 0.2),
    (re.compile("[\u00c0-\u024f]"), 0.4),
    (re.compile("[\u0080-\u009f\ue000-\uf8ff]"), -3.0),
    (re.compile("\ufffd"), -6.0),
)
_KANJI = re.compile("[\u4e00-\u9fff]")
_LONELY = re.compile("(?<=[A-Za-z ])[\u4e00-\u9fff\uff61-\uff9f](?=[A-Za-z ])")
_LATIN_BETWEEN = re.compile("[\u00a1-\u00ff]{3,}")


def plausibility(text: str) -> float:
    """How much the non-ASCII characters look like writing: about 2 for kana, below 0 for garble."""
    odd = len(text) - sum(map(str.isascii, text))
    if not odd:
        return 0.0
    points = sum(weight * len(pattern.findall(text)) for pattern, weight in _WEIGHTS)
    points += sum(map(_kanji_points, _KANJI.findall(text)))
    points -= 2.0 * len(_LONELY.findall(text))
    points -= sum(len(run) for run in _LATIN_BETWEEN.findall(text))
    return points / odd


def _kanji_points(character: str) -> float:
    """1 for the kanji of everyday use (JIS level 1), a little below 0 for rarer ones."""
    place = character.encode("cp932", "ignore")
    return 1.0 if len(place) == 2 and place[0] < 0x98 else -0.2
