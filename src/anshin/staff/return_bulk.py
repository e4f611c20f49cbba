"""One step for several returns: what was chosen is shown with its facts, done return by return, and told one by one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anshin.commerce import queries as commerce
from anshin.commerce.terms import RefundWay
from anshin.plumbing import clock
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.pages.templatetags.pages import yen
from anshin.returns import actions, queries
from anshin.returns.terms import Axis, BulkState, BulkVerb, MoneyState, Payer
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff import return_words as words
from anshin.staff.addresses import address
from anshin.staff.desk import desk, is_fragment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from anshin.commerce.models import BankAccount
    from anshin.commerce.rules.refund_routes import Route
    from anshin.returns.models import BulkItem, BulkRun, Return
    from anshin.shops.models import Membership

_AXIS = {BulkVerb.APPROVE: Axis.APPROVAL, BulkVerb.CONFIRM: Axis.MONEY, BulkVerb.LABELS: Axis.PARCEL}


@require_POST
@desk(Permission.HANDLE_RETURNS)
def chosen(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """From the list: labels are printed at once; what is approved or paid back is shown first."""
    verb, numbers = _verb(request.POST.get("do", "")), _numbers(request.POST.getlist("number"))
    if not numbers:
        messages.error(request, str(actions.NothingChosen()))
        return redirect("staff:returns", by.shop.slug)
    if verb != BulkVerb.LABELS:
        query = urlencode({"do": verb.value, "n": ",".join(map(str, numbers))})
        return redirect(f"{address('returns_bulk', by.shop.slug)}?{query}")
    picked = [actions.Picked(each.pk) for each in queries.chosen_returns(by.shop, numbers)]
    return _begin(request, by, verb, picked)


@require_GET
@desk(Permission.HANDLE_RETURNS)
def look(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """What would be done with each of the chosen returns, with the sum, and what cannot be done and why."""
    request.desk_section = "returns"  # type: ignore[attr-defined]
    verb, numbers = _verb(request.GET.get("do", "")), _numbers(request.GET.get("n", "").split(","))
    found = queries.chosen_returns(by.shop, numbers)
    if not found or verb == BulkVerb.LABELS:
        raise Http404
    fit = [
        each for each in found if queries.may_take(each, verb) and not (verb == BulkVerb.CONFIRM and _is_split(each))
    ]
    rows = _refunds(by, fit) if verb == BulkVerb.CONFIRM else [_approval(by, each) for each in fit]
    context = {
        "verb": verb.value,
        "rows": rows,
        "left_out": [_left_out(by, each, verb) for each in found if each not in fit],
        "nonce": secrets.token_hex(16),
        "run_url": address("returns_bulk_run", by.shop.slug),
        "back_url": address("returns", by.shop.slug),
        **_heading(verb, rows, by),
    }
    return render(request, "staff/returns_bulk.html", context)


@require_POST
@desk(Permission.HANDLE_RETURNS)
def run(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Do it, with the sums that stood on the page."""
    verb, numbers = _verb(request.POST.get("do", "")), _numbers(request.POST.getlist("number"))
    found = queries.chosen_returns(by.shop, numbers)
    return _begin(request, by, verb, [_picked(request, each) for each in found])


