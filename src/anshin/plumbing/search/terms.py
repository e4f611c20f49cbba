"""Words of the search index: documents, their parts, and what a query asks for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Part(StrEnum):
    """The parts of a document. Who may read it reads head and body; the inner part only those who may."""

    HEAD = "h"
    BODY = "b"
    INNER = "i"


class Ranking(StrEnum):
    """How hits are sorted."""

    NEWEST = "newest"
    BEST = "best"  # first those whose head has all that is asked for, each by newest


@dataclass(frozen=True, slots=True)
class Content:
    """One part of a document: plain text as it is compared, and its words in their dictionary's spelling."""

    text: str = ""
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """Something to be found. `kind` and `object_id` say which row; `area` is a letter that a query must name.

    `at` is the moment by which hits are sorted.
    """

    kind: str
    object_id: int
    area: str
    at: datetime
    head: Content = Content()
    body: Content = Content()
    inner: Content = Content()


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a document must have: the phrase as it stands, or else all of `words` anywhere in it.

    With `is_excluded` it must not have it.
    """

    phrase: str
    words: tuple[str, ...] = ()
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Where is sought: in one shop, in these areas, in the inner parts only when the reader may see them."""

    shop_id: int
    areas: tuple[str, ...]
    sees_inner: bool

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part.HEAD, Part.BODY, Part.INNER) if self.sees_inner else (Part.HEAD, Part.BODY)


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that fits. `key` is its place in the order of time."""

    key: int
    object_id: int


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of hits. `next` is the cursor of the page after it, "" where there is none."""

    items: list[Hit]
    next: str


MOST_COUNTED: Final = 10_000
"""Up to here a count is exact; one more stands for “more than that”."""
