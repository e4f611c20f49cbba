"""Keeps a person's theme, and draws the pages that say what went wrong."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.plumbing.pages.language_choice import THEME_COOKIE, THEMES

YEAR_SECONDS = 365 * 24 * 60 * 60


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
    return trouble(request, status=500)


def trouble(request: HttpRequest, *, status: int, name: str = "", why: str = "") -> HttpResponse:
    """A page, or for htmx a sentence, that says what happened and what to do.

    It is drawn without context processors, so that it stands when the database does not.
    """
    context: dict[str, Any] = {"why": why, "status": status, "language": getattr(request, "LANGUAGE_CODE", "ja")}
    page = loader.get_template(f"errors/{name or status}.html")
    return HttpResponse(page.render(context), status=status)
