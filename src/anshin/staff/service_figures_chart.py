"""The trend of kept targets as a picture: two lines that differ in stroke and mark, not in colour alone.

Places are percentages and sizes pixels, so that nothing is stretched on a phone. The numbers stand in a table, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import dropwhile
from typing import TYPE_CHECKING, Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anshin.plumbing.pages import dates
from anshin.staff.clock_words import OWED

if TYPE_CHECKING:
    from anshin.cases.queries import Bucket, Figure

_LEFT, _RIGHT = 9.0, 98.0
_LABELS_END = 7.5
_TOP, _BOTTOM, _HEIGHT = 14, 166, 196
_MOST_LABELS = 7
_MOST_ON_PHONE = 3


def chart(trend: Sequence[Bucket], *, language: str) -> dict[str, Any]:
    """`svg`: the picture from the first step with a figure on, "" where there is none; `rows`: the same as a table."""
    trend = list(dropwhile(lambda each: not any(figure.total for figure in each.pair), trend))
    names = [_step_name(each, language) for each in trend]
    rows = [
        {"name": name, "figures": [_said(figure) for figure in each.pair]}
        for name, each in zip(names, trend, strict=True)
    ]
    return {"svg": SafeString(_svg(trend, names)) if trend else "", "rows": rows}


def _said(figure: Figure) -> dict[str, Any]:
    return {"percent": figure.percent, "met": figure.met, "total": figure.total}


def _svg(trend: Sequence[Bucket], names: Sequence[str]) -> str:
    title = _("Share of kept targets, step by step")
    summary = " ".join(_spoken(kind, place, trend, names) for place, kind in enumerate(("first_answer", "resolution")))
    return (
        f'<svg class="trend" height="{_HEIGHT}" width="100%" role="img" aria-labelledby="trend-title trend-words">'
        f'<title id="trend-title">{escape(title)}</title><desc id="trend-words">{escape(summary)}</desc>'
        f"{''.join(_grid())}{''.join(_labels(names))}"
        f"{''.join(_line(trend, names, 1, 'trend-2'))}{''.join(_line(trend, names, 0, 'trend-1'))}</svg>"
    )


def _spoken(kind: str, place: int, trend: Sequence[Bucket], names: Sequence[str]) -> str:
    """First, last and lowest share of a line, for who hears the picture."""
    known = [(each.pair[place].percent, name) for each, name in zip(trend, names, strict=True)]
    shares = [(share, name) for share, name in known if share is not None]
    if not shares:
        return ""
    lowest = min(shares, key=lambda each: each[0])
    return _("%(kind)s: from %(first)s %% (%(begin)s) to %(last)s %% (%(end)s), lowest %(lowest)s %% (%(when)s).") % {
        "kind": OWED[kind],
        "first": shares[0][0],
        "begin": shares[0][1],
        "last": shares[-1][0],
        "end": shares[-1][1],
        "lowest": lowest[0],
        "when": lowest[1],
    }


def _grid() -> Iterator[str]:
    for share in (0, 50, 100):
        y = _y(share)
        yield f'<line class="trend-grid" x1="{_LEFT}%" x2="{_RIGHT}%" y1="{y}" y2="{y}"/>'
        yield f'<text class="trend-text" x="{_LABELS_END}%" y="{y + 4}" text-anchor="end">{share}</text>'


def _labels(names: Sequence[str]) -> Iterator[str]:
    shown, on_phone = _spread(len(names), _MOST_LABELS), _spread(len(names), _MOST_ON_PHONE)
    for place in sorted(shown | on_phone):
        looks = "" if place in shown & on_phone else "phone-hide" if place in shown else "phone-only"
        anchor = "end" if place == len(names) - 1 and len(names) > 1 else "start" if place == 0 else "middle"
        yield (
            f'<text class="trend-text {looks}" x="{_x(place, len(names))}%" y="{_HEIGHT - 6}"'
            f' text-anchor="{anchor}">{escape(names[place])}</text>'
        )


def _line(trend: Sequence[Bucket], names: Sequence[str], which: int, looks: str) -> Iterator[str]:
    """Strokes between neighbours that both have a figure, then the marks on top of them."""
    count, marks, before = len(trend), [], None
    for place, (each, name) in enumerate(zip(trend, names, strict=True)):
        figure = each.pair[which]
        if figure.percent is None:
            before = None
            continue
        here = (_x(place, count), _y(figure.percent))
        if before:
            yield f'<line class="{looks}" x1="{before[0]}%" y1="{before[1]}" x2="{here[0]}%" y2="{here[1]}"/>'
        before = here
        words = escape(f"{name}: {figure.percent} % ({figure.met}/{figure.total})")
        marks.append(f'<circle class="{looks}" cx="{here[0]}%" cy="{here[1]}" r="4"><title>{words}</title></circle>')
    yield from marks


def _spread(count: int, most: int) -> set[int]:
    """So many places at most, first and last among them, the others as even as can be."""
    if count <= most:
        return set(range(count))
    return {round(place * (count - 1) / (most - 1)) for place in range(most)}


def _x(place: int, count: int) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * (place + 0.5 if count == 1 else place) / max(1, count - 1), 2)


def _y(share: int) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * share / 100, 1)


def _step_name(each: Bucket, language: str) -> str:
    """11/3, or 11/2–11/8 for more than a day, or the month."""
    first, last = each.first, each.last
    if first == last:
        return f"{first.month}/{first.day}"
    if (last - first).days > 7:
        return (
            f"{first.year}年{first.month}月" if language == "ja" else f"{dates.MONTHS_EN[first.month - 1]} {first.year}"
        )
    return f"{first.month}/{first.day}–{last.month}/{last.day}"
