"""The audit journal as managers and owners read it."""

import csv
import dataclasses
import io
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from anshin.cases import actions
from anshin.cases.events import NoteAdded
from anshin.cases.terms import Resolution
from anshin.plumbing.journal.actions import Fact, record_many
from anshin.plumbing.journal.events import declared_events
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.queries import actor
from anshin.staff import journal_groups, journal_words
from tests.cases.writing import MIKUMO, arrive
from tests.staff.everything import load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


@pytest.fixture
def case(shop, agent, now):
    case = arrive(shop, "a@mail.example", at=now).case
    actions.assign(by=agent, case_id=case.pk, owner=agent, now=now + timedelta(minutes=1))
    actions.set_tags(by=agent, case_id=case.pk, names=["=至急"], now=now + timedelta(minutes=2))
    return case


def page(client, **query):
    return client.get(reverse("staff:journal", args=["komorebi"]), query)


def shown(answer):
    return [row["what"] for row in answer.context["rows"]]


def downloaded(client, **query):
    answer = client.get(reverse("staff:journal_csv", args=["komorebi"]), query)
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return answer, list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture(autouse=True)
def every_event():
    load("events")


def ours(event):
    """Events of the product; tests of other rooms declare some of their own."""
    return event.__module__.startswith("anshin.")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_event_has_its_words(language):
    with translation.override(language):
        without = [event.name for event in declared_events() if ours(event) and event.name not in journal_words.EVENTS]
        assert without == []
        groups = {event.name.partition(".")[0] for event in declared_events() if ours(event)}
        assert groups <= set(journal_groups.GROUPS)


def test_words_are_kept_for_events_that_exist_only():
    assert set(journal_words.EVENTS) <= {event.name for event in declared_events()}


def test_every_value_that_is_put_into_words_exists():
    fields = {event.name: {field.name for field in dataclasses.fields(event)} for event in declared_events()}
    unknown = [
        (name, key)
        for name, (_label, pieces) in journal_words.EVENTS.items()
        for key, _caption, _write in pieces
        if key not in fields[name]
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("event", "payload", "ja", "en"),
    [
        (
            "shop.role_granted",
            {"membership_id": 4, "former": "agent", "role": "manager", "who": "竹内 涼"},
            "竹内 涼 · 役割: 責任者 · 変更前: 窓口担当",
            "竹内 涼 · Role: Manager · Before: Agent",
        ),
        (
            "shop.opening_hours_set",
            {"days": ["0 09:00-17:00", "5 10:00-15:30"]},
            "月 09:00-17:00, 土 10:00-15:30",
            "Mon 09:00-17:00, Sat 10:00-15:30",
        ),
        (
            "shop.holiday_added",
            {"on": "2026-12-30", "label": "棚卸し"},
            "2026年12月30日(水) · 棚卸し",
            "Wed 30 Dec 2026 · 棚卸し",
        ),
        ("shop.changed", {"what": "name,order_formats"}, "名前, 注文番号", "Name, Order numbers"),
        ("case.closed", {"resolution": "refunded"}, "返金した", "Refunded"),
        (
            "case.snoozed",
            {"until": "2026-11-21T01:00:00+00:00"},
            "期限: 2026年11月21日(土) 10:00",
            "Until: Sat 21 Nov 2026 10:00",
        ),
        ("case.order_linked", {"order_id": 1, "number": "KM-1", "reason": "of_old"}, "KM-1 · of_old", "KM-1 · of_old"),
        ("later.version", {"x": 1}, "", ""),
    ],
)
def test_values_are_written_in_the_readers_language(event, payload, ja, en):
    with translation.override("ja"):
        assert journal_words.details(event, payload) == ja
    with translation.override("en"):
        assert journal_words.details(event, payload) == en


def test_entries_stand_newest_first_with_person_case_and_values(signed_in, manager, case):
    answer = page(signed_in(manager))
    assert shown(answer)[:2] == ["タグを変更した", "担当を変更した"]
    first = answer.context["rows"][0]
    assert (first["who"], first["details"], first["case"]) == ("竹内 涼", "追加: =至急", case.number)


