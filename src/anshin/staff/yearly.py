"""Consultations by fiscal year: chart, table, rank and headline; the same as files; ledgers that are read in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anshin.insights import actions, queries
from anshin.insights.terms import LARGEST_FILE_BYTES, Branch, OccasionKind, Requester
from anshin.plumbing import clock
from anshin.plumbing.files.store import BlobDamaged, StorageTrouble
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.brought_files import brought
from anshin.staff.desk import desk
from anshin.staff.spreadsheets import BOM, safe_cell
from anshin.staff.yearly_chart import chart, chart_file, year_name

if TYPE_CHECKING:
    from anshin.insights.models import Occasion
    from anshin.insights.queries import Change, Ranked, YearRow, Years
    from anshin.shops.models import Membership

_MOST_NAMED: Final = 5


@require_GET
@desk(Permission.SEE_FIGURES)
def yearly(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Counts of each year beside the year before, categories of the chosen year, and what happened meanwhile."""
    return _page(request, by)


@require_GET
@desk(Permission.SEE_FIGURES)
def yearly_csv(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The table for a spreadsheet: each year, then each category of the chosen year."""
    found = _found(request, by)
    file = io.StringIO()
    file.write(BOM)
    csv.writer(file).writerows(_lines(found))
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="consultations-{by.shop.slug}.csv"'
    return response


@require_GET
@desk(Permission.SEE_FIGURES)
def yearly_svg(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The chart as a file that stands alone. 404 without years."""
    found = _found(request, by)
    if not found.years:
        raise Http404
    picture = chart_file(found.years, _occasions(by, found), language=_language())
    response = HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="consultations-{by.shop.slug}.svg"'
    return response


@require_POST
@desk(Permission.IMPORT)
def note(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Something that happened, onto the chart."""
    told = request.POST
    try:
        happened_on = date.fromisoformat(told.get("happened_on", ""))
    except ValueError:
        return _page(request, by, said=_("Say on which day it happened."))
    try:
        values = {"kind": told.get("kind", ""), "title": told.get("title", "")}
        actions.note_occasion(by=by, happened_on=happened_on, now=clock.now(), **values)
    except actions.OccasionRefused as refusal:
        return _page(request, by, said=str(refusal))
    return redirect("staff:yearly", by.shop.slug)


@require_POST
@desk(Permission.IMPORT)
def remove_note(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """Off the chart."""
    actions.remove_occasion(by=by, occasion_id=pk, now=clock.now())
    return redirect("staff:yearly", by.shop.slug)


@require_http_methods(["GET", "POST"])
@desk(Permission.IMPORT)
def ledgers(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Ledgers that were read, and the way to read another."""
    said = ""
    if request.method == "POST":
        read, said = brought(
            request,
            lambda content, name: actions.read_ledger(by=by, content=content, file_name=name, now=clock.now()),
            largest=LARGEST_FILE_BYTES,
        )
        if read:
            return redirect("staff:yearly_ledger", by.shop.slug, read.pk)
    try:
        page = queries.ledgers_of(by.shop, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    request.desk_section = "yearly"  # type: ignore[attr-defined]
    context = {"page": page, "said": said, "largest_mb": LARGEST_FILE_BYTES // 1024 // 1024, "now": clock.now()}
    return render(request, "staff/yearly_ledgers.html", context, status=422 if said else 200)


@require_GET
@desk(Permission.IMPORT)
def ledger(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One ledger: how many rows were taken in, and each that was not."""
    found = queries.ledger_by_id(by.shop, pk)
    if found is None:
        raise Http404
    try:
        page = queries.gaps_of(found, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    request.desk_section = "yearly"  # type: ignore[attr-defined]
    return render(request, "staff/yearly_ledger.html", {"read": found, "page": page, "now": clock.now()})


@require_POST
@desk(Permission.IMPORT)
def take_back(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A wrong ledger back: its rows count no more."""
    later = actions.take_back_ledger(by=by, ledger_id=pk, now=clock.now())
    messages.success(request, _("The ledger is taken back. None of its rows counts any more."))
    if later:
        names = _(", ").join(each.file_name for each in later[:_MOST_NAMED])
        words = _("Rows that these files held too may not count now: %(names)s. Take them back and read them again.")
        messages.warning(request, words % {"names": names})
    return redirect("staff:yearly_ledger", by.shop.slug, pk)


@require_POST
@desk(Permission.IMPORT)
def read_again(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A ledger that was taken back, read in from the file that was kept."""
    try:
        found = actions.read_ledger_again(by=by, ledger_id=pk, now=clock.now())
    except (StorageTrouble, BlobDamaged) as trouble:
        messages.error(request, str(trouble))
        return redirect("staff:yearly_ledger", by.shop.slug, pk)
    messages.success(request, _("The ledger is read in again."))
    return redirect("staff:yearly_ledger", by.shop.slug, found.pk)


def _page(request: HttpRequest, by: Membership, said: str = "") -> HttpResponse:
    found = _found(request, by)
    occasions = _occasions(by, found)
    request.desk_section = "yearly"  # type: ignore[attr-defined]
    context = {
        "said": said,
        "told": request.POST,
        "may_import": may(by, Permission.IMPORT),
        "chart": chart(found.years, occasions, language=_language()),
        "branches": [branch.label for branch in Branch],
        "requesters": [each.label for each in Requester],
        "rows": [_row(row) for row in reversed(found.years)],
        "years": [
            {"name": year_name(row.year, _language()), "url": f"?year={row.year}", "on": row.year == found.chosen}
            for row in reversed(found.years)
        ],
        "chosen": year_name(found.chosen, _language()) if found.chosen else "",
        "query": f"?year={found.chosen}" if found.chosen else "",
        "headline": _headline(found.headline),
        "ranked": [_ranked(place, each) for place, each in enumerate(found.ranked, 1)],
        "occasions": [
            {"number": number, "id": each.pk, "title": each.title, "on": each.happened_on, "kind": _kind(each)}
            for number, each in enumerate(occasions, 1)
        ],
        "kinds": OccasionKind.choices,
    }
    return render(request, "staff/yearly.html", context, status=422 if said else 200)


def _found(request: HttpRequest, by: Membership) -> Years:
    wanted = request.GET.get("year", "")
    chosen = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) == 4 else None
    return queries.years_of(by.shop, today=timezone.localtime(clock.now()).date(), chosen=chosen)


def _occasions(by: Membership, found: Years) -> list[Occasion]:
    if not found.years:
        return []
    return queries.occasions_of(by.shop, first=found.years[0].year, last=found.years[-1].year)


def _language() -> str:
    return get_language() or "ja"


def _kind(each: Occasion) -> str:
    return str(OccasionKind(each.kind).label)


def _change(change: Change | None) -> str:
    """+68.8 %, −20.4 %, or "" where there is nothing to compare with."""
    if change is None or change.percent is None:
        return ""
    return f"{'+' if change.percent > 0 else '−' if change.percent < 0 else '±'}{abs(change.percent)} %"


def _row(row: YearRow) -> dict[str, Any]:
    return {
        "name": year_name(row.year, _language()),
        "is_running": row.is_running,
        "total": row.total,
        "change": _change(row.change),
        "branches": [{"count": row.branches[code], "change": _change(row.branch_changes[code])} for code in Branch],
        "requesters": [row.requesters[code] for code in Requester],
    }


def _ranked(place: int, each: Ranked) -> dict[str, Any]:
    return {
        "place": place,
        "category": each.category,
        "branch": Branch(each.branch).label,
        "count": each.count,
        "before": each.change.before if each.change else None,
        "change": _change(each.change),
        "is_steep": bool(each.change and each.change.is_steep),
    }


def _headline(top: Ranked | None) -> dict[str, str]:
    if top is None or top.change is None:
        return {}
    facts = {"before": f"{top.change.before:,}", "now": f"{top.change.now:,}", "percent": _change(top.change)}
    return {
        "words": _("%(category)s up %(percent)s %%") % {"category": top.category, "percent": top.change.whole_percent},
        "facts": _("From %(before)s to %(now)s (%(percent)s)") % facts,
    }


def _lines(found: Years) -> Iterator[list[str | int]]:
    change = _("Year on year")
    branches = [cell for branch in Branch for cell in (str(branch.label), f"{branch.label}: {change}")]
    yield [_("Fiscal year"), pgettext("figures", "All"), change, *branches, *(str(each.label) for each in Requester)]
    for row in found.years:
        cells: list[str | int] = [year_name(row.year, _language()), row.total, _plain(row.change)]
        for code in Branch:
            cells += [row.branches[code], _plain(row.branch_changes[code])]
        yield [*cells, *(row.requesters[code] for code in Requester)]
    if found.chosen:
        yield []
        yield [_("Category"), _("Group"), year_name(found.chosen, _language()), _("Year before"), change]
        for each in found.ranked:
            before = each.change.before if each.change else ""
            branch = str(Branch(each.branch).label)
            yield [safe_cell(each.category), branch, each.count, before, _plain(each.change)]


def _plain(change: Change | None) -> str:
    """Percent as a spreadsheet reads it: 68.8, -20.4."""
    return "" if change is None or change.percent is None else str(change.percent)
