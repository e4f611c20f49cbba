"""Returns at the desk: the list by whose turn it is, one return beside it, its pictures and its label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.cases.terms import Status
from anshin.plumbing import clock
from anshin.plumbing.files.serve import download, download_placeless, preview
from anshin.plumbing.files.thumbnails import thumbnail
from anshin.plumbing.pages.keyset import BadCursor
from anshin.returns import queries
from anshin.returns.ports import labels
from anshin.returns.queries import Tab
from anshin.returns.terms import FOUR_AXES
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff import return_words as words
from anshin.staff.addresses import address
from anshin.staff.case_page import find_case
from anshin.staff.desk import desk, is_fragment
from anshin.staff.return_page import Said, may_print, page_of_return
from anshin.staff.return_rows import Frame, rows_markup

if TYPE_CHECKING:
    from anshin.returns.models import Return
    from anshin.shops.models import Membership

_PER_PAGE = 50


@desk(Permission.READ_CASES)
def returns(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The list; with ?scan= the return that a label, a parcel's number or a typed number means."""
    scanned = request.GET.get("scan", "").strip()[:80]
    if scanned:
        found = queries.returns_by_scan(by.shop, scanned)
        if len(found) == 1:
            return redirect("staff:return", by.shop.slug, found[0].number)
        return render(request, "staff/returns.html", _scanned(request, by, scanned, found))
    return render(request, "staff/returns.html", _list(request, by))


