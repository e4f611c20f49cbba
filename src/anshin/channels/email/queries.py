"""Reading of the mail channel: mailboxes, the ledger of a day, what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from anshin.cases.terms import Status
from anshin.channels.email.models import RECEIVED_AT, Alias, Arrival, MailAlert, Mailbox, SendAttempt, SpamChoice
from anshin.channels.email.terms import Fate, Outcome, SpamJudge
from anshin.language.mails import mail_key
from anshin.plumbing.prepared import Prepared

if TYPE_CHECKING:
    from anshin.shops.models import Shop

IN_CASES = (Fate.TAKEN_IN, Fate.AUTO_REPLY, Fate.QUARANTINED, Fate.SPAM)
"""Fates that are seen as a message of a case: in the inbox or in the spam folder."""
BOUNCES_COME_WITHIN = timedelta(days=5)
MOST_SENT_LOOKED_AT = 300
READING_TAKES = timedelta(minutes=5)
"""A mail that has been kept longer than this without having been read is a reason to look."""
_FIRST = Prepared(
    lambda shop: Mailbox.objects.filter(shop_id=shop, is_active=True).select_related("shop").order_by("id")[:1],
    shop=int,
)


@dataclass(frozen=True, slots=True)
class DaySheet:
    """Received = shown, for one mailbox and one day: every mail that arrived is in exactly one of the counts."""

    received_count: int
    counts: tuple[tuple[Fate, int], ...]
    late_count: int

    @property
    def adds_up(self) -> bool:
        """Whether every mail has found its place."""
        return self.late_count == 0


def mailboxes_of(shop: Shop) -> QuerySet[Mailbox]:
    """The mailboxes of a shop, in the order in which they were added."""
    return Mailbox.objects.filter(shop=shop).select_related("tidying").order_by("id")


def mailbox_of(shop: Shop, mailbox_id: int) -> Mailbox | None:
    """A mailbox of this shop."""
    return Mailbox.objects.filter(shop=shop, pk=mailbox_id).first()


def mailbox_by_address(shop: Shop, address: str) -> Mailbox | None:
    """The mailbox of this shop with this address, however it is capitalised."""
    return Mailbox.objects.filter(shop=shop, address=address.strip().lower()).first()


def mailboxes_at(shop: Shop | None) -> list[Mailbox]:
    """The mailboxes of a shop with their aliases; for the mail server's pipe, which serves all shops, of all shops."""
    rows = Mailbox.objects.filter(shop=shop) if shop else Mailbox.objects.all()
    return list(rows.order_by("id").prefetch_related("aliases"))


def first_mailbox(shop_id: int) -> Mailbox | None:
    """The mailbox from which a shop writes when nothing else decides."""
    return _FIRST.first(shop=shop_id)


def mailbox_of_case(shop_id: int, case_id: int) -> Mailbox | None:
    """The active mailbox in which the newest mail of a case arrived: the customer knows that address."""
    newest = Arrival.objects.filter(shop_id=shop_id, message__case_id=case_id, mailbox__is_active=True)
    arrival = newest.select_related("mailbox").order_by("-id").first()
    return arrival.mailbox if arrival else None


def mailboxes_to_fetch() -> QuerySet[Mailbox]:
    """Every active mailbox of the installation that can be fetched; for jobs only."""
    return Mailbox.objects.filter(is_active=True).exclude(imap_host="").order_by("id")


def active_mailboxes() -> QuerySet[Mailbox]:
    """Every active mailbox of the installation, with its shop; for jobs only."""
    return Mailbox.objects.filter(is_active=True).select_related("shop").order_by("id")


def mailboxes_with_shop() -> QuerySet[Mailbox]:
    """Every mailbox of the installation, switched off or not, with its shop; for jobs only."""
    return Mailbox.objects.select_related("shop").order_by("id")


def own_addresses(shop_id: int) -> tuple[str, ...]:
    """Addresses under which the shop itself writes."""
    mailboxes = Mailbox.objects.filter(shop_id=shop_id).order_by("id").values_list("address", flat=True)
    aliases = Alias.objects.filter(shop_id=shop_id).order_by("id").values_list("address", flat=True)
    return (*mailboxes, *aliases)


