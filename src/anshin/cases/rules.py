"""Decisions of the cases room: whose turn it is, where a mail belongs, what a message may become."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from anshin.cases.terms import BY_HAND, Bought, Delivery, DueState, Priority, PromotionAlert, Resolution, Status
from anshin.language.promotions import STRONG, SignFound, speaks_of_offer
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
MOST_FORMER_DRAFTS = 5
FORMER_DRAFT_EVERY = timedelta(minutes=5)
SHORTEST_FORMER_DRAFT = 20  # characters; less is quicker to write again
SURE_OF_TOPIC = 0.6  # from then on a later message adds a topic to its case
FEWEST_CORRECTIONS = 10  # from so many on a shop's people teach the classifier
MOST_CORRECTIONS = 5_000
URGENT_MINUTES = 60  # of opening time, within which an urgent case wants its answer unless a shop says otherwise
RESOLUTION_MINUTES = 2_400  # of opening time, within which a case wants to be solved: five days of eight hours
SHORTEST_WARNING_MINUTES = 15
LONGEST_WARNING_MINUTES = 240
HEAD_START_OF_DANGER = timedelta(days=4_000)
HEAD_START_OF_A_DAY = timedelta(days=2_000)
HEAD_START_OF_SECOND_CONTACT = timedelta(days=7)
SECOND_CONTACT_DAYS = 7
FOLLOW_UP_DAYS = 7
BULK_PIECES = 30  # our own bounds: a first order of so many pieces, or of so much, is out of the ordinary
VERY_LARGE_YEN = 300_000
FOLLOWED_UP_TOPICS = frozenset({"item.defect", "item.injury", "item.wrong", "delivery.damaged"})
COMPLAINT_TAGS = frozenset({"クレーム", "苦情", "complaint"})
_LINE_LOOKED_FOR_IN = 4_000
_RECORD, _UNIT = "\x1e", "\x1f"  # separators that nobody types
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
    Delivery.HELD: frozenset({Delivery.TAKEN_BACK, Delivery.SENDING, Delivery.PAUSED}),
    Delivery.PAUSED: frozenset({Delivery.HELD, Delivery.TAKEN_BACK}),
    Delivery.APPROVAL: frozenset({Delivery.HELD, Delivery.TAKEN_BACK}),
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


def is_scheduled(at: datetime, leaves_at: datetime | None) -> bool:
    """Whether a reply written at `at` leaves at a time that somebody chose, and not when the undo window is over."""
    return leaves_at is not None and leaves_at - at > timedelta(seconds=UNDO_SECONDS)


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


@dataclass(frozen=True, slots=True)
class Target:
    """Within how much opening time cases of a kind want an answer and a resolution; "" means any, None nothing said."""

    channel: str = ""
    topic: str = ""
    priority: str = ""
    answer_minutes: int | None = None
    resolution_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """What a case's clock counts towards: the target that says it for the answer, and for the resolution."""

    answer_rule: Target
    resolution_rule: Target

    @property
    def answer_minutes(self) -> int:
        return self.answer_rule.answer_minutes or 0

    @property
    def resolution_minutes(self) -> int:
        return self.resolution_rule.resolution_minutes or 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when what is owed, and from when on that is near."""

    answer_due_at: datetime | None
    resolution_due_at: datetime | None
    due_at: datetime
    warn_at: datetime


def aim_for(targets: Collection[Target], *, channel: str, topic: str, is_urgent: bool, answer_minutes: int) -> Aim:
    """The most specific target wins: for a case's own topic, then for the topic above it, then for a channel.

    Answer and resolution are looked for each by itself. An urgent case takes the shorter of what is said of urgent
    cases and of what it would have if it were not urgent. `answer_minutes`: the shop's general target.
    """
    general = Target(answer_minutes=answer_minutes, resolution_minutes=RESOLUTION_MINUTES)
    known = [*targets, Target(priority=Priority.URGENT, answer_minutes=URGENT_MINUTES), general]
    fitting = [each for each in known if _fits(each, channel, topic)]
    groups: list[set[str]] = [{"", Priority.NORMAL}, {Priority.URGENT}] if is_urgent else [{"", Priority.NORMAL}]

    def shortest(name: str) -> Target:
        saying = [[each for each in fitting if getattr(each, name) and each.priority in group] for group in groups]
        return min((max(each, key=_specificity) for each in saying if each), key=lambda best: getattr(best, name))

    return Aim(shortest("answer_minutes"), shortest("resolution_minutes"))


def _fits(target: Target, channel: str, topic: str) -> bool:
    return target.topic in {"", topic, topic.partition("/")[0]} and target.channel in {"", channel}


def _specificity(target: Target) -> tuple[int, bool, bool]:
    """A shop's own topic is longer than the one above it. Of equals the first counts, a shop's before the house's."""
    return len(target.topic), bool(target.channel), bool(target.priority)


