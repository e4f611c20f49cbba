"""What came, looked at before it is read: JSON as plain values, or a sentence that says what it is instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.plumbing.files.kinds import kind_of
from anshin.plumbing.mail.html import text_from_html
from anshin.safety.ports import NotAFeed

LONGEST_WORDS: Final = 4000
LONGEST_NAME: Final = 300
MOST_ENTRIES: Final = 20_000
_MARKUP: Final = re.compile(r"<[a-zA-Z!/]|&[#a-zA-Z0-9]{1,10};")
_BLANKS: Final = re.compile(r"[ \t\r\f\v]*\n[ \t\r\f\v\n]*|[ \t\r\f\v\u3000]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_INSTEAD: Final[tuple[tuple[str, str | Promise], ...]] = (
    (
        "text/html",
        gettext_lazy(
            "A web page came instead of the list. The publisher may have moved the list, or asks for a sign-in: open "
            "the address in a browser and look for the new one."
        ),
    ),
    ("application/pdf", gettext_lazy("A PDF came instead of the list. Look for the address of the list itself.")),
    ("image/", gettext_lazy("A picture came instead of the list. Look for the address of the list itself.")),
    ("application/zip", gettext_lazy("A ZIP file came. Only lists that are not packed can be read.")),
    (
        "application/vnd.openxmlformats",
        gettext_lazy("An Excel file came. Look for the same list as CSV, JSON or RSS."),
    ),
    ("application/x-ole-storage", gettext_lazy("An Excel file came. Look for the same list as CSV, JSON or RSS.")),
)


def refuse_by_kind(content: bytes) -> None:
    """Raises NotAFeed for what is plainly something else."""
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise NotAFeed(
            _("The answer is empty. The publisher’s server may be out of order; it is asked again by itself.")
        )
    kind = "text/html" if is_page(content) else kind_of(content)
    for refused, words in _INSTEAD:
        if kind.startswith(refused) and (refused != "text/html" or is_page(content)):  # RSS has a <title>, too
            raise NotAFeed(str(words))


def is_page(content: bytes) -> bool:
    """Whether these bytes begin as a web page."""
    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return True
    return b"<html" in head and not any(mark in head for mark in (b"<rss", b"<feed", b"<rdf:rdf"))


def values(content: bytes) -> Any:
    """JSON as plain values. Raises NotAFeed."""
    refuse_by_kind(content)
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotAFeed(_("The answer is no JSON: its characters are damaged.")) from error
    except (ValueError, RecursionError) as error:
        if content[:1] == b"<":
            raise NotAFeed(_("XML came instead of JSON. Choose another kind of list, or another address.")) from error
        raise NotAFeed(_("The answer is no JSON, or it breaks off in the middle.")) from error


def entries(found: Any) -> list[Any]:
    """The entries, wherever the list stands; at most MOST_ENTRIES. Raises NotAFeed."""
    if not isinstance(found, list):
        raise NotAFeed(_("The answer is JSON, but not the list that was expected. Check kind and address of the list."))
    return found[:MOST_ENTRIES]


def words(value: Any, *, most: int = LONGEST_WORDS) -> str:
    """A value as readable text: without markup and control characters, not longer than `most`."""
    if isinstance(value, Mapping | list) or value is None or isinstance(value, bool):
        return ""
    text = _CONTROL.sub("", str(value)[: most * 8])
    if _MARKUP.search(text):
        text = text_from_html(text)
    return _BLANKS.sub(lambda found: "\n" if "\n" in found[0] else " ", text).strip()[:most].strip()


def all_words(found: Any, name: str, *, between: str = "\n") -> str:
    """The words under `name` of each part of a list of parts, each once."""
    parts = found if isinstance(found, list) else []
    told = (words(part.get(name)) for part in parts if isinstance(part, Mapping))
    return joined(told, between=between)


def joined(told: Iterable[str], *, between: str = "\n") -> str:
    """Those that say something, each once."""
    return between.join(dict.fromkeys(each for each in told if each))[:LONGEST_WORDS]


def web_address(value: Any) -> str:
    """An address on the web, or nothing."""
    text = words(value, most=1000)
    return text if re.match(r"https?://[^\s/]", text, re.IGNORECASE) else ""
