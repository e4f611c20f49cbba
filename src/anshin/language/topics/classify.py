"""Topics, urgency and language of one message in one call; for the command, the job and the measurements."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from anshin.language.detect import LanguageGuess, guess_language
from anshin.language.topics.features import said
from anshin.language.topics.model import TopicModel, base_model, proposed
from anshin.language.topics.urgency import Urgency, judge

_ENOUGH: Final = 2_000
"""Characters from which the language is told."""


@dataclass(frozen=True, slots=True)
class Classified:
    """`topics`: all with their probability, best first; `proposed`: those worth showing, none where unsure."""

    topics: list[tuple[str, float]]
    proposed: list[tuple[str, float]]
    urgency: Urgency | None
    language: LanguageGuess


def classify(
    subject: str, text: str, *, sent_on: date, model: TopicModel | None = None, default_language: str = "ja"
) -> Classified:
    """What the message is about; dates in it are read against `sent_on`, the day in the shop's zone it was written."""
    message = said(subject, text)
    look = (model or base_model()).look(message)
    return Classified(
        topics=look.topics,
        proposed=proposed(look.topics),
        urgency=judge(message, sent_on=sent_on, learnt=look.urgent),
        language=written_in(subject, message.own, default=default_language),
    )


def written_in(subject: str, own: str, *, default: str = "ja") -> LanguageGuess:
    """The language of the writer's own words; the subject helps where they are few."""
    guess = guess_language(own[:_ENOUGH], default=default)
    if guess.certainty >= 0.6 and len(own) >= 20:
        return guess
    return guess_language(f"{subject}\n{own[:_ENOUGH]}", default=default)
