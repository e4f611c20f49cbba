"""The addresses that shops' pages ask. No session, no cookie: nothing here knows who asks."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anshin.widget.kept import Answer, Asked, answer, language_of, picture_of
from anshin.widget.script import SCRIPT

ANSWER_SECONDS: Final = 15
SCRIPT_SECONDS: Final = 600
HEADERS: Final = {
    "Cache-Control": f"public, max-age={ANSWER_SECONDS}",
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def notices(request: HttpRequest, product: str) -> HttpResponse:
    """The public notices about one product."""
    return response(answer(asked_by(product, request.GET)))


@require_safe
def script(_request: HttpRequest) -> HttpResponse:
    """What shops paste into their product pages."""
    headers = HEADERS | {"Cache-Control": f"public, max-age={SCRIPT_SECONDS}"}
    return HttpResponse(SCRIPT, content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def picture(_request: HttpRequest, shop: str, number: int, version: int) -> HttpResponse:
    """The picture of a public notice; 404 before its time, after a withdrawal, and for a version that was corrected."""
    found = picture_of(shop[:80], number, version)
    if found is None:
        raise Http404
    content, kind = found
    return HttpResponse(content, content_type=kind, headers=HEADERS | {"Cross-Origin-Resource-Policy": "cross-origin"})


def asked_by(product: str, query: object) -> Asked:
    """What is asked for, from the address."""
    get = query.get  # type: ignore[attr-defined]
    return Asked(
        shop=get("shop", "")[:80],
        product=product[:120],
        language=language_of(get("lang", "ja")[:20]),
        format="html" if get("format", "") == "html" else "json",
    )


def response(found: Answer) -> HttpResponse:
    """The answer as Django sends it."""
    return HttpResponse(found.body, status=found.status, content_type=found.content_type, headers=HEADERS)
