"""The register of reactions: "when that happened below, do this", declared in a room's reactions.py.

    @reacts_to(ReturnRefused, name="cases.tell_owner")
    def tell_owner(entry: JournalEntry, event: ReturnRefused) -> None: ...

It may listen to several events, which it then gets in the order in which they were recorded. An event that a room
above or beside declares is named by its name. A reaction that most shops have no use for says which have (`wanted_in`):
what is recorded elsewhere costs one question. One that most entries do not concern says which do (`concerns`): only
those wake it, and it passes the others over when it is awake.

A reaction runs at least once for each entry, in order within a shop, after the transaction that recorded it. It runs
in a transaction of its own and must be safe to run twice. Work outside the database belongs in a job that it enqueues.
One that has only read, and locked nothing, may say so by False: then the next entry is done in the same transaction.
What it needs to know for all of these it reads once beforehand (`prepare`), and gets with each entry.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from anshin.plumbing.journal.events import Event

if TYPE_CHECKING:
    from anshin.plumbing.journal.models import JournalEntry

E = TypeVar("E", bound=Event)
F = TypeVar("F", bound=Callable[..., bool | None])

_reactions: dict[str, "Reaction"] = {}


@dataclass(frozen=True, slots=True)
class Reaction:
    """One registered function and the events it listens to. `wanted_in` None: it is wanted in every shop."""

    name: str
    events: frozenset[str]
    function: Callable[..., bool | None]
    wanted_in: Callable[[int], bool] | None = None
    prepare: Callable[[int], object] | None = None
    concerns: Callable[[Event], bool] | None = None

    def wakes_for(self, recorded: Collection[Event]) -> set[str]:
        """The names of those of these events for which it has to be woken."""
        mine = [event for event in recorded if event.name in self.events]
        return {event.name for event in mine if self.concerns is None or self.concerns(event)}

    def ready(self, shop_id: int) -> Callable[["JournalEntry", Event], bool | None]:
        """The function for the entries of one transaction."""
        return partial(self.function, prepared=self.prepare(shop_id)) if self.prepare else self.function


def reacts_to(
    *events: type[E] | str,
    name: str,
    wanted_in: Callable[[int], bool] | None = None,
    prepare: Callable[[int], object] | None = None,
    concerns: Callable[[Event], bool] | None = None,
) -> Callable[[F], F]:
    """Register the decorated function under `name` ("room.what"), which its cursor carries for ever.

    `wanted_in`: whether a shop, by its id, has any use for it now; a shop that begins to calls `actions.begin_anew`.
    `prepare`: called with the shop's id once a transaction; what it gives is handed on as `prepared`.
    `concerns`: whether an event is worth waking it for; others of these events reach it, too, when it runs.
    Raises TypeError when another function has taken the name.
    """
    heard = frozenset(event if isinstance(event, str) else event.name for event in events)

    def register(function: F) -> F:
        known = _reactions.get(name)
        if known and known.function.__module__ != function.__module__:
            raise TypeError(f"Two reactions are called {name}")
        _reactions[name] = Reaction(name, heard, function, wanted_in, prepare, concerns)
        return function

    return register


def known_reactions() -> tuple[Reaction, ...]:
    """Every registered reaction, by name."""
    return tuple(_reactions[name] for name in sorted(_reactions))


def heard_events(recorded: Collection[Event], *, shop_id: int) -> set[str]:
    """The names of those of these events for which a reaction waits in the shop."""
    heard: set[str] = set()
    for reaction in _reactions.values():
        fresh = reaction.wakes_for(recorded) - heard
        if fresh and (reaction.wanted_in is None or reaction.wanted_in(shop_id)):
            heard |= fresh
    return heard


def forget(name: str) -> None:
    """Take a reaction out of the register; for tests that register their own."""
    _reactions.pop(name, None)
