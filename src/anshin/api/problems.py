"""How a refusal looks to other programs: problem details. Source: RFC 9457, read 2026-11-27."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from anshin.cases.actions import IllegalStep, ReplyObjected, StaleThread
from anshin.integrations.actions import StillBeingDone, TakenOver, WordTaken
from anshin.integrations.terms import Allowance, Scope
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops.actions import NotAllowed, Refused

MEDIA_TYPE = "application/problem+json"
_MOST_ERRORS = 50


class FieldError(Schema):
    """Which part of the request is wrong."""

    at: str = Field(examples=["body.text"])
    why: str = Field(examples=["Field required"])


class Problem(Schema):
    """Why a request was refused."""

    type: str = Field(examples=["/api/v1/docs#not-found"], description="Where this kind of problem is explained.")
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    code: str = Field(examples=["not-found"], description="For programs; it does not change.")
    detail: str = Field(description="For people, in the language of the member of staff for whom the key works.")
    errors: list[FieldError] = Field(default=[], description="With `invalid`: each part that is wrong.")
    objections: list[str] = Field(default=[], description="With `objected`: what the check of replies objects to.")
    version: int | None = Field(default=None, description="With `stale`: the case’s version now.")


TITLES: Mapping[str, tuple[int, str]] = {
    "unreadable": (400, gettext_noop("The request cannot be read")),
    "no-idempotency-key": (400, gettext_noop("Idempotency-Key is missing or unusable")),
    "no-key": (401, gettext_noop("No key, or one that does not work")),
    "scope": (403, gettext_noop("The key may not do this")),
    "role": (403, gettext_noop("The member of staff may not do this")),
    "not-found": (404, gettext_noop("Not found")),
    "method": (405, gettext_noop("The address does not take this method")),
    "stale": (409, gettext_noop("Something was written in between")),
    "in-progress": (409, gettext_noop("The same request is being worked on")),
    "too-large": (413, gettext_noop("The request is too large")),
    "invalid": (422, gettext_noop("The request does not fit its description")),
    "refused": (422, gettext_noop("The shop’s rules do not allow this now")),
    "objected": (422, gettext_noop("The check of replies objects")),
    "idempotency-key-reused": (422, gettext_noop("The Idempotency-Key was used for another request")),
    "too-many": (429, gettext_noop("Too many requests")),
}
"""Every problem there is, by its code."""


class ScopeMissing(Exception):
    """The key lacks a scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__(scope.value)


class NoWord(Exception):
    """A write came without a usable Idempotency-Key."""


class TooMany(Exception):
    """The key has asked too much."""

    def __init__(self, allowance: Allowance) -> None:
        self.allowance = allowance
        super().__init__("too many")


def problem(code: str, detail: str, **more: Any) -> Problem:
    """The problem of this code."""
    status, title = TITLES[code]
    return Problem(type=f"/api/v1/docs#{code}", title=title, status=status, code=code, detail=detail, **more)


def answer(told: Problem, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The problem as an answer."""
    response = HttpResponse(told.model_dump_json(exclude_defaults=True), status=told.status, content_type=MEDIA_TYPE)
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def problem_of(error: Exception) -> tuple[Problem, dict[str, str]] | None:
    """The problem that this error is, with headers for it; None for one that nobody expected."""
    if isinstance(error, Refused):
        return _refusal(error)
    if isinstance(error, ValidationError):
        return problem("invalid", _("Some values do not fit the description."), errors=_errors(error)), {}
    return _by_kind(error)


def _refusal(error: Refused) -> tuple[Problem, dict[str, str]]:
    words = str(error)
    if isinstance(error, NotAllowed):
        return problem("role", words), {}
    if isinstance(error, StaleThread):
        return problem("stale", words, version=error.version), {}
    if isinstance(error, ReplyObjected):
        return problem("objected", words, objections=[str(each.words) for each in error.objections]), {}
    if isinstance(error, WordTaken):
        return problem("idempotency-key-reused", words), {}
    if isinstance(error, StillBeingDone):
        return problem("in-progress", words), {"Retry-After": str(error.retry_after_seconds)}
    return problem("refused", words), {}


def _by_kind(error: Exception) -> tuple[Problem, dict[str, str]] | None:
    if isinstance(error, ScopeMissing):
        return problem("scope", _("The key lacks the scope %(scope)s.") % {"scope": error.scope.value}), {}
    if isinstance(error, TooMany):
        wait = str(error.allowance.seconds_left)
        return problem("too-many", _("Ask again in %(seconds)s seconds.") % {"seconds": wait}), {"Retry-After": wait}
    if isinstance(error, BadCursor):
        told = FieldError(at="query.cursor", why="Not a cursor of this list")
        return problem("invalid", _("Some values do not fit the description."), errors=[told]), {}
    for kind, code, words, headers in _PLAIN:
        if isinstance(error, kind):
            return problem(code, _(words)), dict(headers)
    return None


_PLAIN: tuple[tuple[type[Exception], str, str, Mapping[str, str]], ...] = (
    (
        AuthenticationError,
        "no-key",
        gettext_noop("Send a key that works: Authorization: Bearer anshin_…"),
        {"WWW-Authenticate": "Bearer"},
    ),
    (
        NoWord,
        "no-idempotency-key",
        gettext_noop("Send Idempotency-Key: a word of your own, 1 to 255 signs of ASCII."),
        {},
    ),
    (Http404, "not-found", gettext_noop("There is nothing here for this key."), {}),
    (IllegalStep, "refused", gettext_noop("The case cannot go from where it stands to this state."), {}),
    (TakenOver, "in-progress", gettext_noop("The request took too long and was begun again."), {"Retry-After": "2"}),
    (SuspiciousOperation, "too-large", gettext_noop("Send less at a time."), {}),
    (HttpError, "unreadable", gettext_noop("The body is not JSON."), {}),
)


def _errors(error: ValidationError) -> list[FieldError]:
    found = []
    for each in error.errors[:_MOST_ERRORS]:
        place = [str(part) for part in each.get("loc", ())]
        if place[:1] == ["body"] and len(place) > 1:
            del place[1]  # the name of our own parameter
        found.append(FieldError(at=".".join(place), why=str(each.get("msg", ""))))
    return found
