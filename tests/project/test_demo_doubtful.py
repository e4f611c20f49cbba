"""The demo's four doubtful mails end where a clerk should find them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anshin.cases.models import Message
from anshin.channels.email import demo as email_demo
from anshin.project.demo_doubtful import doubtful_mails
from anshin.project.demo_mail import as_received, passed
from tests.channels.email.outside.letters import mail
from tests.conftest import NOW

if TYPE_CHECKING:
    from anshin.shops.models import Shop


@pytest.mark.django_db
def test_two_go_to_the_spam_folder_and_two_are_warned_of(shop: Shop) -> None:
    ours = "support@komorebi.example"
    email_demo.open_mailbox(shop, address=ours, now=NOW)
    for n in range(5):  # so that the mail server is known
        raw = mail(message_id=f"<{n}@example.jp>", to=ours)
        email_demo.arrive(shop, as_received(raw, shop_mail=ours, results=passed("misaki@example.jp")), now=NOW)

    for at, raw in doubtful_mails(shop.name, ours, now=NOW):
        email_demo.arrive(shop, raw, now=at)

    found = Message.objects.filter(message_key__startswith="demo.doubtful.").order_by("message_key")
    told = [
        (each.case.status, each.case.topic, [warning["sign"] for warning in each.sender_warnings]) for each in found
    ]
    assert told == [
        ("spam", "", []),
        ("spam", "", []),
        ("open", "account.phishing", ["lookalike_of_company", "name_of_company"]),
        ("open", "account.phishing", ["own_address_forged", "answers_elsewhere"]),
    ]
