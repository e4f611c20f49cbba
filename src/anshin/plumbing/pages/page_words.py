"""Every word that a page shows, written otherwise: texts between tags, and attributes that are shown or read out."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Final
from urllib.parse import unquote_plus

from django.utils.html import escape

_TAG: Final = re.compile(r"""<!--.*?-->|<[!/a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r"""([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ADDRESSES: Final = frozenset(
    {
        "href",
        "src",
        "action",
        "formaction",
        "srcset",
        "srcdoc",
        "poster",
        "hx-get",
        "hx-post",
        "hx-put",
        "hx-patch",
        "hx-delete",
        "data-url",
    }
)
_NO_WORDS: Final = frozenset(
    {
        "class",
        "id",
        "type",
        "name",
        "for",
        "style",
        "nonce",
        "integrity",
        "role",
        "method",
        "d",
        "viewbox",
        "points",
        "transform",
        "fill",
        "stroke",
        "width",
        "height",
        "rel",
        "target",
        "lang",
        "charset",
        "datetime",
        "http-equiv",
        "autocomplete",
        "inputmode",
        "enctype",
        "popover",
        "popovertarget",
        "data-key",
        "aria-controls",
        "aria-labelledby",
        "aria-describedby",
        "hx-target",
        "hx-trigger",
        "hx-swap",
        "hx-select",
        "hx-select-oob",
        "hx-include",
        "hx-sync",
        "hx-disabled-elt",
        "hx-swap-oob",
        "hx-headers",
    }
)
_NAME: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_OWN: Final = re.compile(r"\sdata-own-words(?=[\s>=/])")
_VOID: Final = frozenset({"input", "img", "br", "hr", "meta", "link"})
Change = Callable[[list[str]], list[str]]


def with_other_words(html: str, change: Change, *, initial: Callable[[str], str]) -> str:
    """The page with its words as `change` gives them back, all of them at once and in the same order.

    An address (href, hx-get, …) whose words would change leads nowhere: "#". `initial` is asked about the letter in an
    avatar. What the reader has written (a textarea, an element with data-own-words) is left alone; what does not
    change stays byte for byte.
    """
    pieces = _cut(html)
    own = _own_words(pieces)
    places = [(at, each) for at, piece in enumerate(pieces) if at not in own for each in _words_in(piece)]
    changed = change([shown for _at, (_span, shown, _kind) in places])
    cuts: dict[int, list[tuple[int, int, str]]] = {}
    for (at, (span, shown, kind)), other in zip(places, changed, strict=True):
        if other != shown:
            cuts.setdefault(at, []).append((*span, "#" if kind == "address" else str(escape(other))))
    written = [_with_cuts(piece, cuts.get(at, ())) for at, piece in enumerate(pieces)]
    for at in range(1, len(written)):
        if at not in own and pieces[at - 1].startswith("<") and " ava" in f" {_class_of(pieces[at - 1])} ":
            written[at] = str(escape(initial(unescape(written[at]))))
    return "".join(written)


def _cut(html: str) -> list[str]:
    pieces, last = [], 0
    for tag in _TAG.finditer(html):
        pieces += [html[last : tag.start()], tag.group()]
        last = tag.end()
    return [*pieces, html[last:]]


def _own_words(pieces: list[str]) -> set[int]:
    """Which pieces are the reader's own words, tags included."""
    found: set[int] = set()
    name, depth = "", 0
    for at, piece in enumerate(pieces):
        tag = _NAME.match(piece)
        if not name:
            if tag and not tag[1] and (tag[2].lower() == "textarea" or _OWN.search(piece)):
                found.add(at)
                name, depth = ("", 0) if tag[2].lower() in _VOID else (tag[2].lower(), 1)
            continue
        found.add(at)
        if tag and tag[2].lower() == name:
            depth += -1 if tag[1] else 1
            name = name if depth else ""
    return found


def _words_in(piece: str) -> list[tuple[tuple[int, int], str, str]]:
    """(span in the piece, the words as they are read, kind) of everything shown in it."""
    if not piece.strip():
        return []
    if not piece.startswith("<") or not _TAG.fullmatch(piece):
        return [((0, len(piece)), unescape(piece), "text")]
    found = []
    for attribute in _ATTRIBUTE.finditer(piece):
        name = attribute[1].lower()
        group = 2 if attribute[2] is not None else 3
        value = unescape(attribute[group])
        if not value or name in _NO_WORDS:
            continue
        is_address = name in _ADDRESSES or (name.startswith("data-") and name.endswith("-url"))
        shown = unquote_plus(value) if is_address else value
        found.append((attribute.span(group), shown, "address" if is_address else "text"))
    return found


def _with_cuts(piece: str, cuts: tuple[tuple[int, int, str], ...] | list[tuple[int, int, str]]) -> str:
    parts, last = [], 0
    for start, end, words in cuts:
        parts += [piece[last:start], words]
        last = end
    return "".join([*parts, piece[last:]])


def _class_of(tag: str) -> str:
    found = re.search(r'\bclass="([^"]*)"', tag)
    return found[1] if found else ""
