"""What staff do with a return: one action each; what is refused is said where it was clicked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.commerce.actions import approve_refund, retry_refund
from anshin.commerce.terms import Fault, RefundWay
from anshin.plumbing import clock
from anshin.returns import actions
from anshin.returns.queries import return_page
from anshin.returns.terms import Payer
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.return_page import Said
from anshin.staff.returns import draw, find_return

if TYPE_CHECKING:
    from anshin.returns.models import Return
    from anshin.shops.models import Membership

_MOST_YEN = 10_000_000


class NotAnAmount(Refused):
    """What was typed is no number of yen."""

    def __init__(self) -> None:
        super().__init__(_("Write the amount in whole yen, digits only."))


@require_POST
@desk(Permission.HANDLE_RETURNS)
def decide(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Take it back, refuse it, call the parcel lost, or say that no money is due."""
    returned, now, why = find_return(by, number), clock.now(), _words(request, "why")
    payer = request.POST.get("payer", "")
    verbs: dict[str, tuple[Callable[[], object], str]] = {
        "approve": (
            lambda: actions.authorise(
                by=by,
                return_id=returned.pk,
                payer=Payer(payer) if payer in Payer.values else None,
                keeps=request.POST.get("keeps") == "1",
                why=why,
                now=now,
            ),
            _("Approved. The customer is told."),
        ),
        "refuse": (
            lambda: actions.refuse(by=by, return_id=returned.pk, why=why, now=now),
            _("Refused. The customer is told, with your sentence."),
        ),
        "lost": (
            lambda: actions.mark_lost(by=by, return_id=returned.pk, why=why, now=now),
            _("Written down. The refund can be settled without an inspection."),
        ),
        "no_money": (
            lambda: actions.no_money_due(by=by, return_id=returned.pk, why=_needed(why), now=now),
            _("Written down. No money is due."),
        ),
    }
    do = request.POST.get("do", "")
    if do not in verbs:
        raise Http404
    act, done = verbs[do]
    return _after(request, by, returned, do, act, done=done)


