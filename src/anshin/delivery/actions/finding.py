"""Saying what arrived, and deciding whose doing it was."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.commerce.terms import Fault
from anshin.delivery import events, rules
from anshin.delivery.actions import picking_up, resending, standing
from anshin.delivery.actions.refusals import MissingWords
from anshin.delivery.models import CostEntry, EvidenceFile, FaultDecision, Trouble
from anshin.delivery.queries import finding_of, packing_record
from anshin.delivery.terms import LONGEST_REASON, ArrivedAs, BoxState, Payer, TroubleState
from anshin.shops import queries as shops

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def describe(
    *,
    by: Membership,
    trouble_id: int,
    arrived_as: ArrivedAs,
    box: BoxState,
    arrived_words: str = "",
    page_differs: bool = False,
    now: datetime,
) -> Trouble:
    """Say what the customer's words and photos show. Raises NotAllowed, UnknownTrouble."""
    trouble = standing.locked(by, trouble_id)
    told = {
        "arrived_as": ArrivedAs(arrived_as).value,
        "box": BoxState(box).value,
        "arrived_words": arrived_words.strip()[:300],
        "page_differs": page_differs,
    }
    if all(getattr(trouble, name) == value for name, value in told.items()):
        return trouble
    for name, value in told.items():
        setattr(trouble, name, value)
    trouble.save(update_fields=list(told))
    fact = events.ArrivalDescribed(trouble_id=trouble.pk, arrived_as=trouble.arrived_as, box=trouble.box)
    standing.tell(trouble, fact, shops.actor(by), now)
    return trouble


@transaction.atomic
def find_fault(*, by: Membership, trouble_id: int, fault: Fault, reason: str, now: datetime) -> FaultDecision:
    """Decide whose doing it was, with one sentence why; the former decisions stay as they are.

    What is arranged already follows: who pays for what has not left, whether something is fetched, whom costs may be
    claimed from. A customer who paid for what was not their doing is owed it back: the ledger says so.
    Raises NotAllowed, UnknownTrouble, MissingWords.
    """
    trouble = standing.locked(by, trouble_id)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise MissingWords
    finding = finding_of(by.shop, trouble)
    former, fault = trouble.fault, Fault(fault)
    decision = FaultDecision.objects.create(
        shop=by.shop,
        trouble=trouble,
        fault=fault,
        proposed=finding.fault,
        certainty=finding.certainty,
        reason=reason,
        evidence_ids=_evidence_ids(trouble, by),
        by=by,
        by_name=str(by.person)[:200],
        at=now,
    )
    trouble.fault, trouble.fault_at = fault, now
    trouble.state, trouble.settled_at = TroubleState.ARRANGING, None
    trouble.save(update_fields=["fault", "fault_at", "state", "settled_at"])
    fact = events.FaultFound(
        trouble_id=trouble.pk, decision_id=decision.pk, former=former, fault=fault, proposed=finding.fault
    )
    standing.tell(trouble, fact, shops.actor(by), now)
    if former != fault:
        _let_arrangements_follow(trouble, fault, by, now)
    return decision


def _evidence_ids(trouble: Trouble, by: Membership) -> list[tuple[str, int]]:
    files = EvidenceFile.objects.filter(trouble=trouble).order_by("id").values_list("pk", flat=True)
    record = packing_record(by.shop, trouble)
    return [("file", pk) for pk in files] + ([("record", record.pk)] if record else [])


def _let_arrangements_follow(trouble: Trouble, fault: Fault, by: Membership, now: datetime) -> None:
    resending.let_payer_follow(trouble, rules.payer_of(fault))
    picking_up.let_need_follow(trouble, fault, by, now)
    claimed_from = rules.recover_from(fault) or ""
    CostEntry.objects.filter(trouble=trouble, payer=Payer.SHOP).update(recover_from=claimed_from)
    if fault != Fault.CUSTOMER:
        _take_over_from_customer(trouble, claimed_from, by, now)


def _take_over_from_customer(trouble: Trouble, claimed_from: str, by: Membership, now: datetime) -> None:
    """What the customer bore becomes ours, by two lines for each kind of cost."""
    sums: dict[str, int] = {}
    for kind, amount in CostEntry.objects.filter(trouble=trouble, payer=Payer.CUSTOMER).values_list(
        "kind", "amount_yen"
    ):
        sums[kind] = sums.get(kind, 0) + amount
    for kind, amount in sums.items():
        for signed, payer, claimable in ((-amount, Payer.CUSTOMER, ""), (amount, Payer.SHOP, claimed_from)):
            if not signed:
                continue
            entry = CostEntry.objects.create(
                shop=by.shop,
                trouble=trouble,
                kind=kind,
                amount_yen=signed,
                payer=payer,
                recover_from=claimable,
                by=by,
                at=now,
            )
            standing.booked(trouble, entry, shops.actor(by), now)
