"""What a fact looks like: the base class of all events, their register, and how they become JSON and back.

Each room declares its facts in its own events.py:

    @dataclass(frozen=True)
    class CaseAssigned(Event):
        name: ClassVar[str] = "case.assigned"
        case_id: int
        to_person_id: int | None

An event holds ids and plain values only. Texts of customers, addresses and passwords do not belong in the journal,
which is never changed afterwards; refer to the row that holds them.
"""

import dataclasses
import types
from datetime import date, datetime
from typing import Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints

LONGEST_VALUE = 500
"""Characters that one text value may have."""
MOST_VALUES = 200
"""Entries that one tuple may have."""

_by_name: dict[str, type["Event"]] = {}
_hints: dict[type["Event"], dict[str, Any]] = {}  # Python takes a while to find them out


class NotPlain(TypeError):
    """An event carries something that the journal does not take: an object, a float, or a long text."""


class UnknownEvent(LookupError):
    """No room declares an event of this name; an older or newer version of the program wrote it."""


class UnreadableEvent(ValueError):
    """A stored payload lacks a value that today's event class requires."""


class Event:
    """Base of all events. Subclasses are frozen dataclasses with a class variable `name` like "case.assigned"."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.name:
            return
        known = _by_name.get(cls.name)
        if known and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"Two events are called {cls.name}: {known.__qualname__} and {cls.__qualname__}")
        _by_name[cls.name] = cls

    def to_payload(self) -> dict[str, Any]:
        """The values as JSON can hold them; moments and days as ISO 8601. Raises NotPlain."""
        if not dataclasses.is_dataclass(self) or not self.__dataclass_params__.frozen:
            raise NotPlain(f"{type(self).__name__} must be a frozen dataclass")
        return {f.name: _plain(f.name, getattr(self, f.name)) for f in dataclasses.fields(self)}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """The event again. Values that today's class does not know are left out; missing ones take its default.

        Raises UnreadableEvent when a value without a default is missing.
        """
        hints = _hints.get(cls)
        if hints is None:
            hints = _hints[cls] = get_type_hints(cls)
        known = {f.name for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
        values = {name: _restored(hints[name], value) for name, value in payload.items() if name in known}
        try:
            return cls(**values)
        except TypeError as error:
            raise UnreadableEvent(f"{cls.name}: {error}") from error


def event_class(name: str) -> type[Event]:
    """The class declared under `name`. Raises UnknownEvent."""
    try:
        return _by_name[name]
    except KeyError:
        raise UnknownEvent(name) from None


def declared_events() -> tuple[type[Event], ...]:
    """Every event that a loaded room declares, by name; for documentation and filters."""
    return tuple(_by_name[name] for name in sorted(_by_name))


def _plain(field: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return _short(field, str(value))
    if isinstance(value, date):  # a datetime is a date, too
        return value.isoformat()
    if isinstance(value, tuple):
        if len(value) > MOST_VALUES:
            raise NotPlain(f"{field} holds {len(value)} values; the limit is {MOST_VALUES}")
        return [_plain(field, part) for part in value]
    raise NotPlain(f"{field} is a {type(value).__name__}; events hold ids and plain values")


def _short(field: str, value: str) -> str:
    if len(value) > LONGEST_VALUE:
        raise NotPlain(f"{field} has {len(value)} characters; the limit is {LONGEST_VALUE}")
    return value


def _restored(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in {Union, types.UnionType}:
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_restored(get_args(hint)[0], part) for part in value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    return value
