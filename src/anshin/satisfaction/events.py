"""What the satisfaction room writes to the journal."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class SurveyAsked(Event):
    """The customer of a finished case was asked how it was."""

    name: ClassVar[str] = "satisfaction.asked"
    survey_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class SurveyNotAsked(Event):
    """Nobody was asked: a code of terms.NotAsked."""

    name: ClassVar[str] = "satisfaction.not_asked"
    why: str


@dataclass(frozen=True, slots=True)
class SurveyAnswered(Event):
    """A customer answered, or changed the answer; `score` from 1 to 5, `former` 0 at first."""

    name: ClassVar[str] = "satisfaction.answered"
    survey_id: int
    score: int
    former: int
    has_words: bool


@dataclass(frozen=True, slots=True)
class SurveySeen(Event):
    """A member of staff has read an answer."""

    name: ClassVar[str] = "satisfaction.seen"
    survey_id: int


@dataclass(frozen=True, slots=True)
class SurveySet(Event):
    """Whether customers are asked, and how many hours after the end."""

    name: ClassVar[str] = "satisfaction.set"
    is_on: bool
    hours: int
