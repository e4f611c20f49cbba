"""Verbs about sending, for the people who run a shop: signatures, return addresses, second addresses, a test mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from anshin.channels.email import events, queries
from anshin.channels.email.actions import AddressTaken
from anshin.channels.email.models import Alias, Mailbox
from anshin.channels.email.terms import Service
from anshin.plumbing import secrets
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


class NeedsTags(Refused):
    """Return addresses of their own need mail to name+anything@ to arrive in the mailbox."""


class NeedsKey(Refused):
    """A sending service cannot be asked without its key."""


@dataclass(frozen=True, slots=True)
class SendingSettings:
    """How a mailbox sends and signs. Keys that are None stay as they are, unless the service changes."""

    signature_ja: str
    signature_en: str
    returns_per_message: bool
    sends_by: Service = Service.SMTP
    service_place: str = ""
    service_key: str | None = None
    report_key: str | None = None


@dataclass(frozen=True, slots=True)
class AliasSettings:
    """What a person states about a second address."""

    address: str
    display_name: str = ""
    signature_ja: str = ""
    signature_en: str = ""


@transaction.atomic
def save_sending(*, mailbox: Mailbox, settings: SendingSettings, by: Membership, now: datetime) -> None:
    """Write how a mailbox sends. Raises NotAllowed, NeedsTags, NeedsKey."""
    require(by, Permission.RUN_SHOP)
    row = Mailbox.objects.select_for_update().get(pk=mailbox.pk, shop_id=by.shop_id)
    if settings.returns_per_message and not row.takes_plus_addresses:
        raise NeedsTags(
            _("Tick “mail to name+anything@ arrives in this mailbox too” in the mailbox's settings before, if it does.")
        )
    is_new_service = settings.sends_by != row.sends_by
    if (
        settings.sends_by != Service.SMTP
        and settings.service_key is None
        and (is_new_service or not row.service_key_sealed)
    ):
        raise NeedsKey(_("Enter the key of this service."))
    row.signature_ja, row.signature_en = settings.signature_ja, settings.signature_en
    row.returns_per_message = settings.returns_per_message
    row.sends_by, row.service_place = settings.sends_by, settings.service_place
    if settings.service_key is not None:
        row.service_key_sealed = secrets.seal(settings.service_key)
    elif is_new_service:
        row.service_key_sealed = ""
    if settings.report_key is not None:
        row.report_key_sealed = secrets.seal(settings.report_key)
    elif is_new_service:
        row.report_key_sealed = ""
    row.save()
    fact = events.MailboxSaved(mailbox_id=row.pk, is_active=row.is_active)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)


@transaction.atomic
def save_alias(
    *, mailbox: Mailbox, settings: AliasSettings, by: Membership, now: datetime, alias: Alias | None = None
) -> Alias:
    """The second address, new or changed. Raises NotAllowed, AddressTaken."""
    require(by, Permission.RUN_SHOP)
    row = alias or Alias(shop_id=by.shop_id, mailbox=mailbox, created_at=now)
    taken = queries.mailbox_by_address(by.shop, settings.address) is not None
    row.address, row.display_name = settings.address, settings.display_name
    row.signature_ja, row.signature_en = settings.signature_ja, settings.signature_en
    try:
        with transaction.atomic():
            if taken:
                raise IntegrityError
            row.save()
    except IntegrityError:
        words = _("This shop writes from %(address)s already. Change that one instead.")
        raise AddressTaken(words % {"address": row.address}) from None
    fact = events.AliasSaved(alias_id=row.pk, mailbox_id=mailbox.pk)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return row


@transaction.atomic
def remove_alias(*, alias: Alias, by: Membership, now: datetime) -> None:
    """Nothing leaves from this address any more; asked twice, nothing happens. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    fact = events.AliasRemoved(alias_id=alias.pk, mailbox_id=alias.mailbox_id)
    if Alias.objects.filter(pk=alias.pk, shop_id=by.shop_id).delete()[0]:
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
