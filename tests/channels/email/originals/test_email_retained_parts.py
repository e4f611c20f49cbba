"""Parts that are kept for a period only: files, reports, forms as they were sent, and people themselves."""

from datetime import datetime, timedelta
from email import message_from_bytes
from types import SimpleNamespace

import pytest

from anshin.cases import actions
from anshin.cases.models import Attachment, BounceReport, Case, Message
from anshin.cases.terms import Resolution, RetentionPurpose
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.originals.striking import ERASED
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Source
from anshin.channels.web_form.models import Submission, SubmissionFile
from anshin.commerce.models import ContactPoint, Customer, Order
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import keep, read_bytes
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.models import Membership
from tests.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("post")]

OLD = timedelta(days=400)
PHOTO = b"\x89PNG photo of a broken cup"
LETTER = (
    b"From: misaki@example.jp\r\nTo: shop@komorebi.example\r\nSubject: cup\r\nMessage-ID: <cup@example.jp>\r\n"
    b"Date: Sun, 22 Nov 2026 11:00:00 +0900\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nIt is broken.\r\n"
    b"--B\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=cup.png\r\n\r\n"
    + PHOTO
    + b"\r\n--B--\r\n"
)


@pytest.fixture
def old(mailbox: Mailbox, owner: Membership, now: datetime) -> SimpleNamespace:
    """A case of 400 days ago, closed: a mail with a photo, a report about a reply, and a form beside it."""
    at = now - OLD
    take_in(store(mailbox=mailbox, raw=LETTER, source=Source.IMAP, now=at).arrival.pk, now=at)
    case = Case.objects.get()
    message = Message.objects.get()
    told = keep(mailbox.shop_id, b"Reporting-MTA: mx.example.jp", now=at)
    BounceReport.objects.create(
        shop=mailbox.shop, message=message, at=at, address="misaki@example.jp", kind="mailbox_full", given_up=True,
        words="552 misaki", raw_blob=told,
    )  # fmt: skip
    Arrival.objects.create(
        mailbox=mailbox, shop=mailbox.shop, message=message, fate=Fate.BOUNCE, raw_blob=told, arrived_at=at,
        server_date_at=at, sha256=told.sha256, source=Source.IMAP, size_bytes=28, dedupe_key="told",
        sender_mail="mx@example.jp", subject="Oh",
    )  # fmt: skip
    form = Submission.objects.create(
        shop=mailbox.shop, nonce="n", kind="product", language="ja", fields={"text": "割れていました"},
        mail_key="misaki@example.jp", received_at=at, fate="taken_in", message=message,
    )  # fmt: skip
    SubmissionFile.objects.create(
        shop=mailbox.shop, submission=form, blob=keep(mailbox.shop_id, PHOTO, now=at), name="cup.png"
    )
    actions.close(by=owner, case_id=case.pk, resolution=Resolution.ANSWERED, now=at)
    Customer.objects.update(created_at=at)
    return SimpleNamespace(case=case, message=message, customer=Customer.objects.get(), at=at)


def night(owner: Membership, now: datetime, **days: int) -> int:
    wanted = {purpose: days.get(purpose.value, 0) for purpose in RetentionPurpose}
    before = actions.preview_retention(by=owner, days=wanted, now=now)
    actions.set_retention(by=owner, days=wanted, now=now)
    count = actions.apply_retention(now=now)
    assert count == sum(before.values())
    assert actions.apply_retention(now=now) == 0
    run_due_jobs(now)
    return count


def text() -> str:
    return Message.objects.get().text.strip()


def raw() -> bytes:
    return read_bytes(Arrival.objects.get(fate=Fate.TAKEN_IN).raw_blob)


def test_files_go_out_of_the_case_and_out_of_the_raw_mail(old, owner, now) -> None:  # type: ignore[no-untyped-def]
    assert night(owner, now, files=365) == 1
    message = Message.objects.get()
    assert (Attachment.objects.count(), SubmissionFile.objects.count(), message.file_count) == (0, 0, 0)
    assert PHOTO not in raw()
    assert PHOTO not in read_bytes(message.raw_blob)
    assert "It is broken." in str(message_from_bytes(raw()).get_payload()[0])
    assert text() == "It is broken."
    assert not Blob.objects.filter(size_bytes=len(PHOTO)).exists()


