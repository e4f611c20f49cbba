"""Replies that have not left yet: those that leave later, those that were stopped, those that wait for approval."""

from __future__ import annotations

import difflib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.cases.queries import CasePage, leaves_later
from anshin.cases.terms import Delivery, Direction
from anshin.plumbing.pages import dates
from anshin.replies import queries
from anshin.shops.queries import due_moment, may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from anshin.cases.models import Message
    from anshin.shops.models import Membership, Shop

Entry = dict[str, Any]


class Leaving:
    """What one reader sees of such replies, and may do with them."""

    def __init__(self, by: Membership, page: CasePage, now: datetime) -> None:
        self.by, self.page, self.now = by, page, now
        self.can_answer = may(by, Permission.ANSWER)

    def of(self, message: Message) -> Entry | None:
        """`state` and `leaving` of a timeline's entry; nothing for a reply that leaves in the usual way."""
        if message.delivery == Delivery.PAUSED:
            return self._paused(message)
        if message.delivery == Delivery.APPROVAL:
            return self._waiting(message)
        if message.delivery == Delivery.HELD and leaves_later(message):
            return self._scheduled(message)
        return None

    def _scheduled(self, message: Message) -> Entry:
        words = _("Leaves %(at)s") % {"at": self._when(message.leaves_at)}
        if not self._is_overtaken(message):
            state = {"kind": "info", "icon": "alarm-clock", "words": words, "detail": ""} | self._late(message)
            return {"state": state, "leaving": self._moving(message)}
        warning = _("The customer has written since. It will not leave by itself; read what is new, then decide.")
        state = {"kind": "warn", "icon": "alarm-clock", "words": words, "detail": warning}
        return {"state": state, "leaving": self._moving(message)}

    def _late(self, message: Message) -> Entry:
        """What differs when the reply leaves only after the answer was due: the clock runs until it has left."""
        due_at = self.page.case.answer_due_at
        if due_at is None or message.leaves_at is None or message.leaves_at <= due_at:
            return {}
        return {"kind": "warn", "detail": _("The answer is due %(at)s, before that.") % {"at": self._when(due_at)}}

    def _paused(self, message: Message) -> Entry:
        detail = _("It was to leave %(at)s. Read what is new, then send it, or take it back into your draft.")
        state = {
            "kind": "warn",
            "icon": "clock-alert",
            "words": _("Not sent: the customer wrote first"),
            "detail": detail % {"at": self._when(message.leaves_at)},
        }
        return {"state": state, "leaving": self._moving(message)}

    def _waiting(self, message: Message) -> Entry:
        mine = message.author_id == self.by.pk
        words = _("Waits for approval")
        detail = _("It leaves once a manager has looked at it.") if mine else ""
        if leaves_later(message):
            detail = _("To leave %(at)s.") % {"at": self._when(message.leaves_at)}
        state = {"kind": "warn", "icon": "user-round-check", "words": words, "detail": detail}
        leaving: Entry = {}
        if mine:
            leaving = {"back_url": self._url("message_take_back", message)}
        elif may(self.by, Permission.APPROVE):
            leaving = {
                "approve_url": self._url("message_approve", message),
                "send_back_url": self._url("message_send_back", message),
                "text": own_text(message),
                "writer": str(message.author.person) if message.author else "",
                "macros": self._differences(message),
            }
        return {"state": state, "leaving": leaving}

    def _moving(self, message: Message) -> Entry:
        if not self.can_answer:
            return {}
        local = timezone.localtime(message.leaves_at) if message.leaves_at else None
        return {
            "schedule_url": self._url("message_schedule", message),
            "moment": local.strftime("%Y-%m-%dT%H:%M") if local else "",
            "back_url": self._url("message_take_back", message),
        }

    def _differences(self, message: Message) -> list[Entry]:
        """Each macro in the reply, and what the writer made of it."""
        found = []
        for use in queries.uses_of(self.by.shop, message.pk):
            template = use.macro.texts.get(use.language, "")
            filled = queries.filled(message.author or self.by, self.page, template, language=use.language, now=self.now)
            found.append({"name": use.macro.name, "lines": difference(filled.text, own_text(message))})
        return found

    def _is_overtaken(self, message: Message) -> bool:
        read_to = max(message.pk, message.read_to_id)
        return any(
            each.direction == Direction.IN and not each.is_automatic and each.pk > read_to
            for each in self.page.messages
        )

    def _when(self, moment: datetime | None) -> str:
        return dates.when(moment, now=self.now, language=get_language() or "ja") if moment else ""

    def _url(self, name: str, message: Message) -> str:
        return address(name, self.by.shop.slug, message.pk)


def own_text(message: Message) -> str:
    """What the writer wrote, without the signature below it."""
    cut = message.quoted_from if message.quoted_from is not None else len(message.text)
    return message.text[:cut].rstrip()


def difference(before: str, after: str) -> SafeString:
    """The lines of both texts, those that went struck through, those that came marked."""
    looks = {"- ": "del", "+ ": "ins"}
    lines = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if not line.startswith("? ")]
    return format_html_join(
        "\n",
        "{}",
        (
            (format_html("<{0}>{1}</{0}>", looks[line[:2]], line[2:]) if line[:2] in looks else line[2:],)
            for line in lines
        ),
    )


def written_words(message: Message, names: str, *, now: datetime) -> str:
    """What is said right after a reply was written: when it leaves, or that it waits for approval."""
    if message.delivery == Delivery.APPROVAL:
        return _("Your reply to %(names)s waits for approval") % {"names": names}
    if leaves_later(message) and message.leaves_at:
        at = dates.when(message.leaves_at, now=now, language=get_language() or "ja")
        return _("Your reply to %(names)s leaves %(at)s") % {"names": names, "at": at}
    return _("Your reply to %(names)s leaves in 10 seconds") % {"names": names}


def opening_times(shop: Shop, *, now: datetime) -> list[dict[str, str]]:
    """When a reply could leave: as soon as the shop opens tomorrow or later, and next week's first opening."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [midnight + timedelta(days=1), midnight + timedelta(days=7 - midnight.weekday())]
    moments = dict.fromkeys(due_moment(shop, start, 0) for start in starts)
    language = get_language() or "ja"
    return [
        {"value": moment.isoformat(), "label": dates.when(moment, now=now, language=language)} for moment in moments
    ]
