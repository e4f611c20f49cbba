"""A server reports that a message of ours did not arrive: written on the message, on the case and on the address."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from anshin.cases import events
from anshin.cases.actions import clocks, standing
from anshin.cases.models import BounceReport, Message
from anshin.cases.ports import RefusedRecipient
from anshin.cases.terms import Delivery, Direction, IncomingBounce, Status
from anshin.commerce.actions import clear_address, mark_bounced
from anshin.commerce.queries import marked_addresses
from anshin.commerce.terms import BounceKind, Cleared
from anshin.language.mails import mail_key
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.mail.carriers import MobileCarrier, carrier_of

if TYPE_CHECKING:
    from anshin.commerce.models import ContactPoint
    from anshin.shops.models import Shop

POST = Actor(kind="system", id=None, name="mail")
NOTHING_CAME_BACK_FOR = timedelta(days=5)
"""Servers try for at most five days by custom (RFC 5321, 4.5.4.1); silence after that means that a mail arrived."""
_MOST_AT_ONCE = 500
_UNKNOWN_MEANS_REFUSED = frozenset({MobileCarrier.DOCOMO, MobileCarrier.AU})
_LEFT = frozenset({Delivery.SENT, Delivery.UNSURE})


@transaction.atomic
def record_bounce(*, shop: Shop, bounce: IncomingBounce, now: datetime) -> int | None:
    """Keep the report with the message that it is about: the id of that message, None when none of ours is meant.

    The same report twice is one. Once the other server has given up, the message has come back: the case is ours
    again and the address is marked. A delay only leaves the report.
    """
    message = _message_meant(shop, bounce)
    if message is None:
        return None
    bounce = _as_phones_mean_it(message, bounce)
    if not _keep_report(message, bounce):
        return message.pk
    if bounce.given_up:
        _mark_address(shop, message, bounce, now)
        _bring_back(shop, message, bounce, now)
    else:
        case = standing.locked_case_or_merged(shop.pk, message.case_id)
        standing.announce(case, "case.delivery", now=now, message_id=message.pk)
    return message.pk


@transaction.atomic
def keep_refusal(*, message: Message, refused: RefusedRecipient, words: str, now: datetime) -> None:
    """The other side does not take mail for one recipient: kept with the message like a report, and the address marked.

    The message itself is settled by whoever delivers it.
    """
    bounce = IncomingBounce(
        message_keys=(message.message_key,),
        address=refused.mail,
        kind=BounceKind(refused.kind),
        given_up=True,
        words=words,
        at=now,
    )
    if not _keep_report(message, bounce):  # refused before: the newest words count
        earlier = BounceReport.objects.filter(message=message, address=bounce.address, raw_blob=None)
        earlier.update(kind=bounce.kind.value, words=words[:500], at=now)
    _mark_address(message.shop, message, bounce, now)


def trust_silent_addresses(*, now: datetime) -> int:
    """Clear addresses to which a later mail went out, and nothing came back for days. How many were cleared."""
    cleared, after_id = 0, 0
    while marked := list(marked_addresses(before=now - NOTHING_CAME_BACK_FOR, after_id=after_id, most=_MOST_AT_ONCE)):
        for contact in marked:
            sent_at = _sent_without_a_word(contact, now)
            cleared += bool(
                sent_at
                and clear_address(
                    shop=contact.shop, contact_id=contact.pk, why=Cleared.NOTHING_CAME_BACK, at=sent_at, now=now
                )
            )
        after_id = marked[-1].pk
    return cleared


def _message_meant(shop: Shop, bounce: IncomingBounce) -> Message | None:
    sent = Message.objects.select_for_update().filter(shop=shop, direction=Direction.OUT)
    found = {message.message_key: message for message in sent.filter(message_key__in=bounce.message_keys)}
    return next((found[key] for key in bounce.message_keys if key in found), None)


def _as_phones_mean_it(message: Message, bounce: IncomingBounce) -> IncomingBounce:
    """docomo and au say "user unknown" for what a phone refuses, too. Who has written from the address exists."""
    if bounce.kind != BounceKind.UNKNOWN_USER or carrier_of(bounce.address) not in _UNKNOWN_MEANS_REFUSED:
        return bounce
    wanted = mail_key(bounce.address)
    spellings = {wanted, bounce.address, *(party[1] for party in message.to if mail_key(party[1]) == wanted)}
    wrote = Message.objects.filter(shop_id=message.shop_id, sender_mail__in=spellings, direction=Direction.IN)
    return replace(bounce, kind=BounceKind.REFUSED) if wrote.filter(at__lte=bounce.at).exists() else bounce


def _keep_report(message: Message, bounce: IncomingBounce) -> bool:
    values = {"kind": bounce.kind.value, "given_up": bounce.given_up, "words": bounce.words[:500], "at": bounce.at}
    _report, is_new = BounceReport.objects.get_or_create(
        shop_id=message.shop_id,
        message=message,
        address=bounce.address[:320],
        raw_blob_id=bounce.raw_blob_id,
        defaults=values,
    )
    if is_new:
        Message.objects.filter(pk=message.pk).update(report_count=F("report_count") + 1)
    return is_new


def _mark_address(shop: Shop, message: Message, bounce: IncomingBounce, now: datetime) -> None:
    """Only an address to which the message went: a forwarded mail may fail at one that we never wrote to."""
    mails = [party[1] for party in [*message.to, *message.cc]]
    if not bounce.address and len(mails) == 1:
        failed = mails
    else:
        failed = [mail for mail in mails if mail_key(mail) == mail_key(bounce.address)]
    for mail in failed[:1]:
        mark_bounced(shop=shop, mail=mail, kind=bounce.kind, at=bounce.at, now=now)


def _bring_back(shop: Shop, message: Message, bounce: IncomingBounce, now: datetime) -> None:
    former, words = message.delivery, bounce.words[:500]
    message.server_words = words
    if former not in _LEFT:
        message.save(update_fields=["server_words"])
        return
    message.delivery = Delivery.BOUNCED
    message.save(update_fields=["delivery", "server_words"])
    case = standing.locked_case_or_merged(shop.pk, message.case_id)
    is_missed = not (message.is_automatic and case.status == Status.CLOSED)  # what was written after the end is not
    if is_missed:
        standing.change(case, is_unread=True, last_activity_at=max(case.last_activity_at, bounce.at))
    if is_missed and case.status not in {Status.OPEN, Status.SPAM} and case.merged_into_id is None:
        standing.change(
            case,
            status=Status.OPEN,
            resolution="",
            closed_at=None,
            snoozed_until_at=None,
            waiting_since_at=now,
            **clocks.unreached(case, shop, answered_at=clocks.answered_moment(case, message), since=now),
        )
    fact = events.DeliveryChanged(message_id=message.pk, former=former, delivery=Delivery.BOUNCED, words=words[:200])
    record(fact, shop_id=shop.pk, by=POST, now=now, case_id=case.pk)
    standing.announce(case, "case.delivery", now=now, message_id=message.pk)


def _sent_without_a_word(contact: ContactPoint, now: datetime) -> datetime | None:
    """When the newest message left for this address after its last bounce and long enough ago, None without one."""
    sent = Message.objects.filter(
        shop_id=contact.shop_id,
        case__customer_id=contact.customer_id,
        direction=Direction.OUT,
        delivery=Delivery.SENT,
        sent_at__gt=contact.last_bounced_at,
        sent_at__lte=now - NOTHING_CAME_BACK_FOR,
    )
    for to, cc, sent_at in sent.order_by("-sent_at").values_list("to", "cc", "sent_at")[:50]:
        if any(mail_key(party[1]) == contact.key for party in [*to, *cc]):
            return sent_at
    return None
