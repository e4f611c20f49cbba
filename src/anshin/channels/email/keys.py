"""What marks a mail as ours and brings answers back to their case; made from the installation's secret."""

import hashlib
import hmac

from django.conf import settings

from anshin.plumbing.mail.threading import make_token, read_token, reference_for, reply_address


def desk_mark(shop_id: int) -> str:
    """The value of the header by which a shop recognises its own mail when it comes back."""
    return f"{shop_id}-{_digest(f'mark:{shop_id}')[:24]}"


def message_key(shop_id: int, turn: str, address: str) -> str:
    """The bare Message-ID of an outgoing message: the same for the same turn, not to be guessed by others."""
    secret = _digest(f"message:{shop_id}:{turn}")[:20]
    domain = address.rpartition("@")[2].lower() or "anshin.invalid"
    return f"{turn}.{secret}@{domain}"


def address_for_case(address: str, case_id: int) -> str:
    """The shop's address with a signed token behind a plus; the plain address where that would be too long."""
    try:
        return reply_address(address, make_token(str(case_id), key=_token_key()))
    except ValueError:
        return address


def case_named_in(addresses: list[str]) -> int | None:
    """The case that a valid token among these addresses names."""
    for address in addresses:
        reference = reference_for([address], keys=[_token_key()]) or ""
        if reference.isdecimal():
            return int(reference)
    return None


def bounce_address(address: str, message_id: int) -> str:
    """The address to which a report about this one message comes back; the plain address where it would be too long."""
    try:
        return reply_address(address, make_token(f"b{message_id}", key=_token_key()))
    except ValueError:
        return address


def message_named_in(addresses: list[str]) -> int | None:
    """The message whose bounce address is among these."""
    for address in addresses:
        reference = reference_for([address], keys=[_token_key()]) or ""
        if reference[:1] == "b" and reference[1:].isdecimal():
            return int(reference[1:])
    return None


def report_token(mailbox_id: int) -> str:
    """What stands in the address at which a mailbox's sending service reports."""
    return make_token(f"m{mailbox_id}", key=_token_key())


def mailbox_named_in(token: str) -> int | None:
    """The mailbox of a report's address."""
    reference = read_token(token, keys=[_token_key()]) or ""
    return int(reference[1:]) if reference[:1] == "m" and reference[1:].isdecimal() else None


def report_secret(mailbox_id: int) -> str:
    """The password for services that cannot sign their reports."""
    return _digest(f"report:{mailbox_id}")[:40]


def _token_key() -> bytes:
    return _digest("reply token").encode()


def _digest(purpose: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"anshin.email:{purpose}".encode(), hashlib.sha256).hexdigest()
