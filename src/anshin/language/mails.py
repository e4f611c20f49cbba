"""Mail addresses as people and carriers write them, to one key; for finding a customer by any of their addresses."""

import re
import unicodedata
from typing import Final

_LONGEST_ADDRESS: Final = 254
_LONGEST_LOCAL: Final = 64
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_LOCAL: Final = re.compile(r"""[^\s@<>()\[\],;:"\\\x00-\x1f\x7f]+|"[^"\\\r\n]+\"""")
_LABEL: Final = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_PLAIN_QUOTED: Final = re.compile(r'"([A-Za-z0-9!#$%&\'*+/=?^_`{|}~.-]+)"')


def mail_key(address: str) -> str:
    """The address as it is compared: one width, lower case, domain in its ASCII form, no brackets or `mailto:`.

    The local part is folded to lower case too: no mailbox that writes to shops tells A from a. Dots and +tags count,
    since only some providers ignore them. `"a..b"@docomo.ne.jp` and `a..b@docomo.ne.jp` have one key.
    """
    local, at, domain = _bare(address).rpartition("@")
    if not at:
        return domain
    quoted = _PLAIN_QUOTED.fullmatch(local)
    return f"{quoted.group(1) if quoted else local}@{_ascii_domain(domain.rstrip('.'))}"


def looks_like_mail(text: str) -> bool:
    """Whether the text, as a whole, is an address that mail can be sent to.

    Addresses that Japanese carriers once gave out against RFC 5321 are accepted: dots side by side, at the start, or
    before the @. Source: RFC 5321 4.1.2 and 4.5.3.1 (lengths); the carriers ended such addresses in 2009, they live on.
    """
    address = _bare(text)
    local, at, domain = address.rpartition("@")
    labels = domain.removesuffix(".").split(".")
    return (
        bool(at)
        and len(address) <= _LONGEST_ADDRESS
        and len(local) <= _LONGEST_LOCAL
        and bool(_LOCAL.fullmatch(local))
        and len(labels) >= 2
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdecimal()
    )


def _bare(address: str) -> str:
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", address)).strip().casefold()
    if plain.startswith("<") and plain.endswith(">"):
        plain = plain[1:-1].strip()
    return plain.removeprefix("mailto:").strip()


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
