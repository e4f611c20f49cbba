"""A case's conversation as finished entries: messages, notes and facts in one order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anshin.cases.queries import CasePage, reveal_of
from anshin.cases.terms import Channel, Delivery, Direction, Hold
from anshin.language.personal import MARK
from anshin.language.sensitive_numbers import find_numbers, masked
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.templatetags.pages import file_size, moment_
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.bounces import trouble_of, waiting_report
from anshin.staff.fact_words import fact_words
from anshin.staff.leaving import Leaving
from anshin.staff.mail_cards import cards, with_forwards
from anshin.staff.number_words import hidden_number_words, number_words, unseen_words
from anshin.staff.original_words import original_parts
from anshin.staff.rule_actor import rule_title
from anshin.staff.sender_words import checks_are_odd, checks_failed, checks_words, warning_words
from anshin.staff.veil import is_veiled

if TYPE_CHECKING:
    from anshin.cases.models import Attachment, Message, Note
    from anshin.plumbing.journal.models import JournalEntry
    from anshin.shops.models import Membership

SHOWN_AT_FIRST = 30
Entry = dict[str, Any]
_HOLDS = {
    Hold.UNREADABLE: gettext_lazy(
        "This mail could not be read. Download the raw mail, or ask the sender to write again."
    ),
    Hold.OVERSIZE: gettext_lazy("This mail is too large to be taken in. Ask the sender for smaller files."),
    Hold.STORM: gettext_lazy("Further mails from this address are held back. Close the case when that is right."),
}
_STATES = {
    Delivery.HELD: ("info", "clock", gettext_lazy("Leaves in a moment")),
    Delivery.QUEUED: ("info", "clock", gettext_lazy("In the queue")),
    Delivery.SENDING: ("info", "send", gettext_lazy("Being sent")),
    Delivery.SENT: ("good", "check-check", gettext_lazy("Delivered")),
    Delivery.DEFERRED: ("warn", "clock-alert", gettext_lazy("Not sent yet; we try again by ourselves")),
}


def timeline(
    by: Membership, page: CasePage, *, now: datetime, everything: bool, html_of: str, shown_in_full: int | None = None
) -> dict[str, Any]:
    """`entries` for staff/_timeline.html, the newest SHOWN_AT_FIRST unless `everything` is wanted.

    `html_of`: id of the message whose HTML is wanted in the frame instead of its text, "" for none.
    `shown_in_full`: id of the message whose card numbers are not masked this once.
    """
    view = _View(by, page, now, html_of, shown_in_full)
    found: list[tuple[datetime, int, Entry]] = []
    for message in page.messages:
        if message.delivery != Delivery.TAKEN_BACK:
            found.append((message.at, 1, view.message(message)))
    found += [(note.at, 2, view.note(note)) for note in page.notes]
    found += [(fact.at, 3, entry) for fact in page.facts if (entry := view.fact(fact))]
    found.sort(key=lambda each: each[:2])
    entries = [entry for _at, _rank, entry in found]
    earlier = None
    if len(entries) > SHOWN_AT_FIRST and not everything:
        hidden, entries = len(entries) - SHOWN_AT_FIRST, entries[-SHOWN_AT_FIRST:]
        url = address("case", by.shop.slug, page.case.number)
        earlier = {"url": f"{url}?all=1", "words": _("%(count)s earlier entries") % {"count": hidden}}
    return {"entries": entries, "earlier": earlier}


class _View:
    """Draws entries for one reader at one moment."""

    def __init__(self, by: Membership, page: CasePage, now: datetime, html_of: str, shown_in_full: int | None) -> None:
        self.by, self.number, self.now, self.html_of = by, page.case.number, now, html_of
        self.shown_in_full = shown_in_full
        self.is_held = bool(page.case.hold)
        self.may_strike = may(by, Permission.STRIKE)
        self.may_triage = may(by, Permission.TRIAGE)
        self.may_believe = self.may_triage and not is_veiled(by)
        self.may_see_numbers = may(by, Permission.SEE_NUMBERS)
        self.are_files_open = not is_veiled(by) or reveal_of(by, page.case, now=now) is not None
        self.language = get_language() or "ja"
        self.slug = by.shop.slug
        self.leaving = Leaving(by, page, now)

    def message(self, message: Message) -> Entry:
        is_out = message.direction == Direction.OUT
        who = str(message.author.person) if message.author else (message.sender_name or message.sender_mail)
        if not is_out:
            who = _("%(name)s 様") % {"name": who} if who else _("Unknown sender")
        cut = message.quoted_from or len(message.text)
        numbers = self._numbers(message)
        text = message.text if not numbers or message.pk == self.shown_in_full else masked(message.text)
        end, forwards = with_forwards(message, text)
        cut = min(cut, end)
        entry: Entry = {
            "kind": "out" if is_out else "in",
            "id": message.pk,
            "who": who,
            "initial": who[:1].upper(),
            "me": message.author_id == self.by.pk,
            "meta": _meta(message),
            "at": moment_(message.at, self.now),
            "text": text[:cut].rstrip(),
            "quote": "" if is_out else text[cut:end].strip(),
            "forwards": forwards,
            "signature": text[cut:].strip() if is_out else "",
            "files": self._files(message),
            "strike_url": self._strike_url(message),
            "raw_url": self._url("message_raw", message.pk) if message.raw_blob_id and self.are_files_open else "",
            "warnings": warning_words(message),
            "believe_url": self._url("message_believe", message.pk) if self.may_believe else "",
            "checks": checks_words(message),
            "checks_failed": checks_failed(message),
            "checks_are_odd": checks_are_odd(message),
        }
        more = self._state(message) if is_out else original_parts(self.by, message, is_held=self.is_held)
        return entry | numbers | self._html(message, who) | cards(message, now=self.now, language=self.language) | more

    def note(self, note: Note) -> Entry:
        who = str(note.author.person) if note.author else rule_title(note.rule_name) or _("Somebody who left")
        return {
            "kind": "note",
            "id": f"n{note.pk}",
            "who": who,
            "at": moment_(note.at, self.now),
            "text": masked(note.text),
        }

    def fact(self, fact: JournalEntry) -> Entry | None:
        words = fact_words(fact, now=self.now, language=self.language)
        if words is None:
            return None
        icon, text = words
        return {"kind": "fact", "icon": icon, "text": text, "at": moment_(fact.at, self.now)}

    def _strike_url(self, message: Message) -> str:
        return self._url("strike", message.pk) if self.may_strike else ""

    def _numbers(self, message: Message) -> Entry:
        """The warning above a message with numbers that should not be kept; empty for all others."""
        found = find_numbers(message.text)
        words = number_words(found, may_strike=self.may_strike) if found else self._hidden_numbers(message)
        if not words:
            return {}
        may_look = bool(found) and message.pk != self.shown_in_full and self.may_see_numbers
        return {
            "numbers": {
                "words": words,
                "show_url": self._url("message_numbers", message.pk) if may_look else "",
                "show": _("Show the number"),
                "strike_url": self._strike_url(message),
                "strike": _("Strike out"),
            }
        }

    def _hidden_numbers(self, message: Message) -> str:
        """The same for one that has them in its files or its designed form only."""
        files = [file for file in message.attachments.all() if file.number_kinds] if message.file_count else []
        kinds = [kind for file in files for kind in file.number_kinds or ()] or message.number_kinds
        if not kinds:
            return ""
        return hidden_number_words(
            kinds, [masked(file.name) for file in files] if self.are_files_open else [], may_strike=self.may_strike
        )

    def _html(self, message: Message, who: str) -> Entry:
        if message.html_blob_id is None or not self.are_files_open:
            return {}
        case_url = address("case", self.slug, self.number)
        if self.html_of != str(message.pk) and message.text.strip():
            return {"switch_url": f"{case_url}?html={message.pk}", "switch_words": _("Show as designed")}
        return {
            "html_url": self._url("message_html", message.pk),
            "html_title": _("Mail from %(who)s") % {"who": who},
            "switch_url": case_url,
            "switch_words": _("Show as text"),
        }

    def _files(self, message: Message) -> list[dict[str, str]]:
        if not message.file_count:
            return []
        return [self._file(file) for file in message.attachments.all()]

    def _file(self, file: Attachment) -> dict[str, str]:
        if not self.are_files_open:
            hidden = f"{MARK * 2}{PurePath(file.name).suffix[:6]}"
            return {"name": hidden, "size": _("opens while the customer is shown"), "url": "", "thumb_url": ""}
        if file.struck_at:
            return {"name": file.name, "size": _("struck out"), "url": "", "thumb_url": ""}
        if file.number_kinds and not self.may_see_numbers:
            return {"name": file.name, "size": _("only for managers"), "url": "", "thumb_url": ""}
        is_picture = file.blob.kind.startswith("image/")
        return {
            "name": file.name,
            "size": file_size(file.blob.size_bytes),
            "note": unseen_words(file.unseen),
            "url": self._url("attachment", file.pk),
            "thumb_url": self._url("attachment_thumb", file.pk) if is_picture else "",
        }

    def _state(self, message: Message) -> Entry:
        if waits := self.leaving.of(message):
            return waits
        kind, icon, words = _STATES.get(Delivery(message.delivery), ("", "", ""))
        if waiting := waiting_report(message):
            words = _("Not there yet; the other server keeps trying")
            state = {"kind": "warn", "icon": "clock-alert", "words": words, "detail": waiting.words}
            return {"state": state, "report_url": self._report_url(waiting.pk)}
        if kind:
            return {"state": {"kind": kind, "icon": icon, "words": str(words), "detail": self._detail(message)}}
        if message.delivery == Delivery.BOUNCED or (message.delivery == Delivery.FAILED and message.report_count):
            found = trouble_of(message, by=self.by, retry_url=self._url("message_retry", message.pk))
            report_url = self._report_url(found.report_id) if found.report_id else ""
            return {"trouble": found.trouble, "report_url": report_url}
        words = _trouble_words(message)
        retry = self._url("message_retry", message.pk)
        trouble = {"words": words, "retry_url": retry, "do": _("Send again")}
        if message.delivery == Delivery.UNSURE:
            trouble |= {"arrived_url": self._url("message_arrived", message.pk), "arrived": _("It arrived")}
        return {"trouble": trouble}

    def _detail(self, message: Message) -> str:
        if message.delivery == Delivery.SENT and message.sent_at:
            at = dates.when(message.sent_at, now=self.now, language=self.language)
            return _("%(at)s The customer’s mail server took it over") % {"at": at}
        return message.server_words

    def _report_url(self, report_id: int) -> str:
        return self._url("message_report", report_id) if self.are_files_open else ""

    def _url(self, name: str, pk: int) -> str:
        return address(name, self.slug, pk)


def _meta(message: Message) -> str:
    parts = [_("Reply") if message.direction == Direction.OUT else "", Channel(message.channel).label]
    if message.is_automatic:
        parts.append(_("automatic answer"))
    if message.cc:
        parts.append("Cc: " + _people(message.cc))
    return " · ".join(str(part) for part in parts if part)


def _people(pairs: Iterable[Iterable[str]]) -> str:
    return ", ".join(name or mail for name, mail in pairs)


def _trouble_words(message: Message) -> str:
    words = {"words": message.server_words or "-"}
    if message.delivery == Delivery.UNSURE:
        return _("We do not know whether this reply left (%(words)s). Ask before you send it again.") % words
    return _("This reply could not be sent (%(words)s). Check the address, then send it again.") % words


def hold_words(hold: str) -> str:
    """Why a mail needs a person, "" for an ordinary one."""
    return str(_HOLDS[Hold(hold)]) if hold else ""