def arrival_of(shop: Shop, arrival_id: int) -> Arrival | None:
    """A line of this shop's ledger, with its mailbox, bytes and case."""
    rows = Arrival.objects.select_related("mailbox", "raw_blob", "message__case")
    return rows.filter(shop=shop, pk=arrival_id).first()


def waiting_for_a_person(shop: Shop) -> QuerySet[Arrival]:
    """What was held back, or could not be read and stands in a case that is not closed; newest first."""
    rows = Arrival.objects.select_related("mailbox", "message__case")
    is_open = Q(message__isnull=True) | ~Q(message__case__status=Status.CLOSED)
    return rows.filter(is_open, shop=shop, fate__in=[Fate.QUARANTINED, Fate.WAITING]).order_by("-id")


def arrivals_on(shop: Shop, mailbox: Mailbox, day: date) -> QuerySet[Arrival]:
    """The ledger of one mailbox and one day in the shop's zone; order it by -received_at, -id."""
    begin, end = day_bounds(shop, day)
    rows = Arrival.objects.select_related("message__case").filter(mailbox=mailbox, shop=shop)
    return rows.annotate(received_at=RECEIVED_AT).filter(received_at__gte=begin, received_at__lt=end)


def day_sheet(shop: Shop, mailbox: Mailbox, day: date, *, now: datetime) -> DaySheet:
    """What became of the mails of one day: one query for the counts, one for the late ones."""
    rows = arrivals_on(shop, mailbox, day)
    found = dict(rows.values_list("fate").annotate(count=Count("id")).order_by())
    counts = tuple((fate, found[fate.value]) for fate in Fate if found.get(fate.value))
    late = rows.filter(fate=Fate.STORED, arrived_at__lt=now - READING_TAKES).count()
    return DaySheet(sum(found.values()), counts, late)


def day_bounds(shop: Shop, day: date) -> tuple[datetime, datetime]:
    """The first moment of a day in the shop's zone, and of the day after, in UTC."""
    zone = ZoneInfo(shop.zone)
    begin = datetime.combine(day, time(), zone)
    return begin.astimezone(UTC), datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def lasting_alerts(shop: Shop) -> list[MailAlert]:
    """What owner and manager should look at now, longest first, with mailboxes."""
    rows = MailAlert.objects.filter(shop=shop, ended_at__isnull=True).select_related("mailbox")
    return list(rows.order_by("began_at", "id"))


def alerts_of(shop: Shop, mailbox: Mailbox, *, most: int = 10) -> list[MailAlert]:
    """The newest alerts of a mailbox, lasting ones among them."""
    rows = MailAlert.objects.filter(shop=shop, mailbox=mailbox).select_related("mailbox")
    return list(rows.order_by("-began_at", "-id")[:most])


def message_key_of(shop_id: int, message_id: int | None) -> tuple[str, ...]:
    """The key of a message that this shop has tried to send, none for any other number."""
    if message_id is None:
        return ()
    rows = SendAttempt.objects.filter(shop_id=shop_id, message_id=message_id).order_by("-id")
    return tuple(rows.values_list("message__message_key", flat=True)[:1])


def case_of_message(shop_id: int, message_id: int | None) -> int | None:
    """The case of a message that this shop has tried to send."""
    if message_id is None:
        return None
    rows = SendAttempt.objects.filter(shop_id=shop_id, message_id=message_id).order_by("-id")
    return rows.values_list("message__case_id", flat=True).first()


def recently_sent_to(shop_id: int, address: str, *, now: datetime) -> tuple[str, ...]:
    """Key of the newest message sent to this address in the last days, for bounces that do not name a message."""
    wanted = mail_key(address)
    if not wanted:
        return ()
    attempts = SendAttempt.objects.filter(
        shop_id=shop_id, outcome=Outcome.SENT, finished_at__gte=now - BOUNCES_COME_WITHIN
    ).order_by("-id")
    rows = attempts.values_list("message__message_key", "message__to", "message__cc")[:MOST_SENT_LOOKED_AT]
    for key, to, cc in rows:
        if any(mail_key(party[1]) == wanted for party in [*to, *cc]):
            return (key,)
    return ()


def spam_judge_of(shop_id: int) -> SpamJudge:
    """Whose spam marks count in all mailboxes of a shop."""
    chosen = SpamChoice.objects.filter(shop_id=shop_id).values_list("judge", flat=True).first()
    return SpamJudge(chosen or SpamJudge.ON_TOP)
