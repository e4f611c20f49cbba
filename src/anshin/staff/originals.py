"""What a person does about a mail that came out garbled, could not be read, or seems to be a fraud."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases import actions
from anshin.cases.queries import message_of
from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.case_page import draw, find_case
from anshin.staff.desk import desk, is_fragment, toast
from anshin.staff.original_words import charset_words

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@require_POST
@desk(Permission.TRIAGE)
def message_read_as(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Read a garbled message in another character code."""
    found = message_of(by.shop, pk)
    if found is None:
        raise Http404
    charset = request.POST.get("charset", "")
    actions.read_as(by=by, message_id=pk, charset=charset, now=clock.now())
    said = _("Read again as %(charset)s.") % {"charset": charset_words(charset)} if charset else _("Read again.")
    if not is_fragment(request):
        notices.success(request, said)
        return redirect("staff:case", by.shop.slug, found.case.number)
    return toast(draw(request, by, find_case(by, found.case.number)), said)


@require_POST
@desk(Permission.TRIAGE)
def message_believe(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Take the warnings of a fraud off a message."""
    undo = reverse("staff:message_doubt", args=[by.shop.slug, pk])
    return _believed(request, by, pk, actions.believe_sender, _("The warning is off this message."), undo_url=undo)


@require_POST
@desk(Permission.TRIAGE)
def message_doubt(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Take that back: the message warns as before."""
    return _believed(request, by, pk, actions.doubt_sender, _("The message warns as before."))


def _believed(
    request: HttpRequest, by: Membership, pk: int, act: Callable[..., None], said: str, *, undo_url: str = ""
) -> HttpResponseBase:
    found = message_of(by.shop, pk)
    if found is None:
        raise Http404
    act(by=by, message_id=pk, now=clock.now())
    if not is_fragment(request):
        notices.success(request, said)
        return redirect("staff:case", by.shop.slug, found.case.number)
    return toast(draw(request, by, find_case(by, found.case.number)), said, undo_url=undo_url)


@require_POST
@desk(Permission.TRIAGE)
def message_again(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Have a mail taken in once more that could not be read; leads to the case in which it then stands."""
    found = message_of(by.shop, pk)
    if found is None:
        raise Http404
    became = actions.try_again(by=by, message_id=pk, now=clock.now())
    if became.pk != pk:
        notices.success(request, _("The mail could be read now. It stands in this case."))
        response = redirect("staff:case", by.shop.slug, became.case.number)
        if is_fragment(request):
            response.status_code = 204
            response["HX-Redirect"] = response["Location"]
            del response["Location"]
        return response
    said = _("The mail still cannot be read. Nothing is lost; the original is kept.")
    if not is_fragment(request):
        notices.error(request, said)
        return redirect("staff:case", by.shop.slug, found.case.number)
    return toast(draw(request, by, find_case(by, found.case.number)), said, kind="bad")
