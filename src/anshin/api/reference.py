"""The page that explains the API: drawn here from its own description, so that both always agree."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from anshin.api.contract import description
from anshin.api.examples import example_of
from anshin.api.problems import TITLES
from anshin.integrations.terms import LIMIT, WINDOW_SECONDS, EventType, Scope

_NOUNS = {
    "shop": gettext_noop("Shop"),
    "cases": gettext_noop("Cases"),
    "messages": gettext_noop("Messages"),
    "customers": gettext_noop("Customers"),
    "orders": gettext_noop("Orders"),
}
_SHOWN_KEY = "anshin_…"


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation with what it takes, what it answers and how it is asked. No script, nothing from elsewhere."""
    told = description()
    by_noun: dict[str, list[dict[str, Any]]] = {noun: [] for noun in _NOUNS}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            by_noun[operation["tags"][0]].append(_operation(told, path, method, operation))
    context = {
        "nouns": [
            {"code": noun, "label": gettext(label), "operations": by_noun[noun]} for noun, label in _NOUNS.items()
        ],
        "problems": [
            {"code": code, "status": status, "title": gettext(title)} for code, (status, title) in TITLES.items()
        ],
        "scopes": Scope.choices,
        "types": EventType.choices,
        "limit": LIMIT,
        "seconds": WINDOW_SECONDS,
        "address": settings.ANSHIN_ADDRESS,
    }
    return render(request, "api/reference.html", context)


def _operation(told: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    good = next(status for status in operation["responses"] if status.startswith("2"))
    answered = operation["responses"][good]["content"]["application/json"]["schema"]
    given = _json(example_of(told, body)) if body else ""
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": gettext(operation["summary"]),
        "words": operation.get("description", ""),
        "parameters": [_parameter(each) for each in operation["parameters"]],
        "body": given,
        "status": good,
        "answer": _json(example_of(told, answered)),
        "curl": _curl(path, method, given),
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter["name"],
        "where": parameter["in"],
        "is_needed": parameter["required"],
        "words": parameter.get("description", ""),
    }


def _curl(path: str, method: str, body: str) -> str:
    shown = path.replace("{number}", "1042").replace("{customer_id}", "7").replace("{order_id}", "12")
    lines = [
        f"curl {settings.ANSHIN_ADDRESS}{shown.replace('{import_id}', '5')}",
        f"-H 'Authorization: Bearer {_SHOWN_KEY}'",
    ]
    if method != "get":
        lines[0] += f" -X {method.upper()}"
        lines += ["-H 'Content-Type: application/json'", '-H "Idempotency-Key: $(uuidgen)"', f"-d '{body}'"]
    return " \\\n  ".join(lines)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
