"""After the end of a case: it is asked after once, and a second contact names the first."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from anshin.cases import actions
from anshin.cases.actions import WrongCase, standing
from anshin.cases.models import Case
from anshin.cases.terms import Resolution, Status
from anshin.commerce.actions import take_in_order
from anshin.commerce.terms import Buyer, IncomingOrder, SalesChannel
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.search.models import IndexedDocument
from anshin.shops.actions import NotAllowed
from tests.cases.writing import MIKUMO, arrive
from tests.conftest import NOW, member

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
DAY = timedelta(days=1)
MORNING = datetime(2026, 11, 27, 9, tzinfo=TOKYO)


def fresh(case):
    return Case.objects.get(pk=case.pk)


def facts(event, case):
    rows = JournalEntry.objects.filter(event=event, case_id=case.pk).order_by("id")
    return [row.payload for row in rows]


def finished(shop, by, key="a@x", *, topic="item.defect", at=NOW, resolution=Resolution.REPLACED, **values):
    case = arrive(shop, key, at=at, **values).case
    actions.set_topics(by=by, case_id=case.pk, codes=[topic], now=at)
    actions.close(by=by, case_id=case.pk, resolution=resolution, now=at)
    return case


def test_a_defect_comes_back_after_a_week_once(shop, agent):
    case = finished(shop, agent)
    assert fresh(case).follow_up_at == MORNING
    assert actions.surface_follow_ups(now=MORNING - timedelta(minutes=1)) == 0
    assert [actions.surface_follow_ups(now=MORNING) for _twice in range(2)] == [1, 0]
    back = fresh(case)
    assert (back.status, back.is_follow_up, back.follow_up_at, back.is_unread) == (Status.OPEN, True, None, True)
    assert back.due_at == datetime(2026, 11, 27, 18, tzinfo=TOKYO)
    assert facts("case.reopened", case) == [{"why": "follow_up"}]


def test_a_search_for_the_newest_shows_what_came_back_first(shop, agent):
    case = finished(shop, agent)
    other = arrive(shop, "b@x", at=NOW + DAY).case
    run_due_jobs(NOW + DAY)
    newest = IndexedDocument.objects.filter(object_id__in=[case.pk, other.pk]).order_by("-key")
    assert [row.object_id for row in newest] == [other.pk, case.pk]
    actions.surface_follow_ups(now=MORNING)
    run_due_jobs(MORNING)
    assert [row.object_id for row in newest.all()] == [case.pk, other.pk]


def test_a_case_is_asked_after_once(shop, agent):
    case = finished(shop, agent)
    actions.surface_follow_ups(now=MORNING)
    actions.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=MORNING)
    closed = fresh(case)
    assert (closed.is_follow_up, closed.follow_up_at) == (False, None)


@pytest.mark.parametrize(
    ("topic", "resolution"), [("product.info", Resolution.ANSWERED), ("item.defect", Resolution.NOT_A_CASE)]
)
def test_others_stay_closed(shop, agent, topic, resolution):
    assert fresh(finished(shop, agent, topic=topic, resolution=resolution)).follow_up_at is None


def test_a_shop_can_do_without(shop, agent, manager):
    actions.set_aftercare(by=manager, follow_up_days=0, second_contact_days=0, now=NOW)
    assert fresh(finished(shop, agent)).follow_up_at is None


def test_a_follow_up_can_be_waived_and_planned(shop, agent):
    case = finished(shop, agent)
    actions.plan_follow_up(by=agent, case_id=case.pk, on=None, now=NOW)
    assert (fresh(case).follow_up_at, actions.surface_follow_ups(now=NOW + 30 * DAY)) == (None, 0)
    actions.plan_follow_up(by=agent, case_id=case.pk, on=date(2026, 12, 1), now=NOW)
    assert fresh(case).follow_up_at == datetime(2026, 12, 1, 9, tzinfo=TOKYO)
    assert facts("case.follow_up_planned", case) == [{"on": None}, {"on": "2026-12-01"}]


def test_a_follow_up_in_the_past_or_of_an_open_case_is_refused(shop, agent, warehouse):
    case = finished(shop, agent)
    with pytest.raises(WrongCase):
        actions.plan_follow_up(by=agent, case_id=case.pk, on=date(2026, 11, 20), now=NOW)
    with pytest.raises(NotAllowed):
        actions.plan_follow_up(by=warehouse, case_id=case.pk, on=None, now=NOW)
    still_open = arrive(shop, "b@x", at=NOW, sender=MIKUMO).case
    with pytest.raises(WrongCase):
        actions.plan_follow_up(by=agent, case_id=still_open.pk, on=date(2026, 12, 1), now=NOW)
    assert fresh(case).follow_up_at == MORNING


def test_another_shops_clerk_plans_nothing(shop, agent, other_shop):
    case, outsider = finished(shop, agent), member(other_shop, "owner", "o@shiosai.example", "o")
    with pytest.raises(WrongCase):
        actions.plan_follow_up(by=outsider, case_id=case.pk, on=None, now=NOW)
    assert fresh(case).follow_up_at == MORNING


def test_spam_reopened_and_emptied_cases_never_surface(shop, agent):
    spam, opened, emptied = (
        finished(shop, agent, key, subject=f"件名{key}", sender=MIKUMO) for key in ("a@x", "b@x", "c@x")
    )
    actions.mark_spam(by=agent, case_id=spam.pk, now=NOW)
    actions.reopen(by=agent, case_id=opened.pk, now=NOW)
    Case.objects.filter(pk=emptied.pk).update(emptied_at=NOW)
    assert actions.surface_follow_ups(now=MORNING) == 0
    assert [fresh(case).status for case in (spam, opened, emptied)] == ["spam", "open", "closed"]
    assert not Case.objects.filter(follow_up_at__isnull=False).exists()


def again(shop, key, *, at, topic="item.defect", **values):
    """A new case of the same customer, read by the job, with a topic that the form gave."""
    case = arrive(shop, key, at=at, topic=topic, channel="web_form", **{"subject": f"別件 {key}", **values}).case
    run_due_jobs(at)
    return fresh(case)


def test_a_second_contact_about_the_same_topic_names_the_first_and_moves_up(shop, agent):
    first = finished(shop, agent)
    other = again(shop, "o@x", at=NOW + 2 * DAY, sender=MIKUMO)
    second = again(shop, "b@x", at=NOW + 3 * DAY)
    assert (second.first_case_id, other.first_case_id) == (first.pk, None)
    assert second.rank_at < other.rank_at == second.due_at
    assert facts("case.second_contact", second)[0]["role"] == "second"
    assert facts("case.second_contact", first) == [
        {"other_case_id": second.pk, "other_number": second.number, "role": "first"}
    ]


def test_too_late_about_something_else_or_somebody_elses_is_no_second_contact(shop, agent, other_shop):
    finished(shop, agent)
    assert again(shop, "b@x", at=NOW + 8 * DAY).first_case_id is None
    assert again(shop, "c@x", at=NOW + DAY, topic="payment.receipt").first_case_id is None
    assert again(shop, "d@x", at=NOW + DAY, sender=MIKUMO).first_case_id is None
    assert again(other_shop, "e@x", at=NOW + DAY).first_case_id is None


def test_what_needed_no_answer_is_no_first_contact(shop, agent):
    finished(shop, agent, resolution=Resolution.NOT_A_CASE)
    assert again(shop, "b@x", at=NOW + DAY).first_case_id is None


def test_the_same_order_says_more_than_the_topic(shop, agent):
    for number in ("KM-20417", "KM-20418"):
        buyer = Buyer(name="柏木 由紀子", mail="y-kashiwagi@mail.example")
        order = IncomingOrder(channel=SalesChannel.OWN, number=number, ordered_at=NOW, buyer=buyer)
        take_in_order(shop=shop, order=order, by=standing.SYSTEM, now=NOW)
    first = finished(shop, agent, text="注文KM-20417のバッグが壊れています。")
    same = again(shop, "b@x", at=NOW + DAY, topic="return.how", text="注文KM-20417を返品したいです。")
    other = again(shop, "c@x", at=NOW + DAY, text="注文KM-20418のカップが割れていました。")
    assert (same.first_case_id, other.first_case_id) == (first.pk, None)
