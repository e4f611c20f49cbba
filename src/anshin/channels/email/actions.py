"""Verbs of the mail channel for the people who run a shop: set up a mailbox, try a mail again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from anshin.cases.actions import give_way
from anshin.channels.email import events
from anshin.channels.email.consents.providers import PROVIDERS
from anshin.channels.email.fetching import tidying
from anshin.channels.email.models import Arrival, Consent, Mailbox, SpamChoice
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.servers.lines import leads_inside
from anshin.channels.email.terms import Afterwards, Fate, Security, SignIn, SpamJudge, Trouble, sentence
from anshin.plumbing import secrets
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

SET_UP = Actor.system("anshin")


class AddressTaken(Refused):
    """The shop has a mailbox with this address already."""


class ServerInside(Refused):
    """A server's name leads into an inside network that no operator allowed; `field` is the setting that names it."""

    def __init__(self, field: str, host: str) -> None:
        self.field = field
        super().__init__(sentence(Trouble.INSIDE, host))


class NothingToTry(Refused):
    """The mail has been taken in already, or is not one of this shop."""


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """What a person states about a mailbox. A password that is None stays as it is.

    With a sign-in other than by password the provider's own servers count, whatever is stated here.
    """

    address: str
    display_name: str = ""
    sign_in: SignIn = SignIn.PASSWORD
    imap_host: str = ""
    imap_port: int = 993
    imap_security: Security = Security.TLS
    imap_user: str = ""
    imap_password: str | None = None
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Security = Security.STARTTLS
    smtp_user: str = ""
    smtp_password: str | None = None
    takes_plus_addresses: bool = False
    is_active: bool = True
    take_in_since_on: date | None = None
    afterwards: Afterwards = Afterwards.LEAVE
    afterwards_folder: str = ""
    authserv_id: str = ""


def save_mailbox(
    *, shop: Shop, settings: MailboxSettings, by: Membership | None, now: datetime, mailbox: Mailbox | None = None
) -> Mailbox:
    """The mailbox, new or changed. `by` is None only when a shop is set up on the command line.

    Another server or user is read from its beginning; mail that is known from before is recognised. Names of servers
    are looked up before the transaction begins. Raises NotAllowed, ServerInside, AddressTaken.
    """
    if by is not None:
        require(by, Permission.RUN_SHOP)
    for field in ("imap_host", "smtp_host") if settings.sign_in not in PROVIDERS else ():
        host = getattr(settings, field).strip()
        is_used = settings.is_active or host != getattr(mailbox, field, "")
        if host and is_used and leads_inside(host):
            raise ServerInside(field, host)
    return _kept(shop=shop, settings=settings, by=by, now=now, mailbox=mailbox)


@transaction.atomic
def _kept(
    *, shop: Shop, settings: MailboxSettings, by: Membership | None, now: datetime, mailbox: Mailbox | None
) -> Mailbox:
    row = mailbox or Mailbox(shop=shop, created_at=now)
    former = (row.imap_host, row.imap_user)
    _fill(row, settings)
    if (row.imap_host, row.imap_user) != former:
        row.uidvalidity = row.last_uid = row.backlog_until_uid = 0
    row.failing_since_at, row.last_error_code, row.last_error_words = None, "", ""
    try:
        with transaction.atomic():
            row.save()
            Consent.objects.filter(mailbox=row).exclude(provider=row.sign_in).delete()
            tidying.ask(mailbox=row, afterwards=settings.afterwards, folder=settings.afterwards_folder, now=now)
    except IntegrityError:
        words = _("This shop already has a mailbox with the address %(address)s. Change that one instead.")
        raise AddressTaken(words % {"address": row.address}) from None
    fact = events.MailboxSaved(mailbox_id=row.pk, is_active=row.is_active)
    record(fact, shop_id=shop.pk, by=shops.actor(by) if by else SET_UP, now=now)
    return row


@transaction.atomic
def choose_spam_judge(*, judge: SpamJudge, by: Membership, now: datetime) -> None:
    """From now on these spam marks count in all mailboxes of the shop. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    SpamChoice.objects.update_or_create(shop_id=by.shop_id, defaults={"judge": judge, "chosen_at": now})
    record(events.SpamJudgeChosen(judge=judge.value), shop_id=by.shop_id, by=shops.actor(by), now=now)


@transaction.atomic
def try_again(*, arrival: Arrival, by: Membership, now: datetime) -> Fate:
    """Read a quarantined or held-back mail once more; its fate now. Raises NotAllowed, NothingToTry.

    A mail that can be read now becomes a message of its own; the case in which it was shown as unreadable says so
    and is closed when there is nothing else in it.
    """
    require(by, Permission.TRIAGE)
    waiting = Arrival.objects.filter(pk=arrival.pk, shop_id=by.shop_id, fate__in=[Fate.QUARANTINED, Fate.WAITING])
    held_id = waiting.values_list("message_id", flat=True).first()
    if not waiting.update(fate=Fate.STORED):
        raise nothing_to_try()
    fate = take_in(arrival.pk, now=now, may_hold_back=False) or Fate.STORED
    fact = events.ArrivalTriedAgain(arrival_id=arrival.pk, fate=fate.value)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    arrival.refresh_from_db(fields=["message"])
    if held_id and arrival.message_id and fate != Fate.QUARANTINED and not _stands_for_more(held_id):
        give_way(by=by, held_id=held_id, message_id=arrival.message_id, now=now)
    return fate


def _stands_for_more(held_id: int) -> bool:
    """Whether further mails of a storm wait behind the one message that stands for all of them."""
    return Arrival.objects.filter(message_id=held_id, fate=Fate.WAITING).exists()


def nothing_to_try() -> NothingToTry:
    """The refusal in words."""
    return NothingToTry(_("This mail has been taken in already. Reload the page to see its case."))


def _fill(row: Mailbox, settings: MailboxSettings) -> None:
    row.address, row.display_name = settings.address.strip().lower(), settings.display_name.strip()
    row.sign_in, row.takes_plus_addresses = settings.sign_in, settings.takes_plus_addresses
    row.is_active, row.take_in_since_on = settings.is_active, settings.take_in_since_on
    row.authserv_id = settings.authserv_id.strip().lower()
    if settings.sign_in in PROVIDERS:
        _fill_of_provider(row, settings)
    else:
        _fill_servers(row, settings)


def _fill_of_provider(row: Mailbox, settings: MailboxSettings) -> None:
    """Servers where a token may be shown, and no password of another server left behind."""
    provider = PROVIDERS[settings.sign_in]
    row.imap_host, row.imap_port, row.imap_security = provider.imap.host, provider.imap.port, provider.imap.security
    row.smtp_host, row.smtp_port, row.smtp_security = provider.smtp.host, provider.smtp.port, provider.smtp.security
    row.imap_user = settings.imap_user.strip() or row.address
    row.smtp_user = row.imap_user
    row.imap_password_sealed = row.smtp_password_sealed = ""


def _fill_servers(row: Mailbox, settings: MailboxSettings) -> None:
    row.imap_host, row.imap_port = settings.imap_host.strip(), settings.imap_port
    row.imap_security, row.imap_user = settings.imap_security, settings.imap_user.strip()
    row.smtp_host, row.smtp_port = settings.smtp_host.strip(), settings.smtp_port
    row.smtp_security, row.smtp_user = settings.smtp_security, settings.smtp_user.strip()
    if settings.imap_password is not None:
        row.imap_password_sealed = secrets.seal(settings.imap_password)
    if settings.smtp_password is not None:
        row.smtp_password_sealed = secrets.seal(settings.smtp_password)
