"""Sends whoever is signed out to the sign-in page in a way that brings them back to the page where they were.

A script that asked for a part of a page would get the sign-in page as that part: it gets 401 and the way to sign in
instead. A form that was posted would lead back to an address that shows nothing: it leads back to its page.
"""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode


class WayBack:
    """Middleware: mends redirects to the sign-in page that name where to go on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if answer.status_code != 302 or not _asks_to_sign_in(answer.headers.get("Location", "")):
            return answer
        is_script = "HX-Request" in request.headers or "X-CSRFToken" in request.headers
        if not is_script and request.method in {"GET", "HEAD"}:
            return answer
        way = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': _page_of(request)})}"
        return HttpResponse(status=401, headers={"HX-Redirect": way}) if is_script else redirect(way)


def _asks_to_sign_in(location: str) -> bool:
    parts = urlsplit(location)
    return parts.path == resolve_url(settings.LOGIN_URL) and "next" in parse_qs(parts.query)


def _page_of(request: HttpRequest) -> str:
    """The page on which somebody clicked, if it is one of ours."""
    parts = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if parts.netloc != request.get_host() or not parts.path.startswith("/"):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
