"""A portion of mails comes to the very rows that its mails come to one by one."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from anshin.channels.email import keys
from anshin.channels.email.arriving import portions
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.reading import taking_in
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Source
from anshin.plumbing.jobs.models import Job
from anshin.shops.models import Shop
from tests.cases.mixed_post import OURS, SENDERS, SUBJECTS, TEXTS, furnish
from tests.cases.rows import differences, rows_of, to_index
from tests.channels.email.outside.letters import mail
from tests.channels.email.reading.test_email_taking_in import bounce_of

pytestmark = pytest.mark.django_db

MAILS = Path(__file__).parents[3] / "plumbing" / "mail"
ADDRESS = "shop@komorebi.example"


@pytest.mark.parametrize("way", ["together", "broken, so one by one after all"])
@pytest.mark.parametrize("seed", range(3))
def test_a_mixed_mailbox_comes_to_the_same_rows_as_one_by_one(
    shop: Shop, other_shop: Shop, now: datetime, monkeypatch: pytest.MonkeyPatch, seed: int, way: str
) -> None:
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)
    monkeypatch.setattr(keys, "desk_mark", lambda _shop_id: "our own")
    monkeypatch.setattr(portions, "MOST_MAILS", 70)
    if way != "together":
        monkeypatch.setattr(taking_in, "_settled_together", _fails)
    for each in (shop, other_shop):
        mailbox = _furnished(each, now)
        post = _post(random.Random(seed))
        if each == shop:
            _one_by_one(mailbox, post, now)
        else:
            _in_portions(mailbox, post)

    one, other = rows_of(shop), rows_of(other_shop)
    assert differences(one, other) == []
    fates = {row["fate"] for row in one["Arrival"]}
    wanted = {Fate.TAKEN_IN, Fate.DUPLICATE, Fate.BOUNCE, Fate.AUTO_REPLY, Fate.LOOP, Fate.QUARANTINED}
    assert wanted <= fates
    assert len(one["BounceReport"]) >= 2
    assert {entry["event"] for entry in one["JournalEntry"]} >= {
        "case.reopened",
        "case.numbers_found",
        "case.sender_doubted",
        "case.order_linked",
    }
    waiting = Job.objects.exclude(task__in=_LATER)
    assert not waiting.exists()
    assert to_index(shop) == to_index(other_shop)


_LATER = [
    "anshin.channels.email.jobs.take_in",
    "anshin.cases.jobs.index",
    "anshin.cases.jobs.look_for_numbers",
    "anshin.cases.jobs.propose_topics",
]


def _fails(_arriving: Any) -> Any:
    raise ValueError("a defect")


def _furnished(shop: Shop, now: datetime) -> Mailbox:
    """The shop with two mailboxes; the same names and addresses in both shops."""
    Shop.objects.filter(pk=shop.pk).update(name="こもれび", contact_mail=ADDRESS)
    shop.refresh_from_db()
    furnish(shop, now)
    Mailbox.objects.create(shop=shop, address="info@komorebi.example", created_at=now, is_active=False)
    return Mailbox.objects.create(shop=shop, address=ADDRESS, display_name="こもれび", created_at=now, uidvalidity=0)


def _one_by_one(mailbox: Mailbox, post: list[bytes], now: datetime) -> None:
    """The first mails lie in the other mailbox as well."""
    beside = Mailbox.objects.get(shop=mailbox.shop, address="info@komorebi.example")
    for target, raws in ((beside, post[:3]), (mailbox, post)):
        for raw in raws:
            take_in(store(mailbox=target, raw=raw, source=Source.IMPORT, now=now).arrival.pk, now=now)


def _in_portions(mailbox: Mailbox, post: list[bytes]) -> None:
    beside = Mailbox.objects.get(shop=mailbox.shop, address="info@komorebi.example")
    for target, raws in ((beside, post[:3]), (mailbox, post)):
        taken = portions.Portions(target)
        for raw in raws:
            taken.add(raw)
        taken.finish()
    assert not Arrival.objects.filter(mailbox=mailbox, fate=Fate.STORED).exists()


def _post(dice: random.Random) -> list[bytes]:
    """Golden mails, bounces, what a fuzzer found, and conversations, shuffled: the same for two shops."""
    kept = [file.read_bytes() for folder in ("golden", "bounces") for file in sorted((MAILS / folder).glob("*.eml"))]
    written = [_letter(dice, number) for number in range(90)]
    odd = [
        b"",
        b"no header at all",
        mail(message_id=None, sender="", subject="だれでしょう"),
        mail(message_id="<loop@x>", extra="X-Anshin-Desk: our own\r\n"),
        mail("不在です。", message_id="<auto@x>", extra=f"Auto-Submitted: auto-replied\r\nIn-Reply-To: <1{OURS}>\r\n"),
        mail("まだです", message_id="<again@x>", sender=SENDERS[6].mail, extra=f"In-Reply-To: <2{OURS}>\r\n"),
        mail("偽物", message_id="<fake@x>", sender="こもれび <x@evil.example>"),
        bounce_of(f"1{OURS}", to=SENDERS[2].mail, message_id="<b1@x>"),
        bounce_of(f"4{OURS}", to=SENDERS[3].mail, message_id="<b2@x>"),
        bounce_of("foreign@elsewhere.example", message_id="<b3@x>"),
    ]
    post = [*kept, *written, *odd, *dice.sample(written, 6)]
    dice.shuffle(post)
    return post


def _letter(dice: random.Random, number: int) -> bytes:
    sender = dice.choice(SENDERS[:7])
    named = [f"{dice.randrange(90)}@letters.example", f"{dice.randrange(8)}{OURS}", "nobody@knows.example"]
    extra = f"In-Reply-To: <{dice.choice(named)}>\r\n" if dice.random() < 0.5 else ""
    key = number if dice.random() < 0.9 else dice.randrange(90)  # some mailers give one id to two mails
    return mail(
        f"{dice.choice(TEXTS)}\r\n{number}通目",
        subject=dice.choice(SUBJECTS),
        sender=f"{sender.name} <{sender.mail}>",
        message_id=f"<{key}@letters.example>",
        extra=extra,
    )


def test_the_planner_is_told_each_time_the_import_has_doubled(
    mailbox: Mailbox, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)
    monkeypatch.setattr(portions, "MOST_MAILS", 1)
    told: list[int] = []
    running = portions.Portions(mailbox)
    monkeypatch.setattr(portions, "refresh_statistics", lambda: told.append(running.count))
    for number in range(9):
        running.add(mail(message_id=f"<{number}@example.jp>"))
    assert told == [1, 2, 4, 8]


def test_a_known_mail_is_found_by_its_key_however_large_the_mailbox(mailbox: Mailbox) -> None:
    """Duplicates count, too, so the index for what must be unique cannot answer."""
    plan = Arrival.objects.filter(mailbox=mailbox, dedupe_key__in=["a", "b"]).explain()
    if connection.vendor == "sqlite":
        assert "email_arrival_by_key (mailbox_id=? AND dedupe_key=?)" in plan
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'email_arrival_by_key'")
            assert cursor.fetchone()[0].endswith("(mailbox_id, dedupe_key)")
