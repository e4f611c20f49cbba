"""The clock of a case through its life: started, stopped, gone on with, counted anew; told of once."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from anshin.cases import actions
from anshin.cases.actions.triage import wake_due
from anshin.cases.fakes import RecordingOutbox
from anshin.cases.jobs import watch_clocks
from anshin.cases.models import Case, Counter, ServiceTarget
from anshin.cases.ports import DeliveryRefused, outbox
from anshin.cases.queries import view_counts
from anshin.cases.terms import Resolution, Status, View
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed, add_holiday, set_opening_hours
from tests.cases.writing import KASHIWAGI, MIKUMO, arrive, letter
from tests.conftest import NOW, member

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def box():
    with outbox.filled_with(RecordingOutbox()) as fake:
        yield fake


def tokyo(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


def fresh(case):
    return Case.objects.get(pk=case.pk)


def answer(agent, case, at):
    return actions.reply(
        by=agent, case_id=case.pk, text="お待たせしました。", to=[KASHIWAGI], read_at_version=99, now=at
    )


def told(case):
    rows = JournalEntry.objects.filter(case_id=case.pk, event__in=["case.due_soon", "case.overdue"]).order_by("id")
    return [(row.event, row.payload["owed"]) for row in rows]


def counted(shop):
    """Counters that say more than nothing, and what they should say."""
    kept = {(row.status, row.owner_id): row.count for row in Counter.objects.filter(shop=shop) if row.count}
    true = {}
    for case in Case.objects.filter(shop=shop):
        keys = [case.status, *(["due"] if case.status == Status.OPEN and case.due_state else [])]
        for key in keys:
            true[key, case.owner_id or 0] = true.get((key, case.owner_id or 0), 0) + 1
    return kept, true


def test_a_mail_starts_both_clocks(shop):
    """Friday 14:00, open until 18:00; Monday the 23rd is a holiday."""
    case = fresh(arrive(shop, "a@x", at=NOW).case)
    assert (case.answer_due_at, case.due_at) == (tokyo(24, 14), tokyo(24, 14))
    assert (case.warn_at, case.due_state) == (tokyo(24, 12), None)
    assert case.resolution_due_at == tokyo(30, 14)
    assert (case.rank_at, case.runs) == (case.due_at, True)


def test_an_answer_in_time_is_kept_with_its_minutes(shop, agent):
    case = arrive(shop, "a@x", at=NOW).case
    answer(agent, case, NOW + 90 * timedelta(minutes=1))
    stopped = fresh(case)
    assert (stopped.due_at, stopped.answer_due_at, stopped.rank_at, stopped.runs) == (None, None, None, False)
    assert (stopped.first_is_met, stopped.first_target_minutes, stopped.first_answer_minutes) == (True, 480, None)
    actions.count_stopped_clocks(now=NOW + 2 * HOUR)
    actions.count_stopped_clocks(now=NOW + 3 * HOUR)
    settled = fresh(case)
    assert (settled.first_answer_minutes, settled.resolution_used_seconds) == (90, 90 * 60)


def test_a_late_answer_is_kept_as_late(shop, agent):
    case = arrive(shop, "a@x", at=NOW).case
    answer(agent, case, tokyo(24, 15))
    actions.count_stopped_clocks(now=tokyo(24, 16))
    assert (fresh(case).first_is_met, fresh(case).first_answer_minutes) == (False, 540)


def test_while_we_wait_for_the_customer_nothing_counts(shop, agent):
    case = arrive(shop, "a@x", at=NOW).case
    answer(agent, case, NOW + HOUR)
    again = arrive(shop, "b@x", at=tokyo(26, 10), refers_to=("a@x",), subject="Re: 届いたバッグ").case
    assert again.pk == case.pk
    going_on = fresh(case)
    assert going_on.answer_due_at == tokyo(26, 18)  # a further answer has the whole target
    assert going_on.resolution_used_seconds == 3_600
    assert going_on.resolution_due_at == tokyo(26, 10) + timedelta(days=6, hours=7)  # 39 hours: Wednesday 17:00
    assert (going_on.first_is_met, going_on.first_answer_minutes) == (True, 60)


def test_waiting_by_hand_without_an_answer_goes_on_with_what_is_left(shop, agent):
    case = arrive(shop, "a@x", at=NOW).case
    actions.wait_for_customer(by=agent, case_id=case.pk, now=NOW + HOUR)
    actions.take_up(by=agent, case_id=case.pk, now=tokyo(26, 10))
    going_on = fresh(case)
    assert (going_on.answer_used_seconds, going_on.answer_due_at) == (3_600, tokyo(26, 17))
    assert going_on.first_answered_at is None


def test_putting_a_case_away_does_not_stop_the_customers_clock(shop, agent):
    case = arrive(shop, "a@x", at=NOW).case
    actions.snooze(by=agent, case_id=case.pk, until=tokyo(27, 10), now=NOW)
    assert (fresh(case).runs, fresh(case).due_at) == (True, tokyo(24, 14))
    actions.tell_deadlines(now=tokyo(24, 15))
    assert told(case) == [("case.due_soon", "first_answer"), ("case.overdue", "first_answer")]
    actions.wake(by=agent, case_id=case.pk, now=tokyo(24, 16))
    assert (fresh(case).due_at, fresh(case).due_state) == (tokyo(24, 14), "overdue")
    assert counted(shop)[0] == counted(shop)[1]


def test_a_case_that_came_back_from_waiting_runs_again(shop, agent):
    case = arrive(shop, "a@x", at=NOW).case
    answer(agent, case, NOW + HOUR)
    actions.snooze(by=agent, case_id=case.pk, until=tokyo(26, 10), now=NOW + HOUR)
    run_due_jobs(tokyo(26, 10))
    wake_due(shop_id=shop.pk, case_id=case.pk, now=tokyo(26, 10))
    assert (fresh(case).status, fresh(case).due_at) == (Status.OPEN, tokyo(26, 18))


@pytest.mark.parametrize("is_counted", [False, True])
def test_a_reply_taken_back_was_never_written(shop, agent, is_counted):
    case = arrive(shop, "a@x", at=NOW).case
    before = {name: getattr(fresh(case), name) for name in ("answer_due_at", "resolution_due_at", "due_at", "warn_at")}
    message = answer(agent, case, NOW + HOUR)
    if is_counted:
        actions.count_stopped_clocks(now=NOW + 2 * HOUR)
    actions.take_back(by=agent, message_id=message.pk, now=NOW + HOUR + timedelta(seconds=5))
    back = fresh(case)
    assert {name: getattr(back, name) for name in before} == before
    assert (back.status, back.runs, back.first_answered_at, back.first_is_met) == (Status.OPEN, True, None, None)
    answer(agent, fresh(case), NOW + 2 * HOUR)
    actions.count_stopped_clocks(now=NOW + 3 * HOUR)
    assert (fresh(case).first_answer_minutes, fresh(case).resolution_used_seconds) == (120, 7_200)


def test_an_answer_that_could_not_leave_does_not_count(shop, agent, box):
    case = arrive(shop, "a@x", at=NOW).case
    message = answer(agent, case, NOW + HOUR)
    box.refusals.append(DeliveryRefused("550 no", permanent=True))
    actions.deliver_message(message_id=message.pk, now=NOW + 2 * HOUR)
    failed = fresh(case)
    assert (failed.status, failed.runs, failed.first_answered_at, failed.first_is_met) == (
        Status.OPEN,
        True,
        None,
        None,
    )
    assert failed.resolution_used_seconds == 3_600


def test_closing_in_time_and_late(shop, agent):
    early, late = arrive(shop, "a@x", at=NOW).case, arrive(shop, "b@x", at=NOW, sender=MIKUMO).case
    actions.close(by=agent, case_id=early.pk, resolution=Resolution.ANSWERED, now=NOW + HOUR)
    actions.close(by=agent, case_id=late.pk, resolution=Resolution.ANSWERED, now=tokyo(30, 15))
    assert (fresh(early).resolution_is_met, fresh(late).resolution_is_met) == (True, False)
    assert (fresh(early).due_at, fresh(early).first_is_met) == (None, None)


def test_opening_a_closed_case_again_goes_on_where_it_stopped(shop, agent):
    case = arrive(shop, "a@x", at=NOW).case
    actions.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=NOW + HOUR)
    actions.reopen(by=agent, case_id=case.pk, now=tokyo(26, 10))
    again = fresh(case)
    assert (again.answer_due_at, again.resolution_is_met) == (tokyo(26, 17), None)


def test_spam_taken_back_has_the_deadline_it_had(shop, agent):
    case = arrive(shop, "a@x", at=NOW).case
    actions.mark_spam(by=agent, case_id=case.pk, now=NOW)
    assert (fresh(case).due_at, fresh(case).rank_at, fresh(case).deadline_check_at) == (None, None, None)
    actions.undo_spam(by=agent, case_id=case.pk, now=NOW + HOUR)
    back = fresh(case)
    assert (back.due_at, back.deadline_check_at, back.rank_at) == (tokyo(24, 14), tokyo(24, 12), tokyo(24, 14))
    actions.mark_spam(by=agent, case_id=case.pk, now=NOW + HOUR)
    actions.not_spam(by=agent, case_id=case.pk, now=tokyo(26, 10))
    assert fresh(case).due_at == tokyo(26, 18)  # as new


def test_after_a_merge_the_clock_that_presses_more_goes_on(shop, agent):
    old = arrive(shop, "a@x", at=NOW).case
    new = arrive(shop, "b@x", at=NOW + 2 * HOUR, sender=MIKUMO).case
    actions.merge(by=agent, case_id=old.pk, into_number=new.number, now=NOW + 3 * HOUR)
    assert (fresh(new).due_at, fresh(old).due_at) == (tokyo(24, 14), None)
    assert fresh(new).runs and not fresh(old).runs
    assert counted(shop)[0] == counted(shop)[1]


def test_a_case_that_was_split_off_counts_from_its_message(shop, agent):
    case = arrive(shop, "a@x", at=NOW).case
    second = arrive(shop, "b@x", at=NOW + HOUR, refers_to=("a@x",)).message
    new = actions.split(by=agent, case_id=case.pk, message_ids=[second.pk], subject="", now=NOW + 2 * HOUR)
    assert (fresh(new).status, fresh(new).due_at) == (Status.OPEN, tokyo(24, 15))


def test_each_deadline_is_told_of_once(shop, agent):
    case = arrive(shop, "a@x", at=NOW).case
    assert actions.tell_deadlines(now=tokyo(24, 11, 59)) == 0
    for _twice in range(2):
        actions.tell_deadlines(now=tokyo(24, 12))
    assert told(case) == [("case.due_soon", "first_answer")]
    assert (fresh(case).due_state, view_counts(agent)[View.DUE_SOON]) == ("soon", 1)
    for _twice in range(2):
        actions.tell_deadlines(now=tokyo(24, 14))
    assert told(case) == [("case.due_soon", "first_answer"), ("case.overdue", "first_answer")]
    assert (view_counts(agent)[View.DUE_SOON], view_counts(agent)[View.ALL]) == (1, 1)
    answer(agent, case, tokyo(24, 15))
    assert (fresh(case).due_state, view_counts(agent)[View.DUE_SOON]) == (None, 0)
    arrive(shop, "b@x", at=tokyo(25, 10), refers_to=("a@x",))
    actions.tell_deadlines(now=tokyo(25, 17))
    assert told(case)[2:] == [("case.due_soon", "answer")]
    assert counted(shop)[0] == counted(shop)[1]


def test_nothing_is_told_of_old_mail_that_is_imported(shop):
    old = actions.receive_message(shop=shop, message=letter("a@x", at=NOW - timedelta(days=300)), now=NOW).case
    assert (fresh(old).due_state, fresh(old).deadline_check_at) == ("overdue", None)
    assert actions.tell_deadlines(now=NOW) == 0
    assert counted(shop)[0] == counted(shop)[1]


def test_the_job_of_the_timetable_runs_twice_without_harm(shop):
    case = arrive(shop, "a@x", at=NOW).case
    Case.objects.filter(pk=case.pk).update(deadline_check_at=NOW)
    watch_clocks.call()
    watch_clocks.call()
    assert len(told(case)) <= 2


def test_targets_change_what_comes_and_what_is_open(shop, manager):
    case = arrive(shop, "a@x", at=NOW).case
    with_phone = {"channel": "email", "answer_minutes": 60, "resolution_minutes": None}
    actions.set_target(by=manager, now=NOW, **with_phone)
    run_due_jobs(NOW)
    assert (fresh(case).due_at, fresh(case).answer_target_minutes) == (NOW + HOUR, 60)
    assert fresh(arrive(shop, "b@x", at=NOW, sender=MIKUMO).case).due_at == NOW + HOUR
    phoned = arrive(shop, "c@x", at=NOW, channel="phone", subject="電話").case
    assert fresh(phoned).due_at == tokyo(24, 14)
    actions.remove_target(by=manager, target_id=ServiceTarget.objects.get().pk, now=NOW)
    run_due_jobs(NOW)
    assert fresh(case).due_at == tokyo(24, 14)


def test_hours_and_holidays_count_open_cases_anew(shop, owner):
    case = arrive(shop, "a@x", at=NOW).case
    add_holiday(by=owner, on=date(2026, 11, 24), name="棚卸し", now=NOW)
    run_due_jobs(NOW)
    assert fresh(case).due_at == tokyo(25, 14)
    set_opening_hours(by=owner, hours={day: (time(10), time(22)) for day in range(7)}, now=NOW)
    run_due_jobs(NOW)
    assert fresh(case).due_at == tokyo(20, 22)


@pytest.mark.parametrize("role", ["agent", "warehouse"])
def test_only_owner_and_manager_set_targets(shop, role):
    by = member(shop, role, "x@komorebi.example", "x")
    with pytest.raises(NotAllowed):
        actions.set_target(by=by, answer_minutes=1, resolution_minutes=None, channel="phone", now=NOW)
    with pytest.raises(NotAllowed):
        actions.set_aftercare(by=by, follow_up_days=1, second_contact_days=1, now=NOW)
    assert not ServiceTarget.objects.exists()
    assert not JournalEntry.objects.filter(event="case.target_set").exists()


def test_another_shops_target_cannot_be_removed(manager, other_shop):
    theirs = ServiceTarget.objects.create(shop=other_shop, channel="phone", answer_minutes=5)
    assert actions.remove_target(by=manager, target_id=theirs.pk, now=NOW) is None
    assert ServiceTarget.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(
    "values",
    [
        {"channel": "phone", "answer_minutes": None, "resolution_minutes": None},
        {"answer_minutes": 60, "resolution_minutes": None},  # all cases: that stands in the shop's settings
        {"channel": "phone", "answer_minutes": 60 * 24 * 31, "resolution_minutes": None},
    ],
)
def test_a_target_that_says_nothing_or_too_much_is_refused(manager, values):
    with pytest.raises(actions.BadTarget):
        actions.set_target(by=manager, now=NOW, **values)
    assert not ServiceTarget.objects.exists()


def test_the_same_target_again_changes_nothing(manager):
    for minutes in (60, 60, 90):
        actions.set_target(by=manager, channel="phone", answer_minutes=minutes, resolution_minutes=None, now=NOW)
    assert ServiceTarget.objects.get().answer_minutes == 90
    facts = JournalEntry.objects.filter(event="case.target_set").order_by("id")
    assert [fact.payload["answer_minutes"] for fact in facts] == [60, 90]
