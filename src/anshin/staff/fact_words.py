"""What happened to a case, as one line of its timeline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anshin.cases.terms import BY_HAND, Charset, Resolution, Status, StrikeReason
from anshin.plumbing.pages import dates
from anshin.satisfaction.terms import Score
from anshin.staff.clock_words import OWED
from anshin.staff.rule_actor import rule_behind
from anshin.staff.rule_fact_words import rule_fact_words
from anshin.staff.sender_words import filter_name
from anshin.staff.topic_words import topic_name, urgent_words

if TYPE_CHECKING:
    from anshin.plumbing.journal.models import JournalEntry

Payload = dict[str, Any]


def fact_words(fact: JournalEntry, *, now: datetime, language: str) -> tuple[str, SafeString] | None:
    """Icon and sentence, None for a fact that its message or note already shows."""
    if fact.event not in _WORDS:
        return None
    icon, sentence = _WORDS[fact.event]
    values = dict(fact.payload) | {"who": _who(fact)}
    for name in ("until", "due_at"):
        values[name] = _moment(values.get(name), now, language)
    if rule := rule_behind(fact):
        said = rule_fact_words(fact.event, rule, values)
        return (icon, said) if said else None
    return icon, sentence(values)


def _who(fact: JournalEntry) -> str:
    """The person who acted; where a machine did, the one whom the fact itself names."""
    return fact.actor_name if fact.actor_kind == "staff" else str(fact.payload.get("who", ""))


def _moment(iso: str | None, now: datetime, language: str) -> str:
    return dates.when(datetime.fromisoformat(iso), now=now, language=language) if iso else ""


def _linked(fact: Payload) -> SafeString:
    number = format_html("<b>{}</b>", fact["number"])
    if fact["reason"] == "number_in_text":
        return format_html(_("Linked order {} because the message names it"), number)
    if fact["reason"] == "only_recent_order":
        return format_html(_("Proposed order {}: it is the customer’s only recent one"), number)
    if fact["reason"] == "by_hand":
        return format_html(_("{} linked order {}"), fact["who"], number)
    return format_html(_("Linked order {}"), number)


def _unlinked(fact: Payload) -> SafeString:
    return format_html(_("{} removed order {}"), fact["who"], format_html("<b>{}</b>", fact["number"]))


def _assigned(fact: Payload) -> SafeString:
    if not fact["owner_name"]:
        return format_html(_("{} gave the case to nobody"), fact["who"])
    if fact["owner_name"] == fact["who"]:
        return format_html(_("{} took the case"), fact["who"])
    return format_html(_("{} gave the case to {}"), fact["who"], fact["owner_name"])


def _tagged(fact: Payload) -> SafeString:
    if fact["added"] and fact["removed"]:
        return format_html(_("{} added the tag {} and removed {}"), fact["who"], fact["added"], fact["removed"])
    if fact["added"]:
        return format_html(_("{} added the tag {}"), fact["who"], fact["added"])
    return format_html(_("{} removed the tag {}"), fact["who"], fact["removed"])


def _snoozed(fact: Payload) -> SafeString:
    return format_html(_("{} put the case away until {}"), fact["who"], fact["until"])


def _woken(fact: Payload) -> SafeString:
    if fact["why"] == "time":
        return SafeString(escape(_("The case came back, as set")))
    return format_html(_("{} brought the case back"), fact["who"])


def _closed(fact: Payload) -> SafeString:
    return format_html(_("{} closed the case: {}"), fact["who"], Resolution(fact["resolution"]).label)


def _reopened(fact: Payload) -> SafeString:
    if fact["why"] == "follow_up":
        return SafeString(escape(_("Follow-up: the case came back so that we ask after it")))
    if fact["why"] == "message":
        return SafeString(escape(_("The case opened again because the customer wrote")))
    return format_html(_("{} opened the case again"), fact["who"])


def _status_set(fact: Payload) -> SafeString:
    return format_html(_("{} set the status to “{}”"), fact["who"], Status(fact["status"]).label)


def _merged(fact: Payload) -> SafeString:
    if fact["role"] == "kept":
        return format_html(_("{} merged case #{} into this one"), fact["who"], fact["other_number"])
    return format_html(_("{} merged this case into #{}"), fact["who"], fact["other_number"])


def _split(fact: Payload) -> SafeString:
    if fact["role"] == "from":
        return format_html(_("{} moved some messages into case #{}"), fact["who"], fact["other_number"])
    return format_html(_("{} split this case from #{}"), fact["who"], fact["other_number"])


def _sender_believed(fact: Payload) -> SafeString:
    if fact["is_believed"]:
        return format_html(_("{} took the warning of a fraud off a message"), fact["who"])
    return format_html(_("{} put the warning of a fraud back"), fact["who"])


def _spam_marked(fact: Payload) -> SafeString:
    if fact["reason"] == BY_HAND:
        return format_html(_("{} put the case into the spam folder"), fact["who"])
    return format_html(_("Put into the spam folder: {} calls the mail spam"), filter_name(fact["reason"]))


def _spam_cleared(fact: Payload) -> SafeString:
    if fact["why"] == "message":
        return format_html(_("The case left the spam folder because the sender wrote again"))
    if fact["why"] == "merged":
        return format_html(_("The case left the spam folder because another was merged into it"))
    if fact["why"] == "undone":
        return format_html(_("{} took the case back out of the spam folder"), fact["who"])
    return format_html(_("{} said that this is no spam; the sender is trusted"), fact["who"])


def _taken_back(fact: Payload) -> SafeString:
    return format_html(_("{} took a reply back before it left"), fact["who"])


def _reread(fact: Payload) -> SafeString:
    if not fact["charset"]:
        return format_html(_("{} had a mail read again"), fact["who"])
    charset = Charset(fact["charset"]).label if fact["charset"] in Charset.values else fact["charset"]
    return format_html(_("{} had a mail read again as {}"), fact["who"], charset)


def _gave_way(fact: Payload) -> SafeString:
    if not fact["other_number"]:
        return SafeString(escape(_("The mail that could not be read could be read after all")))
    return format_html(_("The mail could be read after all and stands in case #{}"), fact["other_number"])


def _struck(fact: Payload) -> SafeString:
    why = StrikeReason(fact["reason"]).label
    if fact["what"] == "file":
        return format_html(_("{} struck a file out ({})"), fact["who"], why)
    return format_html(_("{} struck words out ({})"), fact["who"], why)


def _emptied(fact: Payload) -> SafeString:
    if fact["why"] == "erased":
        return SafeString(escape(_("The messages were erased together with the customer")))
    if fact["why"] == "originals":
        return SafeString(escape(_("Raw mails and files were erased because they were kept for long enough")))
    return SafeString(escape(_("The messages were erased because they were kept for long enough")))


def _numbers_shown(fact: Payload) -> SafeString:
    return format_html(_("{} looked at a masked number"), fact["who"])


def _personal_shown(fact: Payload) -> SafeString:
    return format_html(_("{} was shown the customer until {}: {}"), fact["who"], fact["until"], fact["reason"])


def _topics_set(fact: Payload) -> SafeString:
    if not fact["topics"]:
        return format_html(_("{} took the topic away"), fact["who"])
    names = "、".join(topic_name(code) for code in str(fact["topics"]).split(", "))
    return format_html(_("{} set the topic: {}"), fact["who"], names)


def _urgency_seen(fact: Payload) -> SafeString:
    return format_html(_("Marked as urgent: {}"), urgent_words(str(fact["kind"]), None, today=date.min))


def _urgency_set(fact: Payload) -> SafeString:
    if fact["is_urgent"]:
        return format_html(_("{} marked the case as urgent"), fact["who"])
    return format_html(_("{} says that the case is not urgent"), fact["who"])


def _said_how_it_was(fact: Payload) -> SafeString:
    label = Score(fact["score"]).label
    if fact["has_words"]:
        return format_html(_("The customer said how it was: {}, with words"), format_html("<b>{}</b>", label))
    return format_html(_("The customer said how it was: {}"), format_html("<b>{}</b>", label))


def _due_soon(fact: Payload) -> SafeString:
    return format_html(_("{}: the time is nearly up (until {})"), OWED[fact["owed"]], fact["due_at"])


def _overdue(fact: Payload) -> SafeString:
    return format_html(_("{}: overdue since {}"), OWED[fact["owed"]], fact["due_at"])


def _second_contact(fact: Payload) -> SafeString:
    if fact["role"] == "first":
        return format_html(_("The customer wrote about this again in case #{}"), fact["other_number"])
    return format_html(_("Second contact: case #{} was about the same"), fact["other_number"])


def _follow_up_planned(fact: Payload) -> SafeString:
    if not fact["on"]:
        return format_html(_("{} decided against a follow-up"), fact["who"])
    return format_html(_("{} planned a follow-up on {}"), fact["who"], fact["on"])


def _path_told(fact: Payload) -> SafeString:
    return format_html(_("{} was told of the deadline"), fact["receiver"])


def _escalated(fact: Payload) -> SafeString:
    if not fact["who"]:
        return format_html(_("Put before {}: {}"), fact["receiver"], fact["reason"])
    return format_html(_("{} escalated the case to {}: {}"), fact["who"], fact["receiver"], fact["reason"])


def _escalation_answered(fact: Payload) -> SafeString:
    if fact["words"]:
        return format_html(_("{} gave the escalated case back: {}"), fact["who"], fact["words"])
    return format_html(_("{} took the escalated case on"), fact["who"])


def _night_called(fact: Payload) -> SafeString:
    return format_html(_("The shop is closed, so {} was called by mail"), fact["who"])


def _run_undone(fact: Payload) -> SafeString:
    return format_html(_("{} took back what the rule “{}” did"), fact["who"], fact["rule"])


def _approved(fact: Payload) -> SafeString:
    sentence = _("{} edited and approved the reply") if fact["was_edited"] else _("{} approved the reply")
    return format_html(sentence, fact["who"])


def _sent_back(fact: Payload) -> SafeString:
    return format_html(_("{} sent the reply back to its writer"), fact["who"])


_WORDS: dict[str, tuple[str, Callable[[Payload], SafeString]]] = {
    "case.reply_approved": ("user-round-check", _approved),
    "case.reply_sent_back": ("corner-up-left", _sent_back),
    "case.order_linked": ("link", _linked),
    "case.order_unlinked": ("unlink", _unlinked),
    "case.assigned": ("user-round-plus", _assigned),
    "case.tagged": ("tag", _tagged),
    "case.snoozed": ("alarm-clock", _snoozed),
    "case.woken": ("alarm-clock", _woken),
    "case.closed": ("circle-check", _closed),
    "case.reopened": ("rotate-ccw", _reopened),
    "case.status_set": ("circle-dot", _status_set),
    "case.merged": ("merge", _merged),
    "case.split": ("split", _split),
    "case.sender_believed": ("shield-check", _sender_believed),
    "case.spam_marked": ("ban", _spam_marked),
    "case.spam_cleared": ("inbox", _spam_cleared),
    "case.reply_taken_back": ("undo-2", _taken_back),
    "case.message_reread": ("languages", _reread),
    "case.message_gave_way": ("arrow-right", _gave_way),
    "case.emptied": ("shield-check", _emptied),
    "case.struck": ("shield-check", _struck),
    "case.numbers_shown": ("eye", _numbers_shown),
    "case.personal_shown": ("eye", _personal_shown),
    "case.topics_set": ("message-circle", _topics_set),
    "case.urgency_seen": ("flame", _urgency_seen),
    "case.urgency_set": ("flame", _urgency_set),
    "satisfaction.answered": ("badge-check", _said_how_it_was),
    "case.due_soon": ("clock-alert", _due_soon),
    "case.overdue": ("clock-alert", _overdue),
    "case.second_contact": ("history", _second_contact),
    "case.follow_up_planned": ("calendar-check", _follow_up_planned),
    "routing.escalated": ("trending-up", _escalated),
    "routing.escalation_answered": ("check-check", _escalation_answered),
    "routing.path_told": ("bell", _path_told),
    "routing.night_called": ("phone", _night_called),
    "routing.run_undone": ("undo-2", _run_undone),
}
