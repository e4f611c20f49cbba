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
    """The conditions of a search, and the filters whose value nobody understood."""

    condition: Q = field(default_factory=Q)
    statuses: set[Status] = field(default_factory=set)
    unknown: list[WantedFilter] = field(default_factory=list)
    since: datetime | None = None  # before which no case that fits was last active

    @property
    def has_any(self) -> bool:
        return bool(self.condition) or bool(self.statuses)


def case_filters(by: Membership, given: Sequence[WantedFilter], *, now: datetime) -> CaseFilters:
    """What these filters ask for; of one name any, of different names all. One query when an owner is named."""
    found = CaseFilters()
    by_name: dict[FilterName, Q] = {}
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
        condition = _condition(by, name, each.value, now)
        if condition is None:
            found.unknown.append(each)
        else:
            by_name[name] = by_name.get(name, Q()) | condition
    for condition in by_name.values():
        found.condition &= condition
    days = [each.first_on for each in periods if each and each.first_on]
    if days and len(days) == len(periods):
        found.since = _begin(min(days), ZoneInfo(by.shop.zone))
    return found


def _condition(by: Membership, name: FilterName, value: str, now: datetime) -> Q | None:
    if not value:
        return None
    if name == FilterName.OWNER:
        return _owner(by, value)
    if name == FilterName.PERIOD:
        return _period(_days(by, value, now), ZoneInfo(by.shop.zone))
    return Q(Exists(CaseTag.objects.filter(case=OuterRef("pk"), tag__name__iexact=value)))


def _owner(by: Membership, value: str) -> Q | None:
    wanted = fold(value).replace(" ", "")
    if wanted in MYSELF:
        return Q(owner_id=by.pk)
    if wanted in (*NOBODY, *_NOBODY_TOO):
        return Q(owner=None)
    people = [each.pk for each in colleagues(by.shop) if wanted in fold(each.person.name).replace(" ", "")]
    return Q(owner_id__in=people) if people else None


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
    found = Q()
    if period.first_on:
        found &= Q(last_activity_at__gte=_begin(period.first_on, zone))
    if period.last_on:
        found &= Q(created_at__lt=_begin(period.last_on + timedelta(days=1), zone))
    return found


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
