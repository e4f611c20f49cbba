"""After a restore what the clock begins and leaves the house is held; what people begin is not."""

import pytest

from anshin.plumbing.jobs import holding, queries, timetable
from anshin.plumbing.jobs.actions import go_on, go_on_without, hold_after_restore
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job, RestoreHold
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.jobs.registry import task
from anshin.plumbing.jobs.terms import State
from anshin.plumbing.jobs.timetable import Entry, Every
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
DELIVER = "anshin.cases.jobs.deliver"
MAILS = "tests.plumbing.jobs.test_jobs_restore_hold.mails_somebody"
OURS, THEIRS = 7, 8


@task()
def mails_somebody() -> None:
    """What a job of the timetable does in the end."""
    enqueue(DELIVER, 1, unique_key="reminder:1", now=NOW, shop_id=OURS)


@pytest.fixture
def restored(now):
    hold_after_restore(["mail_out"], shop_ids=[OURS, THEIRS], backup_at=now, now=now)


def mailed() -> list[tuple[str, str]]:
    return list(Job.objects.filter(task=DELIVER).order_by("pk").values_list("state", "last_error_code"))


def by_the_clock(now):
    timetable.register([Entry("remind", Every(60), MAILS)])
    timetable.enqueue_due(now=now)
    run_due_jobs(now, raise_stuck=False)
    timetable.register([])


def test_what_the_timetable_began_waits_and_is_there_once(restored, now, later):
    by_the_clock(now)
    by_the_clock(later)
    assert mailed() == [(State.STUCK, holding.HELD)]
    assert queries.held(OURS) == [(DELIVER, 1)]
    assert queries.held(THEIRS) == []


def test_without_a_restore_nothing_waits_and_nothing_is_asked(now, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert holding.open_holds() == {}
    with holding.begun_by_clock():
        assert enqueue(DELIVER, 1, now=now, shop_id=OURS).state == State.WAITING


def test_what_a_person_did_and_what_stays_inside_goes_its_way(restored, now):
    assert enqueue(DELIVER, 1, now=now, shop_id=OURS).state == State.WAITING
    with holding.begun_by_clock():
        assert enqueue(MAILS, now=now).state == State.WAITING
        with holding.decided():
            assert enqueue(DELIVER, 2, now=now, shop_id=OURS).state == State.WAITING


def test_go_on_lets_it_run_and_only_in_this_shop(restored, now, later):
    by_the_clock(now)
    with holding.begun_by_clock():
        enqueue(DELIVER, 2, now=now, shop_id=THEIRS)
    assert go_on(OURS, by="安住 千里", now=later) == 1
    assert go_on(OURS, by="安住 千里", now=later) == 0
    assert mailed() == [(State.WAITING, holding.HELD), (State.STUCK, holding.HELD)]
    with holding.begun_by_clock():
        assert enqueue(DELIVER, 3, now=later, shop_id=OURS).state == State.WAITING
        assert enqueue(DELIVER, 4, now=later, shop_id=THEIRS).state == State.STUCK
    assert RestoreHold.objects.get(shop_id=OURS).ended_by == "安住 千里"


def test_go_on_without_gives_up_what_waited_and_with_the_last_shop_what_is_nobodys(restored, now, later):
    with holding.begun_by_clock():
        nobodys, ours = enqueue(DELIVER, 1, now=now), enqueue(DELIVER, 2, now=now, shop_id=OURS)
    assert go_on_without(OURS, by="安住 千里", now=later) == 1
    ours.refresh_from_db()
    nobodys.refresh_from_db()
    assert (ours.state, nobodys.state) == (State.DROPPED, State.STUCK)
    assert go_on_without(THEIRS, by="木暮", now=later) == 1
    nobodys.refresh_from_db()
    assert nobodys.state == State.DROPPED
    assert holding.open_holds() == {}


def test_a_second_restore_begins_the_hold_anew(restored, now, later):
    hold_after_restore(["mail_out"], shop_ids=[OURS], backup_at=later, now=later)
    assert holding.open_holds() == {OURS: later}
