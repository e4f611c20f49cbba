"""Withdrawn after the release: the page is empty at once, nothing more leaves, and whoever was told is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anshin.plumbing.jobs.models import Job
from anshin.safety import actions
from anshin.safety.actions.calling import ANNOUNCE, LANES
from anshin.safety.models import SafetyMail
from anshin.safety.ports import Handed
from anshin.safety.queries import public_notices
from anshin.safety.terms import LANGUAGES, MailRound, MailState
from tests.safety.test_reaching_people import released, send, states


@pytest.fixture
def told(approved, bought, publish_at):
    """A buyer of each language, written down."""
    for language in LANGUAGES:
        bought(language=language)
    advisory = released(approved, publish_at)
    actions.announce(advisory.pk, now=publish_at)
    return advisory


def withdraw(advisory, manager, at):
    actions.withdraw(by=manager, advisory_id=advisory.pk, words="公表元が取り下げた", now=at)


def test_everybody_who_was_told_hears_it_once_in_their_language(
    told,
    manager,
    publish_at,
    safe_post,
    run_at,
    shop,
):
    run_at(publish_at)
    assert len(public_notices(shop)) == 1
    safe_post.left.clear()
    withdraw(told, manager, publish_at + timedelta(hours=1))
    assert public_notices(shop) == []
    for hours in (1, 2):
        run_at(publish_at + timedelta(hours=hours))
        actions.announce(told.pk, now=publish_at + timedelta(hours=hours))
    subjects = {each.language: each.subject for each in safe_post.left}
    assert (len(safe_post.left), len(subjects)) == (5, 5)
    assert subjects["ja"].startswith("【取り下げ")
    assert subjects["en"].startswith("WITHDRAWN")
    assert all("公表元が取り下げた" not in each.text for each in safe_post.left)  # the desk's own words
    assert SafetyMail.objects.filter(round=MailRound.WITHDRAWAL, version=1).count() == 5


def test_who_was_not_told_yet_never_hears_of_it(told, manager, publish_at, safe_post, run_at):
    safe_post.takes = 2
    run_at(publish_at)
    reached = {each.to for each in safe_post.left}
    safe_post.takes = None
    withdraw(told, manager, publish_at + timedelta(minutes=1))
    run_at(publish_at + timedelta(days=2))
    assert len(safe_post.left) == 4
    assert {each.to for each in safe_post.left[2:]} == reached
    assert states() == {MailState.SENT: 4, MailState.DROPPED: 3}


def test_what_lies_with_the_sender_is_not_handed_over_any_more(told, manager, publish_at, safe_post):
    whole = safe_post.send

    def withdrawn_after_two(shop_id, letters, *, handing_over):
        for number, handed in enumerate(whole(shop_id, letters, handing_over=handing_over)):
            yield handed
            if number == 0:
                withdraw(told, manager, publish_at)

    safe_post.send = withdrawn_after_two
    first = SafetyMail.objects.earliest("pk").pk  # of five in a row the first and the last are of one lane
    actions.send_mails(told.pk, first % LANES, clock=lambda: publish_at)
    assert len(safe_post.left) == 1
    told.refresh_from_db()
    assert told.held_until_at is None  # nobody's server is to blame
    safe_post.send = whole
    actions.announce(told.pk, now=publish_at)
    send(told, publish_at)
    assert [each.to for each in safe_post.left] == [safe_post.left[0].to] * 2
    assert states()[MailState.DROPPED] == 4


def test_what_the_server_put_off_while_it_ended_is_dropped(told, manager, publish_at, safe_post):
    slow = SafetyMail.objects.order_by("pk")[0]
    safe_post.answers[slow.address] = Handed(0, False, "450 greylisted")
    send(told, publish_at)
    withdraw(told, manager, publish_at)
    send(told, publish_at + timedelta(hours=1))
    slow.refresh_from_db()
    assert slow.state == MailState.DROPPED


def test_withdrawn_under_the_seal_nobody_hears_anything(approved, bought, manager, publish_at, now, run_at):
    bought()
    withdraw(approved, manager, now)
    assert not Job.objects.filter(task=ANNOUNCE).exists()
    run_at(publish_at + timedelta(days=1))
    assert not SafetyMail.objects.exists()


def test_it_never_was_for_the_pages_of_the_shop(told, manager, publish_at, client, shop):
    from anshin.widget.kept import forget

    forget()
    product = client.get("/notices/v1/products/KZ-20-W", {"shop": shop.slug}).json()
    assert len(product["notices"]) == 1
    withdraw(told, manager, publish_at)
    forget()  # the kept answer is five seconds old at most
    assert client.get("/notices/v1/products/KZ-20-W", {"shop": shop.slug}).json()["notices"] == []
