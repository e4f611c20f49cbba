"""The clock of a case in words: until when what is owed, and why until then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from anshin.cases.queries import explained
from anshin.cases.terms import Channel, DueState, Priority, Status
from anshin.plumbing.pages import dates
from anshin.staff.topic_words import topic_name

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.cases.queries import Owed
    from anshin.cases.rules import Target
    from anshin.shops.models import Shop

MOST_SPANS = 6
OWED: Mapping[str, str | Promise] = {
    "first_answer": gettext_lazy("First answer"),
    "answer": gettext_lazy("Next answer"),
    "resolution": gettext_lazy("Resolution"),
}


def minutes_words(minutes: int) -> str:
    """45分, 2時間, 1時間30分."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours})
    if rest or not hours:
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest})
    return ("" if get_language() == "ja" else " ").join(parts)


def moment_words(at: datetime, *, now: datetime) -> str:
    """金 17:40 within a week, else the date with it."""
    zone, language = timezone.get_current_timezone(), get_language() or "ja"
    there = at.astimezone(zone)
    if abs(there.date() - now.astimezone(zone).date()) >= timedelta(days=7):
        return dates.when(at, now=now, language=language)
    names = dates.DAYS_JA if language == "ja" else dates.DAYS_EN
    return f"{names[there.weekday()]} {there.hour}:{there.minute:02d}"


def sentence(*, since: datetime, due_at: datetime, minutes: int, now: datetime) -> str:
    """受付 金 17:40 → 月 9:40 まで: 営業時間で2時間."""
    return _("Received %(since)s → until %(due)s: %(time)s of opening time") % {
        "since": moment_words(since, now=now),
        "due": moment_words(due_at, now=now),
        "time": minutes_words(minutes),
    }


def kind_words(target: Target, own: Mapping[str, str] | None = None) -> str:
    """Of which cases a target speaks: “急ぎ・商品の不具合・電話”."""
    parts = [
        str(Priority(target.priority).label) if target.priority else "",
        topic_name(target.topic, own) if target.topic else "",
        str(Channel(target.channel).label) if target.channel else "",
    ]
    return " · ".join(part for part in parts if part) or _("All cases")


def due_words(case: Case, *, now: datetime) -> dict[str, Any]:
    """What the head of a case says about its deadline; nothing to ask of the database."""
    language = get_language() or "ja"
    due_at = case.answer_due_at if _is_promised(case) else case.due_at
    if (case.status != Status.OPEN and not _is_promised(case)) or not due_at:
        return {"text": str(Status(case.status).label), "state": "", "title": _("Show how the time is counted")}
    is_over = due_at <= now
    state = DueState.OVERDUE if is_over else (case.due_state or "")
    said = {"at": dates.when(due_at, now=now, language=language)}
    text = (_("overdue since %(at)s") if is_over else _("due %(at)s")) % said
    title = _("Show how the time is counted")
    minutes = case.answer_target_minutes if case.answer_due_at == due_at else case.resolution_target_minutes
    if case.counting_since_at and minutes:
        title = sentence(since=case.counting_since_at, due_at=due_at, minutes=minutes, now=now)
    return {"text": text, "state": str(state), "title": title}


def _is_promised(case: Case) -> bool:
    """A reply is written that leaves later: the customer still waits, and the clock runs until it has left."""
    return case.status == Status.WAITING and case.runs and case.answer_due_at is not None


def clock_context(shop: Shop, case: Case, *, own: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """What staff/_clock.html shows."""
    found = explained(shop, case)
    return {
        "owed": [_owed(each, case, own, now) for each in found.owed],
        "stopped": _stopped(case),
        "pauses": [_pause(*each, now) for each in found.pauses],
        "kept": _kept(case),
    }


def _owed(each: Owed, case: Case, own: Mapping[str, str], now: datetime) -> dict[str, Any]:
    spans = [_span(*span, now) for span in each.spans]
    what = "first_answer" if each.what == "answer" and case.first_answered_at is None else each.what
    return {
        "name": str(OWED[what]),
        "is_over": each.due_at <= now,
        "is_next": each.due_at == case.due_at,
        "sentence": sentence(since=each.since, due_at=each.due_at, minutes=each.target_minutes, now=now),
        "rule": _("Target for: %(kind)s") % {"kind": kind_words(each.rule, own)},
        "used": _("%(time)s were used before that.") % {"time": minutes_words(int(each.used.total_seconds()) // 60)}
        if each.used >= timedelta(minutes=1)
        else "",
        "spans": spans[:MOST_SPANS],
        "more": len(spans) - MOST_SPANS if len(spans) > MOST_SPANS else 0,
    }


def _span(begin: datetime, end: datetime, now: datetime) -> dict[str, str]:
    zone = timezone.get_current_timezone()
    until = end.astimezone(zone)
    return {
        "words": f"{moment_words(begin, now=now)}–{until.hour}:{until.minute:02d}",
        "time": minutes_words(round((end - begin).total_seconds() / 60)),
    }


def _pause(begin: datetime, end: datetime | None, now: datetime) -> str:
    if end is None:
        return _("Since %(since)s") % {"since": moment_words(begin, now=now)}
    return f"{moment_words(begin, now=now)} – {moment_words(end, now=now)}"


def _stopped(case: Case) -> str:
    if case.runs:
        return ""
    words = {
        Status.WAITING: _("The clock stands still while we wait for the customer."),
        Status.CLOSED: _("The case is closed; nothing is owed."),
        Status.SPAM: _("Nothing is owed for spam."),
    }
    return words.get(Status(case.status), _("Nothing is owed yet."))


def _kept(case: Case) -> Sequence[dict[str, Any]]:
    """The targets that were met or missed so far."""
    rows = []
    if case.first_is_met is not None:
        minutes = case.first_answer_minutes
        used = _("%(time)s used") % {"time": minutes_words(minutes)} if minutes is not None else ""
        target = _("target %(time)s") % {"time": minutes_words(case.first_target_minutes or 0)}
        words = " · ".join(part for part in (used, target) if part)
        rows.append({"name": str(OWED["first_answer"]), "is_met": case.first_is_met, "words": words})
    if case.resolution_is_met is not None:
        target = _("target %(time)s") % {"time": minutes_words(case.resolution_target_minutes or 0)}
        rows.append({"name": str(OWED["resolution"]), "is_met": case.resolution_is_met, "words": target})
    return rows
