"""Decides which addresses may be asked when somebody typed in the name of a server, and connects to those alone.

A name is looked up once; every address that it has must be allowed, and the connection goes to one of those that were
looked at, so that a second look-up cannot lead elsewhere. Allowed is what everybody on the internet may reach, and what
stands in `networks`: those inside which an operator names.
"""

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from typing import Any, Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MOST_ADDRESSES: Final = 4
"""Of so many of a host's addresses a connection is tried; who answers for a name may list thousands."""


def _networks(*written: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(each) for each in written)


# Azure answers machines about themselves at a public address. Source: learn.microsoft.com, "What is IP address
# 168.63.129.16?", from general knowledge, November 2026.
# 192.0.0.0/24 is for protocols (RFC 6890, 2.2.2); Python calls most of it global. So it does fec0::/10, which was for
# addresses of one site (RFC 3879 deprecates them; routers inside may still know them), and, in its older releases,
# 64:ff9b:1::/48, by which one site reaches its own IPv4 addresses (RFC 8215).
_NEVER_PUBLIC: Final = _networks("168.63.129.16/32", "192.0.0.0/24", "fec0::/10", "64:ff9b:1::/48")
# Where clouds answer machines about themselves, keys included; no network that an operator names opens them. Source:
# the providers' pages on instance metadata, from general knowledge, November 2026.
_METADATA: Final = _networks(
    "169.254.0.0/16", "fe80::/10", "168.63.129.16/32", "192.0.0.192/32", "100.100.100.200/32", "fd00:ec2::/32"
)
_WRAPPED: Final = ipaddress.ip_network("64:ff9b::/96")  # IPv4 in IPv6; RFC 6052, 2.1


class Inside(OSError):
    """A host that is not open to everybody, and that no operator has allowed."""


def networks_of(written: str) -> tuple[Network, ...]:
    """The networks of a list like 10.1.2.0/24,fd00:7::/64, by comma. Raises ValueError naming what is none."""
    return tuple(ipaddress.ip_network(each.strip()) for each in written.split(",") if each.strip())


def is_public(address: str) -> bool:
    """Whether everybody on the internet may reach it; what wraps an IPv4 address is judged by that."""
    read = _read(address)
    if read is None or any(read in net for net in _NEVER_PUBLIC):
        return False
    return read.is_global and not read.is_multicast and not read.is_reserved


def is_allowed(address: str, networks: Iterable[Network] = ()) -> bool:
    """Whether it is public, or inside one of these networks and not where a cloud tells machines about themselves."""
    if is_public(address):
        return True
    read = _read(address)
    if read is None or any(read in net for net in _METADATA):
        return False
    return any(read in net for net in networks)


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def looked_up(host: str, port: int, *, networks: Iterable[Network] = ()) -> list[str]:
    """Every address of a host, all of which may be asked. Raises Inside, OSError, UnicodeError."""
    found, named = resolve(host.strip("[]"), port), tuple(networks)
    if not found or not all(is_allowed(each, named) for each in found):
        raise Inside("this address is not open to everybody")
    return found


def leads_inside(host: str, *, networks: Iterable[Network] = ()) -> bool:
    """Whether a name that was typed leads where nothing is asked. A name that nobody knows leads nowhere yet.

    Asks name servers: never inside a transaction.
    """
    try:
        looked_up(host, 0, networks=networks)
    except Inside:
        return True
    except (OSError, UnicodeError):
        return False
    return False


def connected(
    host: str, port: int, *, seconds: float | None, networks: Iterable[Network] = (), options: Sequence[Any] = ()
) -> socket.socket:
    """A connection to the first of the host's addresses that answers; `seconds` is waited at each.

    `options` are those of setsockopt. Raises Inside, OSError, UnicodeError.
    """
    trouble: OSError | None = None
    for address in looked_up(host, port, networks=networks)[:MOST_ADDRESSES]:
        try:
            made = socket.create_connection((address, port), seconds)
        except OSError as error:
            trouble = error
            continue
        for option in options:
            made.setsockopt(*option)
        return made
    raise trouble or OSError("the host has no address")


def _read(address: str) -> Address | None:
    """The address that is meant; what wraps an IPv4 address is unwrapped."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(read, ipaddress.IPv4Address):
        return read
    if read.ipv4_mapped:
        return read.ipv4_mapped
    if read.sixtofour:
        return read.sixtofour
    if read.teredo:
        return read.teredo[1]
    return ipaddress.IPv4Address(int(read) & 0xFFFFFFFF) if read in _WRAPPED else read
