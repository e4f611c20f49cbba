"""The sheet "received = shown" of a mailbox: one line a day, with what became of the mails of that day.

What the server had comes from the last comparison; what became of the mails is counted as it is now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from anshin.cases.terms import Status
from anshin.channels.email import queries
from anshin.channels.email.models import RECEIVED_AT, Arrival, Mailbox, MailDay
from anshin.channels.email.terms import Fate
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop

DAYS_A_PAGE = 31
_READ = (Fate.STORED, *queries.IN_CASES)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One day. Each mail received is in exactly one of shown, elsewhere, unread and missing.

    `waiting_count` of those shown or elsewhere wait for a person: they could not be read, or were held back.
    `late_count` of the unread ones have been waiting longer than reading takes. `compared_at` None: not compared yet;
    `server_count` None: there is no server to compare with.
    """

    on: date
    shown_count: int = 0
    elsewhere: tuple[tuple[Fate, int], ...] = ()
    waiting_count: int = 0
    unread_count: int = 0
    late_count: int = 0
    missing_count: int = 0
    first_missing_uid: int | None = None
    brought_count: int = 0
    gone_count: int = 0
    server_count: int | None = None
    compared_at: datetime | None = None

    @property
    def received_count(self) -> int:
        """All mails of the day that are known of, on the server or here."""
        in_places = self.shown_count + sum(count for _fate, count in self.elsewhere)
        return in_places + self.unread_count + self.missing_count

    @property
    def is_equal(self) -> bool:
        """Whether every mail received is shown or has its explained place."""
        return not self.missing_count and not self.late_count


@dataclass(frozen=True, slots=True)
class _Counted:
    fates: dict[str, int]
    waiting_count: int
    late_count: int


def sheet_page(shop: Shop, mailbox: Mailbox, *, now: datetime, cursor: str = "") -> Page[SheetLine]:
    """Lines of the days on which something came, newest first. Two queries. Raises BadCursor."""
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    rows = MailDay.objects.filter(shop=shop, mailbox=mailbox)
    page = page_of(rows, order=("-on",), size=DAYS_A_PAGE, cursor=cursor)
    days = {row.on: row for row in page.items}
    newest = max(days, default=today) if page.previous else today
    oldest = min(days, default=today - timedelta(days=DAYS_A_PAGE - 1))
    counted = _counted(shop, mailbox, oldest, newest, now)
    lines = [_line(on, days.get(on), counted.get(on)) for on in sorted({*days, *counted}, reverse=True)]
    return Page(lines, next=page.next, previous=page.previous)


def line_of(shop: Shop, mailbox: Mailbox, on: date, *, now: datetime) -> SheetLine:
    """The line of one day. Two queries."""
    day = MailDay.objects.filter(shop=shop, mailbox=mailbox, on=on).first()
    return _line(on, day, _counted(shop, mailbox, on, on, now).get(on))


def _counted(shop: Shop, mailbox: Mailbox, oldest: date, newest: date, now: datetime) -> dict[date, _Counted]:
    begin, _end = queries.day_bounds(shop, oldest)
    _begin, end = queries.day_bounds(shop, newest)
    is_open = Q(message__isnull=True) | ~Q(message__case__status=Status.CLOSED)
    rows = (
        Arrival.objects.filter(shop=shop, mailbox=mailbox)
        .annotate(received_at=RECEIVED_AT)
        .filter(received_at__gte=begin, received_at__lt=end)
        .annotate(day=TruncDate("received_at", tzinfo=ZoneInfo(shop.zone)))
        .order_by()
        .values("day", "fate")
        .annotate(
            count=Count("id"),
            waiting=Count("id", filter=is_open & Q(fate__in=[Fate.QUARANTINED, Fate.WAITING])),
            late=Count("id", filter=Q(fate=Fate.STORED, arrived_at__lt=now - queries.READING_TAKES)),
        )
    )
    found: dict[date, _Counted] = {}
    for row in rows:
        known = found.get(row["day"], _Counted({}, 0, 0))
        found[row["day"]] = _Counted(
            known.fates | {row["fate"]: row["count"]},
            known.waiting_count + row["waiting"],
            known.late_count + row["late"],
        )
    return found


def _line(on: date, day: MailDay | None, counted: _Counted | None) -> SheetLine:
    """The line from what is there now; from what was there when it was compared where lines have been erased since."""
    fates = counted.fates if counted else day.fates if day else {}
    found = {fate: fates[fate.value] for fate in Fate if fates.get(fate.value)}
    return SheetLine(
        on=on,
        shown_count=sum(found.get(fate, 0) for fate in queries.IN_CASES),
        elsewhere=tuple((fate, count) for fate, count in found.items() if fate not in _READ),
        waiting_count=counted.waiting_count if counted else 0,
        unread_count=found.get(Fate.STORED, 0),
        late_count=counted.late_count if counted else 0,
        missing_count=day.missing_count if day else 0,
        first_missing_uid=day.first_missing_uid if day else None,
        brought_count=day.brought_count if day else 0,
        gone_count=day.gone_count if day else 0,
        server_count=day.server_count if day else None,
        compared_at=day.compared_at if day else None,
    )
