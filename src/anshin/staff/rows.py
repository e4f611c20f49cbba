"""One line of the list as finished strings: fifty of them must cost next to nothing in the template."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.cases.queries import CaseRow
from anshin.cases.terms import Status
from anshin.language.topics.codes import TopicSource
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.templatetags.pages import icon_markup, tag_markup
from anshin.staff.topic_words import topic_name


class Row(NamedTuple):
    """What staff/_list.html needs of one case."""

    number: int
    url: str
    classes: str
    subject: str
    customer: str
    preview: str
    age: SafeString
    marks: SafeString
    due: SafeString


def rows(found: Iterable[CaseRow], *, prefix: str, now: datetime) -> list[Row]:
    """Finished rows; `prefix` is the address of a case without its number."""
    words = _Words()
    return [_row(case, prefix, words, now) for case in found]


class _Words:
    """The words that repeat in every row, looked up once a page."""

    def __init__(self) -> None:
        self.language = get_language() or "ja"
        self.no_subject = _("(no subject)")
        self.unknown = _("Unknown sender")
        self.urgent = tag_markup(_("Urgent"), kind="bad", icon="flame")
        self.unreadable = tag_markup(_("Could not be read"), kind="warn", icon="mail-warning")
        self.doubtful = tag_markup(_("May be a fraud"), kind="bad", icon="shield-alert")
        self.second = tag_markup(_("Second contact"), kind="warn", icon="history")
        self.follow_up = tag_markup(_("Follow-up"), kind="info", icon="calendar-check")
        self.until = _("until %(when)s")
        self.due_in = _("Due: %(left)s")


def _row(case: CaseRow, prefix: str, words: _Words, now: datetime) -> Row:
    return Row(
        number=case.number,
        url=f"{prefix}{case.number}",
        classes=" row-new" if case.is_unread else "",
        subject=case.subject or words.no_subject,
        customer=case.customer_name or words.unknown,
        preview=case.last_line,
        age=_age(case.last_activity_at, words, now),
        marks=_marks(case, words),
        due=_due(case, words, now),
    )


def _age(moment: datetime, words: _Words, now: datetime) -> SafeString:
    said = dates.ago(moment, now=now, language=words.language)
    return SafeString(f'<time datetime="{moment.isoformat(timespec="seconds")}" data-ago>{said}</time>')


def _marks(case: CaseRow, words: _Words) -> SafeString:
    parts = []
    if case.is_urgent:
        parts.append(words.urgent)
    if case.first_case_id:
        parts.append(words.second)
    if case.is_follow_up:
        parts.append(words.follow_up)
    if case.hold:
        parts.append(words.unreadable)
    if case.topic_source == TopicSource.SENDER:
        parts.append(words.doubtful)
    elif case.topic:
        parts.append(_topic(case.topic, case.topic_source == TopicSource.MODEL, words.language))
    if case.order_label:
        parts.append(_mark(case.order_label, "package"))
    parts += [_mark(name, "tag") for name in case.tag_names[:3]]
    return SafeString("".join(parts))


@lru_cache(maxsize=500)
def _topic(code: str, is_proposed: bool, language: str) -> SafeString:  # noqa: ARG001  what the name depends on
    return tag_markup(topic_name(code), icon="sparkles" if is_proposed else "message-circle")


_mark = lru_cache(maxsize=5000)(lambda text, icon: tag_markup(text, icon=icon))


def _due(case: CaseRow, words: _Words, now: datetime) -> SafeString:
    if case.status == Status.SNOOZED and case.snoozed_until_at:
        until = words.until % {"when": dates.when(case.snoozed_until_at, now=now, language=words.language)}
        return format_html('<span class="row-due">{}{}</span>', icon_markup("alarm-clock", "s"), until)
    if case.status != Status.OPEN or case.due_at is None:
        return SafeString("")
    if case.due_at <= now or case.due_state:
        kind = "is-over" if case.due_at <= now else "is-near"
        left = dates.left(case.due_at, now=now, language=words.language)
        left = left if kind == "is-over" else words.due_in % {"left": left}
        return SafeString(f'<span class="row-due {kind}">{icon_markup("clock-alert", "s")}{escape(left)}</span>')
    said = dates.when(case.due_at, now=now, language=words.language)
    return SafeString(f'<span class="row-due">{icon_markup("clock", "s")}{said}</span>')
