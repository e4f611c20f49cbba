"""Taking in the cases of another desk."""

from __future__ import annotations

import base64
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from anshin.cases.actions import LineRefused, import_cases, read_line, receive_message
from anshin.cases.models import Case, Counter, Message, Note, OrderLink
from anshin.cases.queries import view_counts
from anshin.commerce.models import ContactPoint, Customer
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.queries import due_moment
from tests.cases.writing import KASHIWAGI, letter

if TYPE_CHECKING:
    from anshin.cases.actions import Imported
    from anshin.shops.models import Membership, Shop

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
BY = Actor.system("import-cases")
NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def case(external_id: str = "old-1", **values: Any) -> dict[str, Any]:
    """A case as a file tells it: the customer wrote, the shop answered, the customer wrote twice again."""
    standard: dict[str, Any] = {
        "external_id": external_id,
        "subject": "色が違います",
        "customer": {"name": "柏木 由紀子", "email": "y-kashiwagi@mail.example"},
        "order_number": "",
        "status": "open",
        "assignee": None,
        "messages": [
            {"at": "2026-11-16T10:00:00+09:00", "direction": "in", "body": "色が違います。"},
            {"at": "2026-11-16T11:00:00+09:00", "direction": "out", "body": "交換いたします。"},
            {"at": "2026-11-17T09:30:00+09:00", "direction": "in", "body": "いつ届きますか。"},
            {"at": "2026-11-18T09:30:00+09:00", "direction": "in", "body": "まだですか。"},
        ],
    }
    return standard | values


def take_in(shop: Shop, *given: dict[str, Any], **more: Any) -> Imported:
    lines = [read_line(json.dumps(each), zone=TOKYO) for each in given]
    return import_cases(shop=shop, lines=lines, source="old.jsonl", by=BY, now=NOW, **more)


def test_an_open_case_waits_since_the_first_unanswered_message(shop: Shop, agent: Membership) -> None:
    done = take_in(shop, case(assignee="TAKEUCHI@komorebi.example", tags=["配送", "至急"]))

    found = Case.objects.get(shop=shop)
    assert (done.new, done.known, done.messages, done.refused) == (1, 0, 4, [])
    assert (found.number, found.status, found.owner, found.external_key) == (1, "open", agent, "old-1")
    assert found.waiting_since_at == datetime(2026, 11, 17, 0, 30, tzinfo=UTC)
    assert found.due_at == due_moment(shop, datetime(2026, 11, 17, 0, 30, tzinfo=UTC), shop.reply_target_minutes)
    assert found.last_activity_at == datetime(2026, 11, 18, 0, 30, tzinfo=UTC)
    assert (found.last_line, found.last_by_customer, found.is_unread) == ("まだですか。", True, True)
    assert (found.created_at, found.version) == (datetime(2026, 11, 16, 1, 0, tzinfo=UTC), 4)
    assert found.tag_names == ["至急", "配送"]
    assert sorted(found.case_tags.values_list("tag__name", flat=True)) == ["至急", "配送"]


def test_an_open_case_whose_last_word_was_ours_waits_for_the_customer(shop: Shop) -> None:
    take_in(shop, case(messages=case()["messages"][:2]))

    found = Case.objects.get(shop=shop)
    assert (found.status, found.waiting_since_at, found.due_at, found.is_unread) == ("waiting", None, None, False)
    assert (found.last_line, found.last_by_customer) == ("交換いたします。", False)


def test_a_closed_case_has_an_end_and_a_resolution(shop: Shop) -> None:
    unanswered = case("old-2", status="closed", messages=case()["messages"][:1])
    take_in(shop, case(status="closed"), unanswered)

    answered, other = Case.objects.filter(shop=shop).order_by("number")
    assert (answered.status, answered.resolution) == ("closed", "answered")
    assert answered.closed_at == datetime(2026, 11, 18, 0, 30, tzinfo=UTC)
    assert (answered.due_at, answered.waiting_since_at, answered.is_unread) == (None, None, False)
    assert other.resolution == "not_a_case"


