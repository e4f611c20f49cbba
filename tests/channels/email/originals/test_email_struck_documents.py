"""A number inside a PDF or an Office file: the file goes from the message, the raw mails and every copy."""

import re
import zipfile
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest

from anshin.cases import actions
from anshin.cases.models import Attachment, Message
from anshin.cases.terms import StrikeReason
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Source
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.striking import PLACEHOLDER
from anshin.shops.models import Membership, Shop
from tests.channels.email.outside import outsider
from tests.conftest import member
from tests.plumbing.documents import papers

pytestmark = pytest.mark.django_db

CARD = "4111-1111-1111-1111"
DIGITS = re.compile(r"4111-?1111-?1111-?1111")
OTHER = papers.paper("What remains")


def holds(text: str) -> bool:
    return bool(DIGITS.search(text))


def word() -> bytes:
    """A number that is bold in the middle, so that it stands nowhere in one piece."""
    markup = f"<w:p><w:r><w:t>Card {CARD[:7]}</w:t></w:r><w:r><w:t>{CARD[7:]}</w:t></w:r></w:p>"
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", markup)
    return content.getvalue()


def letter(to: str, message_id: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "misaki@example.jp", to, "お申込み"
    mail["Message-ID"], mail["Date"] = f"<{message_id}>", "Sun, 22 Nov 2026 11:00:00 +0900"
    mail.set_content("添付をご覧ください。")
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = "otto@example.jp", "misaki@example.jp", "写し"
    inner.set_content("写しです。")
    inner.add_attachment(papers.paper(f"Card {CARD}!"), maintype="application", subtype="pdf", filename="写し.pdf")
    inner.set_boundary("inner")
    mail.add_attachment(papers.paper(f"Card {CARD}"), maintype="application", subtype="pdf", filename="申込書.pdf")
    mail.add_attachment(word(), maintype="application", subtype="octet-stream", filename="申込書.docx")
    mail.add_attachment(OTHER, maintype="application", subtype="pdf", filename="案内.pdf")
    mail.add_attachment(inner)
    return mail.as_bytes()


@pytest.fixture
def manager(shop: Shop) -> Membership:
    return member(shop, "manager", "saeki@komorebi.example", "佐伯 みお")


@pytest.fixture
def message(shop: Shop, mailbox: Mailbox, manager: Membership, now) -> Message:  # type: ignore[no-untyped-def]
    """The mail in two mailboxes, again in a later one of the same customer, and its PDF in a draft."""
    other = Mailbox.objects.create(shop=shop, address="info@komorebi.example", created_at=now)
    first = [(mailbox, "shop@komorebi.example", "first@x"), (other, "info@komorebi.example", "first@x")]
    for box, to, message_id in [*first, (mailbox, "shop@komorebi.example", "second@x")]:
        stored = store(mailbox=box, raw=letter(to, message_id), source=Source.IMPORT, now=now)
        take_in(stored.arrival.pk, now=now)
    came = Message.objects.get(message_key="first@x")
    pdf = BytesIO(papers.paper(f"Card {CARD}"))
    actions.add_draft_file(by=manager, case_id=came.case_id, name="写し.pdf", content=pdf, now=now)
    run_due_jobs(now)
    return came


def test_everybody_is_warned_of_a_number_inside_a_document(message: Message) -> None:
    kinds = dict(Attachment.objects.filter(message=message).values_list("name", "number_kinds"))
    assert [kinds[name] for name in ("申込書.pdf", "申込書.docx", "案内.pdf")] == [["card"], ["card"], []]


def test_an_outsider_finds_the_number_nowhere_and_the_other_file_is_whole(  # type: ignore[no-untyped-def]
    message: Message, manager: Membership, kept_files: Path, now, later, django_capture_on_commit_callbacks
) -> None:
    assert len(outsider.traces(holds, kept_files)) >= 5
    with django_capture_on_commit_callbacks(execute=True):
        actions.strike(
            by=manager, message_id=message.pk, texts=[CARD], file_ids=[], reason=StrikeReason.NUMBER, now=later
        )
    run_due_jobs(later)

    assert outsider.traces(holds, kept_files) == []
    for arrival in Arrival.objects.all():
        files = {part.filename: part.content for part in parse(read_bytes(arrival.raw_blob)).attachments}
        assert files["案内.pdf"] == OTHER
        assert list(files.values()).count(PLACEHOLDER) >= 2


def test_chosen_by_its_file_it_goes_from_every_copy_and_nothing_else_does(  # type: ignore[no-untyped-def]
    message: Message, manager: Membership, later
) -> None:
    chosen = Attachment.objects.get(message=message, name="申込書.pdf")
    sha256 = chosen.blob.sha256
    actions.strike(
        by=manager, message_id=message.pk, texts=[], file_ids=[chosen.pk], reason=StrikeReason.NUMBER, now=later
    )
    assert not Attachment.objects.filter(blob__sha256=sha256).exists()
    assert set(Attachment.objects.exclude(struck_at=None).values_list("name", flat=True)) == {"申込書.pdf"}
    assert Attachment.objects.exclude(struck_at=None).count() == 2


def test_the_preview_opens_documents_and_changes_nothing(message: Message, manager: Membership) -> None:
    preview = actions.preview_strike(by=manager, message_id=message.pk, texts=[CARD], file_ids=[])
    assert set(preview.whole_files) >= {"申込書.pdf", "申込書.docx"}
    assert "案内.pdf" not in {*preview.whole_files, *preview.closed_files}
    assert not Attachment.objects.exclude(struck_at=None).exists()
