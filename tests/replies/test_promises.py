"""The ledger of promises: made with a reply, kept by the next, reminded of, on top when late."""

from datetime import date, timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Case, Note
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.models import JournalEntry
from anshin.replies import actions
from anshin.replies.models import Promise
from anshin.replies.queries import open_promises, promise_figures, proposed_promises
from anshin.replies.terms import PromiseChoices, PromiseState, Sending
from anshin.shops.actions import NotAllowed
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TEXT = "お待たせしております。明日までにご連絡いたします。"


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@x", at=now).case


def send(by, case, now, text=TEXT, **sending):
    return actions.send(
        by=by, case_id=case.pk, text=text, to=[KASHIWAGI], read_at_version=99, sending=Sending(**sending), now=now
    )


def test_a_reply_that_promises_makes_a_promise_of_its_writer(case, agent, post, now):
    message = send(agent, case, now)
    made = Promise.objects.get()
    assert (made.quote, made.owner, made.message, made.state) == (
        "明日までにご連絡いたします。",
        agent,
        message,
        "open",
    )
    assert now < made.due_at <= now + 2 * DAY
    assert JournalEntry.objects.filter(event="reply.promise_made", case_id=case.pk).count() == 1


def test_a_reply_that_promises_nothing_makes_none(case, agent, post, now):
    send(agent, case, now, text="3日以内にご返送ください。")
    assert not Promise.objects.exists()


def test_what_the_writer_dropped_is_none_and_a_chosen_day_counts(case, shop, agent, post, now):
    (said,) = proposed_promises(shop, TEXT, leaves_at=now)
    send(agent, case, now, promises=PromiseChoices(shown=frozenset({said.key})))
    assert not Promise.objects.exists()
    later = (now + 5 * DAY).date()
    send(agent, case, now, promises=PromiseChoices(shown=frozenset({said.key}), made={said.key: later}))
    assert Promise.objects.get().due_at > said.due_at


def test_the_next_reply_keeps_it_and_taking_that_back_opens_it_again(case, agent, post, now):
    send(agent, case, now)
    message = send(agent, case, now + timedelta(hours=1), text="お調べした結果をお送りします。")
    kept = Promise.objects.get()
    assert (kept.state, kept.kept_by) == (PromiseState.KEPT, message)
    cases.take_back(by=agent, message_id=message.pk, now=now + timedelta(hours=1))
    run_due_jobs(now + timedelta(hours=1, seconds=1))
    kept.refresh_from_db()
    assert (kept.state, kept.kept_by) == (PromiseState.OPEN, None)


def test_a_reply_that_was_taken_back_promised_nothing(case, shop, agent, post, now):
    message = send(agent, case, now)
    cases.take_back(by=agent, message_id=message.pk, now=now)
    run_due_jobs(now)
    assert Promise.objects.get().state == PromiseState.DROPPED
    assert not open_promises(shop, case.pk)


def test_what_was_unticked_stays_open(case, shop, agent, post, now):
    send(agent, case, now)
    pk = Promise.objects.get().pk
    send(agent, case, now, text="ありがとうございます。", promises=PromiseChoices(asked=frozenset({pk})))
    assert [each.pk for each in open_promises(shop, case.pk)] == [pk]


def test_reminded_on_its_day_and_on_top_when_late_each_once(case, shop, agent, post, now):
    send(agent, case, now)
    run_due_jobs(now + timedelta(minutes=1))
    made = Promise.objects.get()
    first = made.check_at
    assert actions.watch_promises(now=first) == 1
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.status, fresh.is_urgent, fresh.is_unread) == ("open", False, True)
    late = made.due_at + timedelta(minutes=1)
    assert [actions.watch_promises(now=late) for _ in range(2)] == [1, 0]
    fresh.refresh_from_db()
    assert fresh.is_urgent
    assert Note.objects.filter(case=case).count() == 2
    figures = promise_figures(shop, since=now, now=late)
    assert (figures.overdue, figures.percent) == (1, 0)


def test_kept_late_is_said_so(case, shop, agent, post, now):
    send(agent, case, now)
    made = Promise.objects.get()
    actions.settle_promise(by=agent, promise_id=made.pk, state=PromiseState.KEPT, now=made.due_at + DAY)
    made.refresh_from_db()
    assert made.state == PromiseState.KEPT_LATE


def test_moved_to_a_later_day_and_refused_for_a_past_one(case, agent, post, now):
    send(agent, case, now)
    made = Promise.objects.get()
    moved = actions.move_promise(by=agent, promise_id=made.pk, on=(now + 9 * DAY).date(), now=now)
    assert moved.due_at > made.due_at
    with pytest.raises(actions.WrongPromise):
        actions.move_promise(by=agent, promise_id=made.pk, on=date(2020, 1, 1), now=now)


def test_nobody_else_settles_it(case, agent, stranger, warehouse, post, now):
    send(agent, case, now)
    made = Promise.objects.get()
    with pytest.raises(actions.WrongPromise):
        actions.settle_promise(by=stranger, promise_id=made.pk, state=PromiseState.KEPT, now=now)
    with pytest.raises(NotAllowed):
        actions.settle_promise(by=warehouse, promise_id=made.pk, state=PromiseState.KEPT, now=now)
    made.refresh_from_db()
    assert made.state == PromiseState.OPEN
