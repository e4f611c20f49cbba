"""Which part of a host name somebody has registered: what two addresses of one organisation have in common.

Source: the Public Suffix List (publicsuffix.org), as shipped with `publicsuffixlist`; no network.
"""

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

LONGEST_HOST = 253


@lru_cache(maxsize=4096)
def registrable(host: str) -> str:
    """The registered domain above `host` in lower case ASCII ("mail.rakuten.co.jp" gives "rakuten.co.jp").

    "" for an IP address, a bare word, a public suffix, or what is no host name. International names come as punycode.
    """
    name = ascii_host(host)
    if not name or name.rpartition(".")[2].isdigit():
        return ""
    return _suffixes().privatesuffix(name) or ""


def domain_of(mail: str) -> str:
    """The host behind the last @, in lower case; "" without one."""
    _local, at, host = mail.rpartition("@")
    return host.strip(" <>.").lower() if at else ""


def ascii_host(host: str) -> str:
    """The host in lower case, each international label as punycode; "" when that is impossible."""
    name = host.strip().strip(".").lower()
    if not name or len(name) > LONGEST_HOST or "." not in name:
        return ""
    try:
        return ".".join(_ascii_label(label) for label in name.split("."))
    except UnicodeError:
        return ""


def readable_host(host: str) -> str:
    """The host with punycode labels decoded, for comparing how it looks; as it is where that fails."""
    return ".".join(_readable_label(label) for label in host.strip().strip(".").lower().split("."))


def _ascii_label(label: str) -> str:
    if label.isascii():
        if not label or len(label) > 63 or any(sign.isspace() or sign in '<>@,;:\\"()[]/' for sign in label):
            raise UnicodeError(label)
        return label
    return "xn--" + label.encode("punycode").decode("ascii")


def _readable_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


@cache
def _suffixes() -> PublicSuffixList:
    """About 10,000 suffixes, read once; names that people may register below (blogspot.com) count as suffixes."""
    return PublicSuffixList()