def test_messages_are_on_their_sides(shop: Shop) -> None:
    take_in(shop, case())

    first, answer, *_rest = Message.objects.filter(shop=shop).order_by("at")
    assert (first.direction, first.delivery, first.sender_mail) == ("in", "received", "y-kashiwagi@mail.example")
    assert (answer.direction, answer.delivery, answer.text) == ("out", "sent", "交換いたします。")
    assert answer.to == [["柏木 由紀子", "y-kashiwagi@mail.example"]]
    assert answer.sent_at == datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def test_running_twice_changes_nothing(shop: Shop) -> None:
    take_in(shop, case(), case("old-2"))
    before = list(Case.objects.order_by("id").values())
    facts = JournalEntry.objects.count()

    done = take_in(shop, case(), case("old-2"), case("old-2"))

    assert (done.new, done.known, done.messages) == (0, 3, 0)
    assert list(Case.objects.order_by("id").values()) == before
    assert Message.objects.count() == 8
    assert JournalEntry.objects.count() == facts
    assert sum(Counter.objects.values_list("count", flat=True)) == 2


def test_an_interrupted_run_goes_on_with_the_next_chunk(shop: Shop) -> None:
    take_in(shop, case("old-1"), case("old-2"))

    done = take_in(shop, case("old-2"), case("old-3"))

    assert (done.new, done.known) == (1, 1)
    assert list(Case.objects.order_by("number").values_list("number", "external_key")) == [
        (1, "old-1"),
        (2, "old-2"),
        (3, "old-3"),
    ]


def test_a_case_named_twice_in_one_chunk_is_one_case(shop: Shop) -> None:
    done = take_in(shop, case(), case(subject="二度目"))

    assert (done.new, done.known) == (1, 1)
    assert Case.objects.get(shop=shop).subject == "色が違います"


def test_the_counters_agree_with_the_cases(shop: Shop, agent: Membership) -> None:
    take_in(
        shop,
        case("a", assignee="takeuchi@komorebi.example"),
        case("b"),
        case("c", status="closed"),
        case("d", messages=case()["messages"][:2]),
    )

    counts = view_counts(agent)
    assert (counts["mine"], counts["unassigned"], counts["open"]) == (1, 1, 2)
    assert (counts["waiting"], counts["closed"], counts["all"]) == (1, 1, 4)


def test_one_customer_stands_behind_all_their_cases(shop: Shop) -> None:
    receive_message(shop=shop, message=letter("m1@x", at=NOW), now=NOW)
    take_in(shop, case("a"), case("b", customer={"name": "", "email": "Y-Kashiwagi@MAIL.example"}))

    assert Customer.objects.filter(shop=shop).count() == 1
    assert ContactPoint.objects.filter(shop=shop).count() == 1
    assert set(Case.objects.values_list("customer__name", flat=True)) == {KASHIWAGI.name}


def test_an_assignee_of_elsewhere_leaves_the_case_unassigned(shop: Shop, stranger: Membership) -> None:
    done = take_in(shop, case(assignee=stranger.person.email))

    assert Case.objects.get(shop=shop).owner is None
    assert dict(done.strangers) == {stranger.person.email: 1}


def test_another_shop_takes_the_same_file_in_for_itself(shop: Shop, other_shop: Shop) -> None:
    take_in(shop, case())
    done = take_in(other_shop, case())

    assert done.new == 1
    assert Customer.objects.filter(shop=other_shop).count() == 1
    assert Case.objects.get(shop=other_shop).customer.shop_id == other_shop.pk


def test_a_later_answer_of_the_customer_finds_the_imported_thread(shop: Shop) -> None:
    said = case()["messages"]
    said[1]["message_id"] = "answer-7@old.example"
    take_in(shop, case(messages=said))

    answer = letter("new@x", at=NOW, subject="別件", refers_to=("answer-7@old.example",))
    received = receive_message(shop=shop, message=answer, now=NOW)

    assert received.outcome == "threaded"
    assert received.case.external_key == "old-1"


def test_a_message_id_that_the_shop_has_already_does_not_stop_the_case(shop: Shop) -> None:
    receive_message(shop=shop, message=letter("m1@x", at=NOW), now=NOW)
    said = case()["messages"]
    said[0]["message_id"] = said[1]["message_id"] = "m1@x"

    done = take_in(shop, case(messages=said))

    assert (done.new, done.messages) == (1, 4)
    assert Message.objects.filter(shop=shop, message_key="m1@x").count() == 1


def test_files_are_kept_with_their_message(shop: Shop) -> None:
    said = case()["messages"]
    said[0]["attachments"] = [
        {"name": "傷.png", "base64": base64.b64encode(b"one").decode()},
        {"name": "領収書.pdf", "path": "files/abc"},
    ]
    take_in(shop, case(messages=said), open_file=lambda path: io.BytesIO(path.encode()))

    message = Message.objects.filter(shop=shop).order_by("at")[0]
    files = list(message.attachments.order_by("id"))
    assert [(file.name, read_bytes(file.blob)) for file in files] == [("傷.png", b"one"), ("領収書.pdf", b"files/abc")]
    assert message.file_count == 2


