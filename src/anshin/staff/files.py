"""Files of a case: attachments, their small pictures, raw mails, and a mail's HTML in its sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from anshin.cases import actions
from anshin.cases.queries import attachment_of, bounce_report_of, inline_pictures, message_of
from anshin.cases.queries.hidden_numbers import kinds_in_file, kinds_in_raw, kinds_in_report
from anshin.language.sensitive_numbers import masks
from anshin.plumbing import clock
from anshin.plumbing.files.serve import download, download_placeless, preview
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.files.thumbnails import thumbnail
from anshin.plumbing.mail.html import RemotePictures, safe_html
from anshin.plumbing.mail.markup_words import replaced_in_html
from anshin.shops.terms import Permission
from anshin.staff.case_page import draw, find_case
from anshin.staff.desk import desk, is_fragment

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_FRAME_POLICY = "sandbox allow-same-origin allow-popups; default-src 'none'; img-src {}; style-src 'unsafe-inline'"


@desk(Permission.READ_CASES)
def attachment(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """The file itself, always as a download, a photo without its place; card numbers and My Number for few, noted."""
    found = attachment_of(by.shop, pk)
    if found is None:
        raise Http404
    if kinds_in_file(found):
        actions.look_at_numbers(by=by, message_id=found.message_id, now=clock.now())
    return download_placeless(request, found.blob, name=found.name)


@desk(Permission.READ_CASES)
def attachment_thumb(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A small picture of an attached picture, drawn by us."""
    found = attachment_of(by.shop, pk)
    small = thumbnail(found.blob, longest_side_px=480, now=clock.now()) if found else None
    if small is None:
        raise Http404
    return preview(request, small)


@desk(Permission.READ_CASES)
def message_raw(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """The mail as it came; one with such numbers in any of its parts for few, and written down."""
    found = message_of(by.shop, pk)
    if found is None or found.raw_blob is None:
        raise Http404
    if kinds_in_raw(found):
        actions.look_at_numbers(by=by, message_id=pk, now=clock.now())
    return download(request, found.raw_blob, name=f"mail-{found.pk}.eml")


@desk(Permission.READ_CASES)
def message_report(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """The report about a mail that did not arrive, as it came; it may quote the mail, numbers included."""
    found = bounce_report_of(by.shop, pk)
    if found is None or found.raw_blob is None:
        raise Http404
    if kinds_in_report(found):
        actions.look_at_numbers(by=by, message_id=found.message_id, now=clock.now())
    return download(request, found.raw_blob, name=f"report-{found.pk}.eml")


@desk(Permission.READ_CASES)
def message_html(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """The mail's own HTML, cleaned, card numbers masked, for the sandboxed frame; pictures only with ?pictures=1."""
    found = message_of(by.shop, pk)
    if found is None or found.html_blob is None:
        raise Http404
    wanted = request.GET.get("pictures") == "1"
    cid_urls = {
        content_id: reverse("staff:attachment_thumb", args=[by.shop.slug, file_id])
        for content_id, file_id in inline_pictures(by.shop, found.pk).items()
    }
    html = safe_html(
        replaced_in_html(read_bytes(found.html_blob).decode("utf-8", "replace"), masks),
        cid_urls=cid_urls,
        remote=RemotePictures.SHOWN if wanted else RemotePictures.BLOCKED,
    )
    response = HttpResponse(html.html)
    sources = "'self' data: https: http:" if wanted else "'self' data:"
    response["Content-Security-Policy"] = _FRAME_POLICY.format(sources)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
@desk(Permission.SEE_NUMBERS)
def message_numbers(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """The case with the card numbers of this message in full, this once; written down."""
    found = message_of(by.shop, pk)
    if found is None:
        raise Http404
    actions.look_at_numbers(by=by, message_id=pk, now=clock.now())
    return draw(request, by, find_case(by, found.case.number), shown_in_full=pk)


@require_POST
@desk(Permission.ANSWER)
def message_retry(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Send a reply again that did not get through."""
    return _after(request, by, pk, lambda: actions.retry_delivery(by=by, message_id=pk, now=clock.now()))


@require_POST
@desk(Permission.ANSWER)
def message_arrived(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Say that a reply of unknown fate did reach the customer."""
    return _after(request, by, pk, lambda: actions.confirm_left(by=by, message_id=pk, now=clock.now()))


@require_POST
@desk(Permission.ANSWER)
def message_take_back(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Undo a reply within its ten seconds; its text is in the composer again."""
    return _after(request, by, pk, lambda: actions.take_back(by=by, message_id=pk, now=clock.now()))


def _after(request: HttpRequest, by: Membership, pk: int, act: Callable[[], object]) -> HttpResponseBase:
    found = message_of(by.shop, pk)
    if found is None:
        raise Http404
    act()
    if not is_fragment(request):
        return redirect("staff:case", by.shop.slug, found.case.number)
    return draw(request, by, find_case(by, found.case.number))
