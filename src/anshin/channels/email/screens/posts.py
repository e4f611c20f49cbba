"""The door at which providers post mail, and the page on which an owner opens and closes such doors.

The door: 200 for what is kept or was kept before, 404 without a word for whoever proves nothing (whatever the reason,
so that guessing tells nobody anything), 413 for too much, 503 for what passes by itself; the provider then tries again.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from anshin.channels.email.forms import PostAddressForm
from anshin.channels.email.models import PostAddress
from anshin.channels.email.posts import doors
from anshin.channels.email.posts.signing import NotProved, Posted
from anshin.channels.email.screens.mailboxes import desk, own_mailbox
from anshin.channels.email.terms import Poster
from anshin.plumbing import clock
from anshin.plumbing.files.store import StorageTrouble
from anshin.plumbing.secrets import Unreadable
from anshin.plumbing.web.client import Unreachable
from anshin.shops.actions import Refused
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

log = logging.getLogger(__name__)

LARGEST_POST_BYTES = 70 * 1024 * 1024
"""A mail of 50 MB, base64 around it; providers take at most 40 MB."""


@csrf_exempt
@require_POST
def post(request: HttpRequest, key: str, poster: str) -> HttpResponse:
    """The door itself."""
    body = request.read(LARGEST_POST_BYTES + 1)
    if len(body) > LARGEST_POST_BYTES:
        return HttpResponse(status=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        doors.take_post(key=key, poster=poster, posted=Posted(headers, body), now=clock.now())
    except NotProved as reason:
        log.info("A post at a mail address was not proved: %s", reason)
        return HttpResponse(status=404)
    except (StorageTrouble, OSError, DatabaseError, Unreachable, Unreadable) as trouble:
        log.warning("A post could not be kept: %s", trouble)
        return HttpResponse(status=503)
    return HttpResponse(status=200)


@require_http_methods(["GET", "POST"])
@desk(Permission.RUN_SHOP)
def post_addresses(request: HttpRequest, by: Membership, mailbox_id: int) -> HttpResponse:
    """The doors of a mailbox; a new one is shown with its secret, once."""
    mailbox = own_mailbox(by.shop, mailbox_id)
    if mailbox is None:
        raise Http404
    form = PostAddressForm(request.POST or None)
    opened, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            poster, given = Poster(form.cleaned_data["poster"]), form.cleaned_data["given"]
            try:
                opened = doors.open_address(mailbox=mailbox, poster=poster, given=given, by=by, now=clock.now())
                form, status = PostAddressForm(), 200
            except Refused as refusal:
                form.add_error("poster" if isinstance(refusal, doors.AlreadyOpen) else "given", str(refusal))
    rows = [(row, Poster(row.poster).label, doors.url_of(row)) for row in doors.addresses_of(by.shop, mailbox)]
    context = {"mailbox": mailbox, "form": form, "opened": opened, "rows": rows}
    response = render(request, "email/post_addresses.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@desk(Permission.RUN_SHOP)
def close_post_address(request: HttpRequest, by: Membership, mailbox_id: int, address_id: int) -> HttpResponse:
    """Close a door."""
    address = PostAddress.objects.filter(shop=by.shop, mailbox_id=mailbox_id, pk=address_id).first()
    if address is None:
        raise Http404
    try:
        doors.close_address(address=address, by=by, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("email:post_addresses", slug=by.shop.slug, mailbox_id=mailbox_id)
