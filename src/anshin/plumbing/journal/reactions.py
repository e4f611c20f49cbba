"""The register of reactions: "when that happened below, do this", declared in a room's reactions.py.

    @reacts_to(ReturnRefused, name="cases.tell_owner")
    def tell_owner(entry: JournalEntry, event: ReturnRefused) -> None: ...

A reaction runs at least once for each entry, in order within a shop, after the transaction that recorded it. It runs
in a transaction of its own and must be safe to run twice. Work outside the database belongs in a job that it enqueues.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from anshin.plumbing.journal.events import Event

if TYPE_CHECKING:
    from anshin.plumbing.journal.models import JournalEntry

E = TypeVar("E", bound=Event)

_reactions: dict[str, "Reaction"] = {}


@dataclass(frozen=True, slots=True)
class Reaction:
    """One registered function and the event it listens to."""

    name: str
    event: str
    function: Callable[["JournalEntry", Event], None]


def reacts_to(
    event: type[E], *, name: str
) -> Callable[[Callable[["JournalEntry", E], None]], Callable[["JournalEntry", E], None]]:
    """Register the decorated function under `name` ("room.what"), which its cursor carries for ever.

    Raises TypeError when another function has taken the name.
    """

    def register(function: Callable[["JournalEntry", E], None]) -> Callable[["JournalEntry", E], None]:
        known = _reactions.get(name)
        if known and known.function.__module__ != function.__module__:
            raise TypeError(f"Two reactions are called {name}")
        _reactions[name] = Reaction(name, event.name, function)  # type: ignore[arg-type]
        return function

    return register


def known_reactions() -> tuple[Reaction, ...]:
    """Every registered reaction, by name."""
    return tuple(_reactions[name] for name in sorted(_reactions))


def somebody_listens(event_names: set[str]) -> bool:
    """Whether any reaction waits for one of these events."""
    return any(reaction.event in event_names for reaction in _reactions.values())


def forget(name: str) -> None:
    """Take a reaction out of the register; for tests that register their own."""
    _reactions.pop(name, None)
