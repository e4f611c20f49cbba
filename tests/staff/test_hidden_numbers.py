"""Card numbers that stand only in a file, in the designed form or in a part that nobody sees: warned of, kept back."""

from __future__ import annotations

import re
import zipfile
from email.message import EmailMessage
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from anshin.cases.models import Attachment, BounceReport, Message
from anshin.cases.queries import exported_cases, hidden_numbers
from anshin.cases.terms import IncomingFile
from anshin.plumbing.documents.opening import DocumentOpener
from anshin.plumbing.files.store import keep, read_bytes
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.models import JournalEntry
from tests.cases.writing import MIKUMO, arrive
from tests.conftest import NOW
from tests.plumbing.documents import papers

if TYPE_CHECKING:
    from anshin.cases.actions import Received
    from anshin.shops.models import Shop

pytestmark = pytest.mark.django_db

CARD = "4111-1111-1111-1111"
CSV = f"お名前,カード番号\n山本,{CARD}\n".encode("cp932")
FILE_WARNING = "添付ファイルに、残してはいけない番号"
DESIGN_WARNING = "このメールの元のデザインに、残してはいけない番号"


def raw_mail(*, text: str = "添付をご覧ください。", html: str = "", file: bytes = b"") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "y-kashiwagi@mail.example", "shop@komorebi.example", "お申込み"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    if file:
        mail.add_attachment(file, maintype="application", subtype="octet-stream", filename="申込書.csv")
    return mail.as_bytes()


@pytest.fixture
def with_file(shop: Shop) -> Received:
    blob, raw = keep(shop.pk, CSV, now=NOW), keep(shop.pk, raw_mail(file=CSV), now=NOW)
    files = (IncomingFile(blob.pk, "申込書.csv"),)
    return arrive(shop, "file@x", at=NOW, text="添付をご覧ください。", raw_blob_id=raw.pk, files=files)


@pytest.fixture
def with_design(shop: Shop) -> Received:
    html = f"<p>番号は <b>{CARD[:9]}</b>{CARD[9:]}</p>"
    raw = keep(shop.pk, raw_mail(html=html), now=NOW)
    return arrive(
        shop, "design@x", at=NOW, sender=MIKUMO, text="デザインをご覧ください。", html=html, raw_blob_id=raw.pk
    )


def facts(event: str) -> list[tuple[str, dict[str, object]]]:
    return list(JournalEntry.objects.filter(event=event).values_list("actor_name", "payload"))


def file_url(received: Received) -> str:
    return f"/s/komorebi/files/{Attachment.objects.get(message=received.message).pk}"


def paths(received: Received) -> list[str]:
    return [file_url(received), f"/s/komorebi/messages/{received.message.pk}/raw"]


def test_soon_after_the_arrival_the_journal_tells_of_it_without_the_number(with_file: Received) -> None:
    run_due_jobs(NOW)
    assert [payload for _who, payload in facts("case.numbers_found")] == [
        {"message_id": with_file.message.pk, "kinds": ["card"]}
    ]
    run_due_jobs(NOW)
    assert len(facts("case.numbers_found")) == 1


def test_a_message_of_words_alone_costs_no_job(shop: Shop) -> None:
    came = arrive(shop, "plain@x", at=NOW)
    assert came.message.number_kinds == []


