"""Facts about what cases are about, and whether they can wait."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class TopicsProposed(Event):
    """The classifier's word on a message; `topics` "" when it was unsure."""

    name: ClassVar[str] = "case.topics_proposed"
    message_id: int
    topics: str
    model: str


@dataclass(frozen=True, slots=True)
class TopicsSet(Event):
    """A person confirmed or corrected what a case is about; codes with commas, the main one first."""

    name: ClassVar[str] = "case.topics_set"
    former: str
    topics: str


@dataclass(frozen=True, slots=True)
class UrgencySeen(Event):
    """A message cannot wait: its kind, and the day that is near ("" for none)."""

    name: ClassVar[str] = "case.urgency_seen"
    message_id: int
    kind: str
    on: str


@dataclass(frozen=True, slots=True)
class UrgencySet(Event):
    """A person said that a case is urgent, or is not."""

    name: ClassVar[str] = "case.urgency_set"
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class TopicsLearnt(Event):
    """A night's learning from corrections: how many held out were right before and after, and whether it is used."""

    name: ClassVar[str] = "case.topics_learnt"
    correction_count: int
    right_before: int
    right_after: int
    is_used: bool


@dataclass(frozen=True, slots=True)
class TopicAdded(Event):
    """A topic of the shop's own: its code and its name."""

    name: ClassVar[str] = "case.topic_added"
    code: str
    words: str
    former: str = ""


@dataclass(frozen=True, slots=True)
class TopicRenamed(Event):
    """One of the shop's own topics is called otherwise."""

    name: ClassVar[str] = "case.topic_renamed"
    code: str
    words: str
    former: str


@dataclass(frozen=True, slots=True)
class TopicRetired(Event):
    """One of the shop's own topics is out of use."""

    name: ClassVar[str] = "case.topic_retired"
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class TopicBroughtBack(Event):
    """One of the shop's own topics is in use again."""

    name: ClassVar[str] = "case.topic_brought_back"
    code: str
    words: str
