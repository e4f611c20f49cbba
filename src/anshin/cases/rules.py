"""Decisions of the cases room: whose turn it is, where a mail belongs, what a message may become."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anshin.cases.terms import BY_HAND, Delivery, Status
from anshin.language.sensitive_numbers import masked
from anshin.language.topics.codes import OTHER, TopicSource

UNDO_SECONDS = 10
MOST_DELIVERY_ATTEMPTS = 15  # with doubling pauses of at most an hour: about nine hours
REOPEN_WITHIN = timedelta(days=60)
SAME_SUBJECT_WITHIN = timedelta(days=14)
LINE_LENGTH = 120
TOO_OLD_FOR_TOPICS = timedelta(days=14)  # old mail that is imported waits for nobody
MOST_TOPICS = 4
MOST_OWN_TOPICS = 60  # more is no help to whoever chooses
LONGEST_TOPIC_NAME = 40
SURE_OF_TOPIC = 0.6  # from then on a later message adds a topic to its case
FEWEST_CORRECTIONS = 10  # from so many on a shop's people teach the classifier
MOST_CORRECTIONS = 5_000
URGENT_MINUTES = 60  # of opening time, within which an urgent case wants its answer
_LINE_LOOKED_FOR_IN = 4_000
_PREFIX = re.compile(r"(?:re|fwd?|aw|返信|転送)(?:\[\d+\])?\s*:\s*", re.IGNORECASE)

_FORWARD_HEAD = re.compile(
    r"[-_=＿－]{4,}|(?:from|to|cc|date|sent|subject|差出人|宛先|日時|送信日時|日付|件名)\s?[:：]"
    r"|begin forwarded message|転送されたメッセージ",
    re.IGNORECASE,
)

MAY_BECOME: Mapping[str, frozenset[str]] = {
    Status.OPEN: frozenset({Status.WAITING, Status.SNOOZED, Status.CLOSED, Status.SPAM}),
    Status.WAITING: frozenset({Status.OPEN, Status.SNOOZED, Status.CLOSED, Status.SPAM}),
    Status.SNOOZED: frozenset({Status.OPEN, Status.WAITING, Status.CLOSED, Status.SNOOZED, Status.SPAM}),
    Status.CLOSED: frozenset({Status.OPEN, Status.WAITING, Status.SPAM}),
    Status.SPAM: frozenset({Status.OPEN}),
}
DELIVERY_MAY_BECOME: Mapping[str, frozenset[str]] = {
    Delivery.HELD: frozenset({Delivery.TAKEN_BACK, Delivery.SENDING}),
    Delivery.QUEUED: frozenset({Delivery.SENDING}),
    Delivery.SENDING: frozenset(
        {Delivery.SENT, Delivery.QUEUED, Delivery.DEFERRED, Delivery.FAILED, Delivery.UNSURE, Delivery.SENDING}
    ),
    Delivery.DEFERRED: frozenset({Delivery.SENDING, Delivery.QUEUED, Delivery.FAILED}),
    Delivery.SENT: frozenset({Delivery.BOUNCED}),
    Delivery.FAILED: frozenset({Delivery.QUEUED}),
    Delivery.BOUNCED: frozenset({Delivery.QUEUED}),
    Delivery.UNSURE: frozenset({Delivery.QUEUED, Delivery.SENT, Delivery.BOUNCED}),
    Delivery.TAKEN_BACK: frozenset(),
    Delivery.RECEIVED: frozenset(),
}


class IllegalStep(ValueError):
    """A case or message cannot go from where it stands to what was asked."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case to which an incoming message could belong. `parties`: folded mail addresses of its customer side."""

    case_id: int
    is_closed: bool
    last_activity_at: datetime
    parties: frozenset[str]
    subject_key: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an incoming message goes: into `case_id`, or (None) into a new case, perhaps related to another."""

    case_id: int | None
    related_case_id: int | None
    reason: str


def check_step(former: str, status: str) -> None:
    """Raise IllegalStep unless a case in `former` may become `status`."""
    if status not in MAY_BECOME[former]:
        raise IllegalStep(f"{former} -> {status}")


def check_delivery(former: str, delivery: str) -> None:
    """Raise IllegalStep unless a message in `former` may become `delivery`."""
    if delivery not in DELIVERY_MAY_BECOME[former]:
        raise IllegalStep(f"{former} -> {delivery}")


def place_of(
    *,
    sender_key: str,
    subject_key: str,
    now: datetime,
    by_token: Candidate | None,
    by_reference: Collection[Candidate],
    by_sender: Collection[Candidate],
) -> Place:
    """The case of an incoming message: reply token, then references, then same sender and subject.

    The sender must be a party of the case; a forwarded token or a case number in the subject proves nothing. A case
    closed longer than REOPEN_WITHIN ago is not reopened: the message opens a new case that names the old one.
    """
    named = ([("token", by_token)] if by_token else []) + [("reference", found) for found in by_reference]
    stranger: int | None = None
    for reason, found in named:
        if sender_key not in found.parties:
            stranger = stranger or found.case_id
        elif found.is_closed and now - found.last_activity_at > REOPEN_WITHIN:
            return Place(None, found.case_id, "closed_long_ago")
        else:
            return Place(found.case_id, None, reason)
    if stranger:
        return Place(None, stranger, "sender_is_not_a_party")
    for found in by_sender:
        recent = now - found.last_activity_at <= SAME_SUBJECT_WITHIN
        if subject_key and found.subject_key == subject_key and recent and not found.is_closed:
            return Place(found.case_id, None, "same_sender_and_subject")
    return Place(None, None, "new")


def bare_subject(subject: str) -> str:
    """The subject for comparing: without Re:, Fwd:, 返信: and the like, folded in width and case."""
    folded = unicodedata.normalize("NFKC", subject).strip()
    while found := _PREFIX.match(folded):
        folded = folded[found.end() :]
    return folded.casefold()


def answering(subject: str, *, is_first: bool) -> str:
    """The subject of a reply: with one Re:, unless it begins the conversation."""
    return subject if is_first or not subject or subject.lower().startswith("re:") else f"Re: {subject}"


def one_line(text: str) -> str:
    """The first line worth showing in a list, card numbers masked, without white space runs, at most LINE_LENGTH.

    The head of a forwarded mail (a rule, From, Date, Subject) is passed over as long as anything else is there.
    """
    squeezed = (" ".join(line.split()) for line in masked(text[:_LINE_LOOKED_FOR_IN]).splitlines())
    said = [line[:LINE_LENGTH] for line in squeezed if line and not line.startswith(">")]
    return next((line for line in said if not _FORWARD_HEAD.match(line)), next(iter(said), ""))


def status_after_message(status: str, *, from_customer: bool, is_automatic: bool) -> str:
    """Whose turn it is after a message. An automatic mail never changes it; spam has rules of its own."""
    if is_automatic or status == Status.SPAM:
        return status
    return Status.OPEN if from_customer else Status.WAITING


def goes_to_spam(*, is_judged_spam: bool, place: Place, is_trusted: bool, has_orders: bool) -> bool:
    """Whether a message that a provider calls spam is put away: only one that begins a case.

    An answer to a mail of this desk is read, whoever judges it; so are a trusted sender and a customer with orders.
    """
    is_answer = place.case_id is not None or place.related_case_id is not None
    return is_judged_spam and not (is_answer or is_trusted or has_orders)


def message_clears_spam(*, reason: str, is_judged_spam: bool, is_automatic: bool) -> bool:
    """Whether a further message brings a spam case back: not where a person put it away."""
    return reason != BY_HAND and not is_judged_spam and not is_automatic


def topics_after(
    source: str, known: Sequence[Sequence[Any]], proposed: Sequence[tuple[str, float]]
) -> list[Any] | None:
    """The topics of a case once a further message was read, as [[code, probability], …]; None: they stay.

    What a person, a form or a warning said stays. “Other” and unsureness about a later message (a short thanks) take
    nothing away; a further topic is added behind the first.
    """
    if source in {TopicSource.PERSON, TopicSource.FORM, TopicSource.SENDER}:
        return None
    fresh: list[Any] = [[code, share] for code, share in proposed]
    if not known:
        return fresh
    codes = {code for code, _share in known}
    added = [each for each in fresh if each[0] not in codes and each[0] != OTHER and each[1] >= SURE_OF_TOPIC]
    return [list(each) for each in known] + added[: MOST_TOPICS - len(known)] if added else None