@require_GET
@desk(Permission.HANDLE_RETURNS)
def result(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """What became of each return of a run, those that were refused first."""
    request.desk_section = "returns"  # type: ignore[attr-defined]
    found = _found(by, pk)
    counts = queries.bulk_counts(found)
    items = list(queries.bulk_items(found))
    context = _progress(found, counts) | {
        "run": found,
        "refused": [_item(by, found, each) for each in items if each.state == BulkState.REFUSED],
        "done_rows": [_item(by, found, each) for each in items if each.state == BulkState.DONE],
        "waiting": counts[BulkState.WAITING],
        "labels_url": address("returns_bulk_labels", by.shop.slug, pk) if found.file else "",
        "labels_gone": found.verb == BulkVerb.LABELS
        and found.done_at is not None
        and not found.file
        and counts[BulkState.DONE] > 0,
        "second": _second(items),
        "back_url": address("returns", by.shop.slug),
    }
    return render(request, "staff/returns_bulk_done.html", context)


@require_GET
@desk(Permission.HANDLE_RETURNS)
def progress(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """How far a run is; when it has ended the whole page is drawn again."""
    found = _found(by, pk)
    if not is_fragment(request):
        return redirect("staff:returns_bulk_result", by.shop.slug, pk)
    response = render(
        request, "staff/_bulk_progress.html", {"run": found, **_progress(found, queries.bulk_counts(found))}
    )
    if found.done_at is not None:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@desk(Permission.HANDLE_RETURNS)
def labels(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """The labels of a run in one PDF; 404 once they are forgotten."""
    found = _found(by, pk)
    if found.file is None:
        raise Http404
    return _pdf(read_bytes(found.file), f"labels-{pk}.pdf")


def _begin(request: HttpRequest, by: Membership, verb: BulkVerb, picked: Sequence[actions.Picked]) -> HttpResponseBase:
    nonce = "".join(filter(str.isalnum, request.POST.get("nonce", "")))[:40] or secrets.token_hex(16)
    language = get_language() or "ja"
    begun = actions.begin_bulk(by=by, verb=verb, picked=picked, nonce=nonce, language=language, now=clock.now())
    return redirect("staff:returns_bulk_result", by.shop.slug, begun.pk)


def _verb(typed: str) -> BulkVerb:
    if typed not in BulkVerb.values:
        raise Http404
    return BulkVerb(typed)


def _numbers(typed: Iterable[str]) -> list[int]:
    """The numbers, each once; what is none is left out."""
    return list(dict.fromkeys(int(each) for each in typed if each.isdecimal() and len(each) < 10))


def _picked(request: HttpRequest, returned: Return) -> actions.Picked:
    typed = {name: request.POST.get(f"{name}.{returned.number}", "") for name in ("seen", "way", "account")}
    return actions.Picked(
        return_id=returned.pk,
        seen_yen=int(typed["seen"]) if typed["seen"].isdecimal() and len(typed["seen"]) < 12 else None,
        way=RefundWay(typed["way"]) if typed["way"] in RefundWay.values else None,
        account_id=int(typed["account"]) if typed["account"].isdecimal() and len(typed["account"]) < 18 else None,
    )


def _found(by: Membership, pk: int) -> BulkRun:
    found = queries.bulk_run(by.shop, pk)
    if found is None:
        raise Http404
    return found


def _heading(verb: BulkVerb, rows: Sequence[dict[str, Any]], by: Membership) -> dict[str, Any]:
    count = len(rows)
    if verb == BulkVerb.APPROVE:
        title = ngettext("Approve %(count)s return", "Approve %(count)s returns", count) % {"count": count}
        return {
            "title": title,
            "do": title,
            "text": _("The policy’s word stands beside each. Customers are told at once, each in their language."),
        }
    total = sum(row["yen"] for row in rows)
    said = {"count": count, "total": yen(total)}
    return {
        "title": ngettext("Confirm %(count)s refund", "Confirm %(count)s refunds", count) % {"count": count},
        "do": ngettext("Confirm %(count)s refund, %(total)s", "Confirm %(count)s refunds, %(total)s", count) % said,
        "total": yen(total),
        "text": _("It cannot be taken back once it is confirmed. A sum that changes until then is not paid."),
        "second": _second_person(by),
    }


def _second_person(by: Membership) -> str:
    if not may(by, Permission.PAY_BACK):
        return _("Somebody who may pay back confirms them after you.")
    limit = commerce.refund_setting(by.shop_id).second_person_above_yen
    return _("Above %(limit)s a second person confirms.") % {"limit": yen(limit)}


def _base(by: Membership, returned: Return) -> dict[str, Any]:
    lines = list(returned.lines.all())
    return {
        "number": returned.number,
        "name": str(returned),
        "url": address("return", by.shop.slug, returned.number),
        "customer": returned.customer.name if returned.customer else "",
        "item": " ".join(filter(None, [lines[0].name, lines[0].variant])),
        "more": len(lines) - 1,
    }


def _approval(by: Membership, returned: Return) -> dict[str, Any]:
    line = next(iter(returned.lines.all()))
    return _base(by, returned) | {
        "reason": str(line.get_reason_display()),
        "verdict": str(returned.get_verdict_display()),
        "clause": f"{line.clause_number} {line.clause_text}".strip(),
        "payer": _("The shop pays the postage of the return.")
        if returned.payer == Payer.SHOP
        else _("The customer pays the postage of the return."),
    }


def _refunds(by: Membership, found: Sequence[Return]) -> list[dict[str, Any]]:
    """Five queries for any number of returns."""
    current = {each.pk: list(each.settlements.all()) for each in found}
    amounts = {rows[0].order_id: rows[0].total_yen for rows in current.values() if rows}
    routes = commerce.routes_of(by.shop, amounts, today=timezone.localdate(clock.now()))
    accounts = commerce.newest_accounts(by.shop, {each.customer_id for each in found if each.customer_id})
    return [
        _refund(by, each, current[each.pk], routes[current[each.pk][0].order_id], accounts.get(each.customer_id or 0))
        for each in found
        if current[each.pk]
    ]


def _refund(
    by: Membership, returned: Return, rows: Sequence[Any], route: Route, account: BankAccount | None
) -> dict[str, Any]:
    total, by_bank = sum(row.total_yen for row in rows), route.way == RefundWay.BANK
    return _base(by, returned) | {
        "yen": total,
        "sum": yen(total),
        "points": sum(row.points for row in rows),
        "way": route.way,
        "way_label": str(RefundWay(route.way).label),
        "why": str(route.why.label),
        "account": account.pk if account and by_bank else "",
        "account_label": ""
        if not by_bank
        else f"{account.bank_name} {account.branch_name} {account.masked}"
        if account
        else _("The customer is asked for the account."),
    }


def _is_split(returned: Return) -> bool:
    """Whether its money goes back as several refunds: of several orders, or with an expense."""
    return len(returned.settlements.all()) > 1


def _left_out(by: Membership, returned: Return, verb: BulkVerb) -> dict[str, Any]:
    """Why a return is not among them: where it stands on the axis that would move."""
    marks = {mark["axis"]: mark for mark in words.marks(returned, by)}
    if verb == BulkVerb.CONFIRM and _is_split(returned):
        why = _("Several refunds belong to it, each with its own way. Confirm them on its page.")
    elif verb == BulkVerb.CONFIRM and returned.money == MoneyState.NOT_YET:
        why = _("Nothing is calculated yet. %(axis)s: %(state)s") % {
            "axis": marks[Axis.INSPECTION.value]["label"],
            "state": marks[Axis.INSPECTION.value]["state"],
        }
    else:
        mark = marks[_AXIS[verb].value]
        why = f"{mark['label']}: {mark['state']}"
    return _base(by, returned) | {"why": why}


def _item(by: Membership, found: BulkRun, item: BulkItem) -> dict[str, Any]:
    became = words.state_words(_AXIS[BulkVerb(found.verb)], item.became) if item.became else ""
    return _base(by, item.returned) | {
        "why": item.why,
        "sum": yen(item.seen_yen) if item.seen_yen is not None and found.verb == BulkVerb.CONFIRM else "",
        "became": str(became),
    }


def _second(items: Iterable[BulkItem]) -> str:
    count = sum(item.became == MoneyState.SECOND for item in items)
    if not count:
        return ""
    said = ngettext(
        "%(count)s of them waits for a second person before the money leaves.",
        "%(count)s of them wait for a second person before the money leaves.",
        count,
    )
    return said % {"count": count}


def _progress(found: BulkRun, counts: dict[BulkState, int]) -> dict[str, Any]:
    """The sentence that says how it went, or how far it is."""
    done, refused, total = counts[BulkState.DONE], counts[BulkState.REFUSED], sum(counts.values())
    told = {
        BulkVerb.APPROVE: ngettext("%(n)s return was approved.", "%(n)s returns were approved.", done),
        BulkVerb.CONFIRM: ngettext("%(n)s refund was confirmed.", "%(n)s refunds were confirmed.", done),
        BulkVerb.LABELS: ngettext("%(n)s label is ready.", "%(n)s labels are ready.", done),
    }[BulkVerb(found.verb)] % {"n": done}
    if refused:
        told += " " + ngettext("%(n)s could not be done.", "%(n)s could not be done.", refused) % {"n": refused}
    return {
        "title": str(BulkVerb(found.verb).label),
        "told": told,
        "done": done + refused,
        "total": total,
        "words": _("%(done)s of %(total)s are through") % {"done": done + refused, "total": total},
        "is_all_good": found.done_at is not None and not refused,
    }


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
