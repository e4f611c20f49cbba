"""A notice whose time came between a backup and its restore may be public already: it waits for people."""

from datetime import timedelta

import pytest

from anshin.plumbing import clock
from anshin.plumbing.jobs import holding
from anshin.plumbing.jobs.actions import go_on, hold_after_restore
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.queue import enqueue
from anshin.safety import actions, queries
from anshin.safety.models import SafetyMail
from anshin.safety.terms import AdvisoryState, MailState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
MINUTE = timedelta(minutes=1)


def restored(shop, at):
    hold_after_restore(["mail_out", "default"], shop_ids=[shop.pk], backup_at=at - timedelta(hours=8), now=at)


def state(advisory):
    advisory.refresh_from_db()
    return advisory.state


def test_whose_time_came_in_between_waits_until_the_owner_says_go_on(approved, shop, publish_at):
    restored(shop, publish_at + MINUTE)
    after = publish_at + 2 * MINUTE
    assert actions.release_due(now=after) == 0
    assert (state(approved), queries.may_be_public(approved)) == (AdvisoryState.APPROVED, True)
    go_on(shop.pk, by="安住 千里", now=after)
    assert actions.release_due(now=after) == 1
    assert (state(approved), queries.may_be_public(approved)) == (AdvisoryState.RELEASED, False)


def test_who_is_named_on_it_makes_it_public_by_hand(approved, shop, manager, publish_at):
    restored(shop, publish_at + MINUTE)
    actions.release_by_hand(by=manager, advisory_id=approved.pk, now=publish_at + 2 * MINUTE)
    assert state(approved) == AdvisoryState.RELEASED


def test_whose_time_comes_after_the_restore_is_released_and_its_mails_leave(
    approved, bought, shop, publish_at, safe_post, monkeypatch
):
    bought()
    restored(shop, publish_at - MINUTE)
    monkeypatch.setattr(clock, "now", lambda: publish_at)
    with holding.begun_by_clock():
        enqueue("anshin.safety.jobs.release_due", now=publish_at)
    run_due_jobs(publish_at)
    assert state(approved) == AdvisoryState.RELEASED
    assert list(SafetyMail.objects.values_list("state", flat=True)) == [MailState.SENT]


def test_another_shops_restore_holds_nothing_here(approved, other_shop, publish_at):
    restored(other_shop, publish_at + MINUTE)
    assert actions.release_due(now=publish_at) == 1


def test_the_page_says_that_it_may_be_public_already(approved, shop, manager, publish_at, signed_in, monkeypatch):
    restored(shop, publish_at + MINUTE)
    monkeypatch.setattr(clock, "now", lambda: publish_at + MINUTE)
    page = signed_in(manager).get(f"/s/komorebi/safety/{approved.key}").content.decode()
    assert "すでに公開されている" in page