def test_a_file_that_is_not_there_refuses_its_case_alone(shop: Shop) -> None:
    said = case()["messages"]
    said[0]["attachments"] = [{"name": "x", "path": "/etc/passwd"}]

    done = take_in(shop, case("a"), case("b", messages=said), case("c"))

    assert (done.new, [place for place, _reason in done.refused]) == (2, [1])
    assert set(Case.objects.values_list("external_key", flat=True)) == {"a", "c"}


def test_notes_stay_notes(shop: Shop, agent: Membership) -> None:
    note = {"at": "2026-11-16T12:00:00+09:00", "author": "takeuchi@komorebi.example", "body": "要注意"}
    take_in(shop, case(notes=[note]))

    found = Note.objects.get(shop=shop)
    assert (found.text, found.author) == ("要注意", agent)
    assert not Message.objects.filter(text__contains="要注意").exists()


def test_an_unknown_order_number_is_still_shown(shop: Shop) -> None:
    take_in(shop, case(order_number="KM-20417"))

    assert Case.objects.get(shop=shop).order_label == "KM-20417"
    assert not OrderLink.objects.exists()


def test_the_journal_says_where_each_case_came_from(shop: Shop) -> None:
    take_in(shop, case("a"), case("b"))

    chunk = JournalEntry.objects.get(event="case.imported")
    assert chunk.payload == {"case_count": 2, "source": "old.jsonl"}
    came = JournalEntry.objects.filter(event="case.taken_over").order_by("id")
    assert [(entry.case_id, entry.payload["external_id"]) for entry in came] == [
        (found.pk, found.external_key) for found in Case.objects.order_by("number")
    ]


def test_a_chunk_costs_the_same_queries_however_long_it_is(shop: Shop, django_assert_max_num_queries: Any) -> None:
    """About one insert for forty rows, nothing a case."""
    given = [case(f"old-{n}", customer={"name": "客", "email": f"k{n}@mail.example"}, tags=["配送"]) for n in range(40)]
    with django_assert_max_num_queries(60):
        done = take_in(shop, *given)
    assert done.new == 40


def test_what_a_database_cannot_store_is_cleaned(shop: Shop) -> None:
    take_in(shop, case(subject="無\x00効", messages=[{**case()["messages"][0], "body": "絵\ud83d文字\x00"}]))

    found = Case.objects.get(shop=shop)
    assert (found.subject, found.messages.get().text) == ("無効", "絵?文字")


def test_a_moment_without_offset_is_on_the_clock_of_the_shop(shop: Shop) -> None:
    take_in(shop, case(messages=[{"at": "2026-11-16T10:00:00", "direction": "in", "body": "はい"}]))

    assert Message.objects.get(shop=shop).at == datetime(2026, 11, 16, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        (json.dumps(case(external_id="")), "external_id"),
        (json.dumps(case(external_id="x" * 121)), "120"),
        (json.dumps(case(status="pending")), "pending"),
        (json.dumps(case(status=None)), "status"),
        (json.dumps(case(messages=[])), "messages"),
        (json.dumps(case(messages="no")), "not a list"),
        (json.dumps(case(messages=[{"at": "yesterday", "direction": "in", "body": ""}])), "yesterday"),
        (json.dumps(case(messages=[{"at": "0001-01-01T00:00:00+09:00", "direction": "in", "body": ""}])), "ISO 8601"),
        (json.dumps(case(messages=[{"direction": "in", "body": ""}])), "Message 1"),
        (json.dumps(case(messages=[{"at": "2026-01-01T00:00:00Z", "direction": "sideways", "body": ""}])), "sideways"),
        (json.dumps(case(messages=[{"at": "2026-01-01T00:00:00Z", "direction": "in", "body": {}}])), "body"),
        (json.dumps(case(customer={"name": "x", "email": "nobody"})), "nobody"),
        (json.dumps(case(customer="x")), "customer"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_line_that_is_no_case_is_refused_with_its_reason(text: str, word: str) -> None:
    from django.utils.translation import override

    with override("en"), pytest.raises(LineRefused) as refusal:
        read_line(text, zone=TOKYO)
    assert word in str(refusal.value)


def test_a_failing_chunk_leaves_nothing_behind(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from anshin.cases.actions import import_rows

    def fail(*_args: object, **_values: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_rows, "record_many", fail)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        take_in(shop, case())

    assert not Case.objects.exists()
    assert not Counter.objects.exists()
