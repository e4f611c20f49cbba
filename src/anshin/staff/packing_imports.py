"""Importing packing records: bring a file, see what it holds, name its columns, start it, watch it, mend the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anshin.commerce.terms import ImportState
from anshin.delivery import actions, queries
from anshin.delivery.actions import LARGEST_PACKING_FILE_BYTES, PackingRefused
from anshin.delivery.ports import NotAPackingFile, OpenedPackingFile
from anshin.delivery.terms import PackingField
from anshin.plumbing import clock
from anshin.plumbing.files.store import BlobDamaged
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops.terms import Permission
from anshin.staff.brought_files import brought
from anshin.staff.desk import desk
from anshin.staff.imports import LOOKS, SHOWN_REASONS, SHOWN_ROWS, progress_words

if TYPE_CHECKING:
    from anshin.delivery.models import PackingImport
    from anshin.shops.models import Membership

Fields = tuple[PackingField | None, ...]


@require_http_methods(["GET", "POST"])
@desk(Permission.IMPORT)
def imports(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Past imports and the way to a new one; a posted file leads to its own page."""
    said = ""
    if request.method == "POST":
        run, said = _brought(request, by)
        if run is not None:
            return redirect("staff:packing_import", by.shop.slug, run.pk)
    try:
        page = queries.packing_imports(by.shop, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    request.desk_section = "imports"  # type: ignore[attr-defined]
    context = {
        "rows": [_row(run) for run in page.items],
        "page": page,
        "said": said,
        "largest_mb": LARGEST_PACKING_FILE_BYTES // 1024 // 1024,
    }
    return render(request, "staff/packing_imports.html", context, status=422 if said else 200)


@require_GET
@desk(Permission.IMPORT)
def import_page(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One import: its first rows and columns before it starts, its progress, its result."""
    return _page(request, by, _run(by, pk))


@require_POST
@desk(Permission.IMPORT)
def columns(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Say what the columns mean; shown again with the reason when that is not enough."""
    run, fields = _run(by, pk), _posted(request)
    try:
        actions.choose_packing_columns(by=by, import_id=pk, fields=fields, now=clock.now())
    except PackingRefused as refusal:
        return _page(request, by, run, fields=fields, said=str(refusal))
    return redirect("staff:packing_import", by.shop.slug, pk)


@require_POST
@desk(Permission.IMPORT)
def start(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """Start taking the file in."""
    actions.confirm_packing(by=by, import_id=pk, now=clock.now())
    return redirect("staff:packing_import", by.shop.slug, pk)


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
        name, content = actions.refused_packing_file(by=by, import_id=_run(by, pk).pk)
    except (NotAPackingFile, BlobDamaged) as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="text/csv")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _brought(request: HttpRequest, by: Membership) -> tuple[PackingImport | None, str]:
    return brought(
        request,
        lambda content, name: actions.start_packing_import(by=by, content=content, file_name=name, now=clock.now()),
        largest=LARGEST_PACKING_FILE_BYTES,
        refusals=(PackingRefused,),
    )


def _run(by: Membership, pk: int) -> PackingImport:
    run = queries.packing_import_by_id(by.shop, pk)
    if run is None:
        raise Http404
    return run


def _page(
    request: HttpRequest, by: Membership, run: PackingImport, *, fields: Fields | None = None, said: str = ""
) -> HttpResponse:
    request.desk_section = "imports"  # type: ignore[attr-defined]
    context: dict[str, Any] = {"run": run, "row": _row(run), "said": said, **_progress(by, run)}
    if run.state in {ImportState.MAPPING, ImportState.READY}:
        try:
            opened = queries.opened_packing_file(run)
            context |= _sheet(opened, fields or opened.fields)
        except (NotAPackingFile, BlobDamaged) as error:
            context["said"] = str(error)
    if run.rows_refused:
        context["reasons"] = queries.packing_refusals(run).most_common(SHOWN_REASONS)
    return render(request, "staff/packing_import.html", context, status=422 if said else 200)


def _row(run: PackingImport) -> dict[str, Any]:
    kind, icon = LOOKS[ImportState(run.state)]
    return {
        "run": run,
        "kind": kind,
        "icon": icon,
        "state": run.get_state_display(),
        "by": str(run.started_by.person) if run.started_by else "-",
        "is_running": run.state == ImportState.RUNNING,
        "is_mapping": run.state == ImportState.MAPPING,
        "is_ready": run.state == ImportState.READY,
        "is_done": run.state == ImportState.DONE,
        "is_refused": run.state == ImportState.REFUSED,
    }


def _progress(by: Membership, run: PackingImport) -> dict[str, Any]:
    words = progress_words(run.rows_read, run.row_count)
    return words | {"progress_url": reverse("staff:packing_import_progress", args=[by.shop.slug, run.pk])}


def _sheet(opened: OpenedPackingFile, fields: Fields) -> dict[str, Any]:
    """The columns with their meanings and examples, and the first rows of those that are used."""
    named = list(fields) + [None] * (len(opened.headings) - len(fields))
    cells = [[*row, *[""] * (len(opened.headings) - len(row))] for row in opened.preview]
    used = [(meaning, [at for at, each in enumerate(named) if each == meaning]) for meaning in PackingField]
    shown = [(meaning, places) for meaning, places in used if places]
    return {
        "opened": opened,
        "columns": [
            {
                "place": place,
                "heading": heading,
                "meaning": named[place] or "",
                "example": next((row[place] for row in cells if row[place].strip()), ""),
            }
            for place, heading in enumerate(opened.headings)
        ],
        "used": [
            {"heading": " + ".join(opened.headings[place] for place in places), "meaning": meaning.label}
            for meaning, places in shown
        ],
        "unused_count": named.count(None),
        "first_rows": [
            [" ".join(filter(None, (row[place].strip() for place in places))) for _meaning, places in shown]
            for row in cells[:SHOWN_ROWS]
        ],
        "meanings": PackingField.choices,
    }


def _posted(request: HttpRequest) -> Fields:
    """What the form says; unknown words are taken as an unused column."""
    fields: list[PackingField | None] = []
    while (name := f"column_{len(fields)}") in request.POST:
        value = request.POST[name]
        fields.append(PackingField(value) if value in PackingField.values else None)
    return tuple(fields)