@require_POST
@desk(Permission.HANDLE_RETURNS)
def exchange(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Have it packed, say that it is out of stock, send another variant, or pay back instead."""
    returned, now = find_return(by, number), clock.now()
    whose: dict[str, Any] = {"by": by, "return_id": returned.pk, "now": now}
    verbs: dict[str, tuple[Callable[[], object], str]] = {
        "send": (lambda: actions.send_exchange(**whose), _("The parcel can be packed now.")),
        "out": (
            lambda: actions.mark_out_of_stock(**whose),
            _("Out of stock. The customer is told, and you agree on another way."),
        ),
        "another": (
            lambda: actions.send_another(variant=_words(request, "variant"), **whose),
            _("The other variant can be packed now."),
        ),
        "refund": (
            lambda: actions.refund_instead(**whose),
            _("From here it is a refund. The customer is told."),
        ),
    }
    do = request.POST.get("do", "")
    if do not in verbs:
        raise Http404
    act, done = verbs[do]
    return _after(request, by, returned, "exchange", act, done=done)


@require_POST
@desk(Permission.HANDLE_RETURNS)
def place(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Have it go to another place of the shop, or to the usual address."""
    returned, told = find_return(by, number), request.POST.get("place", "")
    if told and not (told.isdecimal() and len(told) < 19):
        raise Http404

    def act() -> object:
        place_id = int(told) if told else None
        return actions.direct_to(by=by, return_id=returned.pk, place_id=place_id, now=clock.now())

    done = _("Changed. A customer who was told the address is told anew.")
    return _after(request, by, returned, "place", act, done=done)


@require_POST
@desk(Permission.HANDLE_RETURNS)
def fault(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Say whose doing it was."""
    returned, said = find_return(by, number), request.POST.get("fault", "")
    if said not in Fault.values:
        raise Http404

    def act() -> object:
        why = _words(request, "why")
        return actions.decide_fault(by=by, return_id=returned.pk, fault=Fault(said), why=why, now=clock.now())

    return _after(request, by, returned, "fault", act, done=_("Decided."))


@require_POST
@desk(Permission.HANDLE_RETURNS)
def calculate(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The refund calculated anew with what was typed."""
    returned = find_return(by, number)

    def act() -> object:
        paid_by = request.POST.get("paid_by", "")
        adjusted = actions.Adjusted(
            return_postage_yen=_yen(request, "postage"),
            postage_paid_by=Payer(paid_by) if paid_by in Payer.values else Payer.SHOP,
            deduction_yen=_yen(request, "deduction"),
            deduction_why=_words(request, "why"),
            with_delivery={"1": True, "0": False}.get(request.POST.get("delivery", "")),
            waive_fee=request.POST.get("waive") == "1",
        )
        if adjusted.deduction_yen and not adjusted.deduction_why:
            raise actions.ReasonNeeded
        return actions.recalculate(by=by, return_id=returned.pk, adjusted=adjusted, now=clock.now())

    return _after(request, by, returned, "calculate", act, done=_("Calculated anew."))


@require_POST
@desk(Permission.HANDLE_RETURNS)
def confirm(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Pay back the sum that was on the screen."""
    returned, ways = find_return(by, number), _ways(request)
    way = request.POST.get("way", "") or next(iter(ways.values()), "")
    if way not in RefundWay.values:
        raise Http404

    def act() -> object:
        account = request.POST.get("account", "")
        return actions.confirm(
            by=by,
            return_id=returned.pk,
            seen_total_yen=_yen(request, "seen"),
            way=RefundWay(way),
            ways=ways,
            reason=_words(request, "reason"),
            account_id=int(account) if account.isdecimal() and len(account) < 18 else None,
            now=clock.now(),
        )

    return _after(request, by, returned, "confirm", act, done=_("Confirmed. What becomes of the money stands here."))


@require_POST
@desk(Permission.HANDLE_RETURNS)
def points(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:
    """Points and coupon have been given back in the selling system."""
    returned = find_return(by, number)
    if pk not in {row.pk for row in return_page(returned).settlements}:
        raise Http404

    def act() -> object:
        return actions.give_points(by=by, settlement_id=pk, now=clock.now())

    return _after(request, by, returned, "points", act, done=_("Written down."))


@require_POST
@desk(Permission.PAY_BACK)
def refund(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:
    """Confirm a refund as the second person, or try a failed one again."""
    returned = find_return(by, number)
    if pk not in {row.refund for row in return_page(returned).settlements}:
        raise Http404
    verbs = {
        "approve": (lambda: approve_refund(by=by, refund_id=pk, now=clock.now()), _("Confirmed. The money leaves.")),
        "retry": (lambda: retry_refund(by=by, refund_id=pk, now=clock.now()), _("It is being tried again.")),
    }
    do = request.POST.get("do", "")
    if do not in verbs:
        raise Http404
    act, done = verbs[do]
    return _after(request, by, returned, "refund", act, done=done)


def _after(
    request: HttpRequest, by: Membership, returned: Return, where: str, act: Callable[[], object], *, done: str
) -> HttpResponseBase:
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refusal:
        typed = {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
        return draw(request, by, find_return(by, returned.number), Said(str(refusal), where, typed))
    messages.success(request, done)
    return redirect("staff:return", by.shop.slug, returned.number)


def _ways(request: HttpRequest) -> dict[int, RefundWay]:
    """The way of each calculation that has its own: fields way-<id>. Raises Http404."""
    told = {name[4:]: str(value) for name, value in request.POST.items() if name.startswith("way-")}
    if any(not pk.isdecimal() or len(pk) > 18 or way not in RefundWay.values for pk, way in told.items()):
        raise Http404
    return {int(pk): RefundWay(way) for pk, way in told.items()}


def _words(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()[:1000]


def _needed(why: str) -> str:
    """The words. Raises ReasonNeeded."""
    if not why:
        raise actions.ReasonNeeded
    return why


def _yen(request: HttpRequest, name: str) -> int:
    """Yen as typed, full-width digits and commas included; empty is 0. Raises NotAnAmount."""
    typed = request.POST.get(name, "").strip().translate(_PLAIN)
    if not typed:
        return 0
    if not typed.isdecimal() or int(typed) > _MOST_YEN:
        raise NotAnAmount
    return int(typed)


_PLAIN = str.maketrans({",": "", "，": "", "¥": "", "￥": "", "円": ""})
