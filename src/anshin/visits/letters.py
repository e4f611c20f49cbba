"""Letters to customers that belong to no case, in the customer's language.

Texts lie in letters/<what>/<language>.txt: the subject, a blank line, the text.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from string import Template

import icalendar

from anshin.visits.terms import LANGUAGES

_TEXTS = Path(__file__).parent / "letters"


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished text with its subject."""

    subject: str
    text: str


def code(*, shop: str, code: str, minutes: int, language: str) -> Letter:
    """The code with which a customer comes in."""
    return _letter("code", language, shop=shop, code=code, minutes=str(minutes))


def reminder(*, shop: str, number: str, items: str, day: str, link: str, language: str) -> Letter:
    """Says until when an order can be sent back. `items` has a line for each."""
    return _letter("reminder", language, shop=shop, number=number, items=items, day=day, link=link)


def calendar_entry(*, uid: str, summary: str, text: str, on: date, made_at: datetime) -> bytes:
    """A whole-day entry for a calendar. Source: RFC 5545, 3.6.1 (an all-day event ends on the next day)."""
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", made_at)
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", text)
    event.add("transp", "TRANSPARENT")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Anshin//anshin//JA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def known(language: str) -> str:
    """The language itself, or Japanese for one that has no texts."""
    return language if language in LANGUAGES else "ja"


def _letter(what: str, language: str, **values: str) -> Letter:
    subject, text = _text(what, known(language))
    return Letter(
        subject=" ".join(Template(subject).substitute(values).split()),
        text=Template(text).substitute(values).strip(),
    )


@cache
def _text(what: str, language: str) -> tuple[str, str]:
    subject, _blank, text = (_TEXTS / what / f"{language}.txt").read_text(encoding="utf-8").partition("\n\n")
    return subject, text
