"""A return that staff open from a case: items, reasons, wish; the policy's judgement is seen before it is saved."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anshin.cases.queries.messages import case_files, said_by_customer
from anshin.cases.queries.subjects import orders_of_cases
from anshin.commerce.queries import order_by_number, order_with_details, orders_of
from anshin.plumbing import clock
from anshin.plumbing.files.thumbnails import can_be_shown
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.templatetags.pages import yen
from anshin.returns import actions
from anshin.returns.queries import left_to_return
from anshin.returns.terms import Condition, Payer, Reason, SubReason, Verdict, Wish
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff import return_words as words
from anshin.staff.addresses import address
from anshin.staff.case_page import find_case
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anshin.cases.models import Attachment, Case
    from anshin.commerce.models import Customer, Order, OrderLine
    from anshin.returns.actions import Asked, Considered
    from anshin.shops.models import Membership

_MOST_ORDERS: Final = 5
_LONGEST_WORDS: Final = 2000
_LOOKS: Final = {
    Verdict.ALLOWED: ("good", "circle-check"),
    Verdict.NEEDS_PERSON: ("info", "user-round"),
    Verdict.REFUSED: ("warn", "circle-x"),
}


class Incomplete(Refused):
    """Something that every item needs was not chosen."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Choose a reason and a condition for “%(name)s”.") % {"name": name})


class JudgedAnew(Refused):
    """What would be saved is not what the person has looked at."""

    def __init__(self) -> None:
        super().__init__(_("Look at what the policy says about this first; below it stands as of now. Then save."))


class NoCustomer(Refused):
    """Nobody to whom the money could go back is known."""

    def __init__(self) -> None:
        super().__init__(_("No customer is known, neither of the case nor of the order. Link the order first."))


@dataclass(frozen=True, slots=True)
class _Form:
    """The case, the orders from which something may come back, and what was typed."""

    by: Membership
    case: Case
    orders: list[Order]
    typed: Any
    files: list[Attachment]
    now: datetime

    @property
    def customer(self) -> Customer | None:
        """Of the case; without one, of the order from which something was chosen."""
        owners = [self.case.customer, *(order.customer for order in self.orders)]
        return next((each for each in owners if each is not None), None)

    def value(self, name: str, order: Order, line: OrderLine) -> str:
        """What was typed about one item."""
        return str(self.typed.get(f"{name}.{order.pk}.{line.position}", ""))

    def chosen_photos(self) -> list[Attachment]:
        """Pictures of the conversation that belong to the return."""
        wanted = set(self.typed.getlist("photo"))
        return [each for each in self.files if str(each.pk) in wanted]


