"""Offices to which a customer can turn: those that come with the program, and what a reply says of one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from anshin.language.folding import fold

_FILE = Path(__file__).resolve().parents[1] / "referrals.toml"
LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Referral:
    """An office in one language. `phone` "": none. `is_official`: the source is the office's own page."""

    key: str
    language: str
    name: str
    when: str
    phone: str
    hours: str
    note: str
    url: str
    source: str
    source_url: str
    is_official: bool
    checked_on: date

    @property
    def text(self) -> str:
        """What a reply says of it: name, phone, hours, address, and the note."""
        phone = self.phone and (f"電話 {self.phone}" if self.language == "ja" else f"Phone {self.phone}")
        return "\n".join(part for part in (self.name, self.when, phone, self.hours, self.note, self.url) if part)


def referrals(language: str, *, wanted: str = "") -> list[Referral]:
    """All offices, or those in whose words every word of `wanted` stands; English where the language is not Japanese.

    Words are looked for in both languages, so that 詐欺 finds the police also on an English screen. No query.
    """
    words = [fold(word) for word in wanted.split()]
    shown = "ja" if language == "ja" else "en"
    found = _all()
    return [
        versions[shown]
        for versions in found.values()
        if all(any(word in _folded(each) for each in versions.values()) for word in words)
    ]


def referral_of(key: str, language: str) -> Referral | None:
    """One office by its key, in Japanese or else in English."""
    return _all().get(key, {}).get("ja" if language == "ja" else "en")


@cache
def _all() -> dict[str, dict[str, Referral]]:
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {key: {each: _referral(key, each, dict(values)) for each in LANGUAGES} for key, values in told.items()}


def _referral(key: str, language: str, values: dict[str, object]) -> Referral:
    words = values[language]
    common = {name: value for name, value in values.items() if name not in LANGUAGES}
    return Referral(key=key, language=language, **common, **words)  # type: ignore[arg-type]


def _folded(found: Referral) -> str:
    return fold(" ".join((found.name, found.when, found.phone, found.note)))
