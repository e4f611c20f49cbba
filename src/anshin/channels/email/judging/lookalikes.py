"""Whether a host name only looks like that of a company: the same to the eye, a typing error off, or with words added.

Decisions on values only. Kept narrow on purpose: Japanese companies bear names that are also surnames and places, and
a warning on an ordinary customer's mail costs more trust than a missed one.

Source: Unicode Technical Standard 39, 4 (confusable detection): the table below holds characters allowed in host names
(RFC 5892) that resemble a Latin letter, chosen by eye; read 2026-11-26.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from anshin.channels.email.judging.companies import (
    COMPANIES,
    CONSUMER_DOMAINS,
    GENUINE,
    LURES,
    MILD_LURES,
    NOT_MEANT,
    SENDING_SERVICES,
    Company,
)
from anshin.plumbing.mail.domains import ascii_host, readable_host, registrable

How = Literal["twin", "typo", "added", "inside", "ending"]
SHORTEST_FOR_TYPOS = 6
RESERVED_ENDINGS = frozenset({"example", "test", "invalid", "localhost"})
"""Endings under which nobody can register a name. Source: RFC 2606, 2."""
SHORTEST_FOR_ENDINGS = 5
SHORTEST_IN_A_RUN = 5
SHORTEST_OWN_FOR_TYPOS = 7
SHORTEST_OWN_FOR_ENDINGS = 10
_LOOKED_LIKE = {
    "a": "аӓɑα", "b": "ьʙƅ", "c": "ҫсϲᴄ", "d": "ԁɗ", "e": "еёҽє", "g": "ɡցǥ", "h": "һհ", "i": "іїıíӏɩ", "j": "јϳ",
    "k": "кκқ", "l": "ⅼǀ｜", "m": "мⅿ", "n": "пոη", "o": "оοօӧᴏσ", "p": "рρ", "q": "ԛզ", "r": "гɾ", "s": "ѕꜱ",
    "t": "тτ", "u": "υսᴜ", "v": "νѵᴠ", "w": "ԝшᴡѡ", "x": "хχ", "y": "уүγʏ", "z": "ᴢʐ",
}  # fmt: skip
_TWINS = str.maketrans({twin: letter for letter, twins in _LOOKED_LIKE.items() for twin in twins})
_TO_THE_EYE = str.maketrans({"0": "o", "1": "l", "i": "l", "3": "e", "5": "s", "8": "b", "|": "l"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("nn", "m"))


@dataclass(frozen=True, slots=True)
class Lookalike:
    """`host` resembles `genuine`, which `company` owns ("" for the shop itself)."""

    host: str
    genuine: str
    company: str
    how: How


def lookalike_of(host: str, *, own_domains: Iterable[str] = ()) -> Lookalike | None:
    """What this host imitates; None for a genuine one, for one where anybody has addresses, and for all others."""
    return _lookalike_of(ascii_host(host), frozenset(own_domains))


def is_known(host: str) -> bool:
    """Whether a company of the list, a provider or a sending service owns this host."""
    base = registrable(host)
    return base in GENUINE or base in CONSUMER_DOMAINS or base in SENDING_SERVICES


def in_latin(text: str) -> str:
    """The text with foreign letters as the Latin ones they resemble, without accents, in lower case."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))
    return plain.translate(_TWINS)


@lru_cache(maxsize=4096)
def skeleton(label: str) -> str:
    """The label as the eye takes it: `in_latin`, with digits as letters and pairs that run together as one."""
    seen = in_latin(label).translate(_TO_THE_EYE)
    for pair, sign in _PAIRS:
        seen = seen.replace(pair, sign)
    return seen


def is_one_slip_away(one: str, other: str) -> bool:
    """Whether one letter missing, too many, wrong, or swapped with the next is the only difference."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])


@lru_cache(maxsize=4096)
def _lookalike_of(name: str, own: frozenset[str]) -> Lookalike | None:
    base = registrable(name)
    if not base or base in own or is_known(name):
        return None
    for company in (*_as_companies(own), *COMPANIES):
        if company.is_worldwide and _is_other_country(base, company):
            return None
        how = _how(name, base, company)
        if how == "ending" and base.rpartition(".")[2] in RESERVED_ENDINGS:
            return None
        if how:
            return Lookalike(readable_host(name), company.domains[0], company.name, how)
    return None


def _as_companies(domains: Iterable[str]) -> list[Company]:
    """The shop's own domains, as companies without a name."""
    return [Company("", (domain,), (domain.partition(".")[0],)) for domain in sorted(domains)]


