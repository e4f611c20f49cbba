"""Files of slips that were written, their download, and the numbers that come back from the carriers' programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anshin.commerce.queries import tracking_address
from anshin.plumbing import clock
from anshin.plumbing.files.store import BlobDamaged
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops.terms import Permission
from anshin.slips import actions, queries
from anshin.slips.terms import LARGEST_FILE_BYTES, NumberOutcome, SlipKind
from anshin.staff.addresses import address
from anshin.staff.brought_files import brought
from anshin.staff.desk import desk
from anshin.staff.slip_words import KIND_ICONS, outcome_look
from anshin.staff.slips import tabs

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@require_GET
@desk(Permission.WRITE_SLIPS)
def files(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Every file that was written, newest first."""
    try:
        page = queries.slip_files_of(by.shop, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    return render(request, "staff/slip_files.html", tabs(request, by, "files") | {"page": page})


@require_GET
@desk(Permission.WRITE_SLIPS)
def file(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One file: its parcels with their numbers, what to look at in the program, who took it."""
    found = queries.file_by_id(by.shop, pk)
    if found is None:
        raise Http404
    program = queries.formats().get(found.account.format)
    context = tabs(request, by, "files") | {
        "written": found,
        "hint": program.hint if program else "",
        "rows": [
            {
                "number": row.number,
                "kind": SlipKind(row.kind).label,
                "icon": KIND_ICONS[SlipKind(row.kind)],
                "case": row.case.number,
                "case_url": address("case", by.shop.slug, row.case.number),
                "tracking": row.tracking_number,
                "tracking_url": tracking_address(found.carrier, row.tracking_number),
            }
            for row in found.rows.all()
        ],
        "downloads": list(found.downloads.all()),
        "nothing_to_look_at": not found.warnings,
    }
    return render(request, "staff/slip_file.html", context)


@require_POST
@desk(Permission.WRITE_SLIPS)
def download(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """The file's bytes; who took it is written down each time."""
    if queries.file_by_id(by.shop, pk) is None:
        raise Http404
    try:
        found, content = actions.take_file(by=by, file_id=pk, now=clock.now())
    except BlobDamaged as error:
        raise actions.FileGone from error
    response = HttpResponse(content, content_type=found.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.file_name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "POST"])
@desk(Permission.WRITE_SLIPS)
def numbers(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Files with numbers that were read, and the way to read another."""
    said = ""
    if request.method == "POST":
        read, said = brought(
            request,
            lambda content, name: actions.read_numbers(by=by, content=content, file_name=name, now=clock.now()),
            largest=LARGEST_FILE_BYTES,
        )
        if read:
            return redirect("staff:slip_number_file", by.shop.slug, read.pk)
    try:
        page = queries.number_files(by.shop, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    context = tabs(request, by, "numbers") | {
        "page": page,
        "said": said,
        "largest_mb": LARGEST_FILE_BYTES // 1024 // 1024,
    }
    return render(request, "staff/slip_numbers.html", context, status=422 if said else 200)


@require_GET
@desk(Permission.WRITE_SLIPS)
def number_file(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One file with numbers: each row and what became of it."""
    found = queries.number_file_by_id(by.shop, pk)
    if found is None:
        raise Http404
    try:
        page = queries.number_rows(found, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    context = tabs(request, by, "numbers") | {
        "read": found,
        "page": page,
        "rows": [_number_row(row) for row in page.items],
    }
    return render(request, "staff/slip_number_file.html", context)


def _number_row(row: Any) -> dict[str, Any]:
    look, icon = outcome_look(row.outcome)
    return {
        "row": row.row,
        "number": row.number,
        "tracking": row.tracking_number,
        "look": look,
        "icon": icon,
        "outcome": NumberOutcome(row.outcome).label,
        "other": row.other,
    }
