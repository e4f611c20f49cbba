"""A reply that leaves later: never over what the customer wrote meanwhile, once, and on the shop's clock."""

from datetime import timedelta

import pytest

from anshin.cases import actions
from anshin.cases.models import Draft, Message
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@x", at=now).case


@pytest.fixture
def waiting(case, agent, post, now):
    return written(agent, case, now, leave_at=now + DAY)


def written(by, case, now, **more):
    arguments = {"text": "明日お送りします。", "to": [KASHIWAGI], "read_at_version": 99}
    return actions.reply(by=by, case_id=case.pk, now=now, **(arguments | more))


def test_it_leaves_at_its_time_and_once(waiting, case, post, now):
    run_due_jobs(now + DAY - timedelta(seconds=1))
    case.refresh_from_db()
    assert (post.left, case.status) == ([], "waiting")
    run_due_jobs(now + DAY)
    run_due_jobs(now + DAY + timedelta(hours=1))
    waiting.refresh_from_db()
    assert ([each.text for each in post.left], waiting.delivery) == (["明日お送りします。"], "sent")


@pytest.mark.parametrize("moment", [timedelta(seconds=-1), timedelta(0), timedelta(days=400)])
def test_refused_for_a_time_that_is_past_or_far_away(case, agent, post, now, moment):
    with pytest.raises(actions.BadMoment):
        written(agent, case, now, leave_at=now + moment)
    assert not Message.objects.filter(direction="out").exists()


def test_within_the_undo_window_is_simply_at_once(case, agent, post, now):
    assert written(agent, case, now, leave_at=now + timedelta(seconds=3)).leaves_at == now + timedelta(seconds=10)


def test_it_does_not_leave_over_what_the_customer_wrote(waiting, case, shop, agent, post, now):
    arrive(shop, "b@x", at=now + timedelta(hours=1), refers_to=("a@x",))
    run_due_jobs(now + DAY)
    waiting.refresh_from_db()
    case.refresh_from_db()
    assert (post.left, waiting.delivery, case.status) == ([], "paused", "open")
    assert case.due_at is not None
    facts = JournalEntry.objects.filter(event="case.delivery_changed").values_list("payload", flat=True)
    assert [each["delivery"] for each in facts] == ["paused"]


def test_a_mail_that_is_dated_earlier_but_came_later_counts_too(waiting, shop, post, now):
    arrive(shop, "b@x", at=now - timedelta(minutes=5), refers_to=("a@x",))
    run_due_jobs(now + DAY)
    assert post.left == []


def test_a_vacation_mail_does_not_stop_it(waiting, shop, post, now):
    arrive(shop, "b@x", at=now + timedelta(hours=1), refers_to=("a@x",), is_automatic=True)
    run_due_jobs(now + DAY)
    assert len(post.left) == 1


def test_what_was_stopped_leaves_when_somebody_says_so(waiting, case, shop, new_agent, post, now):
    arrive(shop, "b@x", at=now + timedelta(hours=1), refers_to=("a@x",))
    run_due_jobs(now + DAY)
    actions.schedule(by=new_agent, message_id=waiting.pk, now=now + DAY)
    run_due_jobs(now + DAY + timedelta(seconds=9))
    assert post.left == []
    run_due_jobs(now + DAY + timedelta(seconds=10))
    case.refresh_from_db()
    assert (len(post.left), case.status) == (1, "waiting")


def test_stopped_released_for_later_and_overtaken_again(waiting, shop, agent, post, now):
    arrive(shop, "b@x", at=now + timedelta(hours=1), refers_to=("a@x",))
    run_due_jobs(now + DAY)
    actions.schedule(by=agent, message_id=waiting.pk, leave_at=now + 2 * DAY, now=now + DAY)
    arrive(shop, "c@x", at=now + DAY + timedelta(hours=1), refers_to=("a@x",))
    run_due_jobs(now + 2 * DAY)
    waiting.refresh_from_db()
    assert (post.left, waiting.delivery) == ([], "paused")


@pytest.mark.parametrize("hours", [2, 48])
def test_another_time_earlier_or_later_holds(waiting, agent, post, now, hours):
    moved = now + timedelta(hours=hours)
    actions.schedule(by=agent, message_id=waiting.pk, leave_at=moved, now=now + timedelta(hours=1))
    run_due_jobs(moved - timedelta(seconds=1))
    assert post.left == []
    run_due_jobs(moved)
    run_due_jobs(moved + 3 * DAY)
    assert len(post.left) == 1
    entry = JournalEntry.objects.get(event="case.reply_scheduled")
    assert entry.payload == {"message_id": waiting.pk, "leaves_at": moved.isoformat()}


def test_a_colleague_takes_it_back_and_gets_the_words(waiting, case, new_agent, post, now):
    mine = {"is_note": False, "text": "私の下書き", "version": 0, "read_at_version": 9}
    actions.save_draft(by=new_agent, case_id=case.pk, now=now, **mine)
    actions.take_back(by=new_agent, message_id=waiting.pk, now=now + timedelta(hours=2))
    run_due_jobs(now + DAY)
    case.refresh_from_db()
    assert (post.left, case.status) == ([], "open")
    assert Draft.objects.get(author=new_agent).text == "私の下書き\n\n明日お送りします。"


def test_taking_back_what_was_overtaken_leaves_the_case_ours(waiting, case, shop, agent, post, now):
    arrive(shop, "b@x", at=now + timedelta(hours=1), refers_to=("a@x",))
    run_due_jobs(now + DAY)
    case.refresh_from_db()
    due_at = case.due_at
    actions.take_back(by=agent, message_id=waiting.pk, now=now + DAY)
    case.refresh_from_db()
    assert (case.status, case.due_at) == ("open", due_at)


def test_outsiders_neither_move_nor_take_back(waiting, stranger, warehouse, now):
    for by, refusal in ((stranger, actions.AlreadyLeft), (warehouse, NotAllowed)):
        with pytest.raises(refusal):
            actions.schedule(by=by, message_id=waiting.pk, now=now)
        with pytest.raises(refusal):
            actions.take_back(by=by, message_id=waiting.pk, now=now)
    waiting.refresh_from_db()
    assert (waiting.delivery, waiting.leaves_at) == ("held", now + DAY)


def test_an_ordinary_reply_is_not_movable_and_a_colleagues_not_mine(case, agent, new_agent, post, now):
    sent = written(agent, case, now)
    with pytest.raises(actions.AlreadyLeft):
        actions.schedule(by=agent, message_id=sent.pk, leave_at=now + DAY, now=now)
    with pytest.raises(actions.AlreadyLeft):
        actions.take_back(by=new_agent, message_id=sent.pk, now=now)
    run_due_jobs(now + timedelta(seconds=10))
    assert len(post.left) == 1


def test_the_clock_stops_when_it_leaves_not_when_it_is_written(waiting, case, post, now):
    case.refresh_from_db()
    assert (case.status, case.paused_at, case.first_answered_at) == ("waiting", None, None)
    assert case.due_at is not None
    actions.deliver_message(message_id=waiting.pk, now=now + DAY)
    case.refresh_from_db()
    assert (case.paused_at, case.first_answered_at, case.due_at) == (now + DAY, now + DAY, None)
