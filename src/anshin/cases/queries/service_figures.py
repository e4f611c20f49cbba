"""How well a shop keeps its service levels: shares met, median and 90th percentile, trend, and which cases missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from anshin.cases.models import Case
from anshin.cases.terms import Priority, Status
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from anshin.shops.models import Shop

PAGE_SIZE: Final = 50
NO_TOPIC: Final = "-"
"""Stands for cases without a topic where a topic is chosen."""
ANSWER: Final = "answer"
RESOLUTION: Final = "resolution"
_WAITING: Final = (Status.OPEN, Status.SNOOZED)
_LONGEST_BY_DAY: Final = 31
_LONGEST_BY_WEEK: Final = 120


@dataclass(frozen=True, slots=True)
class Span:
    """Which cases a figure speaks of: what was given, or is owed, from `since` until before `until`; "" is any."""

    since: datetime
    until: datetime
    channel: str = ""
    topic: str = ""
    priority: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """How it went. `late_open` of `missed` are still owed. `median` and `ninth` in minutes of opening time, by nearest
    rank over what has been given; None where nothing has been, or its clock has not been counted yet."""

    met: int = 0
    missed: int = 0
    late_open: int = 0
    median: int | None = None
    ninth: int | None = None

    @property
    def total(self) -> int:
        return self.met + self.missed

    @property
    def percent(self) -> int | None:
        """100 only when none was missed, 0 only when none was met."""
        if not self.total:
            return None
        rounded = round(100 * self.met / self.total)
        return min(max(rounded, 1), 99) if self.met and self.missed else rounded


class Pair(NamedTuple):
    """First answers and resolutions of the same cases."""

    answer: Figure
    resolution: Figure


@dataclass(frozen=True, slots=True)
class Bucket:
    """A step of the trend: the days from `first` to `last`."""

    first: date
    last: date
    pair: Pair


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """Everything together, the same by group (`groups`: those with most cases first), and step by step."""

    overall: Pair
    groups: Mapping[str, Pair]
    trend: Sequence[Bucket]


class _Fact(NamedTuple):
    at: datetime
    channel: str
    topic: str
    is_urgent: bool
    is_met: bool
    minutes: int | None
    is_open: bool = False


def service_figures(shop: Shop, span: Span, *, by: str, zone: ZoneInfo, now: datetime) -> ServiceFigures:
    """The figures of a span; `by`: channel, topic or priority. Four queries.

    A first answer counts on the day it was given, a resolution on the day the case was closed. What is still owed and
    past its deadline counts as missed on the day of the deadline, as nobody may look better by not answering.
    """
    answers, resolutions = _answers(shop, span, now), _resolutions(shop, span, now)
    group: Callable[[_Fact], str] = {"channel": lambda fact: fact.channel, "priority": _priority}.get(by, _topic)
    groups = _pairs(answers, resolutions, group)
    first, last = span.since.astimezone(zone).date(), (span.until - timedelta(microseconds=1)).astimezone(zone).date()
    step = _steps(first, last)
    stepped = _pairs(answers, resolutions, lambda fact: step(fact.at.astimezone(zone).date()))
    return ServiceFigures(
        overall=Pair(_figure(answers), _figure(resolutions)),
        groups=dict(sorted(groups.items(), key=lambda each: (-_weight(each[1]), each[0]))),
        trend=_trend(stepped, step, first, last),
    )


def missed_cases(shop: Shop, span: Span, *, what: str, now: datetime, cursor: str = "") -> Page[Case]:
    """The cases of a span whose first answer or resolution was late, or still is; newest first, with customer and
    owner. One query. Raises keyset.BadCursor."""
    given = _within(_AT[what], span) & Q(**{_MET[what]: False})
    rows = _of(shop, span).filter(given | _late(what, span, now)).select_related("customer", "owner__person")
    return page_of(rows, order=("-id",), size=PAGE_SIZE, cursor=cursor)


def is_still_owed(case: Case, what: str) -> bool:
    """Whether a case in the list of the missed has not been answered, or solved, to this day."""
    return getattr(case, _AT[what]) is None


_AT: Final = {ANSWER: "first_answered_at", RESOLUTION: "closed_at"}
_MET: Final = {ANSWER: "first_is_met", RESOLUTION: "resolution_is_met"}
_DUE: Final = {ANSWER: "answer_due_at", RESOLUTION: "resolution_due_at"}


def _answers(shop: Shop, span: Span, now: datetime) -> list[_Fact]:
    given = _of(shop, span).filter(_within("first_answered_at", span), first_is_met__isnull=False)
    columns = ("first_answered_at", "channel", "topic", "is_urgent", "first_is_met", "first_answer_minutes")
    return [*(_Fact(*row) for row in given.values_list(*columns)), *_owed(shop, ANSWER, span, now)]


def _resolutions(shop: Shop, span: Span, now: datetime) -> list[_Fact]:
    given = _of(shop, span).filter(_within("closed_at", span), resolution_is_met__isnull=False)
    columns = ("closed_at", "channel", "topic", "is_urgent", "resolution_is_met", "resolution_used_seconds")
    rows = given.values_list(*columns, "counting_since_at")
    facts = [
        _Fact(at, channel, topic, is_urgent, is_met, None if counts_since else used // 60)
        for at, channel, topic, is_urgent, is_met, used, counts_since in rows
    ]
    return [*facts, *_owed(shop, RESOLUTION, span, now)]


def _owed(shop: Shop, what: str, span: Span, now: datetime) -> Iterable[_Fact]:
    late = _of(shop, span).filter(_late(what, span, now))
    for at, channel, topic, is_urgent in late.values_list(_DUE[what], "channel", "topic", "is_urgent"):
        yield _Fact(at, channel, topic, is_urgent, is_met=False, minutes=None, is_open=True)


def _late(what: str, span: Span, now: datetime) -> Q:
    """What is owed, runs, and whose deadline in the span has passed."""
    due = _DUE[what]
    owed = Q(status__in=_WAITING, counting_since_at__isnull=False, paused_at__isnull=True) & _within(due, span)
    return owed & Q(**{f"{due}__lt": now, f"{_AT[what]}__isnull": True})


def _of(shop: Shop, span: Span) -> QuerySet[Case]:
    rows = Case.objects.filter(shop=shop, merged_into=None).exclude(status=Status.SPAM)
    if span.channel:
        rows = rows.filter(channel=span.channel)
    if span.topic:
        rows = rows.filter(topic="" if span.topic == NO_TOPIC else span.topic)
    return rows.filter(is_urgent=span.priority == Priority.URGENT) if span.priority else rows


def _within(column: str, span: Span) -> Q:
    return Q(**{f"{column}__gte": span.since, f"{column}__lt": span.until})


def _priority(fact: _Fact) -> str:
    return Priority.URGENT if fact.is_urgent else Priority.NORMAL


def _topic(fact: _Fact) -> str:
    return fact.topic or NO_TOPIC


def _pairs(answers: Sequence[_Fact], resolutions: Sequence[_Fact], key: Callable[[_Fact], Any]) -> dict[Any, Pair]:
    found: dict[Any, tuple[list[_Fact], list[_Fact]]] = defaultdict(lambda: ([], []))
    for place, facts in enumerate((answers, resolutions)):
        for fact in facts:
            found[key(fact)][place].append(fact)
    return {each: Pair(*map(_figure, both)) for each, both in found.items()}


def _figure(facts: Sequence[_Fact]) -> Figure:
    met = sum(fact.is_met for fact in facts)
    minutes = sorted(fact.minutes for fact in facts if fact.minutes is not None)
    return Figure(
        met=met,
        missed=len(facts) - met,
        late_open=sum(fact.is_open for fact in facts),
        median=_rank(minutes, 0.5),
        ninth=_rank(minutes, 0.9),
    )


def _rank(ordered: Sequence[int], share: float) -> int | None:
    """The smallest value that so many of the values do not exceed."""
    return ordered[ceil(share * len(ordered)) - 1] if ordered else None


def _weight(pair: Pair) -> int:
    return pair.answer.total + pair.resolution.total


def _steps(first: date, last: date) -> Callable[[date], date]:
    """The first day of the step in which a day lies: a day, a week from Monday, a month; by how long the span is."""
    days = (last - first).days + 1
    if days <= _LONGEST_BY_DAY:
        return lambda day: day
    if days <= _LONGEST_BY_WEEK:
        return lambda day: max(first, day - timedelta(days=day.weekday()))
    return lambda day: max(first, day.replace(day=1))


def _trend(stepped: Mapping[date, Pair], step: Callable[[date], date], first: date, last: date) -> list[Bucket]:
    starts = list(dict.fromkeys(step(first + timedelta(days=n)) for n in range((last - first).days + 1)))
    ends = [*(each - timedelta(days=1) for each in starts[1:]), last]
    nothing = Pair(Figure(), Figure())
    return [Bucket(start, end, stepped.get(start, nothing)) for start, end in zip(starts, ends, strict=True)]
