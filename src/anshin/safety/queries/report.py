"""How far a public notice got, counted from what is written down about it: a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate

from anshin.returns import queries as returns
from anshin.safety.models import (
    Acknowledgement,
    Approach,
    Notice,
    PageShow,
    PersonToTell,
    SafetyMail,
    ScrapEstimate,
)
from anshin.safety.rules import reporting
from anshin.safety.terms import AdvisoryState, Answer, MailRound, MailState, Outcome, RemedyKind, Standing, TellState

if TYPE_CHECKING:
    from anshin.safety.models import Advisory

_TOLD = tuple(standing for standing in Standing if standing.is_told)
_WAITING = (MailState.WAITING, MailState.SENDING, MailState.DEFERRED)
_LOST = (MailState.FAILED, MailState.BOUNCED)
MOST_ESTIMATES = 200


@dataclass(frozen=True, slots=True)
class Mails:
    """The mails of one round by state, and when the first and the last of them was taken by a mail server."""

    by_state: dict[MailState, int]
    first_at: datetime | None
    last_at: datetime | None

    @property
    def written(self) -> int:
        """All of them."""
        return sum(self.by_state.values())

    @property
    def waiting(self) -> int:
        """Those that are still to leave."""
        return self.in_state(*_WAITING)

    @property
    def sent(self) -> int:
        """Taken by a mail server, whether they came back or not."""
        return self.in_state(MailState.SENT, MailState.BOUNCED)

    def in_state(self, *states: MailState) -> int:
        """How many are in one of these."""
        return sum(self.by_state.get(state, 0) for state in states)


@dataclass(frozen=True, slots=True)
class ByHand:
    """People whom no mail reaches, by what was last tried: `called` and `written_to` were told so, `otherwise` told in
    another way or by their own answer. `to_call`, `to_write`: still to be told; `out_of_reach`: no way is known."""

    called: int
    written_to: int
    otherwise: int
    to_call: int
    to_write: int
    out_of_reach: int

    @property
    def all(self) -> int:
        """All of them."""
        return self.called + self.written_to + self.otherwise + self.to_call + self.to_write + self.out_of_reach


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What one report period brought; `total`, `scrapped` and the rates are those at its end."""

    period: reporting.Period
    answered: int
    done: int
    total: int
    scrapped: int
    rate: float | None
    corrected: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """How far a notice got. Orders, unless it says items: `target`, `done`, `scrapped` and the periods count items.

    `reached_seconds`: from the publication time until the notice was public. `shown`: answers to shops' pages.
    """

    buyers: int
    by_standing: dict[Standing, int]
    without_working_mail: int
    by_hand: ByHand
    mails: dict[MailRound, Mails]
    answers: dict[Answer, int]
    remedied: int
    target: int
    done: int
    scrapped: int
    estimates: tuple[ScrapEstimate, ...]
    periods: tuple[PeriodFigures, ...]
    reached_seconds: int
    last_mail_seconds: int | None
    first_mail_seconds: int | None
    shown: int
    first_shown_at: datetime | None

    @property
    def told(self) -> int:
        """Orders whose buyers have to be told."""
        return sum(self.by_standing.get(standing, 0) for standing in _TOLD)

    @property
    def answered(self) -> int:
        """Orders whose buyers answered."""
        return sum(self.answers.values())

    @property
    def first_mails(self) -> Mails:
        """The notice itself, without reminders and corrections."""
        return self.mails.get(MailRound.FIRST) or Mails({}, None, None)

    @property
    def rate(self) -> float | None:
        """実施率 in percent."""
        return reporting.rate(self.done, self.target)

    @property
    def corrected(self) -> float | None:
        """補正実施率 in percent."""
        return reporting.rate(self.done + self.scrapped, self.target)


@dataclass(slots=True)
class _Answers:
    """Newest answers of the orders: how many, and the items made safe, by day in the shop's zone."""

    counts: dict[Answer, int]
    remedied: int
    answered_on: dict[date, int]
    done_on: dict[date, int]


def report(advisory: Advisory, *, now: datetime) -> Report:
    """The figures of a notice that was made public, as they are at `now`: seven queries, whatever their size."""
    assert advisory.released_at is not None and advisory.publish_at is not None  # noqa: S101  by constraint
    zone = ZoneInfo(advisory.shop.zone)
    orders, items, without = _orders(advisory)
    mails, answers = _mails(advisory), _answers(advisory, zone)
    estimates = tuple(advisory.estimates.select_related("by__person").order_by("-id")[:MOST_ESTIMATES])
    shown = PageShow.objects.filter(advisory=advisory).aggregate(times=Sum("times"), first=Min("first_at"))
    told = Notice.objects.filter(advisory=advisory, standing__in=_TOLD)
    target, done = sum(items.get(each, 0) for each in _TOLD), sum(answers.done_on.values())
    first = mails.get(MailRound.FIRST)
    return Report(
        buyers=told.aggregate(buyers=Count("customer_id", distinct=True))["buyers"],
        by_standing=orders,
        without_working_mail=without,
        by_hand=_by_hand(advisory),
        mails=mails,
        answers=answers.counts,
        remedied=answers.remedied,
        target=target,
        done=done,
        scrapped=estimates[0].items if estimates else 0,
        estimates=estimates,
        periods=_periods(zone, _days_until(advisory, zone, now), target, answers, estimates),
        reached_seconds=_seconds(advisory.publish_at, advisory.released_at),
        first_mail_seconds=_seconds(advisory.publish_at, first.first_at) if first and first.first_at else None,
        last_mail_seconds=_seconds(advisory.publish_at, first.last_at) if first and first.last_at else None,
        shown=shown["times"] or 0,
        first_shown_at=shown["first"],
    )


