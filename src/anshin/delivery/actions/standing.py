"""Finding and locking what a verb works on, and telling that something changed."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction

from anshin.commerce.terms import Fault
from anshin.delivery import events, rules
from anshin.delivery.actions.refusals import BadCost, NoFaultYet, NotNow, UnknownTrouble
from anshin.delivery.models import CostEntry, Trouble
from anshin.delivery.queries.troubles import waiting_key
from anshin.delivery.terms import MOST_COST_YEN, CostKind, Payer
from anshin.plumbing.journal.actions import record
from anshin.plumbing.live.actions import publish_on
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anshin.delivery.models import Reshipment
    from anshin.plumbing.journal.actors import Actor
    from anshin.plumbing.journal.events import Event
    from anshin.shops.models import Membership


def locked(by: Membership, trouble_id: int) -> Trouble:
    """The trouble of the person's shop, locked until the transaction ends, once they may work on it.

    Raises NotAllowed, UnknownTrouble.
    """
    require(by, Permission.TRIAGE)
    return locked_trouble(by.shop_id, trouble_id)


def locked_trouble(shop_id: int, trouble_id: int) -> Trouble:
    """The same without a person. Raises UnknownTrouble."""
    found = Trouble.objects.select_for_update().filter(shop_id=shop_id, pk=trouble_id).first()
    if found is None:
        raise UnknownTrouble
    return found


def tell(trouble: Trouble, fact: Event, by: Actor, now: datetime) -> None:
    """Put a fact about the trouble into the journal and tell open pages."""
    record(fact, shop_id=trouble.shop_id, by=by, now=now, case_id=trouble.case_id)
    refresh(trouble, now)


def refresh(trouble: Trouble, now: datetime) -> None:
    """Have open pages look again and what waits counted anew, where the journal need not know."""
    transaction.on_commit(partial(cache.delete, waiting_key(trouble.shop_id)))
    payload = {"case_id": trouble.case_id, "trouble": trouble.number}
    channels = ["shop", f"case:{trouble.case_id}"]
    publish_on(shop_id=trouble.shop_id, channels=channels, kind="case.trouble", payload=payload, now=now)


def book(
    trouble: Trouble,
    kind: CostKind,
    amount_yen: int,
    payer: Payer,
    *,
    by: Membership,
    now: datetime,
    reshipment: Reshipment | None = None,
    note: str = "",
) -> CostEntry | None:
    """A line in the ledger; none for nothing. Raises BadCost."""
    if not 0 <= amount_yen <= MOST_COST_YEN:
        raise BadCost
    if not amount_yen:
        return None
    claimable = payer == Payer.SHOP and rules.recover_from(fault_of(trouble))
    entry = CostEntry.objects.create(
        shop_id=trouble.shop_id,
        trouble=trouble,
        kind=kind,
        amount_yen=amount_yen,
        payer=payer,
        recover_from=claimable or "",
        reshipment=reshipment,
        note=note[:200],
        by=by,
        at=now,
    )
    booked(trouble, entry, shops.actor(by), now)
    return entry


def booked(trouble: Trouble, entry: CostEntry, by: Actor, now: datetime) -> None:
    """Tell of a line in the ledger."""
    fact = events.CostBooked(
        trouble_id=trouble.pk, cost_id=entry.pk, kind=entry.kind, payer=entry.payer, amount_yen=entry.amount_yen
    )
    tell(trouble, fact, by, now)


def fault_of(trouble: Trouble) -> Fault:
    """Whose doing it was as decided last. Raises NoFaultYet."""
    if not trouble.fault:
        raise NoFaultYet
    return Fault(trouble.fault)


@contextmanager
def in_order() -> Iterator[None]:
    """An illegal step becomes a refusal in words: of two people at once, one is late. Raises NotNow."""
    try:
        yield
    except rules.IllegalStep as error:
        raise NotNow from error
