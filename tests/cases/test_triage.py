"""Assigning, tagging, snoozing, closing, merging and splitting keep the case, the counters and the journal in line."""

from datetime import timedelta

import pytest
from django.db.models import Count

from anshin.cases import actions
from anshin.cases.jobs import wake_snoozed
from anshin.cases.models import Case, Counter, Message
from anshin.cases.queries import case_page, view_counts
from anshin.cases.rules import IllegalStep
from anshin.cases.terms import Resolution, View
from anshin.plumbing import clock
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.cases.writing import MIKUMO, arrive

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@mail.example", at=now).case


def counters_agree(shop):
    """Every counter equals what counting the cases gives."""
    real = Case.objects.filter(shop=shop).values_list("status", "owner_id").annotate(n=Count("id"))
    expected = {(status, owner_id or 0): count for status, owner_id, count in real}
    kept = {(row.status, row.owner_id): row.count for row in Counter.objects.filter(shop=shop) if row.count}
    assert kept == expected


def test_assigning_moves_the_case_between_views(case, shop, agent, manager, now):
    actions.assign(by=manager, case_id=case.pk, owner=agent, now=now)
    assert (view_counts(agent)[View.MINE], view_counts(agent)[View.UNASSIGNED]) == (1, 0)
    assert view_counts(manager)[View.MINE] == 0
    counters_agree(shop)


def test_assigning_twice_is_one_fact(case, agent, now):
    actions.assign(by=agent, case_id=case.pk, owner=agent, now=now)
    actions.assign(by=agent, case_id=case.pk, owner=agent, now=now)
    assert JournalEntry.objects.filter(event="case.assigned").count() == 1


def test_a_case_is_never_given_to_another_shops_staff(case, agent, stranger, now):
    with pytest.raises(actions.WrongCase):
        actions.assign(by=agent, case_id=case.pk, owner=stranger, now=now)
    case.refresh_from_db()
    assert case.owner is None


@pytest.mark.parametrize("verb", ["assign", "close", "snooze", "set_tags", "merge", "split"])
def test_a_warehouse_clerk_may_not_triage(case, warehouse, now, verb):
    values = {
        "assign": {"owner": None},
        "close": {"resolution": Resolution.ANSWERED},
        "snooze": {"until": now + timedelta(days=1)},
        "set_tags": {"names": ["急ぎ"]},
        "merge": {"into_number": 2},
        "split": {"message_ids": [1], "subject": ""},
    }[verb]
    facts = JournalEntry.objects.count()
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(by=warehouse, case_id=case.pk, now=now, **values)
    case.refresh_from_db()
    assert (case.status, case.owner, case.tag_names, JournalEntry.objects.count()) == ("open", None, [], facts)


def test_closing_needs_and_keeps_how_it_ended(case, shop, agent, now):
    actions.close(by=agent, case_id=case.pk, resolution=Resolution.REFUNDED, now=now)
    case.refresh_from_db()
    assert (case.status, case.resolution, case.closed_at, case.due_at) == ("closed", "refunded", now, None)
    counters_agree(shop)
    actions.reopen(by=agent, case_id=case.pk, now=now)
    case.refresh_from_db()
    assert (case.status, case.resolution, case.closed_at) == ("open", "", None)
    counters_agree(shop)


def test_a_closed_case_cannot_be_snoozed(case, agent, now):
    actions.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    with pytest.raises(IllegalStep):
        actions.snooze(by=agent, case_id=case.pk, until=now + timedelta(days=1), now=now)


def test_a_snoozed_case_comes_back_by_itself(case, shop, agent, now, monkeypatch):
    until = now + timedelta(hours=3)
    actions.snooze(by=agent, case_id=case.pk, until=until, now=now)
    monkeypatch.setattr(clock, "now", lambda: until - timedelta(seconds=1))
    wake_snoozed.func()
    case.refresh_from_db()
    assert case.status == "snoozed"
    monkeypatch.setattr(clock, "now", lambda: until)
    wake_snoozed.func()
    case.refresh_from_db()
    assert (case.status, case.snoozed_until_at, case.is_unread) == ("open", None, True)
    counters_agree(shop)


def test_a_snooze_lies_in_the_future(case, agent, now):
    with pytest.raises(actions.WrongCase):
        actions.snooze(by=agent, case_id=case.pk, until=now, now=now)


def test_tags_are_kept_on_the_case_and_in_one_fact(case, agent, now):
    actions.set_tags(by=agent, case_id=case.pk, names=["返品", " 急ぎ ", ""], now=now)
    actions.set_tags(by=agent, case_id=case.pk, names=["急ぎ"], now=now)
    case.refresh_from_db()
    assert case.tag_names == ["急ぎ"]
    facts = JournalEntry.objects.filter(event="case.tagged").order_by("id").values_list("payload", flat=True)
    assert list(facts) == [{"added": "急ぎ, 返品", "removed": ""}, {"added": "", "removed": "返品"}]


def test_merging_moves_everything_and_leads_on(case, shop, agent, now, later):
    other = arrive(shop, "b@mail.example", at=later, sender=MIKUMO, subject="同じ件です").case
    actions.add_note(by=agent, case_id=other.pk, text="同じお客様のご家族", now=later)
    kept = actions.merge(by=agent, case_id=other.pk, into_number=case.number, now=later)
    other.refresh_from_db()
    page = case_page(agent, kept)
    assert (kept.pk, other.merged_into_id, other.status) == (case.pk, case.pk, "closed")
    assert ([m.message_key for m in page.messages], len(page.notes)) == (["a@mail.example", "b@mail.example"], 1)
    counters_agree(shop)


def test_mail_to_a_merged_case_reaches_the_one_that_goes_on(case, shop, agent, now, later):
    other = arrive(shop, "b@mail.example", at=later, subject="別の件名").case
    actions.merge(by=agent, case_id=other.pk, into_number=case.number, now=later)
    answer = arrive(shop, "c@mail.example", at=later, refers_to=("b@mail.example",))
    assert answer.case.pk == case.pk


def test_merging_with_another_shops_case_is_refused(case, other_shop, agent, now):
    arrive(other_shop, "x@mail.example", at=now)
    arrive(other_shop, "y@mail.example", at=now, sender=MIKUMO, subject="別")
    with pytest.raises(actions.WrongCase):
        actions.merge(by=agent, case_id=case.pk, into_number=2, now=now)


def test_splitting_makes_a_second_case_with_the_chosen_messages(case, shop, agent, now, later):
    second = arrive(
        shop, "b@mail.example", at=later, refers_to=("a@mail.example",), text="別件ですが領収書をください"
    ).message
    new = actions.split(by=agent, case_id=case.pk, message_ids=[second.pk], subject="領収書", now=later)
    case.refresh_from_db()
    assert (new.number, new.subject, new.status, new.last_line) == (2, "領収書", "open", "別件ですが領収書をください")
    assert (case.messages.count(), case.last_line[:5]) == (1, "写真では明")
    counters_agree(shop)


def test_splitting_all_messages_away_is_refused(case, agent, now):
    with pytest.raises(actions.WrongCase):
        actions.split(by=agent, case_id=case.pk, message_ids=[Message.objects.get().pk], subject="", now=now)
    assert Case.objects.count() == 1
