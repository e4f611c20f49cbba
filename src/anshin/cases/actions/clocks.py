"""How the clock of a case starts, stops and goes on: the values that a verb writes beside its own.

Opening time counts while a case waits for us, snoozed or not: putting a case away changes nothing for the customer.
It does not count while we wait for the customer, nor in the spam folder, nor after the end.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from anshin.cases import rules
from anshin.cases.queries.targets import Clockwork

if TYPE_CHECKING:
    from anshin.cases.models import Case, Message
    from anshin.shops.models import Shop

Values = dict[str, Any]
NEAR = timedelta(days=2)
_TOLD = {"due_state", "deadline_check_at"}
AT_REST: Values = {"due_at": None, "due_state": None, "deadline_check_at": None}


def started(
    work: Clockwork, *, channel: str, topic: str = "", is_urgent: bool = False, since: datetime, now: datetime
) -> Values:
    """A first clock, for a case in which an answer is owed since `since`. What is long past is told to nobody."""
    aim = work.aim(channel=channel, topic=topic, is_urgent=is_urgent)
    values: Values = {
        "answer_target_minutes": aim.answer_minutes,
        "resolution_target_minutes": aim.resolution_minutes,
        "counting_since_at": since,
        "paused_at": None,
        "answer_used_seconds": 0,
        "resolution_used_seconds": 0,
    }
    values |= _deadlines(work, values, owes_answer=True)
    if now - since > rules.TOO_OLD_FOR_TOPICS:
        values |= _as_told(values, now)
    return values


def until(work: Clockwork, *, due_at: datetime, now: datetime) -> Values:
    """A clock towards a moment that somebody outside has set; near from two days before. No answer is owed."""
    opening = work.calendar.between(now, due_at)
    return {
        "answer_target_minutes": None,
        "resolution_target_minutes": max(int(opening.total_seconds() // 60), 1),
        "counting_since_at": now,
        "paused_at": None,
        "answer_used_seconds": 0,
        "resolution_used_seconds": 0,
        "answer_due_at": None,
        "resolution_due_at": due_at,
        "due_at": due_at,
        "warn_at": due_at - NEAR,
        "due_state": None,
        "deadline_check_at": due_at - NEAR,
    }


def running(case: Case, shop: Shop, *, since: datetime, work: Clockwork | None = None) -> Values:
    """The clock runs from `since`, with what is left of both targets; one that runs already goes on as it is.

    Where no answer was owed any more one is owed anew, and a resolution that was reached is open again.
    """
    if case.runs:
        return {}
    work = work or Clockwork(shop)
    aim = work.aim(channel=case.channel, topic=case.topic, is_urgent=case.is_urgent)
    values = counted(case, work) | {
        "answer_target_minutes": aim.answer_minutes,
        "resolution_target_minutes": aim.resolution_minutes,
        "counting_since_at": since,
        "paused_at": None,
        "resolution_is_met": None,
    }
    return values | _deadlines(work, values, owes_answer=True)


def afresh(case: Case, shop: Shop, *, since: datetime) -> Values:
    """A clock as for a new case: what was before does not count."""
    return started(
        Clockwork(shop),
        channel=case.channel,
        topic=case.topic,
        is_urgent=case.is_urgent,
        since=since,
        now=since,
    )


def stopped(case: Case, *, at: datetime, is_answer: bool = False) -> Values:
    """The clock stands still from `at`; with `is_answer` the customer has what was owed. Asks nothing."""
    values: Values = dict(AT_REST)
    if case.runs:
        values["paused_at"] = at
    if is_answer:
        values |= _answered(case, at) | {"answer_due_at": None}
    return values


def handed_over(case: Case, message: Message, *, now: datetime) -> Values:
    """The clock once a reply is written: it stops, unless the reply leaves later; then it runs until that moment."""
    if rules.is_scheduled(message.at, message.leaves_at):
        return {}
    return stopped(case, at=now, is_answer=True)


def left(case: Case, message: Message, *, now: datetime) -> Values:
    """The clock once a reply that was to leave later has left. Nothing for any other, or where the customer wrote."""
    if not (case.runs and rules.is_scheduled(message.at, message.leaves_at)) or case.last_by_customer:
        return {}
    return stopped(case, at=now, is_answer=True)


def answered_moment(case: Case, message: Message) -> datetime:
    """When this message counted as the answer: as it was written, or as it left when that was later."""
    is_later = message.sent_at is not None and case.first_answered_at == message.sent_at
    return message.sent_at if is_later and message.sent_at else message.at


def ended(case: Case, *, at: datetime) -> Values:
    """The clock of a case that is closed at `at`, and whether its resolution was in time."""
    until = case.paused_at or at
    is_met = until <= case.resolution_due_at if case.resolution_due_at else None
    return stopped(case, at=at) | {"resolution_is_met": is_met}


def unreached(case: Case, shop: Shop, *, answered_at: datetime, since: datetime) -> Values:
    """The clock runs again from `since`: the answer of `answered_at` reached nobody and counts for nothing."""
    return running(case, shop, since=since) | _unanswered(case, at=answered_at)


def unstopped(case: Case, shop: Shop, *, answered_at: datetime, since: datetime, now: datetime) -> Values:
    """As if the answer of `answered_at` had never been written; the customer waits since `since`."""
    values = _unanswered(case, at=answered_at)
    if case.paused_at is None:
        return values
    work = Clockwork(shop)
    names = ("counting_since_at", "answer_used_seconds", "resolution_used_seconds")
    values |= {name: getattr(case, name) for name in names} | _targets(case, work) | {"paused_at": None}
    if case.counting_since_at is None:  # counted meanwhile, up to the stop
        waited = work.calendar.between(since, case.paused_at)
        values |= {"counting_since_at": case.paused_at, "answer_used_seconds": int(waited.total_seconds())}
    values |= _deadlines(work, values, owes_answer=True)
    return values | _as_told(values, now)


def retargeted(case: Case, work: Clockwork, *, is_forced: bool = False) -> Values:
    """New deadlines where other targets fit the case now, or in any case; its clock goes on."""
    if not case.runs:
        return {}
    targets = _targets(case, work)
    if not is_forced and all(getattr(case, name) == value for name, value in targets.items()):
        return {}
    names = ("counting_since_at", "answer_used_seconds", "resolution_used_seconds")
    values = {name: getattr(case, name) for name in names} | targets
    fresh = targets | _deadlines(work, values, owes_answer=case.answer_due_at is not None)
    differs = any(getattr(case, name) != value for name, value in fresh.items() if name not in _TOLD)
    return fresh if differs else {}


def restored(case: Case, *, due_at: datetime | None, now: datetime) -> Values:
    """A clock whose case was out of sight for a while, with the deadline that it had."""
    return {"due_at": due_at} | (_as_told({"due_at": due_at, "warn_at": case.warn_at}, now) if due_at else {})


def counted(case: Case, work: Clockwork) -> Values:
    """What a clock that stopped has run is put to what was used. Once more changes nothing."""
    if case.counting_since_at is None or case.paused_at is None:
        return {name: getattr(case, name) for name in ("answer_used_seconds", "resolution_used_seconds")}
    ran = int(work.calendar.between(case.counting_since_at, case.paused_at).total_seconds())
    for_answer = case.answer_used_seconds + ran
    values: Values = {
        "counting_since_at": None,
        "answer_used_seconds": for_answer if case.answer_due_at else 0,
        "resolution_used_seconds": case.resolution_used_seconds + ran,
    }
    if case.first_answered_at and case.first_answer_minutes is None:
        values["first_answer_minutes"] = for_answer // 60
    return values


def earlier(kept: Case, ended_case: Case) -> Values:
    """The clock of the two that presses more, for the case that goes on after a merge."""
    if not ended_case.runs or not kept.runs or not ended_case.due_at or not kept.due_at:
        return {}
    names = [field.name for field in type(kept)._meta.get_fields() if field.name in _CARRIED]
    return {name: getattr(ended_case, name) for name in names} if ended_case.due_at < kept.due_at else {}


_CARRIED = {
    "answer_target_minutes",
    "resolution_target_minutes",
    "counting_since_at",
    "answer_used_seconds",
    "resolution_used_seconds",
    "answer_due_at",
    "resolution_due_at",
    "due_at",
    "warn_at",
    "due_state",
    "deadline_check_at",
}


def _answered(case: Case, at: datetime) -> Values:
    if case.first_answered_at is not None or case.answer_due_at is None:
        return {}
    is_counted = case.counting_since_at is None
    return {
        "first_answered_at": at,
        "first_target_minutes": case.answer_target_minutes,
        "first_is_met": (case.paused_at or at) <= case.answer_due_at,
        "first_answer_minutes": case.answer_used_seconds // 60 if is_counted else None,
    }


def _unanswered(case: Case, *, at: datetime) -> Values:
    if case.first_answered_at != at:
        return {}
    return dict.fromkeys(("first_answered_at", "first_answer_minutes", "first_target_minutes", "first_is_met"))


def _targets(case: Case, work: Clockwork) -> Values:
    aim = work.aim(channel=case.channel, topic=case.topic, is_urgent=case.is_urgent)
    return {"answer_target_minutes": aim.answer_minutes, "resolution_target_minutes": aim.resolution_minutes}


def _deadlines(work: Clockwork, values: Values, *, owes_answer: bool) -> Values:
    answer = (values["answer_target_minutes"], timedelta(seconds=values["answer_used_seconds"]))
    resolution = (values["resolution_target_minutes"], timedelta(seconds=values["resolution_used_seconds"]))
    found = rules.deadline(
        since=values["counting_since_at"],
        answer=answer if owes_answer else None,
        resolution=resolution,
        after=work.calendar.after,
    )
    if found is None:
        return dict(AT_REST)
    return {
        "answer_due_at": found.answer_due_at,
        "resolution_due_at": found.resolution_due_at,
        "due_at": found.due_at,
        "warn_at": found.warn_at,
        "due_state": None,
        "deadline_check_at": found.warn_at,
    }


def _as_told(values: Values, now: datetime) -> Values:
    """All that is past by `now` counts as told."""
    moments = {"warn_at": values["warn_at"], "due_at": values["due_at"]}
    return {
        "due_state": rules.due_state(**moments, now=now),
        "deadline_check_at": rules.next_check(**moments, now=now),
    }