def test_reports_lose_whom_they_name_and_keep_what_counts(old, owner, now) -> None:  # type: ignore[no-untyped-def]
    assert night(owner, now, reports=365) == 1
    row = BounceReport.objects.get()
    assert (row.address, row.words, row.raw_blob, row.kind, row.given_up, row.at) == (
        "", "", None, "mailbox_full", True, old.at,
    )  # fmt: skip
    line = Arrival.objects.get(fate=Fate.BOUNCE)
    assert (read_bytes(line.raw_blob), line.sender_mail, line.subject) == (ERASED, "", "")
    assert raw() == LETTER


def test_forms_lose_their_second_copy_and_the_message_stays(old, owner, now) -> None:  # type: ignore[no-untyped-def]
    assert night(owner, now, copies=90) == 1
    form = Submission.objects.get()
    assert (form.fields, form.mail_key, form.message_id) == ({}, "", old.message.pk)
    assert (text(), Attachment.objects.count()) == ("It is broken.", 1)


def test_a_person_of_whom_nothing_was_heard_is_erased_and_the_figures_stay(old, owner, now) -> None:  # type: ignore[no-untyped-def]
    Order.objects.create(
        shop=old.case.shop, number="KM-1", number_key="km1", customer=old.customer, ordered_at=old.at,
        recipient_name="高橋 美咲", remark="玄関前に", total_yen=7260,
    )  # fmt: skip
    assert night(owner, now, customers=365) == 1
    person, case, order = Customer.objects.get(), Case.objects.get(), Order.objects.get()
    assert (person.erased_at, ContactPoint.objects.count(), text()) == (now, 0, "（消去済み）")
    assert (case.number, case.resolution, case.closed_at, case.subject) == (1, "answered", old.at, "（消去済み）")
    assert (order.total_yen, order.recipient_name, order.remark) == (7260, "", "")
    fact = JournalEntry.objects.get(event="case.customer_erased")
    assert (fact.actor_kind, fact.payload["ground"], fact.payload["order_count"]) == ("system", "period", 1)


@pytest.mark.parametrize("why", ["an order since", "a case that is open", "a tag", "a mail since", "known since today"])
def test_nobody_is_erased_who_is_still_a_customer(old, owner, now, why) -> None:  # type: ignore[no-untyped-def]
    if why == "an order since":
        Order.objects.create(
            shop=old.case.shop, number="KM-1", number_key="km1", customer=old.customer, ordered_at=now - OLD / 2
        )
    elif why == "a case that is open":
        Case.objects.update(status="waiting", resolution="", closed_at=None)
    elif why == "a tag":
        actions.set_tags(by=owner, case_id=old.case.pk, names=["保存"], now=old.at)
    elif why == "a mail since":
        Case.objects.update(last_activity_at=now - OLD / 2)
    else:
        Customer.objects.update(created_at=now)
    assert night(owner, now, customers=365) == 0
    assert text() == "It is broken."


@pytest.mark.parametrize("purpose", ["files", "reports", "copies", "customers"])
def test_a_tag_and_a_later_day_keep_everything(old, owner, now, purpose) -> None:  # type: ignore[no-untyped-def]
    assert night(owner, now, **{purpose: 730}) == 0
    actions.set_tags(by=owner, case_id=old.case.pk, names=["保存"], now=old.at)
    assert night(owner, now, **{purpose: 365}) == 0
    assert (raw(), Submission.objects.get().fields, BounceReport.objects.get().words) == (
        LETTER, {"text": "割れていました"}, "552 misaki",
    )  # fmt: skip


@pytest.mark.parametrize("purpose", ["files", "reports", "copies", "customers"])
def test_another_shops_period_reaches_nothing_here(old, other_shop, now, purpose) -> None:  # type: ignore[no-untyped-def]
    assert night(member(other_shop, "owner", "o@tanuki.example", "狸"), now, **{purpose: 90}) == 0
    assert (text(), raw()) == ("It is broken.", LETTER)