@desk(Permission.READ_CASES)
def return_page(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """One return with the list beside it."""
    return draw(request, by, find_return(by, number))


def draw(request: HttpRequest, by: Membership, returned: Return, said: Said | None = None) -> HttpResponse:
    """The page of a return; with `said`, what was refused stands where it was clicked (status 422)."""
    context = _list(request, by, on=returned.number)
    context["chosen"] = page_of_return(by, returned, said or Said(), now=clock.now())
    return render(request, "staff/returns.html", context, status=422 if said else 200)


def find_return(by: Membership, number: int) -> Return:
    """The return of this shop with that number. Raises Http404."""
    found = queries.return_by_number(by.shop, number)
    if found is None:
        raise Http404
    return found


@desk(Permission.READ_CASES)
def photo(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A picture of a return as it came, always as a download."""
    found = queries.photo_of(by.shop, pk)
    if found is None:
        raise Http404
    return download_placeless(request, found.blob, name=found.name)


@desk(Permission.READ_CASES)
def photo_small(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A small picture of it, drawn by us."""
    found = queries.photo_of(by.shop, pk)
    small = thumbnail(found.blob, longest_side_px=480, now=clock.now()) if found else None
    if small is None:
        raise Http404
    return preview(request, small)


@desk(Permission.HANDLE_RETURNS)
def label(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """The label of an approved return as a PDF, on the paper that the shop has set. 404 before it is approved."""
    found = find_return(by, number)
    if not may_print(found):
        raise Http404
    paper = queries.label_paper(by.shop)
    answer = HttpResponse(labels.get().pdf([queries.label_facts(found)], paper=paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@desk(Permission.HANDLE_RETURNS)
def invoice(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:
    """A return invoice as it was given."""
    for each in queries.invoices_of(find_return(by, number)):
        if each.pk == pk:
            return download(request, each.blob, name=f"{each}.pdf")
    raise Http404


@desk(Permission.READ_CASES)
def of_case(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The card of a case's returns, fetched beside the case; nothing where there is none, the list without a script."""
    if not is_fragment(request):
        return redirect("staff:returns", by.shop.slug)
    found, now = find_case(by, number), clock.now()
    rows = [
        {
            "name": str(each),
            "item": queries.row_of(each, now).item,
            "url": address("return", by.shop.slug, each.number),
            "marks": words.marks_markup(each, by),
            "turn": each.get_waits_for_display() if each.closed_at is None else "",
            "due": words.due(each, now),
        }
        for each in queries.returns_of_case(by.shop, found.pk)
    ]
    may_open = may(by, Permission.HANDLE_RETURNS) and found.status != Status.SPAM
    new_url = address("return_new", by.shop.slug, number) if may_open else ""
    safety_url = address("safety_of_case", by.shop.slug, number) if may(by, Permission.PREPARE_SAFETY) else ""
    context = {"returned": rows, "new_url": new_url, "safety_url": safety_url}
    return render(request, "staff/_case_returns.html", context)


def _list(request: HttpRequest, by: Membership, on: int = 0) -> dict[str, Any]:
    tab, now = request.GET.get("tab", Tab.ALL), clock.now()
    if tab not in Tab.values:
        raise Http404
    cursor = request.GET.get("page", "")
    try:
        page = queries.return_rows(by.shop, tab=Tab(tab), now=now, cursor=cursor, size=_PER_PAGE)
    except BadCursor as error:
        raise Http404 from error
    counts, base = queries.tab_counts(by.shop), address("returns", by.shop.slug)
    kept = {name: value for name, value in (("tab", tab), ("page", cursor)) if value not in {"", Tab.ALL}}
    picks = _picks(request, by)
    return _frame(request, by) | {
        "tabs": [
            {
                "label": each.label,
                "count": counts[each],
                "on": each == tab,
                "url": base if each == Tab.ALL else f"{base}?{urlencode({'tab': each.value})}",
            }
            for each in Tab
        ],
        "rows": rows_markup(page.items, Frame(by, now, kept, on, _is_picked(picks))),
        "page": page,
        "query": f"{urlencode({'tab': tab})}&" if tab != Tab.ALL else "",
        "list_url": f"{base}?{urlencode(kept)}" if kept else base,
        "live_url": request.get_full_path(),
        "turns_url": address("returns_turns", by.shop.slug),
        "picks": picks,
        "empty": _empty(Tab(tab)),
    }


def _frame(request: HttpRequest, by: Membership) -> dict[str, Any]:
    request.desk_section = "returns"  # type: ignore[attr-defined]
    return {
        "legend": words.legend(),
        "scan_url": address("returns", by.shop.slug),
        "axes": [axis.label for axis in FOUR_AXES],
    }


def _picks(request: HttpRequest, by: Membership) -> dict[str, Any] | None:
    """How several are chosen; None for who may not decide. Without scripts ?pick=all comes with every box checked."""
    if not may(by, Permission.HANDLE_RETURNS):
        return None
    kept = {name: request.GET[name] for name in ("tab", "page") if name in request.GET}
    return {
        "url": address("returns_chosen", by.shop.slug),
        "all_url": f"?{urlencode(kept | {'pick': 'all'})}",
        "all": request.GET.get("pick") == "all",
    }


def _scanned(request: HttpRequest, by: Membership, scanned: str, found: list[Return]) -> dict[str, Any]:
    """What a scan means when it is not exactly one return: none, or those of one order."""
    now = clock.now()
    rows = rows_markup([queries.row_of(each, now) for each in found], Frame(by, now, {}))
    title = pgettext("returns", "No return has this number")
    text = _("Nothing is known of “%(scanned)s”. Type the return’s number, the order’s, or the parcel’s.")
    return _frame(request, by) | {
        "scanned": scanned,
        "rows": rows,
        "list_url": address("returns", by.shop.slug),
        "empty": {"title": title, "text": text % {"scanned": scanned}},
    }


def _is_picked(picks: dict[str, Any] | None) -> bool | None:
    return None if picks is None else bool(picks["all"])


def _empty(tab: Tab) -> dict[str, str]:
    if tab == Tab.ALL:
        return {
            "title": pgettext("returns", "No return yet"),
            "text": _("Returns appear here when a customer asks for one, or when you open one from a case."),
        }
    return {"title": pgettext("returns", "Nothing waits here"), "text": _("Everything in this list is done.")}
