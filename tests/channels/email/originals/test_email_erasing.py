"""Erased, a person stands nowhere any more; cases and orders keep what the figures and the books need."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from anshin.cases import actions
from anshin.cases.fakes import RecordingOutbox
from anshin.cases.models import BounceReport, Case, Draft, Message, Note
from anshin.cases.ports import outbox
from anshin.cases.terms import ErasureGround, Party, Resolution
from anshin.channels.email.arriving.storing import Place, store
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Source
from anshin.channels.web_form.models import Submission
from anshin.channels.web_form.terms import Kind
from anshin.commerce.actions import add_contact, take_in_order
from anshin.commerce.models import Customer, Order, PostalAddress
from anshin.commerce.terms import BounceKind, Buyer, ContactKind, IncomingOrder, Recipient, SalesChannel
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import keep
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from anshin.shops.models import Membership, Shop
from tests.channels.email.outside import outsider
from tests.channels.email.outside.letters import mail
from tests.conftest import member

pytestmark = pytest.mark.django_db

TRACES = ("髙橋", "美咲", "misaki", "090-1234", "9012345678", "本町1-2-3", "秘密の相談")
ASKED_ON = date(2026, 11, 20)


def holds(text: str) -> bool:
    return any(trace in text for trace in TRACES)


@pytest.fixture
def later(now: datetime) -> datetime:
    return now + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def post() -> Iterator[RecordingOutbox]:
    with outbox.filled_with(RecordingOutbox()) as fake:
        yield fake


@pytest.fixture
def manager(shop: Shop) -> Membership:
    return member(shop, "manager", "saeki@komorebi.example", "佐伯 みお")


def arrive(mailbox: Mailbox, raw: bytes, now: datetime, place: Place | None = None) -> Arrival:
    stored = store(mailbox=mailbox, raw=raw, source=Source.IMAP, now=now, place=place)
    take_in(stored.arrival.pk, now=now)
    stored.arrival.refresh_from_db()
    return stored.arrival


LETTER = mail("秘密の相談です。", subject="髙橋です")


@pytest.fixture
def person(shop: Shop, mailbox: Mailbox, manager: Membership, now: datetime) -> Customer:
    """A customer with everything that a desk can know of one; the case is closed."""
    first = arrive(mailbox, LETTER, now, Place(7, 1, len(LETTER), now))
    case = Case.objects.get()
    customer = Customer.objects.get()
    add_contact(shop=shop, customer=customer, kind=ContactKind.PHONE, value="090-1234-5678", now=now)
    PostalAddress.objects.create(shop=shop, customer=customer, name="髙橋 美咲", lines="本町1-2-3", key="k")
    buyer = Buyer(name="髙橋 美咲", mail="misaki@example.jp", phone="090-1234-5678")
    order = IncomingOrder(
        channel=SalesChannel.OWN, number="KM-20417", ordered_at=now - timedelta(days=400), buyer=buyer
    )
    take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=now)
    Order.objects.update(recipient_name="髙橋 美咲", recipient_lines="本町1-2-3", remark="秘密の相談", total_yen=4300)
    case.refresh_from_db()
    to = [Party("髙橋 美咲", "misaki@example.jp")]
    reply = actions.reply(by=manager, case_id=case.pk, text="髙橋様、お返事です。", to=to,
                          read_at_version=case.version, now=now)  # fmt: skip
    report = keep(shop.pk, b"to misaki@example.jp", now=now)
    BounceReport.objects.create(shop=shop, message=reply, at=now, kind=BounceKind.TRY_LATER, given_up=False,
                                address="misaki@example.jp", words="misaki", raw_blob=report)  # fmt: skip
    actions.add_note(by=manager, case_id=case.pk, text="髙橋様はお得意様", now=now)
    actions.save_draft(by=manager, case_id=case.pk, is_note=False, text="髙橋様", version=0, read_at_version=1, now=now)
    actions.add_draft_file(by=manager, case_id=case.pk, name="美咲.txt", content=BytesIO("美咲".encode()), now=now)
    Submission.objects.create(
        shop=shop,
        nonce="n",
        kind=Kind.PAYMENT,
        language="ja",
        received_at=now,
        fate="incomplete",
        fields={"name": "髙橋 美咲"},
        mail_key="misaki@example.jp",
    )
    actions.close(by=manager, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    assert first.message is not None
    customer.refresh_from_db()
    return customer


def erase(by: Membership, customer: Customer, now: datetime) -> None:
    actions.erase_customer(by=by, customer_id=customer.pk, ground=ErasureGround.REQUEST, requested_on=ASKED_ON, now=now)


def test_an_outsider_finds_nothing_of_the_person(person, manager, kept_files: Path, later) -> None:  # type: ignore[no-untyped-def]
    assert len(outsider.traces(holds, kept_files)) > 20
    erase(manager, person, later)
    run_due_jobs(later)

    assert outsider.traces(holds, kept_files) == []


def test_later_news_of_an_order_bring_nothing_of_the_person_back(
    person, manager, shop, kept_files: Path, later
) -> None:  # type: ignore[no-untyped-def]
    """The order was under way, so its recipient stays until it has arrived, and goes in the night after that."""
    Order.objects.update(ordered_at=later - timedelta(days=3))
    erase(manager, person, later)
    run_due_jobs(later)
    assert Order.objects.get().recipient_name == "髙橋 美咲"
    assert actions.apply_retention(now=later) == 0
    assert Order.objects.get().recipient_name == "髙橋 美咲"

    news = IncomingOrder(
        channel=SalesChannel.OWN,
        number="KM-20417",
        ordered_at=later - timedelta(days=3),
        buyer=Buyer(name="髙橋 美咲", mail="misaki@example.jp", phone="090-1234-5678"),
        recipient=Recipient(name="髙橋 美咲", lines="本町1-2-3"),
        remark="秘密の相談",
        is_cancelled=True,
    )
    take_in_order(shop=shop, order=news, by=Actor.system("orders"), now=later)
    assert Order.objects.get().cancelled_at == later
    actions.apply_retention(now=later)
    assert outsider.traces(holds, kept_files) == []


def test_figures_stay(person, manager, later) -> None:  # type: ignore[no-untyped-def]
    before = Case.objects.values("number", "status", "resolution", "closed_at", "created_at", "topic").get()
    count = Message.objects.count()
    erase(manager, person, later)

    person.refresh_from_db()
    order = Order.objects.get()
    assert Case.objects.values("number", "status", "resolution", "closed_at", "created_at", "topic").get() == before
    assert Message.objects.count() == count
    assert (person.name, person.erased_at) == ("お客様（消去済み）", later)
    assert (order.number, order.total_yen, order.recipient_name, order.remark) == ("KM-20417", 4300, "", "")
    assert {message.text for message in Message.objects.all()} == {"（消去済み）"}
    assert Note.objects.get().text == "（消去済み）"
    assert not Draft.objects.exists()


def test_the_journal_is_the_requests_log(person, manager, later) -> None:  # type: ignore[no-untyped-def]
    erase(manager, person, later)
    entry = JournalEntry.objects.get(event="case.customer_erased")
    assert (entry.actor_name, entry.at) == ("佐伯 みお", later)
    assert entry.payload == {
        "customer_id": person.pk, "ground": "request", "requested_on": "2026-11-20",
        "case_count": 1, "message_count": 2, "order_count": 1,
    }  # fmt: skip
    assert JournalEntry.objects.filter(event="case.emptied", case_id=Case.objects.get().pk).count() == 1


def test_a_later_mail_makes_a_new_customer_and_a_new_case(person, manager, mailbox, later) -> None:  # type: ignore[no-untyped-def]
    erase(manager, person, later)
    answer = mail("また相談です。", message_id="<2@example.jp>", extra="In-Reply-To: <1@example.jp>\r\n")
    arrived = arrive(mailbox, answer, later)

    assert arrived.message is not None
    assert arrived.message.case.customer_id != person.pk
    assert Case.objects.count() == 2


def test_fetched_again_the_mail_brings_nothing_back(person, manager, mailbox, shop, kept_files, later) -> None:  # type: ignore[no-untyped-def]
    erase(manager, person, later)
    run_due_jobs(later)
    again = store(mailbox=mailbox, raw=LETTER, source=Source.IMAP, now=later, place=Place(8, 1, len(LETTER), later))
    other = Mailbox.objects.create(shop=shop, address="info@komorebi.example", created_at=later)
    copy = arrive(other, LETTER, later)
    run_due_jobs(later)

    assert (again.is_new, copy.fate, Message.objects.count()) == (False, Fate.DUPLICATE, 2)
    assert outsider.traces(holds, kept_files) == []


def test_open_cases_come_first(person, manager, kept_files, later) -> None:  # type: ignore[no-untyped-def]
    Case.objects.update(status="open", resolution="")
    before = outsider.traces(holds, kept_files)
    with pytest.raises(actions.CannotErase, match=f"#{Case.objects.get().number}"):
        erase(manager, person, later)
    assert outsider.traces(holds, kept_files) == before
    assert not JournalEntry.objects.filter(event="case.customer_erased").exists()


def test_an_order_under_way_keeps_its_recipient(person, manager, later) -> None:  # type: ignore[no-untyped-def]
    Order.objects.update(ordered_at=later - timedelta(days=3))
    preview = actions.preview_erasure(by=manager, customer_id=person.pk, now=later)
    erase(manager, person, later)
    assert preview.under_way == ("KM-20417",)
    assert Order.objects.get().recipient_name == "髙橋 美咲"


def test_the_preview_counts_and_changes_nothing(person, manager, kept_files, later) -> None:  # type: ignore[no-untyped-def]
    before = outsider.traces(holds, kept_files)
    found = actions.preview_erasure(by=manager, customer_id=person.pk, now=later)
    assert (found.case_count, found.message_count, found.note_count, found.contact_count) == (1, 2, 1, 2)
    assert (found.order_count, found.under_way, found.open_numbers) == (1, (), ())
    assert outsider.traces(holds, kept_files) == before


def test_asked_twice_nothing_more_happens(person, manager, later) -> None:  # type: ignore[no-untyped-def]
    erase(manager, person, later)
    count = JournalEntry.objects.count()
    erase(manager, person, later + timedelta(days=1))
    assert JournalEntry.objects.count() == count


@pytest.mark.parametrize("role", ["agent", "warehouse"])
def test_only_owner_and_manager_may(person, shop, role, later) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotAllowed):
        erase(member(shop, role, "a@komorebi.example", "小暮"), person, later)


def test_another_shops_owner_finds_nobody(person, other_shop, later) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(actions.CannotErase):
        erase(member(other_shop, "owner", "o@tanuki.example", "狸"), person, later)


def test_the_journal_lets_no_other_change_through(person) -> None:  # type: ignore[no-untyped-def]
    from django.db.models import QuerySet

    entries = QuerySet(JournalEntry).filter(actor_kind="customer")
    assert entries.exists()
    for values in ({"actor_name": "x"}, {"event": "x"}, {"payload": {}}, {"at": person.created_at, "actor_id": 0}):
        with pytest.raises(DatabaseError), transaction.atomic():
            entries.update(**values)
    with pytest.raises(DatabaseError), transaction.atomic():
        QuerySet(JournalEntry).filter(actor_kind="staff").update(actor_name="")


def test_no_bytes_stay(person, manager, kept_files, later) -> None:  # type: ignore[no-untyped-def]
    erase(manager, person, later)
    run_due_jobs(later)
    assert {path.name for path in kept_files.rglob("*") if path.is_file()} == set(
        Blob.objects.values_list("sha256", flat=True)
    )
