"""Keeps a person's theme, and draws the pages that say what went wrong."""

import json
import sys
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anshin.plumbing.pages.breakdowns import Breakdown, breakdown
from anshin.plumbing.pages.language_choice import THEME_COOKIE, THEMES

YEAR_SECONDS = 365 * 24 * 60 * 60
AGAIN_SECONDS = 10
_TOASTS = {
    Breakdown.DATABASE_AWAY: gettext_lazy(
        "The database does not answer. What you wrote is still here. Try again in a moment."
    ),
    Breakdown.DATABASE_BUSY: gettext_lazy(
        "The database is busy. Nothing was changed; what you wrote is still here. Try again in a moment."
    ),
    Breakdown.FILES_AWAY: gettext_lazy(
        "The place where files are kept does not answer. Nothing was changed; what you wrote is still here."
        " Try again in a moment."
    ),
    Breakdown.NO_ROOM: gettext_lazy(
        "There is no room left on the disk. Nothing was changed; tell whoever runs this installation."
    ),
}
_UNSURE = gettext_lazy(
    "The database does not answer. What you wrote is still here. It may have been saved all the same: open the page "
    "again in a moment and look before you try again."
)
"""A line that breaks while a change is being written down leaves open whether it was."""


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the posted `theme` in a cookie and go back to `next`."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponseBadRequest(_("There is no such theme. Choose light, dark or automatic."))
    if request.headers.get("X-Requested-With") == "fetch":
        answer = HttpResponse(status=204)
    else:
        wanted = request.POST.get("next", "/")
        own = url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        answer = HttpResponseRedirect(wanted if own else "/")
    answer.set_cookie(
        THEME_COOKIE, theme, max_age=YEAR_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    return answer


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's interface
    return trouble(request, status=400)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """For CSRF_FAILURE_VIEW: the form was open too long or cookies are off."""
    return trouble(request, status=403, name="csrf")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return trouble(request, status=403, why=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return trouble(request, status=404)


def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return trouble(request, status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Says what broke where that is known. What passes by itself is 503, and a page that was only read tries again."""
    found = breakdown(sys.exc_info()[1])
    if found is None:
        return trouble(request, status=500)
    is_read = request.method in {"GET", "HEAD"}
    response = trouble(request, status=503, name=found.value, again=is_read)
    response["Retry-After"] = str(AGAIN_SECONDS)
    if request.headers.get("HX-Request") == "true":
        words = _TOASTS[found] if is_read or found != Breakdown.DATABASE_AWAY else _UNSURE
        response["HX-Trigger"] = json.dumps({"toast": {"text": words, "kind": "bad"}}, default=str)
    return response


def trouble(request: HttpRequest, *, status: int, name: str = "", why: str = "", again: bool = False) -> HttpResponse:
    """A page that says what happened and what to do; `again`: it fetches itself anew after AGAIN_SECONDS.

    It is drawn without context processors, so that it stands when the database does not.
    """
    context: dict[str, Any] = {"why": why, "status": status, "language": getattr(request, "LANGUAGE_CODE", "ja")}
    context["again_seconds"] = AGAIN_SECONDS if again else 0
    page = loader.get_template(f"errors/{name or status}.html")
    return HttpResponse(page.render(context), status=status)
