"""Who asks: the key behind `Authorization: Bearer …`, and how much it may still ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from ninja.security import HttpBearer

from anshin.api.problems import TooMany
from anshin.integrations import actions, queries
from anshin.plumbing import clock

if TYPE_CHECKING:
    from anshin.integrations.models import ApiKey
    from anshin.integrations.terms import Allowance
    from anshin.shops.models import Membership

Run = Callable[..., HttpResponseBase]


class Key(HttpBearer):
    """A key of the shop, as the owner made it under Settings, API."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """The key that works now; each question counts. Raises TooMany."""
        now = clock.now()
        key = queries.find_key(token.strip(), now=now)
        if key is None:
            return None
        allowance = actions.count_use(key, now=now)
        request.allowance = allowance  # type: ignore[attr-defined]
        if allowance.is_over:
            raise TooMany(allowance)
        translation.activate(key.member.person.language)
        return key


def key_of(request: HttpRequest) -> ApiKey:
    """The key that asks."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    return key


def caller(request: HttpRequest) -> Membership:
    """The member of staff for whom the key works."""
    return key_of(request).member


def finished(run: Run) -> Run:
    """An operation whose answer says what is left of the limit, and is kept by nobody on the way."""

    @wraps(run)
    def told(request: HttpRequest, **values: Any) -> HttpResponseBase:
        language = translation.get_language()
        translation.activate("en")  # until it is known who asks
        try:
            response = run(request, **values)
        finally:
            translation.activate(language or "ja")
        response["Cache-Control"] = "no-store"
        allowance: Allowance | None = getattr(request, "allowance", None)
        if allowance is not None:
            window = allowance.window_seconds
            response["RateLimit-Policy"] = f'"key";q={allowance.limit};w={window}'
            response["RateLimit"] = f'"key";r={allowance.left};t={allowance.seconds_left}'
        return response

    return told
