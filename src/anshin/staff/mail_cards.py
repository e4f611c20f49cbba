"""What a message brings beside its text, in finished words: its signature, calendar events, forwarded mails."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from anshin.cases.terms import Direction, EventCard, EventKind, SignatureCard, SignatureState, card_of
from anshin.plumbing.mail.forwards import Forward, unfold
from anshin.plumbing.pages import dates

if TYPE_CHECKING:
    from anshin.cases.models import Message

Entry = dict[str, Any]
_SEALS = {
    SignatureState.VALID: ("good", "badge-check"),
    SignatureState.UNKNOWN_ISSUER: ("info", "badge-check"),
    SignatureState.OTHER_SENDER: ("bad", "shield-alert"),
    SignatureState.EXPIRED: ("warn", "shield-alert"),
    SignatureState.ALTERED: ("bad", "shield-alert"),
    SignatureState.UNCHECKED: ("warn", "circle-help"),
    SignatureState.PARTLY: ("warn", "shield-alert"),
    SignatureState.ENCRYPTED: ("info", "lock"),
}


def cards(message: Message, *, now: datetime, language: str) -> Entry:
    """`seal` and `events` of a message's entry, as staff/_timeline.html says; {} for a message without."""
    found = [card for values in message.cards if (card := card_of(values))]
    parts: Entry = {}
    for card in found:
        if isinstance(card, SignatureCard):
            parts["seal"] = _seal(card, now, language)
        else:
            parts.setdefault("events", []).append(_event(card, now, language))
    return parts


def with_forwards(message: Message, text: str) -> tuple[int, list[Entry]]:
    """Where the first forwarded mail begins in `text`, and all of them; (its length, []) for a message without.

    `text` is the message's, or the same with numbers masked.
    """
    if message.direction != Direction.IN:
        return len(text), []
    found = unfold(text, message.subject)
    return (found[0].start, [_forward(each) for each in found]) if found else (len(text), [])


def _forward(forward: Forward) -> Entry:
    sender = forward.sender
    named = f"{sender.name} <{sender.mail}>" if sender.name and sender.mail else sender.name or sender.mail
    return {"who": named or _("Unknown sender"), "at": forward.sent, "subject": forward.subject, "text": forward.text}


def _seal(card: SignatureCard, now: datetime, language: str) -> Entry:
    state = SignatureState(card.state) if card.state in SignatureState.values else SignatureState.UNCHECKED
    kind, icon = _SEALS[state]
    details = [card.signer]
    if card.mail and card.mail != card.signer:
        details.append(card.mail)
    if card.issuer:
        details.append(_("issued by %(name)s") % {"name": card.issuer})
    if card.signed_at:
        details.append(dates.when(datetime.fromisoformat(card.signed_at), now=now, language=language))
    return {"kind": kind, "icon": icon, "words": str(state.label), "detail": " · ".join(filter(None, details))}


def _event(card: EventCard, now: datetime, language: str) -> Entry:
    kind = EventKind(card.kind) if card.kind in EventKind.values else EventKind.OTHER
    answers = {"accepted": _("Accepted"), "declined": _("Declined"), "tentative": _("Perhaps")}
    return {
        "kind": "bad" if kind == EventKind.CANCEL else "info",
        "icon": "calendar-check" if kind == EventKind.REPLY else "calendar",
        "words": " · ".join(filter(None, [str(kind.label), answers.get(card.answer, "")])),
        "title": card.summary or _("(no title)"),
        "lines": [(name, value) for name, value in _lines(card, now, language) if value],
    }


def _lines(card: EventCard, now: datetime, language: str) -> list[tuple[str, str]]:
    return [
        (_("When"), _span(card, now, language)),
        (_("Where"), card.place),
        (_("Organiser"), card.organiser),
    ]


def _span(card: EventCard, now: datetime, language: str) -> str:
    """12月1日(火) 10:00～11:00; whole days without a time; a local time says that it names no zone."""
    starts, ends = _moment(card.starts), _moment(card.ends)
    if starts is None:
        return ""
    today = now.astimezone(timezone.get_current_timezone()).date()
    words = _point(starts, today, language)
    if ends is not None:
        is_same_day = isinstance(ends, datetime) and isinstance(starts, datetime) and ends.date() == starts.date()
        until = f"{ends.hour}:{ends.minute:02d}" if is_same_day and isinstance(ends, datetime) else ""
        words += (
            f"～{until or _point(ends, today, language)}"
            if language == "ja"
            else f" – {until or _point(ends, today, language)}"
        )
    if card.zone:
        words += " " + _("(time of %(zone)s)") % {"zone": card.zone}
    elif isinstance(starts, datetime) and datetime.fromisoformat(card.starts).tzinfo is None:
        words += " " + _("(no time zone given)")
    return f"{words} · {_('repeated')}" if card.is_repeated else words


def _moment(iso: str) -> datetime | date | None:
    """The moment in the shop's zone, or as written when it has none."""
    if len(iso) <= 10:
        return date.fromisoformat(iso) if iso else None
    moment = datetime.fromisoformat(iso)
    return moment.astimezone(timezone.get_current_timezone()) if moment.tzinfo else moment


def _point(moment: datetime | date, today: date, language: str) -> str:
    on = moment.date() if isinstance(moment, datetime) else moment
    day = dates.full_day(on, language=language, with_year=on.year != today.year)
    return f"{day} {moment.hour}:{moment.minute:02d}" if isinstance(moment, datetime) else day
