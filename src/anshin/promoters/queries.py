"""Reading the register of promoters: the list, one promoter, what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q, QuerySet

from anshin.language.folding import fold
from anshin.plumbing.pages.keyset import Page, page_of
from anshin.promoters import rules
from anshin.promoters.models import Account, Check, Promoter, Sample
from anshin.promoters.terms import Standing, Verdict

if TYPE_CHECKING:
    from anshin.shops.models import Shop

PAGE_ROWS = 50
MOST_SHOWN = 50
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples that were sent to one promoter, newest first, and how many there are beyond those."""

    items: list[Sample]
    more: int


def standing_of(found: Promoter, *, today: date) -> Standing:
    """What holds of a promoter on that day of the shop's calendar."""
    return rules.standing(found.verdict, found.verified_until, today=today)


def has_run_out(found: Promoter, *, today: date) -> bool:
    """Whether the last check verified and holds no more."""
    return rules.has_run_out(found.verdict, found.verified_until, today=today)


def promoters_of(shop: Shop, *, today: date, asked: str = "", standing: str = "", cursor: str = "") -> Page[Promoter]:
    """Promoters, newest first, with `accounts`. `asked`: every word in name or address. Raises BadCursor."""
    rows = _asked(shop, today=today, asked=asked, standing=standing)
    return page_of(rows, order=("-id",), size=PAGE_ROWS, cursor=cursor)


def every_promoter(shop: Shop, *, today: date, asked: str = "", standing: str = "") -> Iterator[Promoter]:
    """The same without pages, for a file; read in portions, each with accounts and `sample_count`."""
    rows = _asked(shop, today=today, asked=asked, standing=standing)
    return rows.order_by("-id").iterator(chunk_size=500)


def counts(shop: Shop, *, today: date) -> dict[Standing, int]:
    """How many promoters stand how: one query."""
    found = Promoter.objects.filter(shop=shop).aggregate(
        **{each.value: Count("pk", filter=_standing(each, today)) for each in Standing}
    )
    return {each: found[each.value] for each in Standing}


def promoter_by_id(shop: Shop, pk: int) -> Promoter | None:
    """One promoter of this shop, with accounts."""
    return Promoter.objects.filter(shop=shop, pk=pk).prefetch_related(_ACCOUNTS).first()


def checks_of(found: Promoter) -> list[Check]:
    """The newest MOST_SHOWN checks, newest first."""
    rows = Check.objects.filter(promoter=found).select_related("checked_by__person")
    return list(rows.order_by("-id")[:MOST_SHOWN])


def samples_of(found: Promoter) -> Samples:
    """What was sent to a promoter."""
    rows = Sample.objects.filter(verification__promoter=found).select_related("recorded_by__person").order_by("-id")
    items = list(rows[:MOST_SHOWN])
    more = rows.count() - MOST_SHOWN if len(items) == MOST_SHOWN else 0
    return Samples(items, more)


def reaction_percent(check: Check) -> str:
    """Reactions per post in percent of the followers that were seen: "2.40", or "" where it cannot be told."""
    percent = rules.reaction_percent(reactions=check.reactions, followers=check.followers_seen)
    return "" if percent is None else str(percent)


def difference_percent(check: Check) -> int | None:
    """How many percent more or fewer followers were seen than stated."""
    return rules.difference_percent(stated=check.followers_stated, seen=check.followers_seen)


def every_sample(shop: Shop) -> Iterator[Sample]:
    """All that was sent, newest first, with its promoter: read in portions."""
    rows = Sample.objects.filter(shop=shop).select_related("verification__promoter")
    return rows.order_by("-id").iterator(chunk_size=500)


_ACCOUNTS = Prefetch("accounts", queryset=Account.objects.order_by("pk"))


def _asked(shop: Shop, *, today: date, asked: str, standing: str) -> QuerySet[Promoter]:
    rows = Promoter.objects.filter(shop=shop).prefetch_related(_ACCOUNTS)
    rows = rows.annotate(sample_count=Count("verifications__samples"))
    for word in fold(asked).split()[:_MOST_WORDS]:
        rows = rows.filter(folded__contains=word)
    if standing in Standing.values:
        rows = rows.filter(_standing(Standing(standing), today))
    return rows


def _standing(standing: Standing, today: date) -> Q:
    """The same decision as `rules.standing`, for the database."""
    verified = Q(verdict=Verdict.VERIFIED, verified_until__gte=today)
    passed_over = Q(verdict=Verdict.PASSED_OVER)
    if standing == Standing.VERIFIED:
        return verified
    return passed_over if standing == Standing.PASSED_OVER else ~verified & ~passed_over
