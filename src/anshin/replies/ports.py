"""Sockets of the replies room: what rooms above know of a case, and what they object to in a reply."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from anshin.cases.ports import Objection
from anshin.plumbing.sockets import Socket
from anshin.replies.terms import Placeholder

if TYPE_CHECKING:
    from anshin.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Right:
    """A right of the customer that whoever answers should have in mind: a sentence, and where it stands."""

    words: str
    source: str


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """Where something in a case stands, for whoever answers.

    `steps`: codes of terms.MacroStep, the one that fits best first; `name`: what is meant ("R-0312"); `rights`: of the
    customer, in the reader's language.
    """

    steps: tuple[str, ...] = ()
    name: str = ""
    rights: tuple[Right, ...] = ()


class CaseSource(Protocol):
    """A room above that knows more of a case: values for placeholders, the step, the customer's rights."""

    names: frozenset[Placeholder]

    def values(
        self, shop: Shop, case_id: int, names: Collection[str], *, language: str, now: datetime
    ) -> Mapping[str, str]:
        """The values of those of `names` that are known, written the way of `language`."""
        ...

    def standing(self, shop: Shop, case_id: int) -> CaseStanding:
        """Where it stands; an empty one for a case of which the room knows nothing."""
        ...


case_sources: Socket[tuple[CaseSource, ...]] = Socket("replies.case_sources")


class Objector(Protocol):
    """A room above that objects to what should not be said to a customer."""

    def objections(self, shop_id: int, case_id: int, text: str) -> tuple[Objection, ...]:
        """What in our own words should not leave. No query for a text in which nothing can be wrong."""
        ...


objectors: Socket[tuple[Objector, ...]] = Socket("replies.objectors")