def _is_other_country(base: str, company: Company) -> bool:
    """amazon.de, yahoo.com.tw: the label itself under the ending of a country."""
    label, _dot, ending = base.partition(".")
    return label in company.labels and len(ending.rpartition(".")[2]) == 2


def _how(name: str, base: str, company: Company) -> How | None:
    if any(f".{domain}." in f".{name}" for domain in company.domains):
        return "inside"
    if _is_twin_in_front(name.removesuffix(base), company):
        return "twin"
    label = readable_host(base.partition(".")[0])
    by_label = (_how_label(label, wanted, company) for wanted in company.labels)
    by_word = (_how_word(label, word, company) for word in company.words)
    return next((how for how in (*by_label, *by_word) if how), None)


def _is_twin_in_front(front: str, company: Company) -> bool:
    """amaz0n.mail.example: a disguised label before somebody else's domain."""
    labels = [readable_host(label) for label in front.split(".") if label]
    wanted = [each for each in company.labels if len(each) >= SHORTEST_IN_A_RUN]
    return any(label != each and skeleton(label) == skeleton(each) for label in labels for each in wanted)


def _how_label(label: str, wanted: str, company: Company) -> How | None:
    is_own = not company.name
    seen, meant = skeleton(label), skeleton(wanted)
    if label == wanted:
        shortest = SHORTEST_OWN_FOR_ENDINGS if is_own else SHORTEST_FOR_ENDINGS
        return "ending" if len(wanted) >= shortest else None
    if seen == meant or (seen.replace("-", "") == meant.replace("-", "") and len(meant) >= SHORTEST_FOR_TYPOS):
        return "twin"
    added = _added(label, wanted)
    is_telling = bool(added) and not is_own and len(wanted) >= SHORTEST_IN_A_RUN
    if is_telling or added & MILD_LURES or _is_run_together(label, wanted, MILD_LURES):
        return "added"
    shortest = SHORTEST_OWN_FOR_TYPOS if is_own else SHORTEST_FOR_TYPOS
    may_slip = len(wanted) >= shortest and label not in NOT_MEANT and label[:1] == wanted[:1]
    return "typo" if may_slip and is_one_slip_away(seen, meant) else None


def _how_word(label: str, word: str, company: Company) -> How | None:
    """A label that is also an ordinary word: a disguise, or words beside it that leave no doubt."""
    if label != word and len(word) >= SHORTEST_IN_A_RUN and skeleton(label) == skeleton(word):
        return "twin"
    lures = LURES | frozenset(company.extras)
    return "added" if _added(label, word) & lures or _is_run_together(label, word, lures) else None


def _added(label: str, wanted: str) -> frozenset[str]:
    """The words that hyphens join to `wanted`; empty when it is not there by itself."""
    parts, size, meant = label.split("-"), len(wanted.split("-")), skeleton(wanted)
    for start in range(len(parts) - size + 1):
        if skeleton("-".join(parts[start : start + size])) == meant:
            return frozenset([*parts[:start], *parts[start + size :]])
    return frozenset()


def _is_run_together(label: str, wanted: str, lures: frozenset[str]) -> bool:
    """rakutencard-info: the label with such words and digits before or behind it, and nothing else."""
    if len(wanted) < SHORTEST_IN_A_RUN:
        return False
    before, found, after = skeleton(label.replace("-", "")).partition(skeleton(wanted.replace("-", "")))
    rest = [part for part in (before, after) if part]
    return bool(found and rest) and all(_is_made_of(part, lures) for part in rest)


def _is_made_of(part: str, lures: frozenset[str]) -> bool:
    """Whether the part is one or two such words, or a number; compared as the eye takes them."""
    seen = _seen(lures)
    return part in seen or part.isdigit() or any(part[:n] in seen and part[n:] in seen for n in range(2, len(part) - 1))


@lru_cache(maxsize=64)
def _seen(lures: frozenset[str]) -> frozenset[str]:
    return frozenset(skeleton(lure.replace("-", "")) for lure in lures)
