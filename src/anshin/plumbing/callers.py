"""From which network address a request comes, as far as it is believed; for counting, never for finding somebody."""

import ipaddress


def is_inner(address: str) -> bool:
    """Whether a whole office, or a proxy that nobody declared, may stand behind the address."""
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return True


def neighbourhood(address: str) -> str:
    """The network address as it is counted: IPv6 by its /64, which one subscriber holds. Source: RFC 6177, 2."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(read, ipaddress.IPv6Address):
        return str(read.ipv4_mapped or ipaddress.ip_network((read, 64), strict=False).network_address)
    return str(read)


def client_address(*, peer: str, forwarded_for: str, proxies: int) -> str:
    """The customer's network address, with `proxies` trusted reverse proxies in front of us.

    Each proxy appends the address it was called from to X-Forwarded-For; what stands before those was written by the
    caller and is not believed.
    """
    steps = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    if proxies < 1 or len(steps) < proxies:
        return peer
    return steps[-proxies]
