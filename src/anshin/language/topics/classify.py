"""Topics, urgency and language of one message in one call; for the command, the job and the measurements."""

from dataclasses import dataclass
from datetime import date

from anshin.language.detect import LanguageGuess, guess_language
from anshin.language.topics.features import own_words
from anshin.language.topics.model import TopicModel, base_model, proposed
from anshin.language.topics.urgency import Urgency, judge


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
    look = (model or base_model()).look(subject, text)
    return Classified(
        topics=look.topics,
        proposed=proposed(look.topics),
        urgency=judge(subject, text, sent_on=sent_on, learnt=look.urgent),
        language=written_in(subject, text, default=default_language),
    )


def written_in(subject: str, text: str, *, default: str = "ja") -> LanguageGuess:
    """The language of the writer's own words; the subject helps where they are few."""
    own = own_words(text)
    guess = guess_language(own, default=default)
    if guess.certainty >= 0.6 and len(own) >= 20:
        return guess
    return guess_language(f"{subject}\n{own}", default=default)
