"""Troubles: one by one, of a case, by state, with what was decided, arranged and paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import Prefetch, Q, QuerySet, Sum

from anshin.commerce.terms import Fault
from anshin.delivery.models import (
    Consent,
    CostEntry,
    EvidenceFile,
    FaultDecision,
    Reshipment,
    Snapshot,
    Trouble,
)
from anshin.delivery.terms import Payer, TroubleKind, TroubleState
from anshin.plumbing.pages.keyset import Page, page_of
from anshin.plumbing.prepared import Prepared

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_OPEN = (TroubleState.LOOKING, TroubleState.ARRANGING)
_KEPT_SECONDS = 30
_IN_CASE = Prepared(lambda shop, case: _whole(shop).filter(_of_case(case)).order_by("-id"), shop=int, case=int)
_WAITING = Prepared(
    lambda shop: Trouble.objects.filter(
        Q(state=TroubleState.LOOKING) | Q(state=TroubleState.ARRANGING), shop_id=shop
    ).values_list("id")[:99],
    shop=int,
)


@dataclass(frozen=True, slots=True)
class CostTotals:
    """What a trouble has cost. Unit: whole yen. `recoverable_yen` is part of `shop_yen`."""

    shop_yen: int
    customer_yen: int
    recoverable_yen: int


def trouble_by_number(shop: Shop, number: int) -> Trouble | None:
    """A trouble of this shop with its case, order and pick-up. One query."""
    return _whole(shop).filter(number=number).first()


def trouble_by_id(shop: Shop, trouble_id: int) -> Trouble | None:
    """The same by id. One query."""
    return _whole(shop).filter(pk=trouble_id).first()


def trouble_details(shop: Shop, number: int) -> Trouble | None:
    """A trouble with everything that hangs on it, newest decisions first: six queries."""
    parts = (
        Prefetch("decisions", FaultDecision.objects.order_by("-at", "-id")),
        Prefetch("files", EvidenceFile.objects.select_related("blob").order_by("came_at", "id")),
        Prefetch("reshipments", Reshipment.objects.select_related("consent").order_by("place")),
        Prefetch("costs", CostEntry.objects.order_by("id")),
        Prefetch("snapshots", Snapshot.objects.order_by("-id")),
        Prefetch("consents", Consent.objects.select_related("message").order_by("-id")),
    )
    return _whole(shop).filter(number=number).prefetch_related(*parts).first()


def troubles_of_case(shop: Shop, case_id: int) -> list[Trouble]:
    """Troubles of a case and of those merged into it, newest first. One query."""
    return _IN_CASE.rows(shop=shop.pk, case=case_id)


def own_faults_of_case(shop_id: int, case_id: int) -> list[tuple[datetime, str]]:
    """Since when it is decided that something in the case was the shop's own doing, and of which item. One query."""
    rows = Trouble.objects.filter(_of_case(case_id), shop_id=shop_id, fault=Fault.SHOP, fault_at__isnull=False)
    return [(at, name) for at, name in rows.order_by("fault_at", "id").values_list("fault_at", "name") if at]


def lost_since(shop_id: int, case_id: int) -> datetime | None:
    """Since when it is known that something in the case never arrived, as long as that is open. One query."""
    rows = Trouble.objects.filter(_of_case(case_id), shop_id=shop_id, kind=TroubleKind.NOT_ARRIVED, state__in=_OPEN)
    return rows.order_by("created_at").values_list("created_at", flat=True).first()


def reshipments_of(trouble: Trouble) -> list[Reshipment]:
    """What is sent again for a trouble, in the order of planning. One query."""
    return list(Reshipment.objects.filter(trouble=trouble).order_by("place"))


def troubles_in_state(shop: Shop, *, settled: bool = False, cursor: str = "", size: int = 50) -> Page[Trouble]:
    """One page of the shop's troubles, newest first: those that are open, or those that are settled. One query.
    Raises BadCursor."""
    found = _whole(shop).filter(state__in=(TroubleState.SETTLED,) if settled else _OPEN)
    return page_of(found, order=("-created_at", "-id"), size=size, cursor=cursor)


def open_count(shop: Shop) -> int:
    """How many troubles are not settled. One query."""
    return Trouble.objects.filter(shop=shop, state__in=_OPEN).count()


def waiting_count(shop_id: int) -> int:
    """How many troubles are not settled, 99 at most, as of half a minute ago at the latest.

    Every page of the desk shows it, so it is kept: a query every 30 seconds a process, and after each change.
    """
    kept = cache.get_or_set(waiting_key(shop_id), lambda: len(_WAITING.tuples(shop=shop_id)), _KEPT_SECONDS)
    return int(kept or 0)


def waiting_key(shop_id: int) -> str:
    """Under which the count is kept; whoever changes a trouble forgets it."""
    return f"delivery.waiting.{shop_id}"


def exchange_of(shop_id: int, key: str) -> Trouble | None:
    """The exchange that a room above told under this key, with its parcels in order. Two queries."""
    parcels = Prefetch("reshipments", Reshipment.objects.order_by("place"))
    found = Trouble.objects.filter(shop_id=shop_id, key=key).exclude(key="")
    return found.prefetch_related(parcels).first()


def fault_of(shop: Shop, trouble_id: int) -> Fault | None:
    """Whose doing it was as decided last; None while nobody has decided. Unknown is a decision. One query."""
    fault = Trouble.objects.filter(shop=shop, pk=trouble_id).values_list("fault", flat=True).first()
    return Fault(fault) if fault else None


def latest_decision(shop: Shop, trouble_id: int) -> FaultDecision | None:
    """Who decided last, and why. One query."""
    return FaultDecision.objects.filter(shop=shop, trouble_id=trouble_id).order_by("-at", "-id").first()


def cost_totals(shop: Shop, trouble_id: int) -> CostTotals:
    """The ledger of a trouble, added up. One query."""
    rows = CostEntry.objects.filter(shop=shop, trouble_id=trouble_id)
    sums = rows.aggregate(
        shop=Sum("amount_yen", filter=Q(payer=Payer.SHOP), default=0),
        customer=Sum("amount_yen", filter=Q(payer=Payer.CUSTOMER), default=0),
        recoverable=Sum("amount_yen", filter=~Q(recover_from=""), default=0),
    )
    return CostTotals(sums["shop"], sums["customer"], sums["recoverable"])


def costs_to_recover(shop: Shop, *, cursor: str = "", size: int = 50) -> Page[CostEntry]:
    """Costs of ours that were a carrier's or marketplace's doing, newest first, with their troubles. One query.
    Raises BadCursor."""
    rows = CostEntry.objects.select_related("trouble").filter(shop=shop).exclude(recover_from="")
    return page_of(rows, order=("-at", "-id"), size=size, cursor=cursor)


def _of_case(case_id: int) -> Q:
    return Q(case_id=case_id) | Q(case__merged_into_id=case_id)


def _whole(shop: Shop | int) -> QuerySet[Trouble]:
    return Trouble.objects.select_related("case", "order", "line", "pick_up").filter(shop=shop)
