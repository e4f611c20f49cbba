"""Draws codes that scanners read, as SVG with one rectangle for each run: QR, Code 128 and NW-7."""

import re
from itertools import groupby
from typing import Final

import segno
from barcode.codabar import CODABAR
from barcode.codex import Code128

from anshin.returns.terms import BarCode

QUIET_MODULES: Final = 4
_DOT_MM: Final = 0.125
"""One dot of a 203 dpi label printer: modules are whole dots, or their edges blur."""
_MODULE_MM: Final = {BarCode.CODE128: (0.25, 0.5), BarCode.NW7: (0.125, 0.25)}
"""The narrowest and widest module. NW-7 comes in half modules: its narrow bars are two of them wide, wide ones five."""


def qr(text: str) -> str:
    """An `<svg>` that fills its place, with the quiet zone; never a Micro QR, which telephones do not read.

    The mask is given: weighing all eight takes longer than setting the whole label, and every one is a valid symbol.
    """
    rows = segno.make_qr(text, error="m", mask=0).matrix
    size = len(rows) + 2 * QUIET_MODULES
    shapes = "".join(
        f"M{column + QUIET_MODULES} {number + QUIET_MODULES}h{length}v1h-{length}z"
        for number, row in enumerate(rows)
        for column, length in _dark_runs(row)
    )
    return _svg(size, size, shapes)


def bars(text: str, kind: BarCode, *, widest_mm: float) -> tuple[str, float]:
    """The bar code as `<svg>` that may be stretched to any height, and its width in millimetres.

    It is as wide as `widest_mm` allows, quiet zones included. Raises ValueError for text that the code cannot hold in
    that width.
    """
    pattern = _pattern(text, kind)
    count = len(pattern) + 2 * _quiet(kind)
    narrowest, widest = _MODULE_MM[kind]
    module_mm = min(widest_mm / count // _DOT_MM * _DOT_MM, widest)
    if module_mm < narrowest:
        raise ValueError(f"{text!r} does not fit into {widest_mm} mm as {kind}")
    shapes = "".join(f"M{start + _quiet(kind)} 0h{length}v1h-{length}z" for start, length in _dark_runs(pattern))
    return _svg(count, 1, shapes), count * module_mm


def bar_text(number: str, kind: BarCode) -> str:
    """What the bar code says: the number, or for NW-7 its digits between two A.  R-0312 → A0312A."""
    return f"A{re.sub(r'[^0-9]', '', number)}A" if kind == BarCode.NW7 else number


def _pattern(text: str, kind: BarCode) -> list[int]:
    made = CODABAR(text, narrow=2, wide=5) if kind == BarCode.NW7 else Code128(text)
    return [int(module) for module in made.build()[0]]


def _quiet(kind: BarCode) -> int:
    return 20 if kind == BarCode.NW7 else 10


def _dark_runs(modules: object) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    runs, start = [], 0
    for is_dark, group in groupby(modules, key=bool):  # type: ignore[call-overload]
        length = sum(1 for _module in group)
        if is_dark:
            runs.append((start, length))
        start += length
    return runs


def _svg(width: int, height: int, shapes: str) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none"'
    return f'{head} shape-rendering="crispEdges"><path d="{shapes}"/></svg>'
