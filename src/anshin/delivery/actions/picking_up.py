"""Having the carrier fetch what came by mistake (requirement 45)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.commerce.terms import Carrier, Fault
from anshin.delivery import events, rules
from anshin.delivery.actions import standing
from anshin.delivery.actions.refusals import BadDay, MissingWords, NotNow
from anshin.delivery.models import PickUp, Trouble
from anshin.delivery.terms import LONGEST_REASON, CostKind, Payer, PickUpState, Slot, TroubleKind
from anshin.shops import queries as shops

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_AHEAD = timedelta(days=62)


@transaction.atomic
def want_pick_up(*, by: Membership, trouble_id: int, now: datetime) -> PickUp:
    """Have it fetched after all. Raises NotAllowed, UnknownTrouble, NoFaultYet, NotNow."""
    trouble = standing.locked(by, trouble_id)
    standing.fault_of(trouble)
    pick_up, is_new = PickUp.objects.get_or_create(
        trouble=trouble, defaults={"shop_id": trouble.shop_id, "changed_at": now}
    )
    if is_new:
        _tell(trouble, pick_up, "", by, now)
        return pick_up
    return _moved(trouble, pick_up, PickUpState.TO_BOOK, by, now, waiver="")


@transaction.atomic
def book_pick_up(
    *,
    by: Membership,
    trouble_id: int,
    carrier: Carrier,
    on: date,
    slot: Slot,
    reference: str = "",
    cost_yen: int = 0,
    now: datetime,
) -> PickUp:
    """The carrier comes on this day; another day is booked the same way. `cost_yen` goes into the ledger as ours.

    Raises NotAllowed, UnknownTrouble, NotNow, BadDay, BadCost.
    """
    trouble = standing.locked(by, trouble_id)
    pick_up = _pick_up(trouble)
    today = now.astimezone(ZoneInfo(by.shop.zone)).date()
    if not today <= on <= today + _AHEAD:
        raise BadDay
    values = {"carrier": Carrier(carrier), "on": on, "slot": Slot(slot), "reference": reference.strip()[:40]}
    moved = _moved(trouble, pick_up, PickUpState.BOOKED, by, now, **values)
    standing.book(trouble, CostKind.RETURN, cost_yen, _bearer(trouble), by=by, now=now)
    return moved


@transaction.atomic
def waive_pick_up(*, by: Membership, trouble_id: int, reason: str, now: datetime) -> PickUp:
    """The customer may keep or throw it away, and why. Raises NotAllowed, UnknownTrouble, NotNow, MissingWords."""
    trouble = standing.locked(by, trouble_id)
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise MissingWords
    return _moved(trouble, _pick_up(trouble), PickUpState.WAIVED, by, now, waiver=words)


@transaction.atomic
def mark_collected(*, by: Membership, trouble_id: int, now: datetime) -> PickUp:
    """The carrier has it. Raises NotAllowed, UnknownTrouble, NotNow."""
    trouble = standing.locked(by, trouble_id)
    return _moved(trouble, _pick_up(trouble), PickUpState.COLLECTED, by, now)


@transaction.atomic
def mark_missed(*, by: Membership, trouble_id: int, now: datetime) -> PickUp:
    """The carrier came in vain; another day is to be agreed. Raises NotAllowed, UnknownTrouble, NotNow."""
    trouble = standing.locked(by, trouble_id)
    return _moved(trouble, _pick_up(trouble), PickUpState.MISSED, by, now)


def let_need_follow(trouble: Trouble, fault: Fault, by: Membership, now: datetime) -> None:
    """A pick-up to be booked when it is ours to fetch; none any more, if nobody booked it, when it is not."""
    pick_up = PickUp.objects.filter(trouble=trouble).first()
    if rules.needs_pick_up(TroubleKind(trouble.kind), fault):
        if pick_up is None:
            pick_up = PickUp.objects.create(shop_id=trouble.shop_id, trouble=trouble, changed_at=now)
            _tell(trouble, pick_up, "", by, now)
    elif pick_up is not None and pick_up.state == PickUpState.TO_BOOK:
        reason = _("Whose doing it was, was decided anew.")
        _moved(trouble, pick_up, PickUpState.WAIVED, by, now, waiver=reason)


def _bearer(trouble: Trouble) -> Payer:
    return rules.payer_of(standing.fault_of(trouble))


def _pick_up(trouble: Trouble) -> PickUp:
    found = PickUp.objects.select_for_update().filter(trouble=trouble).first()
    if found is None:
        raise NotNow
    return found


def _moved(
    trouble: Trouble, pick_up: PickUp, state: PickUpState, by: Membership, now: datetime, **values: object
) -> PickUp:
    former = pick_up.state
    with standing.in_order():
        rules.check_pick_up(former, state)
    for name, value in {**values, "state": state, "changed_at": now}.items():
        setattr(pick_up, name, value)
    pick_up.save(update_fields=["state", "changed_at", *values])
    _tell(trouble, pick_up, former, by, now)
    return pick_up


def _tell(trouble: Trouble, pick_up: PickUp, former: str, by: Membership, now: datetime) -> None:
    fact = events.PickUpMoved(trouble_id=trouble.pk, pick_up_id=pick_up.pk, former=former, state=pick_up.state)
    standing.tell(trouble, fact, shops.actor(by), now)
