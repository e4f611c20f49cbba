"""What every screen of the desk does first and last: who is this in this shop, may they, and how a refusal is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from anshin.plumbing import clock
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.sessions import note_use
from anshin.staff.veil import Veiled, is_veiled, require_open, veiled

if TYPE_CHECKING:
    from anshin.shops.models import Membership

P = ParamSpec("P")
Screen = Callable[Concatenate[HttpRequest, "Membership", P], HttpResponseBase]


def desk(permission: Permission) -> Callable[[Screen[P]], Callable[..., HttpResponseBase]]:
    """A screen of one shop: the view gets the person's membership, and only with `permission`.

    Nobody: to the sign-in. Without the second factor that the shop wants: to where one is set up. Not a member, or
    no such shop: 404, which tells a stranger nothing. Role too small: 403 with a sentence. An expected refusal
    raised inside is said where the click was.
    """

    def screen(view: Screen[P]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def checked(request: HttpRequest, shop: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if is_locked(request, shop):
                return _second_step_first(request)
            by = member(request, shop)
            note_use(request)
            request.by = by  # type: ignore[attr-defined]
            try:
                if not may(by, permission):
                    raise NotAllowed(permission)
                with timezone.override(ZoneInfo(by.shop.zone)):
                    if is_veiled(by):
                        return _veiled(request, by, partial(view, request, by, *args, **kwargs))
                    return view(request, by, *args, **kwargs)
            except Refused as refusal:
                return refused(request, refusal)

        checked.permission = permission  # type: ignore[attr-defined]  # read by tests/house/gates
        return checked

    return screen


def _veiled(request: HttpRequest, by: Membership, screen: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The screen for somebody who may not know customers. Raises Veiled."""
    now = clock.now()
    require_open(request, by, now=now)
    try:
        answer = screen()
    except Refused as refusal:
        answer = refused(request, refusal)
    return veiled(request, by, answer, now=now)


def is_locked(request: HttpRequest, slug: str) -> bool:
    """Whether the person works in the shop, but may not before they have a second factor."""
    locked: tuple[Membership, ...] = getattr(request.user, "locked_memberships", ())
    return any(membership.shop.slug == slug for membership in locked)


def _second_step_first(request: HttpRequest) -> HttpResponse:
    if is_fragment(request):
        response = HttpResponse(status=403)
        response["HX-Redirect"] = reverse("factor_needed")
        return response
    return redirect("factor_needed")


def member(request: HttpRequest, slug: str) -> Membership:
    """The signed-in person's membership in the shop. Raises Http404."""
    memberships: tuple[Membership, ...] = getattr(request.user, "desk_memberships", ())
    for membership in memberships:
        if membership.shop.slug == slug:
            return membership
    raise Http404


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal's sentence: a toast for a part of a page, a page of its own for a page."""
    status = 403 if isinstance(refusal, (NotAllowed, Veiled)) else 422
    if is_fragment(request):
        response = HttpResponse(str(refusal), status=status, content_type="text/plain; charset=utf-8")
        response["HX-Reswap"] = "none"
        return toast(response, str(refusal), kind="bad")
    if request.method == "POST" and status != 403:
        messages.error(request, str(refusal))
        return redirect(came_from(request) or "/")
    return render(request, "errors/refused.html", {"sentence": str(refusal)}, status=status)


def came_from(request: HttpRequest) -> str:
    """The page of ours on which the click was; "" where the browser names none, or one of another site."""
    named = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        named, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return named if is_ours else ""


def is_fragment(request: HttpRequest) -> bool:
    """Whether a script asked for a part of a page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def toast(response: HttpResponse, text: str, *, kind: str = "", undo_url: str = "", seconds: int = 0) -> HttpResponse:
    """The response with a short word at the foot of the screen, and an undo where there is one."""
    said: dict[str, Any] = {"text": text, "kind": kind}
    if undo_url:
        said |= {"undo": {"url": undo_url}}
    if seconds:
        said |= {"seconds": seconds}
    response["HX-Trigger"] = json.dumps({"toast": said})
    return response