def test_it_is_narrowed_by_event_person_and_case(signed_in, manager, agent, shop, case, now):
    other = arrive(shop, "b@mail.example", at=now, sender=MIKUMO).case
    actions.close(by=manager, case_id=other.pk, resolution=Resolution.ANSWERED, now=now)
    client = signed_in(manager)
    assert shown(page(client, event="case.tagged")) == ["タグを変更した"]
    assert shown(page(client, who=agent.pk)) == ["タグを変更した", "担当を変更した"]
    assert shown(page(client, who=manager.pk, case=f"#{other.number}")) == ["案件を解決にした"]
    assert {row["who"] for row in page(client, who="customer").context["rows"]} <= {"柏木 由紀子 様", "三雲 達也 様"}
    assert shown(page(client, case="9999999")) == []


def test_days_are_the_shops_and_both_included(signed_in, manager, case, now):
    client = signed_in(manager)
    assert "タグを変更した" in shown(page(client, since="2026-11-20", until="2026-11-20"))
    assert shown(page(client, since="2026-11-21")) == []
    assert shown(page(client, until="2026-11-19")) == []


def test_a_filter_that_cannot_be_read_is_marked(signed_in, manager, case):
    answer = page(signed_in(manager), case="柏木")
    assert "番号だけを入力してください" in answer.content.decode()


def test_the_next_page_goes_on_where_the_first_ended(signed_in, manager, agent, case, now):
    for number in range(60):
        actions.set_tags(by=agent, case_id=case.pk, names=[f"t{number}"], now=now)
    client = signed_in(manager)
    first = page(client, event="case.tagged")
    second = page(client, event="case.tagged", before=first.context["before"])
    assert (len(shown(first)), len(shown(second)), second.context["before"]) == (50, 11, None)


def test_the_file_holds_what_the_filters_leave_and_no_formula(signed_in, manager, case):
    answer, rows = downloaded(signed_in(manager), event="case.tagged")
    assert answer["Content-Disposition"] == 'attachment; filename="journal-komorebi-20261120.csv"'
    assert [(row["event"], row["actor_name"], row["event_words"]) for row in rows] == [
        ("case.tagged", "竹内 涼", "タグを変更した")
    ]
    assert rows[0]["at"] == "2026-11-20T14:02:00+09:00"
    assert not any(value.startswith("=") for value in rows[0].values())


def test_a_long_file_is_sent_in_portions(signed_in, manager, agent, case, now):

    with transaction.atomic():
        record_many(
            [Fact(NoteAdded(note_id=n), actor(agent), now) for n in range(1200)], shop_id=agent.shop_id, now=now
        )
    answer = signed_in(manager).get(reverse("staff:journal_csv", args=["komorebi"]), {"event": "case.note_added"})
    portions = list(answer.streaming_content)
    assert len(portions) == 3
    assert b"".join(portions).count(b"\r\n") == 1201


def test_another_shops_entries_never_show(signed_in, stranger, other_shop, case, now):
    stranger.role = "manager"
    stranger.save()
    client = signed_in(stranger)
    answer = client.get(reverse("staff:journal", args=["shiosai"]), {"case": case.number})
    assert shown(answer) == []
    assert "タグを変更した" not in shown(client.get(reverse("staff:journal", args=["shiosai"])))


@pytest.mark.parametrize("role", ["agent", "warehouse"])
def test_agents_and_warehouse_do_not_see_the_journal(request, signed_in, role):
    client = signed_in(request.getfixturevalue(role))
    assert page(client).status_code == 403
    assert client.get(reverse("staff:journal_csv", args=["komorebi"])).status_code == 403


def test_a_page_costs_the_same_for_many_entries(signed_in, manager, agent, case, now, django_assert_num_queries):
    client = signed_in(manager)
    for number in range(40):
        actions.set_tags(by=agent, case_id=case.pk, names=[f"t{number}"], now=now)
    assert JournalEntry.objects.count() > 40
    page(client)  # the rail's counts are kept for a while
    with django_assert_num_queries(
        8
    ):  # session, person with shops, staff, entries, case numbers, rail, notices, own safety
        page(client)
