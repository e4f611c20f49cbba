"""The whole of version 1: its operations, what happens when one fails, and its description in OpenAPI 3.1."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from anshin.api import cases, customers, messages, orders, shop
from anshin.api.door import Key, finished
from anshin.api.problems import MEDIA_TYPE, answer, problem_of
from anshin.integrations.terms import LIMIT, WINDOW_SECONDS

VERSION = "1"
_DESCRIPTION = f"""What happens in a shop’s desk, for its other programs.

A key belongs to one shop and works for one member of staff. Lists are read page by page with `cursor`. Moments carry
their offset, yen are whole. A write is done once for each Idempotency-Key. A key may ask {LIMIT} times in
{WINDOW_SECONDS} seconds. Refusals are problem details (RFC 9457)."""
_STRING = {"type": "string"}
_HEADERS: dict[str, Any] = {
    "RateLimit-Policy": {"description": "The limit: q in w seconds.", "schema": _STRING},
    "RateLimit": {"description": "What is left (r), and in how many seconds it is full again (t).", "schema": _STRING},
}


class _Plain(JSONRenderer):
    """JSON with Japanese as it is."""

    json_dumps_params = {"ensure_ascii": False}


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: ARG001  ninja's interface
    found = problem_of(error)
    if found is None:
        raise error
    return answer(*found)


def _build() -> NinjaAPI:
    made = NinjaAPI(
        title="Anshin",
        version=VERSION,
        description=_DESCRIPTION,
        docs_url=None,
        openapi_url=None,
        urls_namespace="api",
        auth=Key(),
        renderer=_Plain(),
    )
    made.add_router("", shop.router)
    made.add_router("/cases", cases.router)
    made.add_router("/cases", messages.router)
    made.add_router("/customers", customers.router)
    made.add_router("/orders", orders.router)
    made.add_decorator(finished, mode="view")
    for kind in (Exception, Http404, HttpError, ValidationError):
        made.add_exception_handler(kind, _failed)  # type: ignore[arg-type]
    return made


api = _build()


@cache
def description() -> dict[str, Any]:
    """The description in OpenAPI 3.1, the same for everybody."""
    told: dict[str, Any] = dict(OpenAPISchema(api, path_prefix="api/v1/"))
    for path in told["paths"].values():
        for operation in path.values():
            operation["responses"] = {
                str(status): _answered(int(status), response) for status, response in operation["responses"].items()
            }
    told["components"]["securitySchemes"]["Key"]["description"] = "A key, made by the owner under Settings, API."
    told.pop("servers", None)
    return told


def _answered(status: int, response: dict[str, Any]) -> dict[str, Any]:
    told = dict(response)
    if status >= HTTPStatus.BAD_REQUEST:
        told["content"] = {MEDIA_TYPE: told["content"]["application/json"]}
    if status != HTTPStatus.UNAUTHORIZED:
        told["headers"] = dict(_HEADERS)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        told["headers"]["Retry-After"] = {"description": "Seconds.", "schema": {"type": "integer"}, "required": True}
    return told
