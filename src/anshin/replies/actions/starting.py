"""The macros that come with the program, put into a shop: each once, and never over what the shop made of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db import transaction

from anshin.language.topics.codes import CODES
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.replies import events, rules
from anshin.replies.actions.macros import check_content, write
from anshin.replies.models import Macro
from anshin.replies.terms import Language, MacroContent
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

FOLDER = Path(__file__).resolve().parents[1] / "starting_set"
STEPS = "steps"
"""The file of macros for the steps of a return: each names its topics itself."""
_SYSTEM = Actor(kind="system", id=None, name="anshin")


@transaction.atomic
def add_starting_set(*, shop: Shop, by: Membership | None, now: datetime) -> int:
    """How many macros are new. One that the shop once had, changed or archived, is left as it is.

    `by` None: the installation's own command. Raises NotAllowed.
    """
    if by is not None:
        require(by, Permission.EDIT_MACROS)
    known = set(Macro.objects.filter(shop=shop).exclude(start_key="").values_list("start_key", flat=True))
    fresh = [key for key in starting_set() if key not in known]
    for key in fresh:
        write(Macro(shop=shop, version=0, start_key=key), starting_set()[key], by=by, now=now)
    if fresh:
        fact = events.StartingSetAdded(macro_count=len(fresh))
        record(fact, shop_id=shop.pk, by=shops.actor(by) if by else _SYSTEM, now=now)
    return len(fresh)


@cache
def starting_set() -> Mapping[str, MacroContent]:
    """Key to content, by topic. One file a topic, one for the steps of a return; one table a macro: name and texts.

    How a letter begins and ends stands in frame.toml, once.
    """
    frame, found = _read("frame"), {}
    for code in (*(code for code in CODES if (FOLDER / f"{code}.toml").exists()), STEPS):
        for key, told in _read(code).items():
            opening = frame[told.get("opening", "thanks")]
            content = MacroContent(
                name=told["name"],
                topics=(*([code] if code != STEPS else []), *told.get("also", ())),
                texts={
                    language: "\n\n".join(
                        part.strip() for part in (opening[language], told[language], frame["closing"][language])
                    )
                    for language in Language.values
                },
                closes_with=told.get("closes_with", ""),
                adds_tags=tuple(told.get("adds_tags", ())),
                steps=tuple(told.get("steps", ())),
                snooze_days=told.get("snooze_days", 0),
            )
            found[f"{code}/{key}"] = rules.tidy(content)
            check_content(found[f"{code}/{key}"])
    return MappingProxyType(found)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
