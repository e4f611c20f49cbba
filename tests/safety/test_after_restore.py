"""A notice whose time came between a backup and its restore may be public already: it waits for people."""

from datetime import timedelta

import pytest
from django.urls import reverse

from anshin.plumbing import clock
from anshin.plumbing.jobs import holding
from anshin.plumbing.jobs import queries as jobs
from anshin.plumbing.jobs.actions import go_on, hold_after_restore
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.models import JournalEntry
from anshin.safety import actions, queries
from anshin.safety.actions.calling import LANES, SEND, call_senders
from anshin.safety.models import Advisory, SafetyMail
from anshin.safety.terms import AdvisoryState, MailState
from anshin.shops.models import Membership

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


@pytest.fixture
def waiting(approved, bought, shop, publish_at, safe_post):
    """Public, with five mails that waited when the backup was made, put back a minute later."""
    for _each in range(5):
        bought()
    assert actions.release_due(now=publish_at) == 1
    actions.announce(approved.pk, now=publish_at)
    restored(shop, publish_at + MINUTE)
    return approved


def pressed(name, owner, signed_in, at, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at)
    for _twice in range(2):
        assert signed_in(owner).post(reverse(f"staff:{name}", args=["komorebi"])).status_code == 302
    return list(JournalEntry.objects.filter(event="shop.went_on_after_restore").values_list("payload", flat=True))


def test_what_is_given_up_leaves_with_no_later_call_but_hears_of_a_withdrawal(
    waiting, shop, manager, owner, publish_at, safe_post, signed_in, monkeypatch, run_at
):
    after = publish_at + 2 * MINUTE
    lying = SafetyMail.objects.filter(pk=SafetyMail.objects.values("pk")[:1])  # with a sender, when the backup was made
    lying.update(state=MailState.SENDING)
    (told,) = pressed("jobs_go_on_without", owner, signed_in, after, monkeypatch)
    assert (told["held"], told["mails"]) == ("given_up", 5)
    call_senders(Advisory.objects.get(pk=waiting.pk), at=after, now=after)
    run_at(after)
    assert safe_post.left == []
    assert set(SafetyMail.objects.values_list("state", flat=True)) == {MailState.UNSURE}
    actions.withdraw(by=manager, advisory_id=waiting.pk, words="取り下げ", now=after + MINUTE)
    run_at(after + MINUTE)
    assert len({each.to for each in safe_post.left}) == 5


def test_what_goes_on_leaves_once_and_the_journal_says_who_let_it(
    waiting, owner, publish_at, safe_post, signed_in, monkeypatch, run_at
):
    after = publish_at + 2 * MINUTE
    held = dict(jobs.held(owner.shop_id))
    (told,) = pressed("jobs_go_on", owner, signed_in, after, monkeypatch)
    assert (told["held"], told["mails"], told["jobs"]) == ("runs", 0, sum(held.values()))
    assert held[SEND] == LANES
    run_at(after)
    assert len(safe_post.left) == len({each.to for each in safe_post.left}) == 5
    assert JournalEntry.objects.get(event="shop.went_on_after_restore").actor_id == owner.pk
    said = signed_in(owner).get("/s/komorebi/journal?event=shop.went_on_after_restore").content.decode()
    assert "復元後の再開" in said


def test_another_shops_mails_are_not_given_up(waiting, other_shop, publish_at, owner, signed_in, monkeypatch):
    restored(other_shop, publish_at + MINUTE)
    stranger = Membership.objects.create(shop=other_shop, person=owner.person, role="owner", created_at=publish_at)
    assert actions.give_up_held(by=stranger, now=publish_at + 2 * MINUTE) == 0
    assert set(SafetyMail.objects.values_list("state", flat=True)) == {MailState.WAITING}
