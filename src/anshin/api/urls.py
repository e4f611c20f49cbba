"""Addresses below /api/. Whatever is not one of ours answers like what is not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from anshin.api.contract import api, description
from anshin.api.problems import MEDIA_TYPE, answer, problem, problem_of
from anshin.api.reference import reference

_NOT_ALLOWED = 405


def _as_problem(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that says in our words which methods it takes."""

    @csrf_exempt
    @wraps(view)
    def told(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        response = view(request, *args, **values)
        if response.status_code != _NOT_ALLOWED:
            return response
        allowed = response["Allow"]
        return answer(problem("method", f"It takes {allowed}."), {"Allow": allowed})

    return told


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view
    """The description in OpenAPI 3.1."""
    response = JsonResponse(description(), json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-cache"
    return response


@csrf_exempt
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:  # noqa: ARG001  a view
    """Nothing is here."""
    found = problem_of(Http404())
    return answer(*found) if found else HttpResponse(status=404, content_type=MEDIA_TYPE)


def _operations() -> list[URLPattern]:
    patterns = [each for each in api.urls[0] if isinstance(each, URLPattern)]
    wanted = [each for each in patterns if each.name != "api-root"]
    for each in wanted:
        each.callback = _as_problem(each.callback)
    return wanted


app_name = "api"
urlpatterns = [
    path("v1/openapi.json", openapi, name="openapi"),
    path("v1/docs", reference, name="docs"),
    path("v1/", include(_operations())),
    re_path(r"^(?P<rest>.*)$", unknown, name="unknown"),
]
