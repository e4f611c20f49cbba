"""People in address headers, however broken the syntax; for `reader`.

The header is taken apart before encoded words are decoded, so that a comma inside a name splits nothing.

Source: RFC 5322 section 3.4 and 4.4 (obsolete forms), RFC 6854 (groups).
"""

import re
from itertools import islice

from anshin.plumbing.mail.headers import closed_quotes, decode_words, printable
from anshin.plumbing.mail.values import Address

MAX_ADDRESSES = 1_000
MAX_TOKENS = 20_000

_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.)*)"'  # 1: quoted
    r"|<([^<>]*)>?"  # 2: in angle brackets
    r"|\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,200}\)){0,200})\)"  # 3: comment, one more inside it
    r"|([,;:])"  # 4: separator
    r'|([^"<(,;:]+|.)',  # 5: anything else
    re.DOTALL,
)
_WORDS = re.compile(r'(?:"[^"]*"|[^\s<>(),;:"])+')
_COMMENT = re.compile(r"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,200}\)){0,200}\)")


def addresses(text: str) -> tuple[Address, ...]:
    """Everybody named, in order, at most 1,000; groups are opened, empty ones vanish.

    Units: `text` is an unfolded header with encoded words still encoded.
    """
    found = _read(text)
    if "=?" in text and not any(address.mail for address in found):
        decoded = decode_words(text)
        if "@" in decoded:
            found = _read(decoded)
    return tuple(found)


def first_address(text: str) -> Address:
    """The first one with a mail address, else the first, else an empty one."""
    found = addresses(text)
    with_mail = [address for address in found if address.mail]
    return next(iter([*with_mail, *found]), Address("", ""))


class _Pending:
    """One address being collected."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.after: list[str] = []
        self.angle: str | None = None
        self.comment = ""

    def address(self) -> Address | None:
        words = re.sub(r"\s+", " ", "".join(self.words)).strip()
        start, end = _bare_mail(words)
        if self.angle is not None and (self.angle.strip() or not end):
            return _address(words or self.comment, self.angle)
        squeezed = re.sub(r" ?([.@]) ?", r"\1", words)
        if _WORDS.fullmatch(squeezed) and "@" in squeezed:
            return _address(self.comment, squeezed)
        if not end:
            return _address(words, "") if words else None
        name = re.sub(r"[<>]", "", words[:start] + words[end:]).strip()
        return _address(name or self.comment, words[start:end])


def _bare_mail(words: str) -> tuple[int, int]:
    """Where a mail address stands in plain words; (0, 0) when there is none."""
    for word in _WORDS.finditer(words):
        if "@" in word.group()[1:-1]:
            return word.span()
    return 0, 0


def _read(text: str) -> list[Address]:
    found: list[Address] = []
    pending = _Pending()
    for token in islice(_TOKEN.finditer(closed_quotes(text)), MAX_TOKENS):
        if len(found) >= MAX_ADDRESSES:
            return found
        separator = token.group(4)
        if separator == ":" and pending.angle is None and "@" not in "".join(pending.words):
            pending = _Pending()  # a group's name
        elif separator in (",", ";"):
            _finish(found, pending)
            pending = _Pending()
        else:
            pending = _take(found, pending, token)
    _finish(found, pending)
    return found


def _take(found: list[Address], pending: _Pending, token: re.Match[str]) -> _Pending:
    _quoted, angle, comment, separator, other = token.groups()
    if angle is not None:
        if pending.angle and pending.angle.strip():  # a forgotten comma
            _finish(found, pending)
            words = pending.after
            pending = _Pending()
            pending.words = words
        pending.angle = angle
    elif comment is not None:
        pending.comment = pending.comment or comment
    else:
        words = pending.after if pending.angle else pending.words
        words.append(separator or other or _unescaped(token))
    return pending


def _unescaped(token: re.Match[str]) -> str:
    """What stands in quotes; with them when it is a local part (followed by @)."""
    if token.string.startswith("@", token.end()):
        return token.group()
    return re.sub(r"\\(.)", r"\1", token.group(1) or "")


def _finish(found: list[Address], pending: _Pending) -> None:
    address = pending.address()
    if address is not None and (address.name or address.mail):
        found.append(address)


def _address(name: str, mail: str) -> Address:
    shown = printable(decode_words(name)).strip()
    if len(shown) > 1 and shown[0] == shown[-1] and shown[0] in "\"'":
        shown = shown[1:-1].strip()
    sent = printable(decode_words(mail)).strip("' ")
    plain = re.sub(r"\s*([.@])\s*", r"\1", _COMMENT.sub("", sent[:1_000])).strip()
    plain = re.sub(r"^(?:mailto:|@[^:]*:)", "", plain, flags=re.IGNORECASE)  # obsolete routes
    start, end = _bare_mail(plain)
    if not end:
        return Address(shown or sent, "")
    return Address(shown, _unquoted(plain[start:end]))


def _unquoted(mail: str) -> str:
    """The old carrier addresses ("a..b"@docomo.ne.jp) without the quotes that only the syntax asks for."""
    found = re.fullmatch(r'"([A-Za-z0-9._+-]{1,64})"@(.+)', mail)
    return f"{found.group(1)}@{found.group(2)}" if found else mail