@require_http_methods(["GET", "POST"])
@desk(Permission.HANDLE_RETURNS)
def return_new(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The form; do=look shows the judgement, do=save makes the return and leads to it."""
    request.desk_section = "returns"  # type: ignore[attr-defined]
    form = _form(request, by, find_case(by, number))
    if request.method != "POST":
        return _draw(request, form, [])
    looked: list[Considered] = []
    try:
        looked = _considered(form)
        if request.POST.get("do") != "save":
            return _draw(request, form, looked)
        if request.POST.get("seen") != _digest(looked):
            raise JudgedAnew
        made = _save(form, [each.asked for each in looked])
    except NotAllowed:
        raise
    except Refused as refusal:
        return _draw(request, form, looked, said=str(refusal))
    messages.success(request, _("%(number)s is open. It belongs to this case.") % {"number": made})
    return redirect("staff:return", by.shop.slug, made.number)


def _form(request: HttpRequest, by: Membership, case: Case) -> _Form:
    typed = request.POST if request.method == "POST" else request.GET
    found = {order.pk: order for order in orders_of_cases(by.shop, [case.pk])[case.pk]}
    if wanted := typed.get("order", "").strip()[:80]:
        other = order_by_number(by.shop, wanted)
        found |= {other.pk: other} if other else {}
    if not found and case.customer is not None:
        found = {order.pk: order for order in orders_of(by.shop, case.customer)[:_MOST_ORDERS]}
    loaded = (order_with_details(by.shop, pk) for pk in list(found)[:_MOST_ORDERS])
    files = [each for each in case_files(by.shop, case.pk) if can_be_shown(each.blob.kind) and not each.is_inline]
    return _Form(by, case, [order for order in loaded if order is not None], typed, files, clock.now())


def _considered(form: _Form) -> list[Considered]:
    """What the policy says about each chosen item. Raises Refused."""
    asked = [each for order in form.orders for line in order.lines.all() if (each := _asked(form, order, line))]
    if not asked:
        raise actions.NothingToReturn
    customer = form.customer
    if customer is None:
        raise NoCustomer
    return actions.consider(
        shop=form.by.shop,
        customer=customer,
        asked=asked,
        photographed=[0] if form.chosen_photos() else [],
        is_staff=True,
        now=form.now,
    )


def _asked(form: _Form, order: Order, line: OrderLine) -> Asked | None:
    """One item as chosen; None when it does not come back. Raises Incomplete."""
    typed = form.value("quantity", order, line)
    quantity = int(typed) if typed.isdecimal() and len(typed) < 6 else 0
    if quantity == 0:
        return None
    reason, condition = form.value("reason", order, line), form.value("condition", order, line)
    sub_reason = form.value("sub_reason", order, line)
    if reason not in Reason.values or condition not in Condition.values:
        raise Incomplete(line.name)
    return actions.Asked(
        order_id=order.pk,
        position=line.position,
        quantity=quantity,
        reason=Reason(reason),
        condition=Condition(condition),
        sub_reason=sub_reason if sub_reason in SubReason.values and reason == Reason.NOT_AS_PICTURED else "",
        accessories_kept=tuple(form.typed.getlist(f"accessory.{order.pk}.{line.position}")),
    )


def _save(form: _Form, asked: Sequence[Asked]) -> Any:
    wish, customer = form.typed.get("wish", ""), form.customer
    if wish not in Wish.values or customer is None:
        raise Http404
    return actions.request(
        shop=form.by.shop,
        customer=customer,
        asked=asked,
        wish=Wish(wish),
        wanted=form.typed.get("wanted", "").strip(),
        words=form.typed.get("words", "").strip()[:_LONGEST_WORDS],
        photos=[actions.KeptPhoto(each.blob_id, each.name) for each in form.chosen_photos()],
        language=form.case.language or "ja",
        nonce=_nonce(form.typed.get("nonce", "")),
        by=form.by,
        case_id=form.case.pk,
        now=form.now,
    )


def _nonce(typed: str) -> str:
    return "".join(filter(str.isalnum, typed))[:40] or secrets.token_hex(16)


def _digest(looked: Sequence[Considered]) -> str:
    """What was judged and how, so that nothing else is saved than what stood on the page."""
    seen = [(each.asked, each.judged.verdict, each.judged.payer, each.judged.clause) for each in looked]
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def _draw(request: HttpRequest, form: _Form, looked: Sequence[Considered], said: str = "") -> HttpResponseBase:
    typed, is_first = form.typed, request.method != "POST"
    last = said_by_customer(form.by.shop, form.case.pk, most=1) if is_first else []
    wish = typed.get("wish", Wish.REFUND.value)
    context = {
        "case": form.case,
        "orders": [_order(form, order) for order in form.orders],
        "reasons": _choices(Reason),
        "wishes": [{"value": each.value, "label": each.label, "on": each == wish} for each in Wish],
        "wanted": typed.get("wanted", ""),
        "words": typed.get("words", str(last[0].text).strip()[:_LONGEST_WORDS] if last else ""),
        "photos": [_photo(form, each, is_first) for each in form.files],
        "order_number": typed.get("order", ""),
        "order_unknown": bool(typed.get("order", "").strip())
        and order_by_number(form.by.shop, typed["order"][:80]) is None,
        "looked": [_judged(each) for each in looked],
        "outcome": _outcome(looked),
        "seen": _digest(looked) if looked else "",
        "nonce": typed.get("nonce") or secrets.token_hex(16),
        "said": said,
        "new_url": address("return_new", form.by.shop.slug, form.case.number),
    }
    return render(request, "staff/return_new.html", context, status=422 if said else 200)


def _order(form: _Form, order: Order) -> dict[str, Any]:
    left = left_to_return(order)
    return {
        "number": order.number,
        "day": dates.day(order.ordered_at.date(), today=form.now.date(), language=get_language() or "ja"),
        "of_other": order.customer is not None and order.customer_id != getattr(form.customer, "pk", None),
        "customer": order.customer.name if order.customer else "",
        "lines": [_line(form, order, line, left[line.position]) for line in order.lines.all()],
    }


def _line(form: _Form, order: Order, line: OrderLine, left: int) -> dict[str, Any]:
    value = {name: form.value(name, order, line) for name in ("quantity", "reason", "sub_reason", "condition")}
    kept = form.typed.getlist(f"accessory.{order.pk}.{line.position}")
    return {
        "key": f"{order.pk}.{line.position}",
        "item": " ".join(filter(None, [line.name, line.variant])),
        "price": yen(line.unit_price_yen),
        "bought": line.quantity,
        "left": left,
        "quantities": [{"value": n, "on": str(n) == value["quantity"]} for n in range(min(left, 99) + 1)],
        "reasons": _choices(Reason, value["reason"]),
        "sub_reasons": _choices(SubReason, value["sub_reason"]),
        "conditions": _choices(Condition, value["condition"]),
        "accessories": [
            {"name": name, "on": name in kept} for name in (line.product.accessories if line.product else ())
        ],
        "on": value["quantity"] not in {"", "0"},
    }


def _choices(choices: Any, chosen: str = "") -> list[dict[str, Any]]:
    return [{"value": each.value, "label": each.label, "on": each == chosen} for each in choices]


def _photo(form: _Form, file: Attachment, is_first: bool) -> dict[str, Any]:
    return {
        "pk": file.pk,
        "name": file.name,
        "small": address("attachment_thumb", form.by.shop.slug, file.pk),
        "on": is_first or str(file.pk) in form.typed.getlist("photo"),
    }


def _judged(each: Considered) -> dict[str, Any]:
    judged = each.judged
    kind, icon = _LOOKS[judged.verdict]
    return {
        "item": " ".join(filter(None, [each.line.name, each.line.variant])),
        "quantity": each.asked.quantity,
        "verdict": judged.verdict.label,
        "kind": kind,
        "icon": icon,
        "number": judged.clause.number,
        "text": judged.clause.text,
        "label": judged.policy_label,
        "is_by_law": judged.is_by_law,
        "fee": yen(judged.fee_yen) if judged.fee_yen else "",
        "payer": _("The shop pays the postage of the return.")
        if judged.payer == Payer.SHOP
        else _("The customer pays the postage of the return."),
        "checks": [
            {"label": words.CHECKS.get(check.code, check.code), "ok": check.ok, "detail": check.detail}
            for check in judged.checks
        ],
    }


def _outcome(looked: Sequence[Considered]) -> str:
    """What happens when it is saved."""
    if not looked:
        return ""
    if all(each.judged.verdict == Verdict.ALLOWED for each in looked):
        return pgettext("return", "It is approved at once, and the customer is told how to send it.")
    return pgettext("return", "It waits for approval: somebody decides on its page, with this in view.")
