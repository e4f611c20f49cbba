"""What a person decides about a request: to take it back, to refuse, whose doing it was."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.commerce.terms import Fault
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.returns import events
from anshin.returns.actions import exchange_steps, settling, stepping, telling
from anshin.returns.actions.refusals import IllegalStep, ReasonNeeded, UnknownReturn
from anshin.returns.actions.requesting import approve
from anshin.returns.models import Return
from anshin.returns.queries.pages import fault_decision
from anshin.returns.rules.requests import payer_by_fault
from anshin.returns.terms import Approval, Axis, MoneyState, Payer
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Membership, Shop

DELIVERY = Actor.system("delivery")


@transaction.atomic
def authorise(
    *,
    by: Membership,
    return_id: int,
    payer: Payer | None = None,
    keeps: bool = False,
    why: str = "",
    now: datetime,
) -> Return:
    """Take it back. `payer` None: as the policy says. `keeps`: the customer keeps the item.

    Raises NotAllowed, UnknownReturn, IllegalStep.
    """
    require(by, Permission.HANDLE_RETURNS)
    returned = stepping.locked_return(by.shop_id, return_id)
    if payer is not None and payer != returned.payer:
        returned.payer = payer
        returned.save(update_fields=["payer"])
    approve(returned, by=shops.actor(by), member=by, why=why, keeps=keeps, now=now)
    return returned


@transaction.atomic
def refuse(*, by: Membership, return_id: int, why: str, now: datetime) -> Return:
    """Say no, with a sentence that the customer reads. Raises NotAllowed, UnknownReturn, IllegalStep, ReasonNeeded."""
    require(by, Permission.HANDLE_RETURNS)
    returned = stepping.locked_return(by.shop_id, return_id)
    if not why.strip():
        raise ReasonNeeded
    who = shops.actor(by)
    exchange_steps.drop(returned, by=who, member=by, now=now)
    stepping.step(returned, Axis.APPROVAL, Approval.REFUSED, by=who, member=by, why=why, now=now)
    telling.tell(returned, "refused", why=why, now=now)
    return returned


@transaction.atomic
def ask_a_person(*, shop: Shop, customer: Customer, number: int, words: str, now: datetime) -> Return:
    """A customer whom the policy refused asks for a person. Raises UnknownReturn, IllegalStep, ReasonNeeded."""
    returned = locked_of_customer(shop, customer, number)
    if returned.approval != Approval.REFUSED:
        raise IllegalStep
    if not words.strip():
        raise ReasonNeeded
    who = Actor.customer(customer.pk, customer.name)
    stepping.step(returned, Axis.APPROVAL, Approval.ASKED, by=who, why=words, now=now)
    return returned


@transaction.atomic
def withdraw(*, shop: Shop, customer: Customer, number: int, now: datetime) -> Return:
    """The customer keeps it after all. Raises UnknownReturn, IllegalStep."""
    returned = locked_of_customer(shop, customer, number)
    who = Actor.customer(customer.pk, customer.name)
    exchange_steps.drop(returned, by=who, now=now)
    stepping.step(returned, Axis.APPROVAL, Approval.WITHDRAWN, by=who, now=now)
    return returned


@transaction.atomic
def decide_fault(*, by: Membership, return_id: int, fault: Fault, why: str = "", now: datetime) -> Return:
    """Say whose doing it was; the postage follows from it. Raises NotAllowed, UnknownReturn, ReasonNeeded (the
    customer's fault needs a sentence)."""
    require(by, Permission.HANDLE_RETURNS)
    returned = stepping.locked_return(by.shop_id, return_id)
    if fault == Fault.CUSTOMER and not why.strip():
        raise ReasonNeeded
    take_over_fault(returned, fault, by=shops.actor(by), why=why.strip(), now=now)
    return returned


@transaction.atomic
def follow_fault(*, shop_id: int, case_id: int, fault: Fault, now: datetime) -> list[Return]:
    """Take over whose doing it was for the case's returns that are not over; the same again changes nothing."""
    ids = Return.objects.filter(shop_id=shop_id, case_id=case_id, closed_at=None).values_list("pk", flat=True)
    returns = [stepping.locked_return(shop_id, return_id) for return_id in ids.order_by("pk")]
    for returned in returns:
        if returned.money in {MoneyState.NOT_YET, MoneyState.TO_CONFIRM}:
            take_over_fault(returned, fault, by=DELIVERY, now=now)
    return returns


def take_over_fault(returned: Return, fault: Fault, *, by: Actor, why: str = "", now: datetime) -> None:
    """Write the fault and what follows from it into a locked return. The same fault with another sentence is written
    down, too, and changes nothing else; the same again is nothing new."""
    former = returned.fault
    if former == fault and (not why or why == _said_last(returned)):
        return
    if former != fault:
        returned.fault = fault
        returned.payer = payer_by_fault(fault, Payer(returned.payer))
        returned.save(update_fields=["fault", "payer"])
        if returned.money == MoneyState.TO_CONFIRM:
            settling.propose(returned, now=now)
        exchange_steps.follow_decision(returned, by=by, why=why, now=now)
    fact = events.FaultDecided(return_id=returned.pk, number=returned.number, former=former, fault=str(fault), why=why)
    record(fact, shop_id=returned.shop_id, by=by, now=now, case_id=returned.case_id)
    stepping.announce(returned, now=now)


def _said_last(returned: Return) -> str:
    """The sentence of the decision that counts now."""
    decided = fault_decision(returned)
    return str(decided.payload.get("why", "")) if decided else ""


def locked_of_customer(shop: Shop, customer: Customer, number: int) -> Return:
    """The customer's own return, locked. Raises UnknownReturn for everybody else's."""
    found = Return.objects.select_for_update().filter(shop=shop, customer=customer, number=number).first()
    if found is None:
        raise UnknownReturn
    return found
