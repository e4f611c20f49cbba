"""Where a person is signed in: noted when they sign in and while they work, listed and ended on a page of their own."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from allauth.account import views as library
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from anshin.plumbing import callers, clock
from anshin.plumbing.pages.devices import device_words
from anshin.plumbing.sessions import BEGAN, ENDED, SEEN
from anshin.shops import actions, queries

if TYPE_CHECKING:
    from anshin.shops.models import Person

DEVICE_COOKIE = "anshin_device"
DEVICE_SECONDS = 2 * 365 * 24 * 60 * 60
_SESSION, _KEY = "anshin_session", "anshin_key"


def note_sign_in(request: HttpRequest, person: Person, *, is_first: bool) -> None:
    """The browser is signed in now. `remember_device` must follow on the response."""
    now = clock.now()
    device = request.COOKIES.get(DEVICE_COOKIE, "")
    if not device:
        device = request.anshin_device = secrets.token_urlsafe(24)  # type: ignore[attr-defined]
    if not request.session.session_key:
        request.session.save()
    opened = actions.note_sign_in(
        person=person,
        key=request.session.session_key or "",
        device=device,
        agent=request.headers.get("User-Agent", ""),
        address=_address(request),
        words=device_words,
        is_first=is_first,
        now=now,
    )
    request.session[_SESSION] = opened.pk
    request.session[BEGAN] = request.session[SEEN] = now.timestamp()
    request.session.pop(ENDED, None)
    request.session[_KEY] = request.session.session_key


def remember_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response with the cookie by which this browser is known the next time, where it is new."""
    device = getattr(request, "anshin_device", "")
    if device:
        response.set_cookie(
            DEVICE_COOKIE,
            device,
            max_age=DEVICE_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def note_use(request: HttpRequest) -> None:
    """The session is in use: written every ten minutes, and when its key has changed.

    What a page fetches by itself because something changed elsewhere is no use of it.
    """
    session_id = request.session.get(_SESSION)
    if session_id is None or "X-Unasked" in request.headers:
        return
    now, key = clock.now(), request.session.session_key or ""
    if request.session.get(_KEY) == key and not actions.is_seen_due(request.session.get(SEEN, 0.0), now=now):
        return
    actions.note_seen(session_id=session_id, key=key, now=now)
    request.session[SEEN], request.session[_KEY] = now.timestamp(), key
    request.session.setdefault(BEGAN, now.timestamp())  # begun by a version that had no limit


def end_others(request: HttpRequest, person: Person) -> None:
    """Sign the person out everywhere but here, if it is they who ask here."""
    is_own = request.user.is_authenticated and request.user.pk == person.pk
    actions.end_sessions(person=person, but=request.session.get(_SESSION) if is_own else None)
    if is_own:
        update_session_auth_hash(request, person)
        if not request.session.session_key:
            request.session.save()
        note_use(request)


def leave(request: HttpRequest) -> HttpResponse:
    """Sign out here; the browser forgets pages, drafts of scripts and what else it kept for us.

    Its cookies stay: they name language, brightness and the device, and clearing them would clear those of other
    hosts of the domain too.
    """
    response: HttpResponse = library.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """The devices on which the person is signed in, this one first."""
    now = clock.now()
    here = request.session.get(_SESSION)
    rows = [_row(each, here) for each in queries.open_sessions(request.user, now=now)]  # type: ignore[arg-type]
    rows.sort(key=lambda row: not row["is_here"])
    return render(request, "account/sessions.html", {"rows": rows, "now": now})


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out on one device."""
    if actions.end_session(person=request.user, session_id=pk):  # type: ignore[arg-type]
        messages.success(request, _("Signed out on that device."))
    return redirect("account_sessions")


@require_POST
@login_required
def end_all(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else, also where nobody knows of."""
    end_others(request, request.user)  # type: ignore[arg-type]
    messages.success(request, _("You are signed out on all other devices."))
    return redirect("account_sessions")


def _row(each: Any, here: int | None) -> dict[str, Any]:
    return {
        "pk": each.pk,
        "device": device_words(each.agent) or _("A browser that does not say what it is"),
        "network": each.network,
        "began_at": each.began_at,
        "seen_at": each.seen_at,
        "is_here": each.pk == here,
    }


def _address(request: HttpRequest) -> str:
    return callers.client_address(
        peer=request.META.get("REMOTE_ADDR", ""),
        forwarded_for=request.headers.get("X-Forwarded-For", ""),
        proxies=settings.ANSHIN_PROXIES,
    )
