"""Facts and words as plain JSON and back, what a change of them touches, and what is still missing before a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from anshin.safety.terms import (
    LANGUAGES,
    Affected,
    Content,
    Facts,
    HazardClass,
    HazardType,
    RemedyKind,
    Severity,
    Words,
)

_MOMENTS = {"publish_at"}
_DAYS = {"source_read_on", "sold_from", "sold_to"}
_CHOICES = {"hazard_class": HazardClass, "hazard_type": HazardType, "severity": Severity, "remedy": RemedyKind}
_OF_TIME = frozenset({"publish_at", "publish_zone"})


def to_json(content: Content) -> dict[str, Any]:
    """The content as JSON can hold it; days and moments as ISO 8601."""
    facts = plain(asdict(content.facts))
    return {
        "version": content.version,
        "facts": facts,
        "words": {language: asdict(words) for language, words in content.words.items()},
    }


def from_json(told: Mapping[str, Any]) -> Content:
    """What `to_json` made. Values that today's class does not know are left out."""
    facts = {name: _restored(name, value) for name, value in told["facts"].items()}
    facts["products"] = tuple(affected(each) for each in facts.get("products", ()))
    return Content(
        version=told["version"],
        facts=Facts(**_known(Facts, facts)),
        words={language: Words(**_known(Words, words)) for language, words in told["words"].items()},
    )


def changed(former: Facts, later: Facts) -> tuple[str, ...]:
    """Names of the facts that differ. The time of publication is moved by a verb of its own and does not count."""
    return tuple(
        field.name
        for field in fields(Facts)
        if field.name not in _OF_TIME and getattr(former, field.name) != getattr(later, field.name)
    )


def unwritten(versions: Mapping[str, int], *, version: int) -> tuple[str, ...]:
    """Languages without words, or with words for older facts. `versions`: language to the facts' version."""
    return tuple(language for language in LANGUAGES if versions.get(language, 0) < version)


def plain(value: Any) -> Any:
    """As JSON can hold it; days and moments as ISO 8601."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, date):  # a datetime is a date, too
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def _restored(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    if name in _DAYS:
        return date.fromisoformat(value)
    return _CHOICES[name](value) if name in _CHOICES else value


def affected(told: Mapping[str, Any]) -> Affected:
    """A product as `plain` made it."""
    values = {name: _restored(name, value) for name, value in told.items()}
    values["lots"] = tuple((start, end) for start, end in values.get("lots", ()))
    return Affected(**_known(Affected, values))


def _known(shape: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(shape)}
    return {name: value for name, value in values.items() if name in names}
