"""What a clerk reads of a filled-in form: a subject that says the matter, the customer's words first, details below."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.channels.web_form.terms import INTAKE, Kind, Wish
from anshin.language.dates import read_date
from anshin.language.terms import Grounds, Leaning
from anshin.plumbing.pages import dates

_SUBJECT_EXTRACT = 40
_PLAIN_GROUNDS = {Grounds.FULL_DATE, Grounds.MONTH_AND_DAY}


def subject_of(kind: Kind, values: Mapping[str, Any]) -> str:
    """The kind, and what tells this matter from the customer's next one: the order number, else the first words."""
    mark = values.get("order_number") or _extract(str(values["text"]))
    return _("%(kind)s (%(mark)s)") % {"kind": kind.label, "mark": mark}


def text_of(kind: Kind, values: Mapping[str, Any], *, today: date) -> str:
    """The message's text: only what was filled in."""
    wish = values.get("wish")
    lines = [
        (_("Order number"), values.get("order_number")),
        (_("Item"), values.get("product")),
        (str(INTAKE[kind].since), _with_day(str(values.get("since") or ""), today)),
        (_("What would help you"), Wish(wish).label if wish else ""),
        (_("Phone number"), values.get("phone")),
    ]
    details = "\n".join(_("%(name)s: %(value)s") % {"name": name, "value": value} for name, value in lines if value)
    return f"{values['text']}\n\n{details}" if details else str(values["text"])


def _with_day(written: str, today: date) -> str:
    """The customer's words, with the day they mean when they do not name it: 先週の金曜 (11月13日(金))."""
    read = read_date(written, today=today, leaning=Leaning.PAST)
    if read is None or not read.is_exact or read.grounds in _PLAIN_GROUNDS:
        return written
    day = dates.full_day(read.on, language=get_language() or "ja", with_year=read.on.year != today.year)
    return _("%(written)s → %(day)s") % {"written": written, "day": day}


def _extract(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SUBJECT_EXTRACT else line[: _SUBJECT_EXTRACT - 1] + "…"
