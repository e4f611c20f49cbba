"""Consultations by fiscal year as a picture: two bars a year, and what happened meanwhile, each at its day.

Places are percentages and sizes pixels, so that nothing is stretched on a phone. The numbers stand in a table, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anshin.insights.terms import Branch, OccasionKind
from anshin.plumbing.pages import dates

if TYPE_CHECKING:
    from anshin.insights.models import Occasion
    from anshin.insights.queries import YearRow

_LEFT, _RIGHT = 9.0, 98.0
_LABELS_END = 7.5
_TOP, _BOTTOM, _HEIGHT = 40, 226, 256
_MARK = 16
_STEPS = (1, 2, 5)
_FILE_WIDTH = 960
_LEGEND_STEP, _LEGEND_SPAN = 24, 30.0
# The file stands alone: colours of the light look, on white paper.
_FILE_LOOKS = (
    "svg{background:#fff;font-family:'Noto Sans JP','Hiragino Sans','Yu Gothic UI',Meiryo,sans-serif}"
    ".trend-grid{stroke:#d9dee2}.trend-text,.year-count{fill:#333b40;font-size:12px}"
    ".year-1{fill:#235599;stroke:#235599}.year-2{fill:#fff;stroke:#333b40;stroke-width:2}"
    ".year-mark{stroke:#333b40;stroke-dasharray:3 3}.year-mark-spot{fill:#333b40}"
    ".year-mark-text{fill:#fff;font-size:11px}"
)


def year_name(year: int, language: str) -> str:
    """2018年度, or FY2018: April 2018 to March 2019."""
    return f"{year}年度" if language == "ja" else f"FY{year}"


def chart(rows: Sequence[YearRow], occasions: Sequence[Occasion], *, language: str) -> SafeString:
    """The picture for the page; "" without years. `occasions` have the numbers of their order, from 1."""
    return _svg(rows, occasions, language, size=f'width="100%" height="{_HEIGHT}"', looks="") if rows else SafeString()


def chart_file(rows: Sequence[YearRow], occasions: Sequence[Occasion], *, language: str) -> str:
    """The same picture as a file that stands alone: below it which bar is which, and what happened at which day."""
    tall = _HEIGHT + _LEGEND_STEP * (1 + len(occasions)) + _LEGEND_STEP // 2
    size = f'xmlns="http://www.w3.org/2000/svg" width="{_FILE_WIDTH}" height="{tall}"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_svg(rows, occasions, language, size=size, looks=_FILE_LOOKS)}\n'


def _svg(rows: Sequence[YearRow], occasions: Sequence[Occasion], language: str, *, size: str, looks: str) -> SafeString:
    top = _ceiling(max((count for row in rows for count in row.branches.values()), default=1))
    spoken = _("%(first)s to %(last)s. The same numbers stand in the table.") % {
        "first": year_name(rows[0].year, language),
        "last": year_name(rows[-1].year, language),
    }
    style = f"<style>{looks}</style>" if looks else ""
    return SafeString(
        f'<svg class="trend" {size} role="img" aria-labelledby="years-title years-words">'
        f'<title id="years-title">{escape(_("Consultations by fiscal year"))}</title>'
        f'<desc id="years-words">{escape(spoken)}</desc>{style}'
        f"{''.join(_grid(top))}{''.join(_bars(rows, top, language))}"
        f"{''.join(_marks(rows, occasions, language))}{''.join(_legend(occasions, language)) if looks else ''}</svg>"
    )


def _legend(occasions: Sequence[Occasion], language: str) -> Iterator[str]:
    """What the page has beside its picture, for the file: a line with the two kinds of bars, then one each day."""
    y = _HEIGHT + _LEGEND_STEP // 2
    for side, branch in enumerate(Branch):
        x = _LEFT + side * _LEGEND_SPAN
        yield f'<rect class="year-{side + 1}" x="{x}%" y="{y - 10}" width="12" height="12"/>'
        yield f'<text class="trend-text" x="{x + 2}%" y="{y + 1}">{escape(str(branch.label))}</text>'
    for number, each in enumerate(occasions, 1):
        y += _LEGEND_STEP
        day = dates.full_day(each.happened_on, language=language, with_year=True)
        words = f"{day} {each.title} ({OccasionKind(each.kind).label})"
        yield f'<circle class="year-mark-spot" cx="{_LEFT + 0.7}%" cy="{y - 4}" r="9"/>'
        yield f'<text class="year-mark-text" x="{_LEFT + 0.7}%" y="{y}" text-anchor="middle">{number}</text>'
        yield f'<text class="trend-text" x="{_LEFT + 2}%" y="{y}">{escape(words)}</text>'


def _grid(top: int) -> Iterator[str]:
    for count in (0, top // 2, top) if top % 2 == 0 else (0, top):
        y = _y(count, top)
        yield f'<line class="trend-grid" x1="{_LEFT}%" x2="{_RIGHT}%" y1="{y}" y2="{y}"/>'
        yield f'<text class="trend-text" x="{_LABELS_END}%" y="{y + 4}" text-anchor="end">{count:,}</text>'


def _bars(rows: Sequence[YearRow], top: int, language: str) -> Iterator[str]:
    span = (_RIGHT - _LEFT) / len(rows)
    wide = min(span * 0.3, 7.0)
    for place, row in enumerate(rows):
        middle, name = _LEFT + span * (place + 0.5), year_name(row.year, language)
        for side, branch in enumerate(Branch):
            count = row.branches[branch]
            x, y = round(middle - wide - 0.3 + side * (wide + 0.6), 2), _y(count, top)
            words = escape(f"{name} {branch.label}: {count:,}")
            yield (
                f'<rect class="year-{side + 1}" x="{x}%" y="{y}" width="{round(wide, 2)}%"'
                f' height="{round(_BOTTOM - y, 1)}"><title>{words}</title></rect>'
            )
            if len(rows) <= 6:
                at = round(x + wide / 2, 2)
                yield f'<text class="year-count" x="{at}%" y="{y - 5}" text-anchor="middle">{count:,}</text>'
        looks = "trend-text" if place % 2 == 0 or len(rows) <= 4 else "trend-text phone-hide"
        at = round(middle, 2)
        yield f'<text class="{looks}" x="{at}%" y="{_HEIGHT - 10}" text-anchor="middle">{escape(name)}</text>'


def _marks(rows: Sequence[YearRow], occasions: Sequence[Occasion], language: str) -> Iterator[str]:
    for number, each in enumerate(occasions, 1):
        x = place_of(each.happened_on, first=rows[0].year, last=rows[-1].year)
        day = dates.full_day(each.happened_on, language=language, with_year=True)
        yield (
            f"<g><title>{escape(f'{day} {each.title}')}</title>"
            f'<line class="year-mark" x1="{x}%" x2="{x}%" y1="{_MARK}" y2="{_BOTTOM}"/>'
            f'<circle class="year-mark-spot" cx="{x}%" cy="{_MARK - 5}" r="10"/>'
            f'<text class="year-mark-text" x="{x}%" y="{_MARK - 1}" text-anchor="middle">{number}</text></g>'
        )


def place_of(day: date, *, first: int, last: int) -> float:
    """Where a day stands between 1 April of `first` and 31 March after `last`, in percent of the picture's width."""
    begin, end = date(first, 4, 1), date(last + 1, 4, 1)
    return round(_LEFT + (_RIGHT - _LEFT) * (day - begin).days / (end - begin).days, 2)


def _ceiling(most: int) -> int:
    """The next 1, 2 or 5 with noughts that is not below the highest bar, and even from 2 on."""
    scale = 1
    while True:
        for step in _STEPS:
            if step * scale >= most:
                return step * scale
        scale *= 10


def _y(count: int, top: int) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * count / top, 1)
