"""Somebody who asks about a thing of ours and about one that nobody has, and keeps whatever an answer gives away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps

from tests.house.gates.asking import forms_of, names_asked
from tests.house.gates.walking import desk_routes
from tests.house.gates.watching import ask, body_of, pointing_at, rows_of, taken_back, told

if TYPE_CHECKING:
    from django.test import Client

    from tests.house.gates.conftest import House

ALL = {model._meta.db_table for model in apps.get_models()}
Asked = tuple[str, Any, str]


class Trial:
    """Asks with one browser; `wrong` holds a line for each answer that tells, shows, changes or takes in something."""

    def __init__(self, house: House, browser: Client) -> None:
        self.house, self.browser = house, browser
        self.cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
        self.before = rows_of(house.ours.number, ALL)
        self.numbers = (house.ours.number, house.nobodys)
        self.wrong: list[str] = []

    def ask(self, method: str, address: str, said: Any = None, *, typed: bool = False) -> Any:
        """One request, taken back. `typed`: a word of ours was in it, so that it may stand in the answer."""
        with taken_back() as writes:
            answer = ask(self.browser, method, address, said)
            faults = list(self._faults(body_of(answer), writes.of_others, typed))
        self.wrong += [f"{method} {address} {said}: {fault}" for fault in faults]
        self.browser.cookies.clear()  # with the messages for the next page
        for name, value in self.cookies.items():
            self.browser.cookies[name] = value
        return answer

    def both(self, method: str, *asked: Asked, typed: bool = False) -> None:
        """Ask about ours and about nobody's: address, form, and the word that was put in. The answers must be alike."""
        hers = str(self.house.theirs.number)
        ours, nobodys = (
            told(self.ask(method, address, said, typed=typed), word, f"{word[:1]},{word[1:]}", hers)
            for address, said, word in asked
        )
        if ours != nobodys:
            self.wrong.append(f"{method} {asked[0]}: tells that something is there: {difference(ours, nobodys)}")

    def _faults(self, words: str, written: set[str], typed: bool) -> Iterator[str]:
        number = self.house.ours.number
        if self.house.ours.mark in words and not typed:
            yield "shows words of ours"
        after = rows_of(number, written)
        if changed := {table for table, rows in after.items() if rows != self.before[table]}:
            yield f"changes {changed}"
        if pointing := pointing_at(number, written):
            yield f"takes ours into {pointing}"


@dataclass
class Pages:
    """All of her pages, looked at once: names that each reads from its query, and what their forms would send."""

    queries: list[tuple[str, set[str]]] = field(default_factory=list)
    forms: dict[str, dict[str, str]] = field(default_factory=dict)


SEEN: dict[Any, Pages] = {}


def pages(trial: Trial) -> Pages:
    """Her pages; a word of ours on one of them is noted."""
    if trial.house in SEEN:
        return SEEN[trial.house]
    known, seen = {route.pattern: route for route in desk_routes()}, Pages()
    for route in desk_routes():
        address = route.address(trial.house.theirs.slug, trial.house.theirs.number)
        with names_asked() as names:
            answer = trial.ask("GET", address)
        if answer.status_code != 405:
            seen.queries.append((address, names.query))
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            for where, fields in forms_of(body_of(answer), address, known):
                seen.forms.setdefault(where.pattern, {}).update(fields)
    return SEEN.setdefault(trial.house, seen)


def difference(ours: Any, nobodys: Any) -> Any:
    """Where two answers part, in a line."""
    if ours[:2] != nobodys[:2]:
        return ours[0], nobodys[0], ours[1].items() ^ nobodys[1].items()
    at = next((at for at, pair in enumerate(zip(ours[2], nobodys[2], strict=False)) if pair[0] != pair[1]), 0)
    return ours[2][max(at - 60, 0) : at + 60], nobodys[2][max(at - 60, 0) : at + 60]
