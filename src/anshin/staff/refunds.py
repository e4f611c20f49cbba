"""One refund: where it stands and with which record; paid by hand with its proof, corrected, given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anshin.commerce import actions
from anshin.commerce import queries as commerce
from anshin.commerce.terms import PaymentMethod, RefundState, RefundWay
from anshin.language.zengin_letters import shown
from anshin.plumbing import clock
from anshin.plumbing.files.limits import FileRefused
from anshin.plumbing.files.serve import download
from anshin.plumbing.files.store import StorageTrouble
from anshin.plumbing.pages import dates
from anshin.returns.queries import returns_of_refunds
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff import return_words
from anshin.staff import transfer_words as words
from anshin.staff.addresses import address
from anshin.staff.customer_account import takes_account
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.commerce.models import Refund
    from anshin.shops.models import Membership

Card = dict[str, Any]
_KINDS = {
    RefundState.SETTLED: ("good", "check"),
    RefundState.FAILED: ("bad", "circle-alert"),
    RefundState.UNSURE: ("warn", "triangle-alert"),
    RefundState.ASKED: ("warn", "hourglass"),
    RefundState.WITHDRAWN: ("", "x"),
}
_FAILS_BY_HAND = {RefundState.SETTLED, RefundState.UNSURE}
_SETTLES_BY_HAND = {RefundState.READY, RefundState.UNSURE, RefundState.FAILED}
_WITHDRAWS = {RefundState.ASKED, RefundState.READY, RefundState.FAILED}
_MOST_PROOF_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form that is shown again, and what is wrong with it."""

    where: str = ""
    values: dict[str, str] = field(default_factory=dict)
    sentence: str = ""


