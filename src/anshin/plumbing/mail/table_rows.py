"""Rows of a real table kept on one line each; for `html`.

Outlook and Word put every cell into a paragraph of its own, and cells have line breaks in them. Read block by block
such a table would fall apart into single words. A table that only lays out a page (long cells, lists, tables inside)
is left alone. Works on tidy HTML, in time linear in its length.
"""

import re

MAX_CELL = 200

_ROW = re.compile(r"(<tr>)((?:(?!<tr>|</tr>|<table>).)*)(?=</tr>)", re.DOTALL)
_CELL = re.compile(r"<t[dh]>")
_LAYOUT = re.compile(r"<(?:ul|ol|dl|pre|blockquote|hr|h[1-6])\b")
_BREAKS = re.compile(r"\s*</?(?:p|div|br|section|article|center|address)>\s*")
_TAG = re.compile(r"<[^<>]*>")


def on_one_line(tidy: str) -> str:
    """The HTML without paragraphs and line breaks inside the cells of rows that are rows of a table."""
    return _ROW.sub(_row, tidy) if "<tr>" in tidy else tidy


def _row(found: re.Match[str]) -> str:
    inside = found.group(2)
    if not _BREAKS.search(inside) or _LAYOUT.search(inside):
        return found.group()
    cells = [_TAG.sub("", cell).strip() for cell in _CELL.split(inside)[1:]]
    if sum(map(bool, cells)) < 2 or max(map(len, cells)) > MAX_CELL:
        return found.group()
    return found.group(1) + _BREAKS.sub(" ", inside)
