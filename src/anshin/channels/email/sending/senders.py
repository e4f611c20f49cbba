"""From which addresses a shop may write, which of them fits a case, and which mailbox carries the mail."""

from __future__ import annotations

from dataclasses import dataclass

from anshin.cases.ports import FromAddress
from anshin.channels.email.models import Alias, Arrival, Mailbox
from anshin.language.mails import mail_key
from anshin.plumbing.prepared import Prepared

_MAILBOXES = Prepared(
    lambda shop: Mailbox.objects.filter(shop_id=shop, is_active=True).select_related("shop").order_by("id"), shop=int
)
_ALIASES = Prepared(lambda shop: Alias.objects.filter(shop_id=shop, mailbox__is_active=True).order_by("id"), shop=int)


@dataclass(frozen=True, slots=True)
class Origin:
    """An address and the mailbox over whose server its mail leaves."""

    mailbox: Mailbox
    address: FromAddress


def origins_of(shop_id: int) -> tuple[Origin, ...]:
    """Every address of the shop's active mailboxes, each mailbox's own before its aliases. Two queries."""
    aliases: dict[int, list[Alias]] = {}
    for alias in _ALIASES.rows(shop=shop_id):
        aliases.setdefault(alias.mailbox_id, []).append(alias)
    found: list[Origin] = []
    for mailbox in _MAILBOXES.rows(shop=shop_id):
        rows: list[Mailbox | Alias] = [mailbox, *aliases.get(mailbox.pk, [])]
        found += [Origin(mailbox, _from_address(row, mailbox)) for row in rows]
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
