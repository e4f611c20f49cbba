"""What the filters of a search mean: 担当:自分, 状態:対応待ち, 期間:先週, タグ:返品. Words as a clerk types them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils import translation

from anshin.cases.models import CaseTag
from anshin.cases.terms import Status
from anshin.language.folding import fold
from anshin.language.periods import Period, read_period
from anshin.shops.queries import colleagues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anshin.language.search_queries import WantedFilter
    from anshin.shops.models import Membership


class FilterName(StrEnum):
    """Filters, by the word for them in an address."""

    OWNER = "owner"
    STATUS = "status"
    PERIOD = "period"
    TAG = "tag"


NAMES: Final = {
    "担当": FilterName.OWNER,
    "owner": FilterName.OWNER,
    "assignee": FilterName.OWNER,
    "状態": FilterName.STATUS,
    "ステータス": FilterName.STATUS,
    "status": FilterName.STATUS,
    "期間": FilterName.PERIOD,
    "日付": FilterName.PERIOD,
    "period": FilterName.PERIOD,
    "date": FilterName.PERIOD,
    "タグ": FilterName.TAG,
    "tag": FilterName.TAG,
}
"""Every word for a filter; the first of each is the one that menus write in Japanese."""
MYSELF: Final = ("自分", "me")
NOBODY: Final = ("なし", "nobody")
_NOBODY_TOO: Final = ("未割り当て", "未担当", "none", "unassigned")
_STATUS_WORDS: Final = {
    "対応待ち": Status.OPEN,
    "未対応": Status.OPEN,
    "未返信": Status.OPEN,
    "対応中": Status.OPEN,
    "新着": Status.OPEN,
    "お客様待ち": Status.WAITING,
    "返信待ち": Status.WAITING,
    "返信済み": Status.WAITING,
    "あとで": Status.SNOOZED,
    "保留": Status.SNOOZED,
    "解決済み": Status.CLOSED,
    "完了": Status.CLOSED,
    "対応済み": Status.CLOSED,
    "迷惑メール": Status.SPAM,
}


@dataclass(slots=True)
class CaseFilters:
    """The conditions of a search, and the filters whose value nobody understood.

    Where a single period is asked for, a case that was last active from `since` until before `until` fits it for
    certain, and one that was last active before `since` never does.
    """

    by_name: dict[FilterName, Q] = field(default_factory=dict)
    statuses: set[Status] = field(default_factory=set)
    owners: set[int] | None = None  # keys of members, 0 for nobody; None: whoever
    unknown: list[WantedFilter] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None

    @property
    def has_any(self) -> bool:
        return bool(self.by_name) or bool(self.statuses)

    @property
    def has_period(self) -> bool:
        """Whether `since` and `until` say all that its period asks for."""
        return self.since is not None or self.until is not None

    @property
    def has_more_than_period(self) -> bool:
        return bool(self.statuses) or bool(set(self.by_name) - {FilterName.PERIOD})

    @property
    def is_counted(self) -> bool:
        """Whether the counters of owners and statuses know how many cases fit. Merged ones count as closed there."""
        return bool(self.statuses) and Status.CLOSED not in self.statuses and set(self.by_name) <= {FilterName.OWNER}

    def condition(self, *, with_period: bool = True) -> Q:
        """What a case must be like, its status aside."""
        found = Q()
        for name, each in self.by_name.items():
            if with_period or name != FilterName.PERIOD:
                found &= each
        return found


def case_filters(by: Membership, given: Sequence[WantedFilter], *, now: datetime) -> CaseFilters:
    """What these filters ask for; of one name any, of different names all. One query when an owner is named."""
    found = CaseFilters()
    periods: list[Period | None] = []
    for each in given:
        name = NAMES[each.name]
        if name == FilterName.STATUS:
            status = _status(each.value)
            if status is None:
                found.unknown.append(each)
            else:
                found.statuses.add(status)
            continue
        if name == FilterName.PERIOD:
            periods.append(_days(by, each.value, now))
        owners = _owners(by, each.value) if name == FilterName.OWNER else set()
        condition = _condition(by, name, each.value, owners, now)
        if condition is None:
            found.unknown.append(each)
        else:
            found.by_name[name] = found.by_name.get(name, Q()) | condition
            found.owners = owners | (found.owners or set()) if owners else found.owners
    if len(periods) == 1 and periods[0]:
        found.since, found.until = _ends(periods[0], ZoneInfo(by.shop.zone))
    return found


def _condition(by: Membership, name: FilterName, value: str, owners: set[int], now: datetime) -> Q | None:
    if not value:
        return None
    if name == FilterName.OWNER:
        return _owned_by(owners)
    if name == FilterName.PERIOD:
        return _period(_days(by, value, now), ZoneInfo(by.shop.zone))
    return Q(Exists(CaseTag.objects.filter(case=OuterRef("pk"), tag__name__iexact=value)))


def _owners(by: Membership, value: str) -> set[int]:
    """Keys of the members who are meant, 0 for nobody; none when the shop has none of that name."""
    wanted = fold(value).replace(" ", "")
    if not wanted:
        return set()
    if wanted in MYSELF:
        return {by.pk}
    if wanted in (*NOBODY, *_NOBODY_TOO):
        return {0}
    return {each.pk for each in colleagues(by.shop) if wanted in fold(each.person.name).replace(" ", "")}


def _owned_by(owners: set[int]) -> Q | None:
    if owners == {0}:
        return Q(owner=None)
    if len(owners) == 1:
        return Q(owner_id=next(iter(owners)))
    return Q(owner_id__in=sorted(owners)) if owners else None


def _status(value: str) -> Status | None:
    wanted = fold(value)
    if wanted in Status.values:
        return Status(wanted)
    for words, status in _STATUS_WORDS.items():
        if wanted == fold(words):
            return status
    for language in ("ja", "en"):
        with translation.override(language):
            for status in Status:
                if wanted == fold(str(status.label)):
                    return status
    return None


def _days(by: Membership, value: str, now: datetime) -> Period | None:
    return read_period(value, today=now.astimezone(ZoneInfo(by.shop.zone)).date())


def _period(period: Period | None, zone: ZoneInfo) -> Q | None:
    """Cases in which something happened in these days of the shop: begun before their end, last active after their
    beginning."""
    if period is None:
        return None
    since, until = _ends(period, zone)
    found = Q()
    if since:
        found &= Q(last_activity_at__gte=since)
    if until:
        found &= Q(created_at__lt=until)
    return found


def _ends(period: Period, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """The moment at which the period begins, and the first after it."""
    since = _begin(period.first_on, zone) if period.first_on else None
    return since, _begin(period.last_on + timedelta(days=1), zone) if period.last_on else None


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
