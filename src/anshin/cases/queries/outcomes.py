"""What became of a reply: whether the customer wrote again, and whether the case ended with it."""

from dataclasses import dataclass
from datetime import timedelta

from anshin.cases.models import Message
from anshin.cases.terms import Delivery, Direction, Status


@dataclass(frozen=True, slots=True)
class Outcome:
    """`was_last_word`: the case is closed, and nothing was said in it after the reply."""

    is_taken_back: bool
    was_answered: bool
    was_last_word: bool


def outcome_of(message_id: int, *, within: timedelta) -> Outcome:
    """What followed a reply; an answer counts `within` that time. Two queries."""
    sent = Message.objects.select_related("case").get(pk=message_id)
    after = Message.objects.filter(case_id=sent.case_id, at__gt=sent.at, is_automatic=False)
    later = list(after.exclude(delivery=Delivery.TAKEN_BACK).values_list("direction", "at"))
    answered = any(direction == Direction.IN and at <= sent.at + within for direction, at in later)
    return Outcome(
        is_taken_back=sent.delivery == Delivery.TAKEN_BACK,
        was_answered=answered,
        was_last_word=sent.case.status == Status.CLOSED and not later,
    )
