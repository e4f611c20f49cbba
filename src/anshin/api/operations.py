"""What every operation does first: is the key allowed this, and is the member of staff; a write is done once.

`reads` and `writes` put an operation into a router with everything that its description needs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.errors import ValidationError

from anshin.api.door import caller, key_of
from anshin.api.problems import MEDIA_TYPE, NoWord, Problem, ScopeMissing, problem_of
from anshin.integrations.actions import Answered, fingerprint, once
from anshin.integrations.terms import Scope
from anshin.plumbing import clock
from anshin.shops.actions import require
from anshin.shops.terms import Permission

View = TypeVar("View", bound=Callable[..., Any])
HEADER = "Idempotency-Key"
_LONGEST_WORD = 255
_READ_PROBLEMS = (401, 403, 404, 422, 429)
_WRITE_PROBLEMS = (400, 401, 403, 404, 409, 413, 422, 429)
_WORD: dict[str, Any] = {
    "in": "header",
    "name": HEADER,
    "schema": {"type": "string", "minLength": 1, "maxLength": _LONGEST_WORD, "pattern": "^[!-~]+$"},
    "description": "A word of your own for this write. Sent again with the same body within a day, the write is not "
    "done again and the first answer comes back.",
    "example": "2f6f0c1e-6a0b-4c39-9c3e-0d3a5f0f6a11",
}


def reads(
    router: Router, path: str, *, scope: Scope | None, permission: Permission, response: type[Schema], summary: str
) -> Callable[[View], View]:
    """Put a reading operation into the router."""

    def put(view: View) -> View:
        @_as(view)
        def checked(request: HttpRequest, **values: Any) -> Any:
            _check(request, scope, permission)
            _refuse_unknown(request, values)
            return view(request, **values)

        told = {200: response, **dict.fromkeys(_READ_PROBLEMS, Problem)}
        router.get(path, response=told, summary=summary, operation_id=view.__name__, by_alias=True)(checked)
        return view

    return put


def writes(
    router: Router,
    method: str,
    path: str,
    *,
    scope: Scope,
    permission: Permission,
    response: type[Schema],
    summary: str,
    status: int = 200,
) -> Callable[[View], View]:
    """Put a writing operation into the router. With an Idempotency-Key it is done once; POST wants one."""
    needs_word = method == "POST"

    def put(view: View) -> View:
        @_as(view)
        def checked(request: HttpRequest, **values: Any) -> Any:
            _check(request, scope, permission)
            _refuse_unknown(request, {})
            word = _word(request, needs_word)

            def do() -> Answered:
                return _done(view, request, values, status)

            if not word:
                with transaction.atomic():
                    return _response(do())
            mark = fingerprint(request.method or "", request.get_full_path(), request.body)
            return _response(once(key_of(request), word=word, fingerprint=mark, do=do, clock=clock.now))

        told = {status: response, **dict.fromkeys(_WRITE_PROBLEMS, Problem)}
        extra = {"parameters": [_WORD | {"required": needs_word}]}
        router.api_operation(
            [method], path, response=told, summary=summary, operation_id=view.__name__, openapi_extra=extra
        )(checked)
        return view

    return put


def _as(view: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a function name, words and parameters of the view, its annotations read where the view stands."""

    def named(function: Callable[..., Any]) -> Callable[..., Any]:
        wrapped = wraps(view)(function)
        wrapped.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
        return wrapped

    return named


def _check(request: HttpRequest, scope: Scope | None, permission: Permission) -> None:
    if scope is not None and scope.value not in key_of(request).scopes:
        raise ScopeMissing(scope)
    require(caller(request), permission)


def _refuse_unknown(request: HttpRequest, values: dict[str, Any]) -> None:
    """A typing error in a parameter's name must not ask for something else. Raises ValidationError."""
    unknown = sorted(set(request.GET) - set(values))
    if unknown:
        raise ValidationError([{"loc": ("query", name[:80]), "msg": "There is no such parameter"} for name in unknown])


def _word(request: HttpRequest, is_needed: bool) -> str:
    word = request.headers.get(HEADER)
    if word is None and not is_needed:
        return ""
    if not word or len(word) > _LONGEST_WORD or not word.isascii() or not word.isprintable() or " " in word:
        raise NoWord
    return word


def _done(view: Callable[..., Schema], request: HttpRequest, values: dict[str, Any], status: int) -> Answered:
    """What the view answers; a refusal is an answer, too, and then nothing of the write is left."""
    try:
        with transaction.atomic():
            told = view(request, **values)
    except Exception as error:
        found = problem_of(error)
        if found is None:
            raise
        refusal, headers = found
        if "Retry-After" in headers:  # nothing that should be kept
            raise
        return Answered(refusal.status, MEDIA_TYPE, refusal.model_dump_json(exclude_defaults=True))
    return Answered(status, "application/json", told.model_dump_json(by_alias=True))


def _response(answered: Answered) -> HttpResponse:
    response = HttpResponse(answered.body, status=answered.status, content_type=answered.content_type)
    if answered.is_repeated:
        response["Idempotency-Replayed"] = "true"
    return response
