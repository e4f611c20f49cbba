"""Decisions of the contact form: how often one may write, which mail domain was probably meant, what is too vague."""

from datetime import timedelta
from typing import Final

from anshin.language.folding import fold
from anshin.plumbing.callers import is_inner

SHORTEST_FILLING: Final = timedelta(seconds=3)
"""Nobody reads, types and sends faster; programs do."""
TICKET_LASTS: Final = timedelta(hours=24)
RATE_WINDOW: Final = timedelta(hours=1)
MOST_PER_ADDRESS: Final = 12
MOST_PER_INNER_ADDRESS: Final = 120
"""For private and loopback addresses: behind them stands a proxy nobody declared, or a whole office."""
MOST_PER_MAIL: Final = 6
MOST_PHOTOS: Final = 5
VAGUE_BELOW: Final = 10
"""Characters. Source: requirement row 141, a vague report is asked about once."""

_MAIL_DOMAINS: Final = (
    "gmail.com", "yahoo.co.jp", "docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp",
    "icloud.com", "outlook.jp", "outlook.com", "hotmail.com", "hotmail.co.jp", "live.jp", "ymobile.ne.jp",
    "rakuten.jp", "uqmobile.jp", "nifty.com", "ybb.ne.jp", "me.com", "yahoo.com",
)  # fmt: skip
_REAL_NEIGHBOURS: Final = frozenset(
    {"mail.com", "ymail.com", "email.com", "live.com", "ymail.ne.jp", "my.com", "we.com"}
)


def probable_mail(address: str) -> str:
    """The address that was probably meant, when its domain is one slip away from one that everybody uses; else "".

    A slip is one letter missing, added, wrong, or two letters swapped. A different domain of short name (me.com,
    au.com) is never proposed, since too much is one slip away from it.
    """
    local, _at, domain = address.rpartition("@")
    if not local or domain in _MAIL_DOMAINS or domain in _REAL_NEIGHBOURS:
        return ""
    if domain in {"gmail.co.jp", "gmail.jp", "gmail.ne.jp"}:
        return f"{local}@gmail.com"
    for known in _MAIL_DOMAINS:
        if len(known) > 7 and _is_one_slip_away(domain, known):
            return f"{local}@{known}"
    return ""


def is_vague(text: str) -> bool:
    """Whether the text is too short to say what happened (動かない)."""
    return len(fold(text).replace(" ", "")) < VAGUE_BELOW


def most_from(address: str) -> int:
    """How many submissions an hour may come from this network address."""
    return MOST_PER_INNER_ADDRESS if is_inner(address) else MOST_PER_ADDRESS


def example_of(order_format: str) -> str:
    """An order number in the shop's format that shows its shape: KM-##### becomes KM-12345."""
    digits = iter("1234567890" * 4)
    return "".join(next(digits) if character == "#" else character for character in order_format)


def _is_one_slip_away(written: str, known: str) -> bool:
    if abs(len(written) - len(known)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(written, known, strict=False)) if a != b), None)
    if start is None:
        return len(written) != len(known)
    rest, wanted = written[start:], known[start:]
    swapped = rest[1::-1] + rest[2:]
    return rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:] or swapped == wanted
