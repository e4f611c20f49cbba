"""What a topic and a kind of urgency are called on the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anshin.language.topics.codes import BY_CODE, TOPICS, TopicSource, base_code
from anshin.plumbing.pages import dates

_GROUPS: Mapping[str, str | Promise] = {
    "order": gettext_lazy("Orders"),
    "delivery": gettext_lazy("Delivery"),
    "item": gettext_lazy("The item"),
    "return": gettext_lazy("Returns"),
    "payment": gettext_lazy("Payment"),
    "account": gettext_lazy("Account"),
    "product": gettext_lazy("Before buying"),
    "subscription": gettext_lazy("Subscription"),
    "privacy": gettext_lazy("Personal data"),
    "campaign": gettext_lazy("Campaign"),
    "other": gettext_lazy("Other"),
}
_URGENT: Mapping[str, str | Promise] = {
    "injury": gettext_lazy("The message tells of an injury or illness."),
    "fire": gettext_lazy("The message tells of smoke, fire or dangerous heat."),
    "gas": gettext_lazy("The message tells of a gas leak."),
    "takeover": gettext_lazy("Somebody else may be using the customer’s account or card."),
    "legal": gettext_lazy("It comes from a lawyer or an authority, or is about legal steps."),
    "gift_date": gettext_lazy("The day of a gift or event is near."),
    "evidence": gettext_lazy("The card company wants the evidence by a day."),
    "promised_today": gettext_lazy("Something was promised for that day, and the customer waits."),
}


def group_names() -> Mapping[str, str | Promise]:
    """What the groups of topics are called, in the order in which they are shown."""
    return _GROUPS


def topic_name(code: str, own: Mapping[str, str] | None = None) -> str:
    """The topic in the reader's language; a shop's own as the shop calls it."""
    if own and code in own:
        return own[code]
    return _ours(base_code(code), get_language() or "ja") or code


def group_name(group: str) -> str:
    """A group of topics, such as "payment"."""
    return str(_GROUPS.get(group, group))


def urgent_words(kind: str, on: date | None, *, today: date) -> str:
    """Why a case is urgent, as a sentence; a person's word needs no reason."""
    if kind not in _URGENT:
        return _("Marked as urgent.")
    if on is None:
        return str(_URGENT[kind])
    day = dates.day(on, today=today, language=get_language() or "ja")
    return _("%(why)s (%(day)s)") % {"why": _URGENT[kind], "day": day}


def chips(topics: Sequence[Sequence[Any]], source: str, own: Mapping[str, str]) -> list[dict[str, Any]]:
    """The topics of a case as the case's head shows them."""
    return [
        {
            "code": code,
            "label": topic_name(code, own),
            "title": _chip_title(share, source),
            "is_proposed": source == TopicSource.MODEL,
        }
        for code, share in topics
    ]


def choices(chosen: Iterable[str], own: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every topic by group, for the menu; a shop's own stand behind ours."""
    picked = set(chosen)
    grouped: dict[str, list[dict[str, Any]]] = {group: [] for group in _GROUPS}
    english = (get_language() or "ja") != "ja"
    for topic in TOPICS:
        hint = topic.explanation_en if english else topic.explanation_ja
        label = topic_name(topic.code)
        grouped[topic.group].append({"code": topic.code, "label": label, "hint": hint, "on": topic.code in picked})
        grouped[topic.group] += [
            {"code": code, "label": name, "hint": label, "on": code in picked}
            for code, name in own.items()
            if base_code(code) == topic.code
        ]
    return [{"label": str(label), "topics": grouped[group]} for group, label in _GROUPS.items()]


def _chip_title(share: float | None, source: str) -> str:
    if source == TopicSource.MODEL and share is not None:
        return _("Proposed by reading the message (%(percent)s %%)") % {"percent": round(share * 100)}
    if source == TopicSource.FORM:
        return _("Chosen by the customer in the form")
    if source == TopicSource.SENDER:
        return _("Because of the doubtful sender")
    return _("Set by a person")


@lru_cache(maxsize=128)
def _ours(code: str, language: str) -> str:
    topic = BY_CODE.get(code)
    if topic is None:
        return ""
    return topic.ja if language == "ja" else topic.en
