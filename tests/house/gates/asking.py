"""Which names a view reads from query and form, heard while it runs; and what the pages of a shop would send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from unittest import mock

from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.urls import Resolver404, resolve

from tests.house.gates.walking import Route

NEVER = {"csrfmiddlewaretoken"}


class Names:
    """The names that were asked for."""

    def __init__(self) -> None:
        self.query: set[str] = set()
        self.form: set[str] = set()


def _hearing(names: set[str]) -> type[QueryDict]:
    class Hearing(QueryDict):
        def __getitem__(self, key: str) -> Any:
            names.add(key)
            return super().__getitem__(key)

        def get(self, key: str, default: Any = None) -> Any:
            names.add(key)
            return super().get(key, default)

        def getlist(self, key: str, default: Any = None) -> Any:
            names.add(key)
            return super().getlist(key, default)

        def __contains__(self, key: object) -> bool:
            names.add(str(key))
            return super().__contains__(key)

    return Hearing


@contextmanager
def names_asked() -> Iterator[Names]:
    """Hear which names the views that run now read."""
    names = Names()
    query, form = _hearing(names.query), _hearing(names.form)
    plain = WSGIRequest._get_post

    def posted(request: WSGIRequest) -> QueryDict:
        found = form("", mutable=True)
        for name, values in plain(request).lists():
            found.setlist(name, values)
        return found

    asked = property(lambda request: query(request.META.get("QUERY_STRING", "")))
    with mock.patch.multiple(WSGIRequest, GET=asked, POST=property(posted, WSGIRequest._set_post)):
        yield names
    names.form -= NEVER


class Forms(HTMLParser):
    """The forms of a page: where each goes, and what it would send if nobody changed anything."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read a form, a field or a choice."""
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("id") != "frame-form":  # that one holds no more than where it stands
            self._fields = {}
            self.found.append((told.get("hx-post") or told.get("action", ""), self._fields))
        elif self._fields is not None and tag in {"input", "button", "select", "textarea"} and told.get("name"):
            self._field(tag, told)
        elif tag == "option" and self._select and self._fields is not None:
            is_chosen = "selected" in told or not self._fields.get(self._select)
            self._fields[self._select] = told.get("value", "") if is_chosen else self._fields[self._select]

    def handle_endtag(self, tag: str) -> None:
        """A form, a menu or a field of text is over."""
        if tag == "form":
            self._fields = None
        if tag in {"select", "textarea"}:
            self._select = self._area = ""

    def handle_data(self, data: str) -> None:
        """What stands in a field of text."""
        if self._area and self._fields is not None:
            self._fields[self._area] = data.strip()

    def _field(self, tag: str, told: dict[str, str]) -> None:
        assert self._fields is not None
        name = told["name"]
        self._select = name if tag == "select" else ""
        self._area = name if tag == "textarea" else ""
        is_off = told.get("type") in {"checkbox", "radio"} and "checked" not in told
        if not (is_off and name in self._fields):
            self._fields[name] = self._fields.get(name) or told.get("value", "")


def forms_of(page: str, address: str, known: dict[str, Route]) -> Iterator[tuple[Route, dict[str, str]]]:
    """Route and fields of each form of a page that leads to one of the addresses at the desk."""
    parser = Forms()
    parser.feed(page)
    for action, fields in parser.found:
        where = (action or address).partition("#")[0]
        try:
            route = known.get(resolve(where.partition("?")[0]).route)
        except Resolver404:
            continue
        if route is not None:
            yield route, {name: value for name, value in fields.items() if name not in NEVER}
