"""Replies of new staff leave only when somebody experienced has let them."""

from contextlib import suppress
from datetime import timedelta

import pytest

from anshin.cases import actions
from anshin.cases.actions import delivering
from anshin.cases.models import Draft, Message, Note
from anshin.cases.rules import IllegalStep
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed, set_approval
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db
TEXT = "すぐにお送りします。"


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@x", at=now).case


@pytest.fixture
def learner(new_agent, manager, now):
    set_approval(membership=new_agent, is_needed=True, by=manager, now=now)
    return new_agent


@pytest.fixture
def waiting(case, learner, post, now):
    return actions.reply(by=learner, case_id=case.pk, text=TEXT, to=[KASHIWAGI], read_at_version=1, now=now)


def test_it_waits_and_the_case_stays_ours(waiting, case, post, now):
    run_due_jobs(now + timedelta(days=3))
    case.refresh_from_db()
    assert (post.left, waiting.delivery, case.status) == ([], "approval", "open")
    assert case.due_at is not None
    assert not Job.objects.filter(task__endswith="cases.jobs.deliver").exists()


@pytest.mark.parametrize(
    "way_round",
    [
        lambda by, pk, now: delivering.deliver_message(message_id=pk, now=now),
        lambda by, pk, now: actions.retry_delivery(by=by, message_id=pk, now=now),
        lambda by, pk, now: actions.schedule(by=by, message_id=pk, now=now),
        lambda by, pk, now: actions.confirm_left(by=by, message_id=pk, now=now),
        lambda by, pk, now: actions.approve_reply(by=by, message_id=pk, now=now),
    ],
)
def test_no_way_round_lets_it_leave(waiting, learner, post, now, way_round):
    later = now + timedelta(days=1)
    with suppress(actions.AlreadyLeft, IllegalStep, NotAllowed):
        way_round(learner, waiting.pk, later)
    run_due_jobs(later + timedelta(days=1))
    waiting.refresh_from_db()
    assert (post.left, waiting.delivery) == ([], "approval")


def test_approved_it_leaves_once_and_the_journal_says_who(waiting, case, manager, post, now):
    later = now + timedelta(hours=1)
    actions.approve_reply(by=manager, message_id=waiting.pk, now=later)
    run_due_jobs(later + timedelta(seconds=10))
    run_due_jobs(later + timedelta(days=1))
    case.refresh_from_db()
    assert ([each.text for each in post.left], case.status, case.due_at) == ([TEXT], "waiting", None)
    entry = JournalEntry.objects.get(event="case.reply_approved")
    assert (entry.actor_id, entry.payload) == (manager.pk, {"message_id": waiting.pk, "was_edited": False})
    with pytest.raises(actions.AlreadyLeft):
        actions.approve_reply(by=manager, message_id=waiting.pk, now=later)


def test_edited_and_approved_keeps_the_signature(case, learner, manager, post, now):
    learner.signature = "小暮"
    learner.save(update_fields=["signature"])
    waiting = actions.reply(by=learner, case_id=case.pk, text=TEXT, to=[KASHIWAGI], read_at_version=1, now=now)
    actions.approve_reply(by=manager, message_id=waiting.pk, text="本日中にお送りします。\r\n", now=now)
    run_due_jobs(now + timedelta(seconds=10))
    assert [each.text for each in post.left] == ["本日中にお送りします。\n\n小暮"]
    assert JournalEntry.objects.get(event="case.reply_approved").payload["was_edited"] is True


@pytest.mark.parametrize(("text", "refusal"), [(" ", actions.EmptyText), ("{{today}}", actions.UnfilledPlaceholder)])
def test_an_edit_is_checked_like_a_reply(waiting, manager, post, now, text, refusal):
    with pytest.raises(refusal):
        actions.approve_reply(by=manager, message_id=waiting.pk, text=text, now=now)
    waiting.refresh_from_db()
    assert (waiting.delivery, waiting.text) == ("approval", TEXT)


