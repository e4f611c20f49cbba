"""An example for each part of the description: what stands there as one, else the plainest value that fits."""

from __future__ import annotations

from typing import Any

_DEEP = 8
_MOMENT = "2026-11-20T05:00:00Z"
_DAY = "2026-11-24"


def example_of(told: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> Any:
    """A value that fits the schema; references are looked up in `told`."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return example_of(told, told["components"]["schemas"][name], depth + 1)
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    if "anyOf" in schema:
        return example_of(told, next(each for each in schema["anyOf"] if each.get("type") != "null"), depth)
    if "allOf" in schema:
        return example_of(told, schema["allOf"][0], depth)
    return _plain(told, schema, depth)


def _plain(told: dict[str, Any], schema: dict[str, Any], depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        parts = schema.get("properties", {}) if depth < _DEEP else {}
        return {name: example_of(told, part, depth + 1) for name, part in parts.items()}
    if kind == "array":
        return [example_of(told, schema["items"], depth + 1)]
    if kind == "integer":
        return max(int(schema.get("minimum", 1)), 1)
    if kind == "boolean":
        return False
    return {"date-time": _MOMENT, "date": _DAY}.get(schema.get("format", ""), "")
