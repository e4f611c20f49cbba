"""Importing order files: bring one, see what it holds, name its columns, start it, watch it, mend the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anshin.commerce import queries as commerce
from anshin.commerce.actions import (
    LARGEST_FILE_BYTES,
    ImportRefused,
    choose_columns,
    confirm,
    refused_file,
    start_order_import,
)
from anshin.commerce.ports import ColumnPlan, NotAnOrderFile, OpenedFile
from anshin.commerce.terms import ImportState, OrderField, SalesChannel
from anshin.plumbing import clock
from anshin.plumbing.files.store import BlobDamaged
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops.terms import Permission
from anshin.staff.brought_files import brought
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.commerce.models import OrderImport
    from anshin.shops.models import Membership

SHOWN_ROWS = 5
SHOWN_REASONS = 10
LOOKS = {
    ImportState.MAPPING: ("warn", "list-checks"),
    ImportState.READY: ("info", "play"),
    ImportState.RUNNING: ("info", "loader-circle"),
    ImportState.DONE: ("good", "check"),
    ImportState.REFUSED: ("bad", "circle-x"),
}


@require_http_methods(["GET", "POST"])
@desk(Permission.IMPORT)
def imports(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Past imports and the way to a new one; a posted file leads to its own page."""
    said = ""
    if request.method == "POST":
        run, said = _brought(request, by)
        if run is not None:
            return redirect("staff:import", by.shop.slug, run.pk)
    try:
        page = commerce.recent_imports(by.shop, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    request.desk_section = "imports"  # type: ignore[attr-defined]
    context = {
        "rows": [_row(run) for run in page.items],
        "page": page,
        "said": said,
        "largest_mb": LARGEST_FILE_BYTES // 1024 // 1024,
    }
    return render(request, "staff/imports.html", context, status=422 if said else 200)


@require_GET
@desk(Permission.IMPORT)
def import_page(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One import: its first rows and columns before it starts, its progress, its result."""
    return _page(request, by, _run(by, pk))


@require_POST
@desk(Permission.IMPORT)
def columns(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Say what the columns mean; shown again with the reason when that is not enough."""
    run = _run(by, pk)
    plan = _posted_plan(request)
    try:
        choose_columns(shop=by.shop, import_id=pk, fields=plan.fields, channel=plan.channel, by=by, now=clock.now())
    except (ImportRefused, NotAnOrderFile, BlobDamaged) as refusal:
        return _page(request, by, run, plan=plan, said=str(refusal))
    return redirect("staff:import", by.shop.slug, pk)


@require_POST
@desk(Permission.IMPORT)
def start(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """Start taking the file in."""
    confirm(shop=by.shop, import_id=pk, by=by, now=clock.now())
    return redirect("staff:import", by.shop.slug, pk)


@require_GET
@desk(Permission.IMPORT)
def progress(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """The bar of a running import; when it has ended, the whole page is drawn again."""
    run = _run(by, pk)
    response = render(request, "staff/_import_progress.html", {"run": run, **_progress(by, run)})
    if run.state != ImportState.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@desk(Permission.IMPORT)
def refused_rows(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """The refused rows as a file to mend and bring again."""
    try:
        name, content = refused_file(shop=by.shop, import_id=pk, by=by)
    except (NotAnOrderFile, BlobDamaged) as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="text/csv")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _brought(request: HttpRequest, by: Membership) -> tuple[OrderImport | None, str]:
    return brought(
        request,
        lambda content, name: start_order_import(shop=by.shop, content=content, file_name=name, by=by, now=clock.now()),
        largest=LARGEST_FILE_BYTES,
        refusals=(ImportRefused,),
    )


def _run(by: Membership, pk: int) -> OrderImport:
    run = commerce.import_by_id(by.shop, pk)
    if run is None:
        raise Http404
    return run


def _page(
    request: HttpRequest, by: Membership, run: OrderImport, *, plan: ColumnPlan | None = None, said: str = ""
) -> HttpResponse:
    request.desk_section = "imports"  # type: ignore[attr-defined]
    context: dict[str, Any] = {"run": run, "row": _row(run), "said": said, **_progress(by, run)}
    if run.state in {ImportState.MAPPING, ImportState.READY}:
        try:
            opened = commerce.opened_file(run)
            context |= _sheet(opened, plan or opened.plan)
        except (NotAnOrderFile, BlobDamaged) as error:
            context["said"] = str(error)
    if run.rows_refused:
        context["reasons"] = commerce.refusal_reasons(run).most_common(SHOWN_REASONS)
    return render(request, "staff/import.html", context, status=422 if said else 200)


def _row(run: OrderImport) -> dict[str, Any]:
    kind, icon = LOOKS[ImportState(run.state)]
    return {
        "run": run,
        "kind": kind,
        "icon": icon,
        "state": run.get_state_display(),
        "by": str(run.started_by.person) if run.started_by else _("Command line"),
        "is_running": run.state == ImportState.RUNNING,
        "is_mapping": run.state == ImportState.MAPPING,
        "is_ready": run.state == ImportState.READY,
        "is_done": run.state == ImportState.DONE,
        "is_refused": run.state == ImportState.REFUSED,
    }


def _progress(by: Membership, run: OrderImport) -> dict[str, Any]:
    words = progress_words(run.rows_read, run.row_count)
    return words | {"progress_url": reverse("staff:import_progress", args=[by.shop.slug, run.pk])}


def progress_words(read: int, total: int) -> dict[str, Any]:
    """How far an import has come, for its bar."""
    words = _("%(read)s of %(all)s rows read") % {"read": f"{read:,}", "all": f"{total:,}"}
    return {"done": read, "total": total, "words": words}


def _sheet(opened: OpenedFile, plan: ColumnPlan) -> dict[str, Any]:
    """The columns with their meanings and examples, and the first rows of those that are used."""
    fields = list(plan.fields) + [None] * (len(opened.headings) - len(plan.fields))
    cells = [[*row, *[""] * (len(opened.headings) - len(row))] for row in opened.preview]
    used = {meaning: [place for place, named in enumerate(fields) if named == meaning] for meaning in OrderField}
    shown = {meaning: places for meaning, places in used.items() if places}
    return {
        "opened": opened,
        "columns": [
            {
                "place": place,
                "heading": heading,
                "meaning": fields[place] or "",
                "example": next((row[place] for row in cells if row[place].strip()), ""),
            }
            for place, heading in enumerate(opened.headings)
        ],
        "used": [
            {"heading": " + ".join(opened.headings[place] for place in places), "meaning": meaning.label}
            for meaning, places in shown.items()
        ],
        "unused_count": fields.count(None),
        "first_rows": [
            [" ".join(filter(None, (row[place].strip() for place in places))) for places in shown.values()]
            for row in cells[:SHOWN_ROWS]
        ],
        "meanings": OrderField.choices,
        "channels": SalesChannel.choices,
        "channel": plan.channel,
    }


def _posted_plan(request: HttpRequest) -> ColumnPlan:
    """What the form says; unknown words are taken as an unused column."""
    fields: list[OrderField | None] = []
    while (name := f"column_{len(fields)}") in request.POST:
        value = request.POST[name]
        fields.append(OrderField(value) if value in OrderField.values else None)
    channel = request.POST.get("channel", "")
    known = SalesChannel(channel) if channel in SalesChannel.values else SalesChannel.OWN
    return ColumnPlan(known, tuple(fields))