def test_sent_back_with_a_remark_the_writer_has_the_draft_again(waiting, case, learner, manager, post, now):
    actions.save_draft(
        by=manager, case_id=case.pk, is_note=True, text="自分のメモ", version=0, read_at_version=2, now=now
    )
    actions.send_back_reply(by=manager, message_id=waiting.pk, remark="日付を入れてください。", now=now)
    waiting.refresh_from_db()
    case.refresh_from_db()
    assert (waiting.delivery, case.status) == ("taken_back", "open")
    assert Draft.objects.get(author=learner, is_note=False).text == TEXT
    assert Note.objects.get().text == "@小暮 あかり 日付を入れてください。"
    assert Draft.objects.get(author=manager, is_note=True).text == "自分のメモ"
    assert JournalEntry.objects.get(event="case.reply_sent_back").actor_id == manager.pk
    run_due_jobs(now + timedelta(days=1))
    assert post.left == []


def test_sending_back_needs_a_remark(waiting, manager, now):
    with pytest.raises(actions.EmptyText):
        actions.send_back_reply(by=manager, message_id=waiting.pk, remark=" ", now=now)
    waiting.refresh_from_db()
    assert waiting.delivery == "approval"


def test_nobody_approves_their_own(case, manager, owner, post, now):
    set_approval(membership=manager, is_needed=True, by=owner, now=now)
    mine = actions.reply(by=manager, case_id=case.pk, text=TEXT, to=[KASHIWAGI], read_at_version=1, now=now)
    for verb in (
        lambda: actions.approve_reply(by=manager, message_id=mine.pk, now=now),
        lambda: actions.send_back_reply(by=manager, message_id=mine.pk, remark="x", now=now),
    ):
        with pytest.raises(actions.OwnReply):
            verb()
    actions.approve_reply(by=owner, message_id=mine.pk, now=now)


def test_agents_and_outsiders_do_not_approve(waiting, agent, warehouse, other_shop, post, now):
    from tests.conftest import member

    outsider = member(other_shop, "owner", "shiomi@shiosai.example", "潮見")
    for by, refusal in ((agent, NotAllowed), (warehouse, NotAllowed), (outsider, actions.AlreadyLeft)):
        with pytest.raises(refusal):
            actions.approve_reply(by=by, message_id=waiting.pk, now=now)
        with pytest.raises(refusal):
            actions.send_back_reply(by=by, message_id=waiting.pk, remark="x", now=now)
    assert Message.objects.get(pk=waiting.pk).delivery == "approval"


def test_the_writer_may_take_it_back(waiting, learner, agent, now):
    with pytest.raises(actions.AlreadyLeft):
        actions.take_back(by=agent, message_id=waiting.pk, now=now)
    assert actions.take_back(by=learner, message_id=waiting.pk, now=now + timedelta(hours=3)).text == TEXT


def test_a_time_that_was_chosen_holds_after_approval(case, learner, manager, post, now):
    chosen = now + timedelta(days=1)
    waiting = actions.reply(
        by=learner, case_id=case.pk, text=TEXT, to=[KASHIWAGI], read_at_version=1, leave_at=chosen, now=now
    )
    actions.approve_reply(by=manager, message_id=waiting.pk, now=now + timedelta(hours=1))
    run_due_jobs(chosen - timedelta(seconds=1))
    assert post.left == []
    run_due_jobs(chosen)
    assert len(post.left) == 1


def test_who_needs_approval_is_set_by_managers_and_on_record(new_agent, agent, manager, stranger, now):
    for by in (agent, new_agent):
        with pytest.raises(NotAllowed):
            set_approval(membership=new_agent, is_needed=True, by=by, now=now)
    with pytest.raises(NotAllowed):
        set_approval(membership=manager, is_needed=True, by=manager, now=now)
    with pytest.raises(NotAllowed):
        set_approval(membership=stranger, is_needed=True, by=manager, now=now)
    set_approval(membership=new_agent, is_needed=True, by=manager, now=now)
    set_approval(membership=new_agent, is_needed=True, by=manager, now=now)
    entry = JournalEntry.objects.get(event="shop.approval_set")
    assert entry.payload == {"membership_id": new_agent.pk, "who": "小暮 あかり", "is_needed": True}
