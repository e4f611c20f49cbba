"""“I am calling now”: one clerk at a time, and open lists that follow what colleagues and buyers do."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from anshin.plumbing.live.models import LiveEvent
from anshin.safety import actions
from anshin.safety.models import PersonToTell, SafetyMail
from anshin.safety.queries import caller_of, link_in_letter
from anshin.safety.terms import CALL_LASTS, Answer, CameBack, Outcome
from anshin.shops.actions import NotAllowed
from tests.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def public(approved, bought, publish_at):
    bought(name="電話", mail="", phone="090-0000-0001")
    bought(name="戻り", phone="090-0000-0002")
    actions.release_due(now=publish_at)
    actions.announce(approved.pk, now=publish_at)
    approved.refresh_from_db()
    return approved


@pytest.fixture
def person(public):
    return PersonToTell.objects.get()


def come_back(shop, now):
    """The one mail comes back."""
    mail = SafetyMail.objects.get()
    SafetyMail.objects.filter(pk=mail.pk).update(state="sent", message_id=f"<{mail.pk}@x>")
    report = CameBack((f"{mail.pk}@x",), mail.address, "unknown", is_final=True, words="550", at=now)
    assert actions.take_bounce(shop=shop, came_back=report, now=now)


@pytest.fixture
def colleague(shop):
    return member(shop, "agent", "colleague@komorebi.example", "竹内 空")


def claim(by, person, at):
    return actions.claim_call(by=by, advisory_id=person.advisory_id, person_id=person.pk, now=at)


def call(by, person, at, outcome=Outcome.NO_ONE, seen=0, **more):
    ids = {"advisory_id": person.advisory_id, "person_id": person.pk}
    return actions.approach(by=by, **ids, outcome=outcome, seen=seen, now=at, **more)


def told(person):
    return LiveEvent.objects.filter(kind="safety.person", payload={"told_id": person.pk}).count()


def at(advisory, what=""):
    return f"/s/komorebi/safety/{advisory.key}{what}"


def test_a_second_clerk_is_refused_with_the_name_of_the_first(person, agent, colleague, now):
    claim(agent, person, now)
    with pytest.raises(actions.BeingCalled, match=str(agent.person)):
        claim(colleague, person, now + timedelta(minutes=1))
    claim(agent, person, now + timedelta(minutes=2))
    person.refresh_from_db()
    assert (person.called_by, person.called_at) == (agent, now + timedelta(minutes=2))


def test_a_call_that_was_forgotten_ends_by_itself(person, agent, colleague, now):
    claim(agent, person, now)
    person.refresh_from_db()
    assert caller_of(person, now=now + CALL_LASTS) == agent
    later = now + CALL_LASTS + timedelta(seconds=1)
    assert caller_of(person, now=later) is None
    claim(colleague, person, later)
    person.refresh_from_db()
    assert person.called_by == colleague


def test_giving_up_frees_only_ones_own_call(person, agent, colleague, now):
    claim(agent, person, now)
    for by, caller in ((colleague, agent), (agent, None)):
        actions.release_call(by=by, advisory_id=person.advisory_id, person_id=person.pk, now=now)
        person.refresh_from_db()
        assert person.called_by == caller


def test_what_came_of_it_ends_the_call_and_says_when_to_try_again(person, agent, colleague, now):
    claim(agent, person, now)
    again = now + timedelta(hours=2)
    call(agent, person, now, next_try_at=again)
    person.refresh_from_db()
    assert (person.called_by, person.next_try_at, person.tries) == (None, again, 1)
    claim(colleague, person, now)
    last = person.approaches.get().pk
    call(colleague, person, now, outcome=Outcome.TOLD, seen=last)
    person.refresh_from_db()
    assert (person.state, person.called_by, person.next_try_at) == ("told", None, None)


@pytest.mark.parametrize("off", [timedelta(0), timedelta(seconds=-1), timedelta(days=31)])
def test_a_next_try_in_the_past_or_far_away_is_refused(person, agent, now, off):
    with pytest.raises(actions.NextTryOutOfReach):
        call(agent, person, now, next_try_at=now + off)
    assert not person.approaches.exists()


def test_who_was_told_is_not_called_any_more(public, person, agent, shop, now):
    claim(agent, person, now)
    token = link_in_letter(person, shop.slug).rstrip("/").rpartition("/")[2]
    before = told(person)
    actions.answer(shop=shop, token=token, said=Answer.STOPPED, now=now)
    person.refresh_from_db()
    assert (person.state, person.called_by) == ("told", None)
    assert told(person) == before + 1
    with pytest.raises(actions.ToldMeanwhile):
        claim(agent, person, now)


def test_the_database_wants_both_the_caller_and_the_moment(person, agent, now):
    for wrong in ({"called_by": agent}, {"called_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PersonToTell.objects.filter(pk=person.pk).update(**wrong)


def test_the_warehouse_may_not_and_another_shop_finds_nobody(person, warehouse, stranger, now):
    with pytest.raises(NotAllowed):
        claim(warehouse, person, now)
    with pytest.raises(actions.UnknownAdvisory):
        claim(stranger, person, now)
    person.refresh_from_db()
    assert person.called_by is None


def test_each_step_tells_open_lists(public, person, agent, now):
    claim(agent, person, now)
    actions.release_call(by=agent, advisory_id=public.pk, person_id=person.pk, now=now)
    call(agent, person, now)
    assert told(person) == 3


def test_a_mail_that_comes_back_tells_open_lists(public, shop, publish_at):
    before = LiveEvent.objects.filter(kind="safety.progress").count()
    come_back(shop, publish_at)
    assert LiveEvent.objects.filter(kind="safety.progress").count() == before + 1


def test_the_row_shows_who_calls_and_offers_the_form_to_nobody_else(public, person, agent, colleague, signed_in):
    mine, theirs, where = signed_in(agent), signed_in(colleague), at(public, f"/tell/{person.pk}")
    page = mine.get(at(public, "/tell")).content.decode()
    assert f'data-live-topic="told:{person.pk}"' in page and "今から電話する" in page
    row = mine.post(f"{where}/call", {"list": "phone"}, **HX).content.decode()
    assert row.startswith("<li") and "電話をやめる" in row and "<html" not in row
    row = theirs.get(f"{where}/row?list=phone", **HX).content.decode()
    assert "さんが電話中" in row and "今から電話する" not in row and 'name="result"' not in row
    late = theirs.post(f"{where}/call", {"list": "phone"}, **HX)
    assert late.status_code == 422 and "電話しています" in late.content.decode()
    mine.post(where, {"list": "phone", "seen": "0", "result": "no_one", "again": "morning"})
    row = theirs.get(f"{where}/row?list=phone", **HX).content.decode()
    assert "今から電話する" in row and "alarm-clock" in row and "10:00" in row
    person.refresh_from_db()
    assert person.next_try_at is not None


def test_who_has_left_the_list_stays_as_a_line_without_a_form(public, person, agent, signed_in, now):
    call(agent, person, now, outcome=Outcome.TOLD)
    row = signed_in(agent).get(at(public, f"/tell/{person.pk}/row?list=phone"), **HX).content.decode()
    assert "このリストから外れました" in row and "<form" not in row


def test_the_counts_follow_and_name_newcomers(public, person, shop, agent, signed_in, publish_at):
    desk = signed_in(agent)
    come_back(shop, publish_at)
    tabs = desk.get(at(public, f"/tell/counts?list=phone&newest={person.pk}"), **HX).content.decode()
    assert "新しく1名" in tabs and "<b>2</b>" in tabs
    assert "新しく" not in desk.get(at(public, "/tell/counts?list=letter&newest=0"), **HX).content.decode()
    assert desk.get(at(public, "/tell/counts?list=nonsense"), **HX).status_code == 404
    assert desk.get(at(public, "/tell/counts?list=phone")).status_code == 302


def test_fragments_are_not_for_the_warehouse_nor_another_shop(public, person, warehouse, stranger, signed_in):
    for desk, status in ((signed_in(warehouse), 403), (signed_in(stranger), 404)):
        for what in (f"/tell/{person.pk}/row?list=phone", "/tell/counts?list=phone"):
            assert desk.get(at(public, what), **HX).status_code == status
        assert desk.post(at(public, f"/tell/{person.pk}/call"), {"list": "phone"}).status_code == status
    person.refresh_from_db()
    assert person.called_by is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway")
def test_of_two_at_the_same_moment_one_calls(person, agent, colleague, now):
    start, ends = threading.Barrier(2), []

    def run(by):
        start.wait()
        try:
            claim(by, person, now)
            ends.append("calls")
        except actions.BeingCalled:
            ends.append("refused")
        finally:
            connections.close_all()

    both = [threading.Thread(target=run, args=(by,)) for by in (agent, colleague)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(ends) == ["calls", "refused"]
