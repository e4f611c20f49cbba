"""How a macro reads in a real case: its texts filled in, with what would be missing marked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anshin.cases.queries import case_by_number, case_page, cases_in_view
from anshin.cases.terms import Sorting, View
from anshin.replies.queries import filled
from anshin.staff.macro_words import gap_words, language_name

if TYPE_CHECKING:
    from anshin.cases.queries.lists import CaseRow
    from anshin.replies.terms import Filled
    from anshin.shops.models import Membership

_MOST_OFFERED = 12


def previews(by: Membership, texts: Mapping[str, str], *, topic: str, wanted: str, now: datetime) -> dict[str, Any]:
    """Each text as it would read in the case with the number `wanted`, else in a recent one that fits the topic."""
    rows = cases_in_view(by, View.ALL, sorting=Sorting.NEWEST, cursor="").items
    rows = sorted(rows, key=lambda row: (row.topic != topic, not row.order_label))[:_MOST_OFFERED]
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else rows[0].number if rows else 0
    found = case_by_number(by.shop, number) if number else None
    if found is None:
        return {"previews": [], "preview_cases": [], "preview_number": 0}
    page = case_page(by, found)
    return {
        "previews": [
            _one(code, filled(by, page, text, language=code, now=now)) for code, text in texts.items() if text.strip()
        ],
        "preview_cases": [{"number": row.number, "label": _label(row)} for row in rows],
        "preview_number": number,
    }


def marked(text: Filled) -> SafeString:
    """The text with what is missing in <mark>."""
    pieces, at = [], 0
    for gap in text.gaps:
        pieces += [("", text.text[at : gap.start]), ("mark", text.text[gap.start : gap.end])]
        at = gap.end
    pieces.append(("", text.text[at:]))
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", piece) if kind else piece,) for kind, piece in pieces)
    )


def _one(code: str, text: Filled) -> dict[str, Any]:
    return {"code": code, "language": language_name(code), "text": marked(text), "gaps": gap_words(text.gaps)}


def _label(row: CaseRow) -> str:
    return f"#{row.number} {row.customer_name or _('Without a name')} · {row.subject or _('(no subject)')}"
