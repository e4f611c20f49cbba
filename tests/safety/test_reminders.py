"""Whoever has not answered is reminded, each once a turn whatever is killed; it stops with the answer or the end."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from anshin.plumbing.journal.models import JournalEntry
from anshin.safety import actions
from anshin.safety.actions import further
from anshin.safety.fakes import Killed
from anshin.safety.models import Acknowledgement, Advisory, Notice, ReminderTurn, SafetyMail
from anshin.safety.terms import MailRound, MailState
from anshin.shops.actions import NotAllowed
from tests.safety.test_reaching_people import released, send

EVERY = timedelta(days=14)


@pytest.fixture
def told(approved, bought, publish_at, safe_post):
    """Five buyers, all written to."""
    for _each in range(5):
        bought()
    advisory = released(approved, publish_at)
    actions.announce(advisory.pk, now=publish_at)
    send(advisory, publish_at)
    safe_post.left.clear()
    return advisory


def reminders(**values):
    return SafetyMail.objects.filter(round=MailRound.REMINDER, **values)


def answered(mail, at):
    Acknowledgement.objects.create(
        shop=mail.shop, notice=Notice.objects.filter(mail=mail).first(), answer="stopped", at=at
    )


def test_nobody_before_the_interval_and_everybody_after_it_once(told, publish_at, safe_post):
    assert actions.remind_due(now=publish_at + EVERY - timedelta(days=1)) == 0
    assert not ReminderTurn.objects.exists()
    due = publish_at + EVERY
    assert actions.remind_due(now=due) == 5
    assert actions.remind_due(now=due + timedelta(hours=3)) == 0
    send(told, due)
    assert Counter(each.to for each in safe_post.left) == Counter(
        SafetyMail.objects.filter(round=MailRound.FIRST).values_list("address", flat=True)
    )
    assert all(each.subject.startswith("【再度のお願い") for each in safe_post.left)
    turn = ReminderTurn.objects.get()
    assert (turn.turn, turn.mails, turn.written_at) == (1, 5, due)
    assert JournalEntry.objects.get(event="advisory.reminded").payload["mails"] == 5


def test_no_more_often_than_set(told, publish_at, manager):
    actions.set_reminders(by=manager, advisory_id=told.pk, every_days=7, most=2, now=publish_at)
    sums = [actions.remind_due(now=publish_at + timedelta(days=day)) for day in range(1, 60)]
    assert [day for day, mails in enumerate(sums, start=1) if mails] == [7, 14]


def test_who_has_answered_is_left_in_peace(told, publish_at):
    answered(SafetyMail.objects.order_by("pk")[2], publish_at)
    assert actions.remind_due(now=publish_at + EVERY) == 4
    assert not reminders(address_key=SafetyMail.objects.order_by("pk")[2].address_key).exists()


def test_an_answer_between_writing_and_sending_still_counts(told, publish_at, safe_post):
    actions.remind_due(now=publish_at + EVERY)
    first = SafetyMail.objects.filter(round=MailRound.FIRST).order_by("pk")[0]
    answered(first, publish_at + EVERY)
    assert send(told, publish_at + EVERY) == 4
    assert reminders(address_key=first.address_key).get().state == MailState.DROPPED
    assert first.address not in {each.to for each in safe_post.left}


@pytest.mark.parametrize("state", ["bounced", "failed", "waiting"])
def test_who_was_not_told_is_not_reminded(told, publish_at, state):
    SafetyMail.objects.filter(pk=SafetyMail.objects.first().pk).update(state=state)
    assert actions.remind_due(now=publish_at + EVERY) == 4


def test_who_was_told_late_waits_for_the_next_turn(told, publish_at):
    SafetyMail.objects.filter(pk=SafetyMail.objects.first().pk).update(handed_at=publish_at + timedelta(days=10))
    assert actions.remind_due(now=publish_at + EVERY) == 4
    assert actions.remind_due(now=publish_at + 2 * EVERY) == 5


def test_killed_between_any_two_portions_nobody_gets_two(told, publish_at, monkeypatch):
    monkeypatch.setattr(further, "PORTION", 2)
    whole, written = further._write, []

    def dies(*told_of, **more):
        if len(written) == dies.after:
            raise Killed
        written.append(told_of)
        return whole(*told_of, **more)

    monkeypatch.setattr(further, "_write", dies)
    for after in range(3):
        dies.after, written[:] = after, []
        with pytest.raises(Killed):
            actions.remind_due(now=publish_at + EVERY)
        assert ReminderTurn.objects.get().written_at is None
    dies.after = 99
    actions.remind_due(now=publish_at + EVERY + timedelta(days=1))
    assert Counter(reminders().values_list("address_key", "turn")).most_common(1)[0][1] == 1
    assert (reminders(turn=1).count(), reminders().count()) == (5, 5)
    assert ReminderTurn.objects.get().mails == 5


@pytest.mark.parametrize("end", [actions.close, actions.withdraw])
def test_it_stops_when_it_ends_and_what_waits_is_dropped(told, publish_at, manager, end, safe_post):
    actions.remind_due(now=publish_at + EVERY)
    end(by=manager, advisory_id=told.pk, words="終わった", now=publish_at + EVERY)
    actions.announce(told.pk, now=publish_at + EVERY)
    send(told, publish_at + EVERY)
    assert {each.state for each in reminders()} == {MailState.DROPPED}
    assert not [each for each in safe_post.left if "再度" in each.subject]
    assert actions.remind_due(now=publish_at + 3 * EVERY) == 0


def test_opened_again_it_goes_on(told, publish_at, manager):
    actions.close(by=manager, advisory_id=told.pk, words="事故が止まった", now=publish_at)
    assert actions.remind_due(now=publish_at + EVERY) == 0
    actions.reopen(by=manager, advisory_id=told.pk, words="また事故があった", now=publish_at + EVERY)
    told.refresh_from_db()
    assert (told.state, told.ended_words, told.reopened_words) == ("released", "事故が止まった", "また事故があった")
    assert actions.remind_due(now=publish_at + EVERY) == 5
    assert JournalEntry.objects.filter(event="advisory.reopened").count() == 1


@pytest.mark.parametrize("words", ["", "  "])
def test_opened_again_only_with_a_reason_and_only_when_closed(told, publish_at, manager, words):
    with pytest.raises(actions.IllegalStep):
        actions.reopen(by=manager, advisory_id=told.pk, words="理由", now=publish_at)
    actions.close(by=manager, advisory_id=told.pk, words="事故が止まった", now=publish_at)
    with pytest.raises(actions.ReasonNeeded):
        actions.reopen(by=manager, advisory_id=told.pk, words=words, now=publish_at)
    assert Advisory.objects.get(pk=told.pk).state == "closed"


def test_under_the_seal_nobody_is_reminded(approved, bought, publish_at):
    bought()
    assert approved.remind_every_days == 14
    assert actions.remind_due(now=publish_at + timedelta(days=100)) == 0
    assert not SafetyMail.objects.exists()


def test_set_by_a_manager_who_is_named(sealed, agent, manager, owner, now):
    told = {"advisory_id": sealed.pk, "every_days": 7, "most": 2, "now": now}
    with pytest.raises(actions.UnknownAdvisory):
        actions.set_reminders(by=owner, **told)  # not named
    with pytest.raises(NotAllowed):
        actions.set_reminders(by=agent, **told)
    actions.name_insider(by=agent, advisory_id=sealed.pk, membership_id=manager.pk, now=now)
    actions.set_reminders(by=manager, **told)
    sealed.refresh_from_db()
    assert (sealed.remind_every_days, sealed.remind_most) == (7, 2)
    assert not JournalEntry.objects.filter(event__startswith="advisory.").exists()
    for every_days, most in ((-1, 2), (366, 2), (7, 25)):
        with pytest.raises(ValueError, match=str(every_days)):
            actions.set_reminders(**(told | {"every_days": every_days, "most": most}), by=manager)
