"""From which addresses a shop may write, which of them fits a case, and which mailbox carries the mail."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from anshin.cases.ports import FromAddress
from anshin.channels.email.models import Alias, Arrival, Mailbox
from anshin.language.mails import mail_key
from anshin.plumbing.prepared import Prepared

_ALIAS_FIELDS = ("pk", "address", "display_name", "signature_ja", "signature_en")
_MAILBOXES = Prepared(
    lambda shop: (
        Mailbox.objects.filter(shop_id=shop, is_active=True)
        .select_related("shop")
        .annotate(**{f"alias_{name}": F(f"aliases__{name}") for name in _ALIAS_FIELDS})
        .order_by("id", "aliases__id")
    ),
    shop=int,
)
"""A row for each alias of a mailbox; one without for a mailbox that has none."""


@dataclass(frozen=True, slots=True)
class Origin:
    """An address and the mailbox over whose server its mail leaves."""

    mailbox: Mailbox
    address: FromAddress


def origins_of(shop_id: int) -> tuple[Origin, ...]:
    """Every address of the shop's active mailboxes, each mailbox's own before its aliases. One query."""
    mailboxes: dict[int, Mailbox] = {}
    found: list[Origin] = []
    for row in _MAILBOXES.rows(shop=shop_id):
        if row.pk not in mailboxes:
            mailboxes[row.pk] = row
            found.append(Origin(row, _from_address(row, row)))
        values = {name: getattr(row, f"alias_{name}") for name in _ALIAS_FIELDS}
        if values["pk"] is not None:
            alias = Alias(**values)
            found.append(Origin(mailboxes[row.pk], _from_address(alias, row)))
    return tuple(found)


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
    arrived_in = [origin for origin in origins if origin.mailbox.pk == mailbox_id]
    return tuple(dict.fromkeys([*fitting[:1], *arrived_in[:1], *origins]))


def origin_of(shop_id: int, mail: str) -> Origin | None:
    """The origin with this address."""
    return next((origin for origin in origins_of(shop_id) if origin.address.mail == mail.lower()), None)


def _from_address(row: Mailbox | Alias, mailbox: Mailbox) -> FromAddress:
    name = row.display_name or mailbox.display_name or str(mailbox.shop)
    return FromAddress(name, row.address, row.signature_ja, row.signature_en)


def _without_tag(mail: str) -> str:
    local, _at, domain = mail.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
