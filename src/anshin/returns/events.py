"""Facts of the returns room for the journal and the timeline."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class PolicyDrafted(Event):
    """A draft of the policy was begun; `source_id`: the version it was copied from, 0 for none."""

    name: ClassVar[str] = "policy.drafted"
    policy_id: int
    source_id: int


@dataclass(frozen=True, slots=True)
class PolicySaved(Event):
    """A draft of the policy was changed; `fields` names what differs."""

    name: ClassVar[str] = "policy.saved"
    policy_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyRemoved(Event):
    """A draft of the policy was thrown away."""

    name: ClassVar[str] = "policy.removed"
    policy_id: int


@dataclass(frozen=True, slots=True)
class PolicyPublished(Event):
    """A version was published; orders are judged by it from `in_force_at` on."""

    name: ClassVar[str] = "policy.published"
    policy_id: int
    label: str
    in_force_at: datetime


@dataclass(frozen=True, slots=True)
class PolicyWithdrawn(Event):
    """A published version became a draft again before any order was judged by it."""

    name: ClassVar[str] = "policy.withdrawn"
    policy_id: int
    label: str


@dataclass(frozen=True, slots=True)
class PolicyShowingTold(Event):
    """Since when the terms of a version stand at a place; `since_on` None: they do not. `former` is the day before."""

    name: ClassVar[str] = "policy.showing_told"
    policy_id: int
    where: str
    former: date | None
    since_on: date | None