@require_http_methods(["GET", "POST"])
@desk(Permission.ANSWER)
def refund(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """The refund; with do= one step of it."""
    found = commerce.refund_by_id(by.shop, pk) if pk < 2**63 else None
    if found is None:
        raise Http404
    request.desk_section = "transfers"  # type: ignore[attr-defined]
    if request.method != "POST":
        return _draw(request, by, found, Typed())
    do = request.POST.get("do", "")
    if do not in _VERBS:
        raise Http404
    values = {name: str(value)[:400] for name, value in request.POST.items()}
    try:
        said = _VERBS[do](request, by, found)
    except NotAllowed:
        raise
    except (Refused, FileRefused, StorageTrouble) as refusal:
        return _draw(request, by, found, Typed(do, values, str(refusal)))
    messages.success(request, said)
    return redirect("staff:refund", by.shop.slug, pk)


@desk(Permission.PAY_BACK)
def refund_proof(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """The picture or paper that shows that the money left."""
    found = commerce.refund_by_id(by.shop, pk) if pk < 2**63 else None
    if found is None or found.proof is None:
        raise Http404
    return download(request, found.proof, name=found.proof_name)


def _settle(request: HttpRequest, by: Membership, found: Refund) -> str:
    proof = request.FILES.get("proof")
    told = request.POST.get("moved_on", "")
    try:
        moved_on = date.fromisoformat(told)
    except ValueError as error:
        raise actions.RecordMissing(_("Write the day on which the money left.")) from error
    actions.settle_by_hand(
        by=by,
        refund_id=found.pk,
        reference=request.POST.get("reference", ""),
        proof=proof.read(_MOST_PROOF_BYTES) if proof else b"",
        proof_name=str(proof.name) if proof else "",
        moved_on=moved_on,
        now=clock.now(),
    )
    return _("Written down. The money is with the customer.")


def _fail(request: HttpRequest, by: Membership, found: Refund) -> str:
    actions.fail_refund(by=by, refund_id=found.pk, reason=request.POST.get("reason", ""), now=clock.now())
    return _("Marked as failed. Its case is on top of the inbox.")


def _withdraw(request: HttpRequest, by: Membership, found: Refund) -> str:
    actions.withdraw_refund(by=by, refund_id=found.pk, reason=request.POST.get("reason", ""), now=clock.now())
    return _("Withdrawn. No money goes back by it.")


def _approve(request: HttpRequest, by: Membership, found: Refund) -> str:  # noqa: ARG001
    actions.approve_refund(by=by, refund_id=found.pk, now=clock.now())
    return _("Confirmed. The money goes its way.")


def _retry(request: HttpRequest, by: Membership, found: Refund) -> str:  # noqa: ARG001
    actions.retry_refund(by=by, refund_id=found.pk, now=clock.now())
    return _("Tried again.")


_VERBS: dict[str, Callable[[HttpRequest, Membership, Refund], str]] = {
    "settle": _settle,
    "fail": _fail,
    "withdraw": _withdraw,
    "approve": _approve,
    "retry": _retry,
}


def _draw(request: HttpRequest, by: Membership, found: Refund, typed: Typed) -> HttpResponseBase:
    now = clock.now()
    if typed.sentence:
        found = commerce.refund_by_id(by.shop, found.pk) or found
    kind, icon = _KINDS.get(RefundState(found.state), ("info", "hourglass"))
    returned = returns_of_refunds(by.shop, [found.pk]).get(found.pk)
    context = {
        "refund": found,
        "state": {"kind": kind, "icon": icon, "label": RefundState(found.state).label},
        "facts": _facts(found, now),
        "returned": str(returned) if returned else "",
        "return_url": address("return", by.shop.slug, returned.number) if returned else "",
        "order_url": address("order", by.shop.slug, found.order_id) if may(by, Permission.SEE_ORDERS) else "",
        "proof_url": address("refund_proof", by.shop.slug, found.pk)
        if found.proof and may(by, Permission.PAY_BACK)
        else "",
        "list_url": address("transfers", by.shop.slug) if may(by, Permission.PAY_BACK) else "",
        "can": _can(by, found),
        "account_url": address("refund_account", by.shop.slug, found.pk),
        "own": _("You asked for it yourself, so somebody else has to confirm it.")
        if found.state == RefundState.ASKED and found.asked_by_id == by.pk
        else "",
        "typed": typed,
        "today": timezone.localdate(now).isoformat(),
        "usual_reasons": words.USUAL_REASONS,
    }
    return render(request, "staff/refund.html", context, status=422 if typed.sentence else 200)


def _can(by: Membership, found: Refund) -> Card:
    """Which forms this person sees."""
    pays, state = may(by, Permission.PAY_BACK), RefundState(found.state)
    return {
        "approve": state == RefundState.ASKED and found.asked_by_id != by.pk and may(by, Permission.APPROVE_REFUNDS),
        "retry": pays and found.way != RefundWay.BANK and (state in {RefundState.FAILED, RefundState.UNSURE}),
        "account": takes_account(found),
        "settle": pays and state in _SETTLES_BY_HAND,
        "fail": pays and state in _FAILS_BY_HAND,
        "withdraw": (pays or found.asked_by_id == by.pk) and state in _WITHDRAWS,
    }


def _facts(found: Refund, now: datetime) -> list[dict[str, str]]:
    """The record, for {% kv %}."""
    method = f" ({PaymentMethod(found.method).label})" if found.method in PaymentMethod.values else ""
    asked = f"{found.asked_by.person} · {return_words.when_of(found.asked_at, now)}"
    approved = (
        f"{found.approved_by.person} · {return_words.when_of(found.approved_at, now)}"
        if found.approved_by and found.approved_at
        else ""
    )
    holder = f" {shown(found.account.holder_kana)}" if found.account and found.account.holder_kana else ""
    rows = [
        (_("Way"), f"{RefundWay(found.way).label}{method}"),
        (_("Why"), found.reason),
        (_("Bank account"), f"{words.account(found.account)}{holder}".strip()),
        (_("Asked for by"), asked),
        (_("Confirmed by"), approved),
        (_("Expected by"), _day(found.expected_on, now) if found.state in _UNDER_WAY else ""),
        (_("Money left on"), _day(found.moved_on, now)),
        (_("Reference"), found.reference),
        (_("What was answered"), found.answer),
        (_("Operator"), str(found.operator.person) if found.operator and found.settled_at else ""),
    ]
    return [{"name": name, "value": value} for name, value in rows if value]


_UNDER_WAY = {RefundState.READY, RefundState.SENDING}


def _day(day: date | None, now: datetime) -> str:
    return dates.day(day, today=timezone.localdate(now), language=get_language() or "ja") if day else ""
