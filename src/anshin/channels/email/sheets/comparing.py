"""Compares a mailbox on its server with the ledger, brings in what is missing, and writes the sheet of each day.

Reads only. The server names its numbers once; the ledger is put beside them in portions, so that a mailbox of 100,000
mails needs hardly more memory than one of 1,000. Only of what the ledger does not have is the date asked: some servers
open each file for it. What is missing comes in by the ordinary way, `fetching.store_at`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from anshin.channels.email.arriving.storing import Place
from anshin.channels.email.fetching import inboxes
from anshin.channels.email.models import RECEIVED_AT, Arrival, Mailbox, MailDay
from anshin.channels.email.servers import imap

PORTION = 500
"""Mails looked at at a time."""
MOST_BROUGHT = 200
"""So many missing mails come in with one comparison; more of them with the next, which follows at once."""
ON_ITS_WAY = timedelta(hours=1)
"""A mail that the ordinary fetching has not reached yet counts as missing only after this time."""
HIGHEST_UID = 2**32


@dataclass(slots=True)
class _Day:
    """What a comparison saw of one day."""

    server_count: int = 0
    missing_count: int = 0
    first_missing_uid: int | None = None
    brought_count: int = 0
    gone_count: int = 0


@dataclass(slots=True)
class Compared:
    """What a comparison found. `is_behind`: the mailbox has not been read (anew) yet, so nothing was compared."""

    is_behind: bool = False
    missing_count: int = 0
    brought_count: int = 0
    days: defaultdict[date, _Day] = field(default_factory=lambda: defaultdict(_Day))

    @property
    def has_more(self) -> bool:
        """Whether another comparison would bring in more."""
        return self.missing_count > 0 and self.brought_count >= MOST_BROUGHT


def compare(mailbox: Mailbox, *, now: datetime, told: Callable[[int, int], None]) -> Compared:
    """Compare with the server and write a line a day. `told` hears how many of how many mails have been looked at.

    Raises MailTrouble, StorageTrouble, OSError; lines of days are written only when all mails have been seen.
    """
    compared = Compared()
    with imap.opened(inboxes.imap_server(mailbox)) as inbox:
        if inbox.uidvalidity != mailbox.uidvalidity:
            return Compared(is_behind=True)
        uids, is_wanted = inboxes.wanted(mailbox, inbox, after=0)
        if any(mailbox.last_uid < uid <= mailbox.backlog_until_uid and is_wanted(uid) for uid in uids):
            return Compared(is_behind=True)  # what lay there at the first look is still being read
        for portion in _portions(mailbox, inbox, uids, is_wanted, now):
            _look(portion, compared, now)
            told(portion.done_count, len(uids))
    write_days(mailbox, compared.days, now=now)
    return compared


def write_days(mailbox: Mailbox, seen: defaultdict[date, _Day] | None, *, now: datetime) -> None:
    """The lines of all days on which something lies on the server or in the ledger. `seen` None: there is no server."""
    fates: dict[date, dict[str, int]] = defaultdict(dict)
    for on, fate, count in _counted(mailbox):
        fates[on][fate] = count
    for on, count in mailbox.days.filter(brought_count__gt=0).values_list("on", "brought_count"):
        if seen is not None:
            seen[on].brought_count += count
    days = sorted({*fates, *(seen or ())})
    rows = (_line(mailbox, on, fates.get(on, {}), None if seen is None else seen[on], now) for on in days)
    changing = [each.name for each in MailDay._meta.fields if each.name not in {"id", "shop", "mailbox", "on"}]
    for part in _in_parts(rows):
        MailDay.objects.bulk_create(
            part, update_conflicts=True, unique_fields=["mailbox", "on"], update_fields=changing
        )


@dataclass(frozen=True, slots=True)
class _Portion:
    """Some numbers of the server, the ledger's lines from the first of them to the last, and dates of what it lacks."""

    mailbox: Mailbox
    inbox: imap.Inbox
    uids: frozenset[int]
    lines: dict[int, datetime]
    missing: dict[int, datetime]
    zone: ZoneInfo
    done_count: int


