"""What a policy of returns says, as values: the three items that a shop must state, and what goes beyond them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

MOST_DAYS = 3650
MOST_YEN = 1_000_000
LONGEST_WORDS = 1000
MOST_OVERRIDES = 60
TAG, SKU = "tag", "sku"


@dataclass(frozen=True, slots=True)
class Override:
    """Other terms for a kind of goods (`kind` tag) or one product (`kind` sku). None and "": as for everything else.

    `name` is what customers read for a sku. `defect_days`: within how many days a defect is to be told.
    """

    kind: str
    value: str
    name: str = ""
    refused: bool = False
    days: int | None = None
    payer: str = ""
    fee_yen: int | None = None
    defect_days: int | None = None


@dataclass(frozen=True, slots=True)
class PolicyContent:
    """Everything that one version says.

    Shapes: `*_start` codes of terms.StartEvent or "" (not said); `payer` of terms.Payer or ""; `wishes`,
    `defect_ways` of terms.Wish; `photo_reasons`, `person_reasons` of terms.Reason; `excluded_tags` of
    commerce.ProductTag; `person_channels` of commerce.SalesChannel. Units: `*_days` days, `*_yen` whole yen.
    None: not decided yet. `person_above_yen` 0: no amount is too high for the machine.
    """

    defect_days: int | None = None
    defect_start: str = ""
    defect_ways: tuple[str, ...] = ("refund", "exchange")
    defect_words: str = ""

    accepts: bool | None = None
    days: int | None = None
    start: str = ""
    moves_on_holiday: bool = False
    allows_opened: bool = False
    allows_used: bool = False
    needs_package: bool = False
    needs_accessories: bool = False
    payer: str = ""
    fee_yen: int = 0
    mind_words: str = ""

    excludes_nothing: bool = False
    excluded_tags: tuple[str, ...] = ()
    excludes_opened: bool = False
    excludes_used: bool = False
    excluded_words: str = ""

    overrides: tuple[Override, ...] = ()
    wishes: tuple[str, ...] = ("refund", "exchange")
    photo_reasons: tuple[str, ...] = ("not_as_pictured", "defect", "damaged", "wrong_item", "missing_part")
    person_reasons: tuple[str, ...] = ()
    person_channels: tuple[str, ...] = ()
    person_above_yen: int = 0
    country: str = "JP"
    law_words: str = ""

    def override_for(self, *, sku: str, tags: tuple[str, ...]) -> Override | None:
        """The one that holds: that of the product itself, else the strictest of its tags."""
        for each in self.overrides:
            if sku and (each.kind, each.value) == (SKU, sku):
                return each
        of_tags = [each for each in self.overrides if each.kind == TAG and each.value in tags]
        return min(of_tags, key=self._room) if of_tags else None

    def _room(self, override: Override) -> tuple[bool, int]:
        """How much an override leaves to the customer: refused first, then the fewest days."""
        days = override.days if override.days is not None else self.days
        return not override.refused, MOST_DAYS if days is None else days


def read(stored: Mapping[str, Any]) -> PolicyContent:
    """The content from its row; what an older version of the program did not know takes its default."""
    known = {each.name for each in fields(PolicyContent)}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    overrides = tuple(_override(each) for each in values.pop("overrides", ()))
    told: dict[str, Any] = {name: value for name, value in values.items() if name in known}
    return PolicyContent(overrides=overrides, **told)


def write(content: PolicyContent) -> dict[str, Any]:
    """The content as JSON takes it."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(content).items()}


def is_possible(content: PolicyContent) -> bool:
    """Whether days, amounts, lengths and numbers of entries are such that a row and a reader can take them."""
    days = [content.days, content.defect_days]
    yen = [content.fee_yen, content.person_above_yen // 100]
    for each in content.overrides:
        days += [each.days, each.defect_days]
        yen.append(each.fee_yen or 0)
    words = (content.defect_words, content.mind_words, content.excluded_words, content.law_words)
    return (
        all(each is None or 0 < each <= MOST_DAYS for each in days)
        and all(0 <= each <= MOST_YEN for each in yen)
        and all(len(each) <= LONGEST_WORDS for each in words)
        and len(content.overrides) <= MOST_OVERRIDES
        and all(each.kind in (TAG, SKU) and each.value for each in content.overrides)
    )


def _override(stored: Mapping[str, Any]) -> Override:
    known = {each.name for each in fields(Override)}
    return Override(**{name: value for name, value in stored.items() if name in known})
