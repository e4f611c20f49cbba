"""Messages and rules for bench/rules.py, measured inside the desk's environment."""

import json
import os
import time
from datetime import datetime
from pathlib import Path

from django import setup

setup()

WARM_UP = 30
WORDS = ("領収書", "インボイス", "名入れ", "熨斗", "卸", "取材", "求人", "解約", "定期便", "採寸")
TEXT = (
    "お世話になっております。先日注文した鍋が届きましたが、ふたの縁が少し欠けていました。\n"
    "写真を付けますので、交換していただけるか教えてください。注文番号は KM-20417 です。\n"
) * 4


def measured(times: int) -> str:
    """Milliseconds a message: taking in without and with rules, asking, and the whole reaction; as JSON."""
    from anshin.plumbing import clock
    from anshin.plumbing.journal import running
    from anshin.plumbing.journal.models import JournalEntry
    from anshin.routing.models import RuleRun
    from anshin.shops.queries import shop_by_slug
    from bench.desk import SLUG

    now = clock.now()
    shop = shop_by_slug(SLUG)
    _take_in(shop, "warm", WARM_UP, now)
    without = _cost(lambda: _take_in(shop, "without", times, now)) / times
    _make_rules(shop, now)
    _take_in(shop, "warm2", WARM_UP, now)
    first = JournalEntry.objects.filter(shop_id=shop.pk).order_by("-pk")[0].pk
    with_rules = _cost(lambda: _take_in(shop, "with", times, now)) / times
    entries = list(
        JournalEntry.objects.filter(shop_id=shop.pk, event="case.message_received", pk__gt=first).order_by("pk")
    )
    asking = _cost(lambda: _ask(entries, now)) / times
    acted = RuleRun.objects.count()
    reacting = _cost(lambda: _react(running, shop.pk, first + 1, now)) / times
    found = {"without": without, "with": with_rules, "asking": asking, "reacting": reacting, "acted": acted}
    return json.dumps(found)


def _cost(work: object) -> float:
    """CPU-ms of this process and of the database's."""
    from bench.desk import Place, database_cpu_ms

    here = Place(Path(), os.environ["DATABASE_URL"])
    server, own = database_cpu_ms(here), time.process_time()
    work()  # type: ignore[operator]
    return (time.process_time() - own) * 1000 + database_cpu_ms(here) - server


def _take_in(shop: object, name: str, times: int, now: datetime) -> None:
    from anshin.cases.actions import receive_message
    from anshin.cases.terms import Channel, IncomingMessage, Party

    for n in range(times):
        word = WORDS[n % len(WORDS)] if n % 20 == 0 else ""
        message = IncomingMessage(
            channel=Channel.EMAIL,
            sender=Party(f"客 {n}", f"kyaku-{name}-{n}@mail.example"),
            subject=f"鍋のふたについて {n} {word}",
            text=TEXT,
            message_key=f"{name}-{n}@bench",
            received_at=now,
        )
        receive_message(shop=shop, message=message, now=now)  # type: ignore[arg-type]


def _make_rules(shop: object, now: datetime) -> None:
    from anshin.routing import actions
    from anshin.routing.terms import Condition, Deed, Definition, Effect, Field, Op, Trigger
    from anshin.shops.actions import invite_staff
    from anshin.shops.terms import Role

    manager = invite_staff(
        shop=shop,  # type: ignore[arg-type]
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


def _ask(entries: list[object], now: datetime) -> None:
    from django.db import transaction

    from anshin.routing.actions import run_rules
    from anshin.routing.terms import Trigger

    for entry in entries:
        with transaction.atomic():
            run_rules(
                shop_id=entry.shop_id,  # type: ignore[attr-defined]
                case_id=entry.case_id,  # type: ignore[attr-defined]
                trigger=Trigger.MESSAGE,
                message_id=entry.payload["message_id"],  # type: ignore[attr-defined]
                entry_id=entry.pk,  # type: ignore[attr-defined]
                at=entry.at,  # type: ignore[attr-defined]
                now=now,
            )


def _react(running: object, shop_id: int, first: int, now: datetime) -> None:
    while running.run_reactions(shop_id=shop_id, first_entry_id=first, now=now):  # type: ignore[attr-defined]
        pass
