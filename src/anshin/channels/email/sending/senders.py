"""From which addresses a shop may write, which of them fits a case, and which mailbox carries the mail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from anshin.cases.ports import FromAddress
from anshin.channels.email.models import Arrival, Mailbox
from anshin.language.mails import mail_key
from anshin.plumbing.prepared import Prepared

_ADDRESSES = Prepared(
    lambda shop: (
        Mailbox.objects.filter(shop_id=shop, is_active=True)
        .order_by("id", "aliases__id")
        .values_list(
            *("id", "shop__name", "address", "display_name", "signature_ja", "signature_en"),
            *("aliases__address", "aliases__display_name", "aliases__signature_ja", "aliases__signature_en"),
        )
    ),
    shop=int,
)
"""A row for each alias of a mailbox; one without for a mailbox that has none. Asked on each page of a case, so it
brings no more than is shown there."""


@dataclass(frozen=True)
class Origin:
    """An address and the mailbox over whose server its mail leaves."""

    mailbox_id: int
    address: FromAddress

    @cached_property
    def mailbox(self) -> Mailbox:
        """One query at its first use."""
        return Mailbox.objects.select_related("shop").get(pk=self.mailbox_id)


def origins_of(shop_id: int) -> tuple[Origin, ...]:
    """Every address of the shop's active mailboxes, each mailbox's own before its aliases. One query."""
    found: dict[tuple[int, str], Origin] = {}
    for mailbox_id, shop, mail, name, ja, en, alias, alias_name, alias_ja, alias_en in _ADDRESSES.tuples(shop=shop_id):
        found.setdefault((mailbox_id, mail), Origin(mailbox_id, FromAddress(name or shop, mail, ja, en)))
        if alias:
            address = FromAddress(alias_name or name or shop, alias, alias_ja, alias_en)
            found.setdefault((mailbox_id, alias), Origin(mailbox_id, address))
    return tuple(found.values())


def origins_for(shop_id: int, case_id: int) -> tuple[Origin, ...]:
    """The same, first the address to which the customer of this case wrote last, as far as that is known."""
    origins = origins_of(shop_id)
    if len(origins) < 2:
        return origins
    newest = Arrival.objects.filter(shop_id=shop_id, message__case_id=case_id).order_by("-id")
    row = newest.values_list("mailbox_id", "message__to", "message__cc").first()
    if row is None:
        return origins
    mailbox_id, to, cc = row
    written = [_without_tag(mail_key(mail)) for _name, mail in [*to, *cc]]
    fitting = [origin for mail in written for origin in origins if origin.address.mail == mail]
    arrived_in = [origin for origin in origins if origin.mailbox_id == mailbox_id]
    return tuple(dict.fromkeys([*fitting[:1], *arrived_in[:1], *origins]))


def origin_of(shop_id: int, mail: str) -> Origin | None:
    """The origin with this address."""
    return next((origin for origin in origins_of(shop_id) if origin.address.mail == mail.lower()), None)


def _without_tag(mail: str) -> str:
    local, _at, domain = mail.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