def _portions(
    mailbox: Mailbox, inbox: imap.Inbox, uids: list[int], is_wanted: Callable[[int], bool], now: datetime
) -> Iterator[_Portion]:
    zone, low = ZoneInfo(mailbox.shop.zone), 0
    for start in range(0, max(len(uids), 1), PORTION):
        part = uids[start : start + PORTION]
        high = part[-1] if start + PORTION < len(uids) else HIGHEST_UID
        lines = _lines(mailbox, low, high)
        dates = inbox.dates([uid for uid in part if uid not in lines and is_wanted(uid)])
        missing = {uid: moment or now for uid, moment in sorted(dates.items())}
        yield _Portion(mailbox, inbox, frozenset(part), lines, missing, zone, start + len(part))
        low = high + 1


def _lines(mailbox: Mailbox, low: int, high: int) -> dict[int, datetime]:
    rows = Arrival.objects.filter(mailbox=mailbox, uidvalidity=mailbox.uidvalidity, uid__gte=low, uid__lte=high)
    return dict(rows.values_list("uid", RECEIVED_AT))


def _look(portion: _Portion, compared: Compared, now: datetime) -> None:
    for uid, moment in portion.lines.items():
        day = compared.days[_day(moment, portion.zone)]
        if uid in portion.uids:
            day.server_count += 1
        else:
            day.gone_count += 1
    for uid, moment in portion.missing.items():
        _miss(portion, compared, uid, _day(moment, portion.zone), now)


def _miss(portion: _Portion, compared: Compared, uid: int, on: date, now: datetime) -> None:
    mailbox = portion.mailbox
    if uid > mailbox.last_uid and now - portion.missing[uid] < ON_ITS_WAY:
        return
    day = compared.days[on]
    if uid <= mailbox.last_uid and compared.brought_count < MOST_BROUGHT:
        came = _bring(portion, uid, now)
        compared.brought_count += came
        day.brought_count += came
        day.server_count += came
        return
    day.server_count += 1
    day.missing_count += 1
    day.first_missing_uid = day.first_missing_uid or uid
    compared.missing_count += 1


def _bring(portion: _Portion, uid: int, now: datetime) -> int:
    """1 when the mail is in the ledger now, 0 when it has been deleted on the server meanwhile."""
    for mail in portion.inbox.listed([uid]):
        place = Place(portion.inbox.uidvalidity, mail.uid, mail.size_bytes, mail.received_at)
        inboxes.store_at(portion.mailbox, portion.inbox, place, now)
        return int(Arrival.objects.filter(mailbox=portion.mailbox, uidvalidity=place.uidvalidity, uid=uid).exists())
    return 0


def _counted(mailbox: Mailbox) -> Iterable[tuple[date, str, int]]:
    day = TruncDate(RECEIVED_AT, tzinfo=ZoneInfo(mailbox.shop.zone))
    rows = Arrival.objects.filter(mailbox=mailbox).annotate(day=day).values("day", "fate")
    return rows.annotate(count=Count("id")).order_by().values_list("day", "fate", "count").iterator()


def _line(mailbox: Mailbox, on: date, fates: dict[str, int], seen: _Day | None, now: datetime) -> MailDay:
    found = seen or _Day()
    return MailDay(
        shop_id=mailbox.shop_id,
        mailbox=mailbox,
        on=on,
        server_count=None if seen is None else seen.server_count,
        ledger_count=sum(fates.values()),
        fates=fates,
        missing_count=found.missing_count,
        first_missing_uid=found.first_missing_uid,
        brought_count=found.brought_count,
        gone_count=found.gone_count,
        compared_at=now,
    )


def _in_parts(rows: Iterable[MailDay]) -> Iterator[list[MailDay]]:
    part: list[MailDay] = []
    for row in rows:
        part.append(row)
        if len(part) == PORTION:
            yield part
            part = []
    if part:
        yield part


def _day(moment: datetime, zone: ZoneInfo) -> date:
    """The day in the shop's zone; that of UTC at the ends of the calendar, where no zone can be applied."""
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return moment.date()
