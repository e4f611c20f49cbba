"""A shop in the middle of its work, and a mixed post for it: for tests that take the same in on two ways."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from anshin.cases.models import Case, Counter, Message, OrderLink, SpamMark, TrustedSender
from anshin.cases.terms import (
    Channel,
    Delivery,
    Direction,
    Hold,
    IncomingFile,
    IncomingMessage,
    Party,
    Resolution,
    SenderSign,
    SenderWarning,
    Status,
)
from anshin.commerce.actions import recognise_customer, take_in_order
from anshin.commerce.models import ContactPoint
from anshin.commerce.terms import BounceKind, Buyer, IncomingOrder, Reach, SalesChannel
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actors import Actor

if TYPE_CHECKING:
    from anshin.shops.models import Shop

SENDERS = (
    Party("柏木 由紀子", "y-kashiwagi@mail.example"),
    Party("", "Y-Kashiwagi@mail.example"),
    Party("三雲 達也", "mikumo@mail.example"),
    Party("", "nameless@mail.example"),
    Party("名無し", "nameless@mail.example"),
    Party("髙橋", "marked@mail.example"),
    Party("常連", "regular@mail.example"),
    Party("MAILER-DAEMON", ""),
    Party("壊れた", "not an address"),
)
SUBJECTS = ("届きません", "Re: 届きません", "返品したい", "", "注文番号KM-20417について")
TEXTS = (
    "まだ届きません。",
    "注文番号は KM-20417 です。",
    "KM-10001とKM-20417の件です。\n> 前の文",
    "カード番号は 4111 1111 1111 1111 です。",
    "",
)
OURS = "ours@komorebi.example"


def furnish(shop: Shop, now: datetime) -> None:
    """Customers, orders, and cases in every state that a message can meet."""
    shop.order_formats = ["KM-#####"]
    shop.save()
    for number, sender, days in (
        ("KM-20417", SENDERS[0], 3),
        ("KM-10001", SENDERS[6], 5),
        ("KM-10002", SENDERS[2], 90),
    ):
        at = now - timedelta(days=days)
        buyer = Buyer(name=sender.name, mail=sender.mail)
        order = IncomingOrder(channel=SalesChannel.OWN, number=number, ordered_at=at, buyer=buyer)
        take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=now)
    for sender in (SENDERS[3], SENDERS[5]):
        recognise_customer(shop=shop, mail=sender.mail, name=sender.name, now=now)
    before = now - timedelta(days=20)
    ContactPoint.objects.filter(shop=shop, key=SENDERS[5].mail).update(
        reach=Reach.UNREACHABLE,
        bounce_kind=BounceKind.MAILBOX_FULL,
        bounced_since_at=before,
        last_bounced_at=before,
        bounce_count=1,
    )
    TrustedSender.objects.create(shop=shop, mail_key=SENDERS[2].mail, trusted_at=before)
    for number, (status, days, sender) in enumerate(STANDING):
        _case(shop, number, status, now - timedelta(days=days), sender, now)


STANDING = (
    (Status.OPEN, 2, SENDERS[0]),
    (Status.WAITING, 3, SENDERS[2]),
    (Status.CLOSED, 5, SENDERS[6]),
    (Status.CLOSED, 80, SENDERS[0]),
    (Status.SNOOZED, 6, SENDERS[3]),
    (Status.SPAM, 1, SENDERS[4]),
    (Status.SPAM, 1, SENDERS[2]),
    (Status.OPEN, 30, SENDERS[5]),
)
"""Status, age in days and customer of the cases that are there before; the second spam case was put away by hand."""


def _case(shop: Shop, number: int, status: Status, at: datetime, sender: Party, now: datetime) -> None:
    customer = recognise_customer(shop=shop, mail=sender.mail, name=sender.name, now=now)
    case = Case.objects.create(
        shop=shop,
        number=900 + number,
        subject="届きません",
        channel=Channel.EMAIL,
        status=status,
        customer=customer,
        created_at=at,
        last_activity_at=at,
        snoozed_until_at=now + timedelta(days=3) if status == Status.SNOOZED else None,
        closed_at=at if status == Status.CLOSED else None,
        resolution=Resolution.ANSWERED if status == Status.CLOSED else "",
        waiting_since_at=at if status == Status.OPEN else None,
    )
    counted, _is_new = Counter.objects.get_or_create(shop=shop, status=status, owner_id=0)
    Counter.objects.filter(pk=counted.pk).update(count=counted.count + 1)
    if status == Status.SPAM:
        reason = "by_hand" if number % 2 == 0 else "rspamd"
        SpamMark.objects.create(shop=shop, case=case, reason=reason, marked_at=at, former_status=Status.OPEN)
    if number == 0:
        order_id = customer.orders.get(number="KM-20417").pk  # type: ignore[attr-defined]
        values = {"reason": "only_recent_order", "is_proposed": True, "linked_at": at}
        OrderLink.objects.create(shop=shop, case=case, order_id=order_id, **values)
    for direction, key in ((Direction.IN, f"in{number}@mail.example"), (Direction.OUT, f"{number}{OURS}")):
        is_ours = direction == Direction.OUT
        Message.objects.create(
            shop=shop,
            case=case,
            direction=direction,
            channel=Channel.EMAIL,
            at=at,
            sent_at=at if is_ours else None,
            delivery=Delivery.SENT if is_ours else Delivery.RECEIVED,
            sender_mail="support@komorebi.example" if is_ours else sender.mail,
            to=[["", sender.mail], ["", "friend@mail.example"]] if is_ours else [],
            subject="届きません",
            message_key=key,
        )


def mixed_post(shop: Shop, dice: random.Random, now: datetime, *, count: int = 60) -> list[IncomingMessage]:
    """So many messages; the same for two shops with dice of the same seed."""
    file = keep(shop.pk, b"%PDF-1.7 receipt", now=now).pk
    cases = list(Case.objects.filter(shop=shop).order_by("number").values_list("pk", flat=True))
    keys = [f"{kind}{number}" for number in range(len(STANDING)) for kind in ("in",)]
    known = [f"{key}@mail.example" for key in keys] + [f"{number}{OURS}" for number in range(len(STANDING))]
    post: list[IncomingMessage] = []
    for number in range(count):
        key = dice.choice(known) if dice.random() < 0.1 else f"{number}@mail.example"
        post.append(_message(dice, key, known, cases, file, now))
        known.append(key)
    return post


def _message(
    dice: random.Random, key: str, known: list[str], cases: list[int], file: int, now: datetime
) -> IncomingMessage:
    values: dict[str, Any] = {}
    if dice.random() < 0.4:
        values["refers_to"] = tuple(dice.choice([*known, "nobody@knows.example"]) for _ in range(dice.randrange(1, 4)))
    if dice.random() < 0.1:
        values["token_case_id"] = dice.choice(cases)
    if dice.random() < 0.15:
        values |= {"spam_by": "rspamd", "sender_checks": {"spam": "rspamd", "spam_score": "9.1"}}
    if dice.random() < 0.1:
        warning = SenderWarning(SenderSign.NAME_OF_SHOP, {"name": "こもれび", "domain": "x.example"})
        values["sender_warnings"] = (warning,)
    if dice.random() < 0.1:
        values |= {"hold": Hold.UNREADABLE, "hold_reason": "no_sender"}
    if dice.random() < 0.3:
        values["html"] = f"<p>{dice.choice(TEXTS)}</p>"
    if dice.random() < 0.2:
        values["files"] = (IncomingFile(blob_id=file, name="領収書.pdf"),) * dice.randrange(1, 3)
    age = dice.choice((timedelta(minutes=dice.randrange(600)), timedelta(days=dice.randrange(1, 100))))
    return IncomingMessage(
        channel=Channel.EMAIL,
        sender=dice.choice(SENDERS),
        subject=dice.choice(SUBJECTS),
        text=dice.choice(TEXTS),
        message_key=key,
        received_at=now - age,
        to=(Party("", "support@komorebi.example"),),
        cc=(dice.choice(SENDERS),) if dice.random() < 0.2 else (),
        phone="03-1234-5678" if dice.random() < 0.1 else "",
        order_number="km10001" if dice.random() < 0.1 else "",
        is_automatic=dice.random() < 0.15,
        **values,
    )