def deadline(
    *,
    since: datetime,
    answer: tuple[int, timedelta] | None,
    resolution: tuple[int, timedelta] | None,
    after: Callable[[datetime, timedelta], datetime],
) -> Deadline | None:
    """When what is owed is due for a clock that runs from `since`; None when nothing is owed.

    `answer`, `resolution`: the target in minutes and what of it was used before. `after`: the shop's calendar.
    """
    owed = [each for each in (answer, resolution) if each]
    if not owed:
        return None
    moments = [after(since, max(timedelta(minutes=target) - used, timedelta(0))) for target, used in owed]
    due_at = min(moments)
    target, used = owed[moments.index(due_at)]
    warned = timedelta(minutes=target - warning_minutes(target))
    return Deadline(
        answer_due_at=moments[0] if answer else None,
        resolution_due_at=moments[-1] if resolution else None,
        due_at=due_at,
        warn_at=min(due_at, after(since, max(warned - used, timedelta(0)))),
    )


def warning_minutes(target_minutes: int) -> int:
    """How much opening time before its deadline a case is near it: a quarter of its target, within bounds."""
    return min(max(target_minutes // 4, SHORTEST_WARNING_MINUTES), LONGEST_WARNING_MINUTES)


def next_check(*, warn_at: datetime, due_at: datetime, now: datetime) -> datetime | None:
    """When there is something new to tell about a deadline of which all up to `now` has been told."""
    return next((moment for moment in (warn_at, due_at) if moment > now), None)


def due_state(*, warn_at: datetime | None, due_at: datetime | None, now: datetime) -> str | None:
    """How a case stands to its deadline at `now`."""
    if due_at is not None and due_at <= now:
        return DueState.OVERDUE.value
    return DueState.SOON.value if warn_at is not None and warn_at <= now else None


def rank_moment(due_at: datetime, *, is_urgent: bool, urgent_on: date | None, is_second_contact: bool) -> datetime:
    """By which moment open cases are put in order, the earliest first: what is due, with a head start for some.

    Danger comes first, then the day of a gift or an event that is near, then whoever had to write again; among
    equals what is due first, so that the longest overdue leads.
    """
    if is_urgent and urgent_on is None:
        return due_at - HEAD_START_OF_DANGER
    if is_urgent and urgent_on is not None:
        return datetime.combine(urgent_on, time(), UTC) - HEAD_START_OF_A_DAY
    return due_at - HEAD_START_OF_SECOND_CONTACT if is_second_contact else due_at


def is_same_matter(
    *,
    orders: Collection[int],
    topics: Collection[str],
    earlier_orders: Collection[int],
    earlier_topics: Collection[str],
) -> bool:
    """Whether a new case is about what an earlier one was: one of its orders, or without any the same topic."""
    if orders and earlier_orders:
        return bool(set(orders) & set(earlier_orders))
    bases = [{code.partition("/")[0] for code in codes} - {OTHER} for codes in (topics, earlier_topics)]
    return bool(bases[0] & bases[1])


def wants_follow_up(*, topics: Collection[str], tag_names: Collection[str], resolution: str) -> bool:
    """Whether we ask after such a case some days after it has ended: where something was wrong, or a complaint."""
    if resolution in {Resolution.NOT_A_CASE, Resolution.DUPLICATE}:
        return False
    bases = {code.partition("/")[0] for code in topics}
    return bool(bases & FOLLOWED_UP_TOPICS) or bool(set(tag_names) & COMPLAINT_TAGS)


def former_drafts(stored: str) -> list[tuple[datetime, str]]:
    """The former versions of a draft with the moments at which they were saved, newest first."""
    parts = (record.partition(_UNIT) for record in stored.split(_RECORD) if record)
    return [(datetime.fromisoformat(at), text) for at, _unit, text in parts]


def keep_former_draft(stored: str, *, text: str, saved_at: datetime, fresh: str, is_replaced: bool = False) -> str:
    """`stored` with `text`, saved at `saved_at`, added when it is worth keeping before `fresh` takes its place.

    Worth keeping is what loses much, what is replaced as a whole, and one version in FORMER_DRAFT_EVERY; the oldest
    goes. Words stand in it as they were written, so that striking out finds them.
    """
    known = former_drafts(stored)
    loses_much = len(fresh) < 0.6 * len(text)
    is_time = not known or saved_at - known[0][0] >= FORMER_DRAFT_EVERY
    is_new = len(text.strip()) >= SHORTEST_FORMER_DRAFT and text not in [former for _at, former in known]
    if not is_new or not (loses_much or is_time or is_replaced):
        return stored
    plain = text.replace(_RECORD, "").replace(_UNIT, "")
    newest = [(saved_at, plain), *known][:MOST_FORMER_DRAFTS]
    return _RECORD.join(f"{at.isoformat()}{_UNIT}{former}" for at, former in newest)


def promotion_alert(orders: Sequence[Bought], signs: Sequence[SignFound], *, order_count: int) -> PromotionAlert | None:
    """Why a case looks like goods bought for a reward that never comes, or None; the largest order speaks for it.

    `orders`: the customer's beside the case, not cancelled; `order_count`: all the customer ever placed. Only a first
    purchase counts, in bulk or for very much, and only together with the customer's own words.
    """
    told = any(found.sign in STRONG for found in signs) or speaks_of_offer(tuple(signs))
    large = [each for each in orders if each.pieces >= BULK_PIECES or each.total_yen >= VERY_LARGE_YEN]
    if not told or not large or order_count > len(orders):
        return None
    return PromotionAlert(max(large, key=lambda each: each.total_yen), tuple(found.words for found in signs))
