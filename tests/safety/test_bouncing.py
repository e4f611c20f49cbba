"""A safety mail that the server had taken comes back: by a report in the mailbox, or by a sending service."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anshin.cases.models import Case
from anshin.channels.email.models import Mailbox
from anshin.channels.email.terms import Fate
from anshin.commerce.models import ContactPoint
from anshin.plumbing.journal.models import JournalEntry
from anshin.safety import actions, queries
from anshin.safety.models import SafetyMail
from anshin.safety.terms import CameBack, MailState
from tests.channels.email.reading.test_email_taking_in import arrive, bounce_of
from tests.safety.test_reaching_people import released, send


@pytest.fixture
def told(approved, bought, publish_at, safe_post):
    bought(), bought()
    advisory = released(approved, publish_at)
    actions.announce(advisory.pk, now=publish_at)
    send(advisory, publish_at)
    return SafetyMail.objects.order_by("pk").first()


def report(mail, at, **changes):
    values = {
        "message_keys": (mail.message_id.strip("<>"),),
        "address": mail.address,
        "kind": "unknown_user",
        "is_final": True,
        "words": "550 5.1.1 no such user",
        "at": at,
    }
    return CameBack(**(values | changes))


def test_it_is_written_on_the_mail_and_on_the_address_once(told, shop, publish_at):
    for _twice in range(2):
        assert actions.take_bounce(shop=shop, came_back=report(told, publish_at), now=publish_at)
    told.refresh_from_db()
    assert (told.state, told.words) == (MailState.BOUNCED, "550 5.1.1 no such user")
    assert ContactPoint.objects.get(key=told.address_key).reach == "unreachable"
    assert JournalEntry.objects.filter(event="advisory.mail_bounced").count() == 1
    assert SafetyMail.objects.filter(state=MailState.SENT).count() == 1


def test_what_is_still_tried_changes_nothing(told, shop, publish_at):
    assert actions.take_bounce(shop=shop, came_back=report(told, publish_at, is_final=False), now=publish_at)
    told.refresh_from_db()
    assert told.state == MailState.SENT
    assert ContactPoint.objects.get(key=told.address_key).reach == "ok"


def test_a_report_that_names_no_mail_is_about_the_newest_to_that_address(told, shop, publish_at):
    late = publish_at + timedelta(days=15)
    nameless = report(told, publish_at, message_keys=())
    assert not actions.take_bounce(shop=shop, came_back=nameless, now=late)
    assert actions.take_bounce(shop=shop, came_back=nameless, now=publish_at + timedelta(days=2))
    told.refresh_from_db()
    assert told.state == MailState.BOUNCED


def test_a_report_about_another_mail_or_of_another_shop_is_not_ours(told, shop, other_shop, publish_at):
    other = report(told, publish_at, message_keys=("1.abc@komorebi.example",))
    assert not actions.take_bounce(shop=shop, came_back=other, now=publish_at)
    assert not actions.take_bounce(shop=other_shop, came_back=report(told, publish_at), now=publish_at)
    told.refresh_from_db()
    assert told.state == MailState.SENT


def test_a_rehearsal_that_comes_back_leaves_no_trace(told, shop, publish_at):
    key = queries.rehearsal_key("abc", "shop@komorebi.example")
    assert actions.take_bounce(shop=shop, came_back=report(told, publish_at, message_keys=(key,)), now=publish_at)
    told.refresh_from_db()
    assert told.state == MailState.SENT


def test_a_report_in_the_mailbox_finds_its_way_and_opens_no_case(told, shop, publish_at):
    mailbox = Mailbox.objects.create(shop=shop, address="shop@komorebi.example", created_at=publish_at)
    raw = bounce_of(told.message_id.strip("<>"), to=told.address)
    arrival = arrive(mailbox, raw, publish_at + timedelta(hours=1))
    told.refresh_from_db()
    arrival.refresh_from_db()
    assert (told.state, arrival.fate, arrival.message_id) == (MailState.BOUNCED, Fate.BOUNCE, None)
    assert not Case.objects.exists()
