"""Whom to ask, for how long an answer is taken, and what the figures mean. Values in, decision out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

ASKED_AGAIN_AFTER = timedelta(days=30)
"""A customer who writes every week is not asked every week."""
ANSWERED_WITHIN = timedelta(days=60)
CHANGED_WITHIN = timedelta(days=30)
"""So long after it was given an answer may be changed."""
_UNFIT_TOPICS = frozenset({"account.phishing", "item.injury", "order.not_mine", "privacy.third_party"})
"""Whoever was hurt, defrauded or exposed is not asked to rate the service."""
_UNFIT_ENDS = frozenset({"duplicate", "not_a_case", "no_reply"})


@dataclass(frozen=True, slots=True)
class Finished:
    """What must be known of a case to decide; `resolution` "" while it is open."""

    status: str
    resolution: str
    topic: str
    was_answered: bool
    mail: str
    mail_arrives: bool
    asked_last_at: datetime | None


def why_not(case: Finished, *, now: datetime) -> str:
    """A code of terms.NotAsked; "" when the customer is to be asked."""
    if case.status != "closed":
        return "not_finished"
    if case.resolution in _UNFIT_ENDS or case.topic.partition("/")[0] in _UNFIT_TOPICS:
        return "unfit"
    if not case.was_answered:
        return "no_answer"
    if not case.mail or not case.mail_arrives:
        return "no_address"
    if case.asked_last_at and now - case.asked_last_at < ASKED_AGAIN_AFTER:
        return "asked_lately"
    return ""


def may_answer(*, asked_at: datetime, answered_at: datetime | None, now: datetime) -> bool:
    """Whether an answer is still taken: the first for two months, a change of it for another."""
    return now - (answered_at or asked_at) < (CHANGED_WITHIN if answered_at else ANSWERED_WITHIN)


def satisfied_percent(counts: Mapping[int, int]) -> int | None:
    """The share of answers 4 and 5 in percent, rounded; None without answers. `counts`: score to number."""
    total = sum(counts.values())
    return round(100 * (counts.get(4, 0) + counts.get(5, 0)) / total) if total else None
