"""The bank account to which a return's money goes: bank and branch are looked for, the rest is typed. No script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from anshin.commerce.actions import AccountRefused, take_account
from anshin.commerce.forms import AccountErrors, TypedAccount, account_words, read_account
from anshin.commerce.queries.banks import bank_by_code, branch_by_code, find_banks, find_branches
from anshin.commerce.terms import AccountKind, RefundWay
from anshin.portal.pages import Page, inside
from anshin.portal.standing import ENDED, state_of
from anshin.returns.queries import return_of_customer, return_page

if TYPE_CHECKING:
    from anshin.returns.models import Return
    from anshin.returns.queries import ReturnPage

_YUCHO = "9900"
_MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def account(page: Page, number: int) -> HttpResponseBase:
    """Three questions one after the other: bank, branch, account. 404 once nothing is paid back any more."""
    found = return_of_customer(page.shop, page.customer, number) if number < 2**31 else None
    if found is None or state_of(found) in ENDED:
        raise Http404
    if page.request.method != "POST":
        return _draw(page, found, TypedAccount("", "", AccountKind.ORDINARY, "", ""), {})
    told = page.request.POST
    typed = TypedAccount(*(told.get(name, "")[:60] for name in ("bank", "branch", "kind", "number", "holder")))
    try:
        read = read_account(typed, language=page.language)
        take_account(
            shop=page.shop,
            customer_id=page.customer.pk,
            account=read,
            refund_id=_refund(return_page(found)),
            now=page.now,
        )
    except AccountErrors as refusal:
        return _draw(page, found, typed, refusal.errors)
    except AccountRefused:
        return page.go("return", number, mark="moved_on")
    return page.go("return", number, mark="account_kept")


def _refund(shown: ReturnPage) -> int | None:
    """The refund that goes by bank, once one was confirmed."""
    return next((row.refund for row in shown.current if row.refund and row.way == RefundWay.BANK), None)


def _draw(page: Page, found: Return, typed: TypedAccount, errors: dict[str, str]) -> HttpResponseBase:
    asked = page.request.GET
    bank = bank_by_code(typed.bank or asked.get("bank", ""))
    branch = branch_by_code(bank.code, typed.branch or asked.get("branch", "")) if bank else None
    is_yucho = bank is not None and bank.code == _YUCHO
    words = asked.get("words", "")[:60]
    stage = "bank" if bank is None else "branch" if branch is None and not is_yucho else "number"
    choices = find_banks(words, most=_MOST) if stage == "bank" else []
    if bank is not None and stage == "branch":
        choices = find_branches(bank.code, words, most=_MOST)
    return page.draw(
        "portal/account.html",
        "account",
        status=422 if errors else 200,
        fields=account_words(page.language),
        stage=stage,
        bank=bank,
        branch=branch,
        search=words,
        choices=choices,
        kinds=_kinds(page, typed.kind),
        typed=typed,
        errors=errors,
        back_url=page.url("return", found.number),
        here=page.request.path,
    )


def _kinds(page: Page, chosen: str) -> list[dict[str, Any]]:
    words = account_words(page.language)
    return [{"code": code, "label": words[code], "on": code == chosen} for code in AccountKind.values]