def _seconds(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds())


def _orders(advisory: Advisory) -> tuple[dict[Standing, int], dict[Standing, int], int]:
    """Orders and items by standing, and orders whose mail was refused or came back: one query."""
    found = Notice.objects.filter(advisory=advisory).values_list("standing", "mail__state")
    orders: dict[Standing, int] = {}
    items: dict[Standing, int] = {}
    without = 0
    for name, state, count, quantity in found.annotate(count=Count("pk"), quantity=Sum("quantity")).order_by():
        standing = Standing(name)
        orders[standing] = orders.get(standing, 0) + count
        items[standing] = items.get(standing, 0) + quantity
        without += count if state in _LOST else 0
    return orders, items, without


def _by_hand(advisory: Advisory) -> ByHand:
    newest = Approach.objects.filter(person=OuterRef("pk")).order_by("-pk")
    found = PersonToTell.objects.filter(advisory=advisory).annotate(last=Subquery(newest.values("outcome")[:1]))
    told, open_ = Q(state=TellState.TOLD), Q(state=TellState.OPEN)
    posted, spoken = Q(last=Outcome.POSTED), Q(last__in=[Outcome.TOLD, Outcome.ANSWERED], way=Standing.BY_PHONE)
    counts = found.aggregate(
        called=Count("pk", filter=told & spoken),
        written_to=Count("pk", filter=told & posted),
        told=Count("pk", filter=told),
        to_call=Count("pk", filter=open_ & Q(way=Standing.BY_PHONE)),
        to_write=Count("pk", filter=open_ & Q(way=Standing.BY_LETTER)),
        out_of_reach=Count("pk", filter=open_ & Q(way=Standing.UNREACHABLE)),
    )
    return ByHand(otherwise=counts.pop("told") - counts["called"] - counts["written_to"], **counts)


def _mails(advisory: Advisory) -> dict[MailRound, Mails]:
    found = SafetyMail.objects.filter(advisory=advisory).values_list("round", "state")
    counted = found.annotate(count=Count("pk"), first=Min("sent_at"), last=Max("sent_at"))
    rounds: dict[MailRound, Mails] = {}
    for which, state, count, first, last in counted.order_by():
        before = rounds.get(MailRound(which)) or Mails({}, None, None)
        rounds[MailRound(which)] = Mails(
            before.by_state | {MailState(state): count},
            min((each for each in (before.first_at, first) if each), default=None),
            max((each for each in (before.last_at, last) if each), default=None),
        )
    return rounds


def _answers(advisory: Advisory, zone: ZoneInfo) -> _Answers:
    """One query, as large as the days and answers are many."""
    told = Acknowledgement.objects.filter(notice__advisory=advisory, notice__standing__in=_TOLD)
    later = Acknowledgement.objects.filter(notice=OuterRef("notice"), pk__gt=OuterRef("pk"))
    of_notice = Acknowledgement.objects.filter(notice=OuterRef("notice")).order_by("pk")
    remedied = of_notice.filter(remedy_return__in=returns.settled())
    first_word = Subquery(of_notice.values("at")[:1])
    rows = (
        told.filter(~Exists(later))
        .annotate(remedied_at=Subquery(remedied.values("remedy_return__closed_at")[:1]))
        .annotate(
            said_on=TruncDate(first_word, tzinfo=zone),
            remedied_on=TruncDate("remedied_at", tzinfo=zone),
            safe_on=TruncDate(Coalesce("remedied_at", "at"), tzinfo=zone),
        )
        .values_list("answer", "said_on", "remedied_on", "safe_on")
        .annotate(count=Count("pk"), items=Sum("notice__quantity"))
        .order_by()
    )
    found = _Answers({}, 0, {}, {})
    for code, said_on, remedied_on, safe_on, count, items in rows:
        said = Answer(code)
        found.counts[said] = found.counts.get(said, 0) + count
        found.answered_on[said_on] = found.answered_on.get(said_on, 0) + count
        found.remedied += count if remedied_on else 0
        if remedied_on or reporting.makes_it_safe(said, RemedyKind(advisory.remedy)):
            found.done_on[safe_on] = found.done_on.get(safe_on, 0) + items
    return found


def _days_until(advisory: Advisory, zone: ZoneInfo, now: datetime) -> tuple[reporting.Period, ...]:
    assert advisory.released_at is not None  # noqa: S101  by constraint
    ended = {AdvisoryState.CLOSED: advisory.closed_at, AdvisoryState.WITHDRAWN: advisory.withdrawn_at}
    until = ended.get(AdvisoryState(advisory.state)) or now
    return reporting.periods(advisory.released_at.astimezone(zone).date(), until=until.astimezone(zone).date())


def _periods(
    zone: ZoneInfo,
    periods: tuple[reporting.Period, ...],
    target: int,
    answers: _Answers,
    estimates: tuple[ScrapEstimate, ...],
) -> tuple[PeriodFigures, ...]:
    found = []
    for period in periods:
        done = reporting.so_far(answers.done_on, period.last)
        known = (each.items for each in estimates if each.at.astimezone(zone).date() <= period.last)
        scrapped = next(known, 0)
        found.append(
            PeriodFigures(
                period,
                answered=reporting.so_far(answers.answered_on, period.last, first=period.first),
                done=reporting.so_far(answers.done_on, period.last, first=period.first),
                total=done,
                scrapped=scrapped,
                rate=reporting.rate(done, target),
                corrected=reporting.rate(done + scrapped, target),
            )
        )
    return tuple(found)
