"""Messages and rules for bench/rules.py, measured inside the desk's environment."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from django import setup

if TYPE_CHECKING:
    from anshin.plumbing.journal.models import JournalEntry
    from anshin.shops.models import Shop

setup()

PORTION = 20
"""Messages that come in one after the other; one of them fits a rule."""
WORDS = ("領収書", "インボイス", "名入れ", "熨斗", "卸", "取材", "求人", "解約", "定期便", "採寸")
TEXT = (
    "お世話になっております。先日注文した鍋が届きましたが、ふたの縁が少し欠けていました。\n"
    "写真を付けますので、交換していただけるか教えてください。注文番号は KM-20417 です。\n"
) * 4


def measured(times: int) -> str:
    """Milliseconds a message, as JSON: taking in without and with rules, asking alone, and all that reacting costs.

    Portions of a shop without and of one with rules come in by turns, so that the machine's other work falls on both
    alike; the median of the portions counts. In each portion one message fits a rule. By turns a portion waits for its
    reaction together, is asked about without the machine around it, and is reacted to message by message.
    """
    from anshin.plumbing import clock
    from anshin.routing.models import RuleRun

    now = clock.now()
    plain, ruled = _shop("plain", now), _shop("ruled", now)
    _make_rules(ruled, now)
    for shop in (plain, ruled):
        _take_in(shop, "warm", 2 * PORTION, now)
    _react(ruled.pk, now)
    _ask(_taken_in(ruled.pk, after=0), now)
    costs: dict[str, list[float]] = {"without": [], "with": [], "asking": [], "reacting": [], "singly": []}
    before = RuleRun.objects.count()
    for turn in range(3 * max(1, times // PORTION // 3)):
        name, last = f"turn-{turn}", _last_entry()
        both = [("without", plain), ("with", ruled)]
        for which, shop in both if turn % 4 < 2 else reversed(both):
            costs[which].append(_cost(partial(_take_in, shop, name, PORTION, now)))
        if turn % 3 == 1:
            costs["asking"].append(_cost(partial(_ask, _taken_in(ruled.pk, after=last), now)))
            _react(ruled.pk, now)
        elif turn % 3 == 2:
            _react(ruled.pk, now)
            costs["singly"].append(sum(_singly(ruled, f"{name}-singly", now)))
        else:
            costs["reacting"].append(_cost(partial(_react, ruled.pk, now)))
    found: dict[str, float] = {name: median(each) / PORTION for name, each in costs.items()}
    return json.dumps(found | {"acted": RuleRun.objects.count() - before, "asked": PORTION * len(costs["with"])})


def _singly(shop: Shop, name: str, now: datetime) -> Iterator[float]:
    """What the reaction to each message of a portion costs that finds nothing else to do."""
    for n in range(PORTION):
        _take_in(shop, name, 1, now, start=n)
        yield _cost(partial(_react, shop.pk, now))


def _cost(work: Callable[[], object]) -> float:
    """CPU-ms of this process and of the database's."""
    from bench.desk import Place, database_cpu_ms

    here = Place(Path(), os.environ["DATABASE_URL"])
    server, own = database_cpu_ms(here), time.process_time()
    work()
    return (time.process_time() - own) * 1000 + database_cpu_ms(here) - server


def _take_in(shop: Shop, name: str, times: int, now: datetime, *, start: int = 0) -> None:
    from anshin.cases.actions import receive_message
    from anshin.cases.terms import Channel, IncomingMessage, Party

    for n in range(start, start + times):
        word = WORDS[len(name) % len(WORDS)] if n % PORTION == 0 else ""
        message = IncomingMessage(
            channel=Channel.EMAIL,
            sender=Party(f"客 {n}", f"kyaku-{name}-{n}@mail.example"),
            subject=f"鍋のふたについて {n} {word}",
            text=TEXT,
            message_key=f"{name}-{n}@bench",
            received_at=now,
        )
        receive_message(shop=shop, message=message, now=now)


def _shop(slug: str, now: datetime) -> Shop:
    from anshin.shops.actions import open_shop

    return open_shop(slug=slug, name=slug, contact_mail=f"{slug}@bench.example", now=now)


def _make_rules(shop: Shop, now: datetime) -> None:
    from anshin.routing import actions
    from anshin.routing.terms import Condition, Deed, Definition, Effect, Field, Op, Trigger
    from anshin.shops.actions import invite_staff
    from anshin.shops.terms import Role

    manager = invite_staff(
        shop=shop,
        email="manager@bench.example",
        name="管理",
        role=Role.MANAGER,
        by=None,
        now=now,
    )
    for n in range(50):
        word = WORDS[n % len(WORDS)]
        conditions = (
            Condition(Field.WORDS, Op.IS, f"{word}、{word}について{n}"),
            Condition(Field.CHANNEL, Op.IS, "email"),
            Condition(Field.OWNER, Op.IS, "nobody") if n % 2 else Condition(Field.DOMAIN, Op.IS, "mail.example"),
        )
        deeds = (Deed(Effect.TAG, f"{word}{n}"),)
        definition = Definition(trigger=Trigger.MESSAGE, conditions=conditions, deeds=deeds, stops=True)
        rule = actions.save_rule(by=manager, name=f"規則 {n}", definition=definition, now=now)
        actions.try_rule(by=manager, rule_id=rule.pk, now=now)
        actions.switch_on(by=manager, rule_id=rule.pk, now=now)


def _last_entry() -> int:
    from anshin.plumbing.journal.models import JournalEntry

    return JournalEntry.objects.order_by("-pk")[0].pk


@cache
def _first_entry(shop_id: int) -> int:
    return _taken_in(shop_id, after=0)[0].pk


def _taken_in(shop_id: int, *, after: int) -> list[JournalEntry]:
    """The entries of messages that came into the shop."""
    from anshin.plumbing.journal.models import JournalEntry

    rows = JournalEntry.objects.filter(shop_id=shop_id, event="case.message_received", pk__gt=after)
    return list(rows.order_by("pk"))


def _ask(entries: list[JournalEntry], now: datetime) -> None:
    from django.db import transaction

    from anshin.routing.actions import run_rules
    from anshin.routing.terms import Trigger

    for entry in entries:
        with transaction.atomic():
            run_rules(
                shop_id=entry.shop_id,
                case_id=entry.case_id or 0,
                trigger=Trigger.MESSAGE,
                message_id=entry.payload["message_id"],
                entry_id=entry.pk,
                at=entry.at,
                now=now,
            )


def _react(shop_id: int, now: datetime) -> None:
    """What the shop's reactions have to do, as the jobs of these messages do it."""
    from anshin.plumbing.journal.running import run_reactions

    while run_reactions(shop_id=shop_id, first_entry_id=_first_entry(shop_id), now=now):
        pass
