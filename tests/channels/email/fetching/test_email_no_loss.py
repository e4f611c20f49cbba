"""Killed, cut off and renumbered while mail arrives: every mail is shown, none twice, and the sheet says so.

The same with a thousand mails, and with PostgreSQL restarted meanwhile, is bench/no_loss.py.
"""

import sys
from collections import Counter

import pytest

from anshin.channels.email.models import Mailbox
from anshin.channels.email.terms import Security
from anshin.plumbing import secrets
from anshin.shops.models import Shop
from tests.channels.email.outside import cutting_proxy, dovecot_server, shared_database
from tests.channels.email.outside.ordeal import Found, Ordeal, Plan

pytestmark = [pytest.mark.kill, pytest.mark.dovecot]


@pytest.fixture
def proxy(dovecot):
    with cutting_proxy.running(dovecot.plain_port) as line:
        yield line


def test_every_mail_is_shown_once_though_everything_breaks(folder, dovecot, proxy, now, settings):
    shop = Shop.objects.create(slug="komorebi", name="こもれび", created_at=now)
    mailbox = Mailbox.objects.create(
        shop=shop,
        address="shop@komorebi.example",
        imap_host="127.0.0.1",
        imap_port=proxy.port,
        imap_security=Security.PLAIN,
        imap_user=dovecot_server.USER,
        imap_password_sealed=secrets.seal(dovecot_server.PASSWORD),
        created_at=now,
    )
    plan = Plan(mails=60, kills=2, cuts=2, seed=3)
    environment = shared_database.environment(folder, settings.MEDIA_ROOT) | {"ANSHIN_EMBEDDED_WORKER": "0"}

    found = Ordeal(
        plan,
        mailbox=mailbox,
        dovecot=dovecot,
        proxy=proxy,
        commands=[["worker"]],
        program="tests.channels.email.outside.hurried",
        environment=environment,
        say=lambda words: sys.stderr.write(f"{words}\n"),
    ).walk()

    assert found.wrong(60) == []
    assert found.happened == {"kill": 2, "cut": 2, "renumber": 1}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, []),
        ({"shown": Counter([1, 2])}, ["1 mails are not shown: [3]"]),
        ({"shown": Counter([1, 2, 3, 3])}, ["1 mails are shown more than once: [3]"]),
        ({"shown_by_sheet": 2}, ["the sheet says 3 received, 2 shown"]),
        ({"missing_by_sheet": 1}, ["the sheet says 1 missing, 0 elsewhere"]),
        ({"elsewhere_by_sheet": 1}, ["the sheet says 0 missing, 1 elsewhere"]),
        ({"is_equal": False}, ["the sheet says 0 missing, 0 elsewhere"]),
    ],
)
def test_whatever_is_lost_doubled_or_not_said_would_be_noticed(changes, says):
    well = {
        "shown": Counter([1, 2, 3]),
        "received_by_sheet": 3,
        "shown_by_sheet": 3,
        "missing_by_sheet": 0,
        "elsewhere_by_sheet": 0,
        "is_equal": True,
    }
    assert Found(**well | changes).wrong(3) == says
