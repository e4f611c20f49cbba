"""One line of the list of returns as HTML. Written here because a page has fifty of them, each with four marks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anshin.returns.terms import ExchangeState
from anshin.staff import return_words as words
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from anshin.returns.queries import ReturnRow
    from anshin.shops.models import Membership


@dataclass(frozen=True, slots=True)
class Frame:
    """What all lines of a page share: where links lead, which one is shown, and how they are chosen (None: not)."""

    by: Membership
    now: datetime
    kept: Mapping[str, str]
    on: int = 0
    is_picked: bool | None = None


def rows_markup(rows: Iterable[ReturnRow], frame: Frame) -> list[SafeString]:
    """A table row for each return."""
    said, query = _said(get_language()), f"?{urlencode(frame.kept)}" if frame.kept else ""
    return [_row(row, frame, said, query) for row in rows]


def _row(row: ReturnRow, frame: Frame, said: _Said, query: str) -> SafeString:
    returned, is_on = row.returned, row.returned.number == frame.on
    number, url = str(returned), address("return", frame.by.shop.slug, returned.number)
    name = said.customer % {"name": escape(returned.customer.name)} if returned.customer else said.unknown
    more = " " + ngettext("and %(more)s more", "and %(more)s more", row.more) % {"more": row.more} if row.more else ""
    due = words.due(returned, frame.now)
    marks = "".join(f'<td class="ret-axis">{mark}</td>' for mark in words.marks_markup(returned, frame.by))
    return mark_safe(  # noqa: S308  what people wrote is escaped
        f'<tr class="row{" is-on" if is_on else ""}" id="r{returned.number}">'
        f"{_pick(number, returned.number, frame.is_picked, said)}"
        f'<td class="ret-c-who"><a class="ret-link row-link" href="{escape(url + query)}"'
        f"{' aria-current=' + chr(34) + 'page' + chr(34) if is_on else ''}>"
        f'<span class="ret-number">{number}</span><span class="ret-cut ret-who">{name}</span></a></td>'
        f'<td class="ret-c-item"><span class="ret-cut">{escape(row.item)}{more}</span>'
        f'<span class="ret-cut ret-why">{escape(_reason(row))}</span></td>{marks}'
        f'<td class="ret-c-due"><span class="ret-due{" is-" + due["kind"] if due["kind"] else ""}">'
        f"{escape(due['text'])}</span></td></tr>"
    )


def _pick(number: str, value: int, is_picked: bool | None, said: _Said) -> str:
    if is_picked is None:
        return ""
    return (
        '<td class="ret-pick"><label class="row-pick"><input class="checkbox checkbox-sm" type="checkbox" '
        f'name="number" value="{value}"{" checked" if is_picked else ""} '
        f'aria-label="{said.choose % {"number": number}}"></label></td>'
    )


def _reason(row: ReturnRow) -> str:
    ground = row.returned.ground
    reason = _("Safety notice %(number)s") % {"number": ground} if ground else row.reason
    is_out = row.returned.exchange == ExchangeState.OUT_OF_STOCK
    return f"{ExchangeState.OUT_OF_STOCK.label} · {reason}" if is_out else reason


@dataclass(frozen=True, slots=True)
class _Said:
    """Words that every line has, escaped, in one language."""

    customer: str
    unknown: str
    choose: str


@lru_cache(maxsize=8)
def _said(language: str | None) -> _Said:  # noqa: ARG001  what the words depend on
    return _Said(escape(_("%(name)s 様")), escape(_("Unknown sender")), escape(_("Choose %(number)s")))
