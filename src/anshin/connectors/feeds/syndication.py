"""RSS (0.9x, 1.0, 2.0) and Atom, read by feedparser; what each element means may be said feed by feed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import Any, Final
from xml.sax import SAXException  # nosec B406

import feedparser
from django.utils.translation import gettext as _

from anshin.connectors.feeds.documents import MOST_ENTRIES, joined, refuse_by_kind, words
from anshin.connectors.feeds.fields import Told, caution_of, key
from anshin.safety.ports import Caution, NotAFeed, Reading
from anshin.safety.terms import FeedField

_LOOKED_AT: Final = 50
_MEANT: Final[Mapping[str, str]] = {
    "id": FeedField.SOURCE_ID,
    "title": FeedField.TITLE,
    "link": FeedField.URL,
    "published": FeedField.PUBLISHED,
    "updated": FeedField.PUBLISHED,
    "summary": FeedField.HAZARD,
    "content": FeedField.HAZARD,
    "publisher": FeedField.AGENCY,
}
_OURS: Final = re.compile(r"_(?:parsed|detail)$")  # what the library adds
_ENTITIES: Final = re.compile(rb"<!ENTITY\s", re.IGNORECASE)


def read(content: bytes, how: Reading) -> Iterator[Caution]:
    """Every entry. Raises NotAFeed."""
    parsed = _parsed(content, how)
    for place, entry in enumerate(islice(parsed.entries, MOST_ENTRIES), 1):
        said = Told()
        for name, text in _elements(entry):
            said.add(_meaning(name, how), text)
        yield caution_of(said, how, name=_name(entry, said, place))


def headings(content: bytes, how: Reading) -> tuple[tuple[str, str], ...]:
    """Elements of the first entries with what each is taken for. Raises NotAFeed."""
    names: dict[str, str] = {}
    for entry in islice(_parsed(content, how).entries, _LOOKED_AT):
        for name, _text in _elements(entry):
            names.setdefault(name, _meaning(name, how))
    return tuple(names.items())


def _parsed(content: bytes, how: Reading) -> Any:
    refuse_by_kind(content)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        raise NotAFeed(_("JSON came instead of RSS or Atom. Choose another kind of list, or another address."))
    if _ENTITIES.search(content[:10_000]):
        raise NotAFeed(_("The list defines its own entities, which may be an attack, so it is not read."))
    try:
        parsed = feedparser.parse(BytesIO(content), response_headers={"content-location": how.address})
    except (SAXException, ValueError, LookupError, RecursionError, TypeError, AttributeError, AssertionError) as error:
        raise NotAFeed(_damaged()) from error
    if not parsed.get("version"):
        raise NotAFeed(_("What came is neither RSS nor Atom. Check kind and address of the list."))
    if parsed.get("bozo") and not parsed.entries:
        raise NotAFeed(_damaged())
    return parsed


def _damaged() -> str:
    return _("The list is damaged in the middle and cannot be read. It is asked for again by itself.")


def _meaning(name: str, how: Reading) -> str:
    return how.mapping.get(key(name), str(_MEANT.get(name, "")))


def _elements(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Elements with their words; of parts (content, tags) those of all. `published` comes before `updated`."""
    for name in sorted(dict.keys(entry), key=lambda each: (each == "updated", each)):
        if _OURS.search(name) or name in {"links", "guidislink"}:
            continue
        value: Any = dict.__getitem__(entry, name)
        if isinstance(value, list):
            value = joined(words(each.get("value", each.get("term"))) for each in value if isinstance(each, Mapping))
        elif isinstance(value, Mapping):
            continue
        if text := words(value):
            yield name, text


def _name(entry: dict[str, Any], said: Told, place: int) -> str:
    """The publisher's own name for an entry; without one a digest of what does not change."""
    if given := said.first(FeedField.SOURCE_ID) or said.first(FeedField.URL):
        return given
    title = words(dict.get(entry, "title"))
    return "sha256:" + hashlib.sha256(title.encode()).hexdigest()[:32] if title else f"#{place}"
