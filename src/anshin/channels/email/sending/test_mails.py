"""Sends one test mail the way replies go, and says in sentences what the server answered and what to look at next."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.channels.email import events, keys
from anshin.channels.email.ports import TransportFailed, transport
from anshin.channels.email.sending.adapter import sender_from
from anshin.channels.email.servers.trying import Finding, try_returns
from anshin.channels.email.terms import MailTrouble
from anshin.plumbing.journal.actions import record
from anshin.plumbing.mail.compose import AutoSubmitted, OutgoingMail, compose
from anshin.plumbing.mail.values import Address
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.channels.email.models import Mailbox
    from anshin.shops.models import Membership

NOT_A_MESSAGE = 0
"""Test mails belong to no message; a report about one is shown, and is written on none."""


def send_test_mail(*, mailbox: Mailbox, by: Membership, now: datetime) -> list[Finding]:
    """A mail to the address of whoever asks, and what became of it. Outside any transaction. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    to = by.person.email
    returns_to = keys.bounce_address(mailbox.address, NOT_A_MESSAGE) if mailbox.returns_per_message else ""
    try:
        sender = sender_from(mailbox, mailbox.address, returns_to=returns_to)
    except MailTrouble as trouble:
        return [Finding(False, trouble.sentence)]
    raw = compose(_letter(mailbox, to, now))
    try:
        said = transport.get().send(sender, [to], raw, handing_over=lambda: None)
    except TransportFailed as failure:
        _note(mailbox, by, "refused", now)
        why = _("The test mail could not be sent. %(why)s") % {"why": failure.words}
        return [Finding(False, why), *_advice(failure)]
    _note(mailbox, by, "sent", now)
    words = _("The test mail to %(to)s has left. The server's words: %(said)s") % {"to": to, "said": said}
    found = [Finding(True, words)]
    if returns_to and sender.server is not None:
        found += try_returns(sender.server, returns_to)
    return [*found, Finding(True, _next_step(mailbox.address), is_hint=True)]


def _letter(mailbox: Mailbox, to: str, now: datetime) -> OutgoingMail:
    name = mailbox.display_name or str(mailbox.shop)
    text = _("This is a test mail from Anshin, sent the way your replies go. If you read it in your inbox, it works.")
    spam = _(
        "If it lies in the spam folder, your domain lacks SPF, DKIM or DMARC. Your mail provider says how to set up."
    )
    signature = mailbox.signature_ja or mailbox.shop.signature
    domain = mailbox.address.rpartition("@")[2]
    return OutgoingMail(
        sender=Address(name, mailbox.address),
        to=(Address("", to),),
        subject=_("Test mail from %(shop)s") % {"shop": mailbox.shop},
        text=f"{text}\n\n{spam}\n\n{signature}".strip() + "\n",
        message_id=f"test.{secrets.token_hex(10)}@{domain}",
        sent_at=now,
        auto_submitted=AutoSubmitted.GENERATED,
        desk_mark=keys.desk_mark(mailbox.shop_id),
    )


def _next_step(address: str) -> str:
    words = _(
        "Now look whether it arrived, and not in the spam folder. In “show original”, SPF, DKIM and DMARC should say "
        "“pass” for %(domain)s. Where one does not, mobile carriers and large providers refuse or hide your mail."
    )
    return words % {"domain": address.rpartition("@")[2]}


def _advice(failure: TransportFailed) -> list[Finding]:
    """What helps, where the server's code or words say it. Source: RFC 3463 section 3.8 (x.7.n: security, policy)."""
    said = failure.words.lower()
    if failure.unsure:
        return [Finding(False, _("It may have left all the same. Look into your inbox before you try again."))]
    if "spf" in said or "dkim" in said or "dmarc" in said or "5.7.2" in said:
        words = _("The server misses SPF, DKIM or DMARC for your domain. Set them up where your domain is managed.")
        return [Finding(False, words)]
    if "relay" in said or "5.7.1" in said:
        words = _("The server does not send for this address. Check the user name, or ask your provider to allow it.")
        return [Finding(False, words)]
    return []


def _note(mailbox: Mailbox, by: Membership, outcome: str, now: datetime) -> None:
    with transaction.atomic():
        fact = events.TestMailSent(mailbox_id=mailbox.pk, outcome=outcome)
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
