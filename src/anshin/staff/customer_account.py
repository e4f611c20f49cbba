"""The bank account that a customer tells by telephone: bank and branch are looked for, the name read as banks do.

The same form for a return, whose refund may still be to come, and for a refund whose transfer failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anshin.commerce import queries as commerce
from anshin.commerce.actions import give_account
from anshin.commerce.forms import AccountErrors, TypedAccount, account_words, change_words, read_account
from anshin.commerce.queries.banks import bank_by_code, branch_by_code, find_banks, find_branches
from anshin.commerce.terms import AccountKind, RefundState, RefundWay
from anshin.plumbing import clock
from anshin.returns.queries import return_page
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.return_page import account_url
from anshin.staff.returns import find_return

if TYPE_CHECKING:
    from anshin.commerce.models import Customer, Refund
    from anshin.returns.models import Return
    from anshin.shops.models import Membership

_YUCHO = "9900"
_MOST = 20
_NAMES = ("bank", "branch", "kind", "number", "holder")
_TAKES_ACCOUNT = {RefundState.ASKED, RefundState.READY, RefundState.FAILED}


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the account is for: whose it is, how that is called (R-0312), which refund waits, where it is asked."""

    customer: Customer
    name: str
    refund_id: int | None
    here: str
    back_url: str
    done_url: str


@require_http_methods(["GET", "POST"])
@desk(Permission.ANSWER)
def return_account(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Where the money of a return goes. 404 once nothing is paid back any more."""
    request.desk_section = "returns"  # type: ignore[attr-defined]
    found = find_return(by, number)
    if found.customer is None or not account_url(by, found):
        raise Http404
    back = address("return", by.shop.slug, number)
    here = address("return_account", by.shop.slug, number)
    return _ask(request, by, Purpose(found.customer, str(found), _refund_of(found), here, back, f"{back}#money"))


@require_http_methods(["GET", "POST"])
@desk(Permission.ANSWER)
def refund_account(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Where the money of a refund goes, once more after a failed transfer. 404 while it takes no account."""
    request.desk_section = "transfers"  # type: ignore[attr-defined]
    found = commerce.refund_by_id(by.shop, pk) if pk < 2**63 else None
    if found is None or not takes_account(found):
        raise Http404
    back = address("refund", by.shop.slug, pk)
    here = address("refund_account", by.shop.slug, pk)
    return _ask(request, by, Purpose(found.customer, found.order.number, found.pk, here, back, back))


def takes_account(refund: Refund) -> bool:
    """Whether the refund goes by bank and its money has not left."""
    return refund.way == RefundWay.BANK and refund.state in _TAKES_ACCOUNT


def _ask(request: HttpRequest, by: Membership, purpose: Purpose) -> HttpResponseBase:
    """Bank, branch, account, one after the other."""
    if request.method != "POST":
        return _draw(request, purpose, TypedAccount("", "", AccountKind.ORDINARY, "", ""), {})
    typed = TypedAccount(*(request.POST.get(name, "")[:60] for name in _NAMES))
    language = get_language() or "ja"
    try:
        read = read_account(typed, language=language)
        kept = give_account(
            by=by, customer_id=purpose.customer.pk, account=read, refund_id=purpose.refund_id, now=clock.now()
        )
    except AccountErrors as refusal:
        return _draw(request, purpose, typed, refusal.errors)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _draw(request, purpose, typed, {"number": str(refusal)})
    said = [_("The account is kept: %(account)s") % {"account": f"{kept.bank_name} {kept.branch_name} {kept.masked}"}]
    messages.success(request, " ".join([*said, *change_words(read.changes, language=language)]))
    return redirect(purpose.done_url)


def _refund_of(found: Return) -> int | None:
    """The refund that goes by bank, once one was confirmed."""
    current = return_page(found).current
    return next((row.refund for row in current if row.refund and row.way == RefundWay.BANK), None)


def _draw(request: HttpRequest, purpose: Purpose, typed: TypedAccount, errors: dict[str, str]) -> HttpResponseBase:
    bank = bank_by_code(typed.bank or request.GET.get("bank", ""))
    branch = branch_by_code(bank.code, typed.branch or request.GET.get("branch", "")) if bank else None
    sought = request.GET.get("words", "")[:60]
    stage = "bank" if bank is None else "branch" if branch is None and bank.code != _YUCHO else "number"
    context = {
        "name": purpose.name,
        "customer": purpose.customer.name,
        "fields": account_words(get_language() or "ja"),
        "stage": stage,
        "bank": bank,
        "branch": branch,
        "search": sought,
        "choices": _choices(stage, bank, sought),
        "kinds": _kinds(typed.kind),
        "typed": typed,
        "errors": errors,
        "back_url": purpose.back_url,
        "here": purpose.here,
    }
    return render(request, "staff/customer_account.html", context, status=422 if errors else 200)


def _choices(stage: str, bank: Any, sought: str) -> list[Any]:
    if stage == "bank":
        return list(find_banks(sought, most=_MOST))
    return list(find_branches(bank.code, sought, most=_MOST)) if stage == "branch" else []


def _kinds(chosen: str) -> list[dict[str, Any]]:
    words = account_words(get_language() or "ja")
    return [{"code": code, "label": words[code], "on": code == chosen} for code in AccountKind.values]