@pytest.mark.parametrize("role", ["owner", "manager", "agent", "warehouse"])
def test_everybody_is_warned_and_the_file_is_for_few(with_file, role, request, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    run_due_jobs(NOW)
    page = signed_in(request.getfixturevalue(role)).get(f"/s/komorebi/c/{with_file.case.number}").content.decode()
    assert FILE_WARNING in page
    assert "申込書.csv" in page
    assert (file_url(with_file) in page) is (role in {"owner", "manager"})


@pytest.mark.parametrize("is_looked_through", [True, False])
@pytest.mark.parametrize("role", ["agent", "warehouse"])
def test_others_get_neither_the_file_nor_the_raw_mail(  # type: ignore[no-untyped-def]
    with_file, role, is_looked_through, request, signed_in, still
) -> None:
    if is_looked_through:
        run_due_jobs(NOW)
    client = signed_in(request.getfixturevalue(role))
    assert [client.get(path).status_code for path in paths(with_file)] == [403, 403]
    assert facts("case.numbers_shown") == []


def test_whoever_may_takes_them_on_record(with_file, manager, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(manager)
    assert [client.get(path).status_code for path in paths(with_file)] == [200, 200]
    assert facts("case.numbers_shown") == [("佐伯 みお", {"message_id": with_file.message.pk})] * 2


def test_a_file_without_numbers_is_for_everybody_and_nothing_is_written_down(shop, agent, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    plain = "注文番号,追跡番号\nKM-20417,4111-1111-1111\n".encode()
    blob, raw = keep(shop.pk, plain, now=NOW), keep(shop.pk, raw_mail(file=plain), now=NOW)
    came = arrive(shop, "plain@x", at=NOW, raw_blob_id=raw.pk, files=(IncomingFile(blob.pk, "一覧.csv"),))
    run_due_jobs(NOW)
    client = signed_in(agent)
    assert [client.get(path).status_code for path in paths(came)] == [200, 200]
    assert facts("case.numbers_shown") == facts("case.numbers_found") == []


def test_an_office_file_is_looked_into(shop, agent, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{CARD}</t></si></sst>")
    blob = keep(shop.pk, content.getvalue(), now=NOW)
    came = arrive(shop, "xlsx@x", at=NOW, files=(IncomingFile(blob.pk, "申込書.xlsx"),))
    assert signed_in(agent).get(file_url(came)).status_code == 403


def test_a_number_across_two_stretches_is_found_and_one_beyond_the_limit_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hidden_numbers, "MOST_CHARS", 60_000)
    across, beyond = "x\n" * 24_996, "x\n" * 30_100
    assert len(across) < 50_000 < len(across) + len(CARD)
    found = [
        hidden_numbers.found_in_content(f"{words}{CARD}".encode(), "a.txt", DocumentOpener())
        for words in (across, beyond, "")
    ]
    assert [(each.kinds, each.unseen) for each in found] == [(["card"], ""), ([], "too_large"), (["card"], "")]


def test_a_number_in_the_design_alone_is_warned_of_and_keeps_the_raw_mail_back(  # type: ignore[no-untyped-def]
    with_design, agent, signed_in, still
) -> None:
    run_due_jobs(NOW)
    client = signed_in(agent)
    assert DESIGN_WARNING in client.get(f"/s/komorebi/c/{with_design.case.number}").content.decode()
    assert client.get(f"/s/komorebi/messages/{with_design.message.pk}/raw").status_code == 403


def test_a_part_that_nobody_sees_keeps_the_raw_mail_back(shop, agent, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    raw = keep(shop.pk, raw_mail(text=f"隠れた番号 {CARD}", html="<p>こんにちは</p>"), now=NOW)
    came = arrive(shop, "part@x", at=NOW, text="こんにちは", raw_blob_id=raw.pk)
    assert signed_in(agent).get(f"/s/komorebi/messages/{came.message.pk}/raw").status_code == 403


@pytest.fixture
def with_documents(shop: Shop) -> Received:
    files = {
        "申込書.pdf": papers.paper(f"card number {CARD}"),
        "契約書.pdf": papers.locked(CARD),
        "案内.pdf": papers.paper("Thank you"),
        "本人確認.jpg": b"\xff\xd8\xff\xe0\x00picture",
    }
    kept = tuple(IncomingFile(keep(shop.pk, content, now=NOW).pk, name) for name, content in files.items())
    return arrive(shop, "documents@x", at=NOW, text="添付をご覧ください。", files=kept)


def test_documents_are_looked_into_and_what_stayed_closed_says_so(with_documents, agent, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    run_due_jobs(NOW)
    rows = Attachment.objects.order_by("id").values_list("name", "number_kinds", "unseen")
    assert list(rows) == [
        ("申込書.pdf", ["card"], ""),
        ("契約書.pdf", [], "locked"),
        ("案内.pdf", [], ""),
        ("本人確認.jpg", [], ""),
    ]
    page = signed_in(agent).get(f"/s/komorebi/c/{with_documents.case.number}").content.decode()
    assert FILE_WARNING in page
    assert page.count("カード番号などがないか調べていません（パスワードで保護されています）") == 1


def test_the_strike_page_has_the_pdf_chosen_and_the_closed_one_explained(  # type: ignore[no-untyped-def]
    with_documents, owner, signed_in, still
) -> None:
    run_due_jobs(NOW)
    page = signed_in(owner).get(f"/s/komorebi/messages/{with_documents.message.pk}/strike").content.decode()
    assert re.findall(r'name="file" value="\d+"( checked)?', page) == [" checked", "", "", ""]
    assert page.count("（パスワードで保護されています）") == 1


def test_struck_by_its_number_a_pdf_goes_as_a_whole_and_is_named_before(  # type: ignore[no-untyped-def]
    with_documents, owner, signed_in, still
) -> None:
    run_due_jobs(NOW)
    client, url = signed_in(owner), f"/s/komorebi/messages/{with_documents.message.pk}/strike"
    page = client.post(url, {"step": "preview", "text": CARD}).content.decode()
    assert re.search("ファイルごと消去します。[^<]*申込書.pdf<", page)
    assert re.search("開いて確かめ[^<]*契約書.pdf、本人確認.jpg<", page)
    strike(client, url, text=CARD)
    struck = Attachment.objects.order_by("id").values_list("name", "struck_at")
    assert [name for name, at in struck if at] == ["申込書.pdf"]
    assert read_bytes(Attachment.objects.get(name="申込書.pdf").blob) == "████\n".encode()


def test_a_report_is_read_through_its_encodings(with_file, agent, manager, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    report = EmailMessage()
    report["From"], report["Subject"] = "MAILER-DAEMON@mail.example", "Undelivered"
    report.set_content("no such user")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "shop@komorebi.example", "Re:"
    inner.set_content(f"ご連絡の番号 {CARD} の件", cte="base64")
    report.add_attachment(inner)
    plain = arrive(with_file.case.shop, "plain@x", at=NOW)
    raw = keep(plain.case.shop_id, report.as_bytes(), now=NOW)
    row = BounceReport.objects.create(
        shop=plain.case.shop, message=plain.message, at=NOW, kind="refused", given_up=True, raw_blob=raw
    )
    assert signed_in(agent).get(f"/s/komorebi/messages/reports/{row.pk}").status_code == 403
    assert signed_in(manager).get(f"/s/komorebi/messages/reports/{row.pk}").status_code == 200


def test_an_export_keeps_such_files_and_raw_mails_here(with_file: Received, with_design: Received) -> None:
    run_due_jobs(NOW)
    shop = with_file.case.shop
    (of_file, of_design) = [case.line["messages"][0] for case in exported_cases(shop)]
    assert not {"attachments", "source"} & of_file.keys()
    assert not {"html", "source"} & of_design.keys()
    assert [case.blobs for case in exported_cases(shop)] == [(), ()]


def test_the_strike_page_has_the_file_chosen_and_afterwards_nothing_is_left(  # type: ignore[no-untyped-def]
    with_file, owner, agent, signed_in, still
) -> None:
    run_due_jobs(NOW)
    client, url = signed_in(owner), f"/s/komorebi/messages/{with_file.message.pk}/strike"
    file = Attachment.objects.get()
    assert f'name="file" value="{file.pk}" checked' in client.get(url).content.decode()
    strike(client, url, file=file.pk)

    page = client.get(f"/s/komorebi/c/{with_file.case.number}").content.decode()
    assert FILE_WARNING not in page
    message = Message.objects.get()
    assert message.raw_blob and CARD.encode() not in read_bytes(message.raw_blob)
    assert signed_in(agent).get(f"/s/komorebi/messages/{message.pk}/raw").status_code == 200


def test_a_number_of_the_design_alone_can_be_chosen_and_struck(with_design, owner, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    run_due_jobs(NOW)
    client, url = signed_in(owner), f"/s/komorebi/messages/{with_design.message.pk}/strike"
    page = client.get(url).content.decode()
    assert "••••-••••-••••-1111" in page
    assert CARD not in page
    strike(client, url, number=0)
    message = Message.objects.get()
    assert message.number_kinds == []
    assert message.html_blob and b"4111" not in read_bytes(message.html_blob)


def strike(client, url: str, **chosen: object) -> None:  # type: ignore[no-untyped-def]
    page = client.post(url, {"step": "preview", **chosen}).content.decode()
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found
    answer = client.post(url, {"step": "strike", "reason": "number", "seen": found[1], **chosen})
    assert answer.status_code == 302
