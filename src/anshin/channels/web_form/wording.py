"""What a clerk reads of a filled-in form: a subject that says the matter, the customer's words first, details below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.channels.web_form.terms import INTAKE, Kind, Wish
from anshin.language.dates import read_date
from anshin.language.terms import Grounds, Leaning, ReadDate
from anshin.plumbing.pages import dates

if TYPE_CHECKING:
    from anshin.commerce.queries import NamedProduct

_SUBJECT_EXTRACT = 40
_PLAIN_GROUNDS = {Grounds.FULL_DATE, Grounds.MONTH_AND_DAY}


def subject_of(kind: Kind, values: Mapping[str, Any]) -> str:
    """The kind, and what tells this matter from the customer's next one: the order number, else the first words."""
    mark = values.get("order_number") or _extract(str(values["text"]))
    return _("%(kind)s (%(mark)s)") % {"kind": kind.label, "mark": mark}


def text_of(kind: Kind, values: Mapping[str, Any], *, named: Sequence[NamedProduct], today: date) -> str:
    """The message's text: only what was filled in, with what was understood of it. `named`: products meant."""
    wish = values.get("wish")
    lines = [
        (_("Order number"), values.get("order_number")),
        (_("Day of purchase"), _with_day(str(values.get("bought") or ""), today)),
        (_("Product name or model number"), _with_product(str(values.get("product") or ""), named)),
        (str(INTAKE[kind].since), _with_day(str(values.get("since") or ""), today)),
        (_("What would help you"), Wish(wish).label if wish else ""),
        (_("Phone number"), values.get("phone")),
    ]
    details = "\n".join(_("%(name)s: %(value)s") % {"name": name, "value": value} for name, value in lines if value)
    return f"{values['text']}\n\n{details}" if details else str(values["text"])


def _with_day(written: str, today: date) -> str:
    """The customer's words, with the days they mean when they do not name them: 先週の金曜 → 11月13日(金)."""
    read = read_date(written, today=today, leaning=Leaning.PAST)
    if read is None or (read.is_exact and read.grounds in _PLAIN_GROUNDS):
        return written
    return _("%(written)s → %(day)s") % {"written": written, "day": _days(read, today)}


def _days(read: ReadDate, today: date) -> str:
    language = get_language() or "ja"
    first, last = (
        dates.full_day(day, language=language, with_year=day.year != today.year)
        for day in (read.earliest_on, read.latest_on)
    )
    return first if read.is_exact else _("%(first)s to %(last)s") % {"first": first, "last": last}


def _with_product(written: str, named: Sequence[NamedProduct]) -> str:
    """The customer's words, with the shop's own name where there is no doubt which one is meant."""
    names = {each.name for each in named}
    if not written or len(names) != 1:
        return written
    name = names.pop()
    sku = named[0].sku if len(named) == 1 else ""
    meant = _("%(name)s (%(sku)s)") % {"name": name, "sku": sku} if sku else name
    return written if meant == written else _("%(written)s → %(meant)s") % {"written": written, "meant": meant}


def _extract(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SUBJECT_EXTRACT else line[: _SUBJECT_EXTRACT - 1] + "…"
