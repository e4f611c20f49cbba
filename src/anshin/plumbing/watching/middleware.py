"""Sees each request from outermost: gives it its mark, counts it, and writes its line where such are wanted."""

import logging
from collections.abc import Callable
from time import perf_counter, thread_time

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from anshin.plumbing.watching import counts, marks

log = logging.getLogger("anshin.access")
PROBES = frozenset({"health_live", "health_ready", "metrics"})
"""Routes that are asked every few seconds; only what they refuse is worth a line."""
NOWHERE = "none"
"""The route of an address that leads nowhere."""


class Watched:
    """Middleware, to be the first. The mark stays until the server has logged the answer; see project/asgi.py."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_trusted = settings.ANSHIN_PROXIES > 0
        mark = marks.begin(request.headers.get("X-Request-ID", "") if is_trusted else "")
        began, cpu_began = perf_counter(), thread_time()
        response = self._get_response(request)
        seconds = perf_counter() - began
        route = route_of(request)
        counts.count_request(
            route=route,
            method=request.method or "",
            status=response.status_code,
            seconds=seconds,
            cpu_seconds=thread_time() - cpu_began,
        )
        is_news = route not in PROBES or response.status_code >= 400
        if is_news and log.isEnabledFor(logging.INFO):
            facts = {
                "route": route,
                "method": request.method,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000, 1),
            }
            log.info("%s %s %s", request.method, route, response.status_code, extra={"facts": facts})
        response["X-Request-ID"] = mark
        return response


def route_of(request: HttpRequest) -> str:
    """The name of the address that was asked for, without anything that was filled into it."""
    found = request.resolver_match
    return (found.view_name or found.route) if found else NOWHERE
