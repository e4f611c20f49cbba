"""Escalations: the newest of a case, and those that wait for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.plumbing.pages.keyset import Page, page_of
from anshin.routing.models import Escalation
from anshin.routing.terms import EscalationState

if TYPE_CHECKING:
    from anshin.shops.models import Membership

ESCALATIONS_A_PAGE = 30


def escalation_of_case(by: Membership, case_id: int) -> Escalation | None:
    """The newest escalation of a case of the person's shop."""
    rows = Escalation.objects.select_related("receiver__person", "asked_by__person", "case")
    return rows.filter(shop_id=by.shop_id, case_id=case_id).order_by("-id").first()


def newest_escalation_for(by: Membership) -> Escalation | None:
    """What last happened for this member of staff: they were asked, or were answered. Two queries."""
    rows = Escalation.objects.select_related("receiver__person", "asked_by__person", "case").filter(shop_id=by.shop_id)
    asked = rows.filter(receiver=by, state=EscalationState.OPEN).order_by("-asked_at", "-id").first()
    answered = rows.filter(asked_by=by, answered_at__isnull=False).order_by("-answered_at", "-id").first()
    if asked is None or answered is None or answered.answered_at is None:
        return asked or answered
    return asked if asked.asked_at >= answered.answered_at else answered


def waiting_escalations(by: Membership, *, cursor: str = "") -> Page[Escalation]:
    """Those that wait for an answer in the shop, the most overdue first. Raises keyset.BadCursor."""
    rows = Escalation.objects.select_related("receiver__person", "asked_by__person", "case")
    waiting = rows.filter(shop_id=by.shop_id, state=EscalationState.OPEN)
    return page_of(waiting, order=("answer_by_at", "id"), size=ESCALATIONS_A_PAGE, cursor=cursor)
