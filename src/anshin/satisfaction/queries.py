"""Reading: one customer's page, a shop's answers, and how many there are of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from anshin.plumbing.pages.keyset import Page, page_of
from anshin.satisfaction import rules
from anshin.satisfaction.models import Survey, SurveySetting
from anshin.satisfaction.terms import DISSATISFIED, Filter, Score

if TYPE_CHECKING:
    from anshin.shops.models import Shop

PAGE_SIZE = 30
_FILTERS: Mapping[str, Q] = {
    Filter.ALL: Q(),
    Filter.LOW: Q(score__in=DISSATISFIED),
    Filter.WORDS: ~Q(comment=""),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What was asked and answered since a day. `counts`: score to number; `percent`: satisfied, None for no answer."""

    asked: int
    answered: int
    counts: dict[int, int]
    percent: int | None
    unread_low: int

    @property
    def answer_percent(self) -> int | None:
        """How many of those asked answered, in percent."""
        return round(100 * self.answered / self.asked) if self.asked else None


def setting_of(shop: Shop) -> SurveySetting:
    """Whether the shop asks; one that never chose does not."""
    return SurveySetting.objects.filter(shop=shop).first() or SurveySetting(shop=shop)


def survey_by_token(shop: Shop, token: str) -> Survey | None:
    """The survey of this shop behind an address, with its case."""
    return Survey.objects.select_related("case").filter(shop=shop, token=token).first()


def is_open(survey: Survey, *, now: datetime) -> bool:
    """Whether an answer is still taken."""
    return rules.may_answer(asked_at=survey.asked_at, answered_at=survey.answered_at, now=now)


def answers(shop: Shop, *, which: Filter = Filter.ALL, cursor: str = "") -> Page[Survey]:
    """A page of answers, newest first, with case, customer and owner. Raises keyset.BadCursor."""
    rows = Survey.objects.select_related("case", "customer", "owner__person")
    rows = rows.filter(_FILTERS[which], shop=shop, answered_at__isnull=False)
    return page_of(rows, order=("-answered_at", "-id"), size=PAGE_SIZE, cursor=cursor)


def summary(shop: Shop, *, since: datetime) -> Summary:
    """The figures of what was asked since a moment: one query, and one for what nobody has read yet."""
    asked = Survey.objects.filter(shop=shop, asked_at__gte=since)
    rows = dict(asked.values_list("score").annotate(number=Count("pk")))
    counts = {score.value: rows.get(score.value, 0) for score in Score}
    answered = sum(counts.values())
    unread = Survey.objects.filter(shop=shop, answered_at__isnull=False, seen_at=None, score__in=DISSATISFIED)
    return Summary(
        asked=answered + rows.get(None, 0),
        answered=answered,
        counts=counts,
        percent=rules.satisfied_percent(counts),
        unread_low=unread.count(),
    )
