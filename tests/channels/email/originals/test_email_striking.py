"""Struck out, words stand nowhere any more: not in messages, raw mails, quotes, copies, drafts, notes, forms, files."""

import base64
import re
from datetime import timedelta
from email.header import Header
from email.message import EmailMessage
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from anshin.cases import actions
from anshin.cases.models import Attachment, BounceReport, Case, Draft, Message, Note
from anshin.cases.terms import Party, PlaceKind, StrikeReason
from anshin.channels.email.arriving.storing import Place, recognised, store
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Source
from anshin.channels.web_form.models import Submission
from anshin.channels.web_form.terms import Kind
from anshin.commerce.actions import take_in_order
from anshin.commerce.models import Customer, Order, OrderImport, RefusedRow
from anshin.commerce.terms import BounceKind, Buyer, IncomingOrder, SalesChannel
from anshin.language.order_numbers import key as number_key
from anshin.language.passages import passages
from anshin.plumbing.files.models import Blob, Thumbnail
from anshin.plumbing.files.store import keep, path_of, read_bytes
from anshin.plumbing.files.thumbnails import thumbnail
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.live.models import LiveEvent
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.striking import PLACEHOLDER
from anshin.satisfaction.models import Survey
from anshin.shops.actions import NotAllowed
from anshin.shops.models import Membership, Shop
from tests.channels.email.outside import outsider
from tests.channels.email.outside.letters import mail
from tests.conftest import member

pytestmark = pytest.mark.django_db

CARD = "4111-1111-1111-1111"
DIGITS = re.compile(r"(?<!\d)4111(?:[-\s>]*1111){3}(?!\d)")


def holds(text: str) -> bool:
    wide = text.translate(str.maketrans("０１２３４５６７８９－", "0123456789-"))
    return bool(DIGITS.search(wide))


@cache
def first_mail() -> bytes:
    """ISO-2022-JP text, HTML in base64, a picture and a CSV with the number; the number in subject and file name."""
    letter = EmailMessage()
    letter["From"] = "髙橋 美咲 <misaki@example.jp>"
    letter["To"] = "shop@komorebi.example"
    letter["Subject"] = Header(f"カード {CARD} の件", "iso-2022-jp").encode()
    letter["Message-ID"] = "<first@example.jp>"
    letter["Date"] = "Sun, 22 Nov 2026 11:00:00 +0900"
    letter.set_content(f"番号は\n{CARD}\nです。返金してください。\n", charset="iso-2022-jp", cte="base64")
    letter.add_alternative("<p>番号は<b>4111-1111</b>-1111-1111です。</p>", subtype="html", cte="base64")
    letter.add_attachment(picture(), maintype="image", subtype="png", filename="カード.png")
    letter.add_attachment(f"番号,{CARD}\n".encode("cp932"), maintype="text", subtype="csv", filename=f"{CARD}.csv")
    return letter.as_bytes()


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


def arrive(mailbox: Mailbox, raw: bytes, now, place: Place | None = None) -> Arrival:  # type: ignore[no-untyped-def]
    stored = store(mailbox=mailbox, raw=raw, source=Source.IMAP if place else Source.IMPORT, now=now, place=place)
    take_in(stored.arrival.pk, now=now)
    stored.arrival.refresh_from_db()
    return stored.arrival


@pytest.fixture
def manager(shop: Shop) -> Membership:
    return member(shop, "manager", "saeki@komorebi.example", "佐伯 みお")


@pytest.fixture
def everywhere(shop: Shop, mailbox: Mailbox, manager: Membership, post: object, now) -> Message:  # type: ignore[no-untyped-def]
    """The number in every place there is; the message with which it came."""
    place = Place(7, 1, len(first_mail()), now)
    first = arrive(mailbox, first_mail(), now, place)
    message = first.message
    assert message is not None
    case = message.case
    quoted = f"まだですか。\n\n> 番号は\n> {CARD[:10]}\n> {CARD[10:]}\n> です。\n"
    arrive(mailbox, mail(quoted, message_id="<second@example.jp>", extra="In-Reply-To: <first@example.jp>\r\n"), now)
    other = Mailbox.objects.create(shop=shop, address="info@komorebi.example", created_at=now)
    arrive(other, first_mail().replace(b"shop@kom", b"info@kom"), now)
    wide = "番号４１１１　１１１１　１１１１　１１１１の件"
    arrive(mailbox, mail(wide, sender="夫 <otto@example.jp>", message_id="<third@example.jp>"), now)
    case.refresh_from_db()
    actions.reply(by=manager, case_id=case.pk, text=f"{CARD} へ返金します。", to=[Party("", "misaki@example.jp")],
                  read_at_version=case.version, now=now)  # fmt: skip
    actions.add_note(by=manager, case_id=case.pk, text="カード 4111 1111 1111 1111", now=now)
    actions.save_draft(
        by=manager, case_id=case.pk, is_note=False, text=f"{CARD} は", version=0, read_at_version=1, now=now
    )
    actions.add_draft_file(by=manager, case_id=case.pk, name="写し.csv", content=BytesIO(f"x,{CARD}".encode()), now=now)
    second = Message.objects.get(message_key="second@example.jp")
    actions.split(by=manager, case_id=case.pk, message_ids=[second.pk], subject="別件", now=now)
    report = mail(f"戻りました。\n{CARD}", sender="robot@example.jp", message_id="<held@example.jp>")
    held = store(mailbox=mailbox, raw=report, source=Source.IMPORT, now=now).arrival
    Arrival.objects.filter(pk=held.pk).update(fate=Fate.WAITING)
    Submission.objects.create(shop=shop, nonce="n", kind=Kind.PAYMENT, language="ja", received_at=now, message=message,
                              fields={"text": f"番号は{CARD}", "wishes": [CARD]})  # fmt: skip
    Submission.objects.create(shop=shop, nonce="o", kind=Kind.PAYMENT, language="ja", received_at=now,
                              fate="incomplete", fields={"text": CARD})  # fmt: skip
    answer = Message.objects.get(direction="out")
    BounceReport.objects.create(shop=shop, message=answer, at=now, kind=BounceKind.TRY_LATER,
                                given_up=True, words=f"x {CARD}", raw_blob=keep(shop.pk, report, now=now))  # fmt: skip
    for number, customer in (("KM-1", case.customer), ("KM-2", Customer.objects.create(shop=shop, created_at=now))):
        Order.objects.create(shop=shop, number=number, number_key=number_key(number), customer=customer, ordered_at=now,
                             remark=f"カード {CARD[:8]}\n{CARD[8:]} です" if number == "KM-1" else CARD)  # fmt: skip
    sheet = keep(shop.pk, f"注文番号,備考\nKM-1,番号は{CARD}\n".encode("cp932"), now=now)
    imported = OrderImport.objects.create(shop=shop, file=sheet, file_name="注文.csv", state="done", created_at=now)
    RefusedRow.objects.create(order_import=imported, row_number=3, cells=["KM-9", CARD], reason=f"{CARD}は日付では")
    Survey.objects.create(
        shop=shop,
        case=case,
        token="t",
        language="ja",
        score=3,
        asked_at=now,
        answered_at=now,
        comment=f"{CARD} への返金は",
    )
    for file in Attachment.objects.all():
        thumbnail(file.blob, longest_side_px=480, now=now)
    return message


def strike_number(by: Membership, message: Message, now) -> int:  # type: ignore[no-untyped-def]
    return actions.strike(by=by, message_id=message.pk, texts=[CARD], file_ids=[], reason=StrikeReason.NUMBER, now=now)


@pytest.fixture
def _at_the_commit(django_capture_on_commit_callbacks):  # type: ignore[no-untyped-def]
    with django_capture_on_commit_callbacks(execute=True):
        yield


def test_an_outsider_finds_nothing_anywhere(
    everywhere: Message, manager: Membership, kept_files: Path, now, later
) -> None:  # type: ignore[no-untyped-def]
    assert len(outsider.traces(holds, kept_files)) > 15
    count = strike_number(manager, everywhere, later)
    run_due_jobs(later)

    assert outsider.traces(holds, kept_files) == []
    assert count >= 16


def test_the_preview_names_every_place_and_changes_nothing(
    everywhere: Message, manager: Membership, kept_files: Path
) -> None:
    before = outsider.traces(holds, kept_files)
    preview = actions.preview_strike(by=manager, message_id=everywhere.pk, texts=[CARD], file_ids=[])

    rooms_above = {PlaceKind.TROUBLE, PlaceKind.RETURN, PlaceKind.PROMISE}  # have tests of their own
    assert {place.kind for place in preview.places} == set(PlaceKind) - rooms_above
    assert set(preview.closed_files) == {"カード.png"}
    assert outsider.traces(holds, kept_files) == before


def test_remarks_of_orders_are_struck_and_later_news_of_the_order_bring_nothing_back(
    everywhere: Message, manager: Membership, other_shop: Shop, now, later
) -> None:  # type: ignore[no-untyped-def]
    theirs = Customer.objects.create(shop=other_shop, created_at=now)
    kept = Order.objects.create(
        shop=other_shop, number="T-1", number_key="t1", customer=theirs, ordered_at=now, remark=CARD
    )
    Order.objects.create(
        shop=everywhere.shop, number="KM-3", number_key="km3", customer=theirs, ordered_at=now, remark="急ぎません"
    )
    strike_number(manager, everywhere, later)

    told = IncomingOrder(
        channel=SalesChannel.OWN,
        number="KM-1",
        ordered_at=now,
        buyer=Buyer(name="髙橋 美咲"),
        remark=CARD,
        shipping_yen=5,
    )
    take_in_order(shop=everywhere.shop, order=told, by=Actor.system("orders"), now=later)
    rows = Order.objects.filter(shop=everywhere.shop).order_by("number")
    assert [(row.remark, row.remark_struck_at) for row in rows] == [
        ("カード ████ です", later), ("████", later), ("急ぎません", None),
    ]  # fmt: skip
    assert rows[0].shipping_yen == 5
    kept.refresh_from_db()
    assert kept.remark == CARD


def test_the_rest_of_texts_mails_and_folds_stays(everywhere: Message, manager: Membership, later) -> None:  # type: ignore[no-untyped-def]
    strike_number(manager, everywhere, later)

    everywhere.refresh_from_db()
    second = Message.objects.get(message_key="second@example.jp")
    assert everywhere.text == "番号は\n████\nです。返金してください。"
    assert everywhere.subject == "カード ████ の件"
    assert second.text == "まだですか。\n\n> 番号は\n> ████\n> です。"
    assert second.text[second.quoted_from :].startswith("> 番号は")
    assert everywhere.raw_blob is not None
    raw = parse(read_bytes(everywhere.raw_blob))
    assert (raw.subject, raw.text) == ("カード ████ の件", "番号は\n████\nです。返金してください。\n")
    assert [part.filename for part in raw.attachments] == ["カード.png", "████.csv"]
    assert raw.attachments[0].content == picture()
    assert read_bytes(everywhere.html_blob) == "<p>番号は<b>████</b>です。</p>\n".encode()  # type: ignore[arg-type]
    case = Case.objects.get(pk=everywhere.case_id)
    assert (case.subject, case.last_line) == ("カード ████ の件", "████ へ返金します。")
    assert Note.objects.get().text == "カード ████"
    assert Draft.objects.get().text == "████ は"


def test_the_journal_says_who_and_why_and_not_what(everywhere: Message, manager: Membership, later) -> None:  # type: ignore[no-untyped-def]
    strike_number(manager, everywhere, later)

    facts = JournalEntry.objects.filter(event="case.struck").order_by("case_id")
    assert {(fact.actor_name, fact.payload["reason"], fact.payload["what"]) for fact in facts} == {
        ("佐伯 みお", "number", "passage")
    }
    assert {fact.case_id for fact in facts} == set(Case.objects.values_list("pk", flat=True))
    assert everywhere.pk in facts[0].payload["message_ids"]


def test_open_pages_are_told(everywhere: Message, manager: Membership, later) -> None:  # type: ignore[no-untyped-def]
    LiveEvent.objects.all().delete()
    strike_number(manager, everywhere, later)
    assert f"case:{everywhere.case_id}" in set(LiveEvent.objects.values_list("channel", flat=True))


def test_the_mail_is_known_when_it_is_fetched_again_and_brings_nothing_back(
    everywhere: Message,
    manager: Membership,
    mailbox: Mailbox,
    kept_files: Path,
    later,  # type: ignore[no-untyped-def]
) -> None:
    strike_number(manager, everywhere, later)
    run_due_jobs(later)
    arrivals, messages = Arrival.objects.count(), Message.objects.count()
    renumbered = Place(8, 1, len(first_mail()), later)
    assert recognised(mailbox, renumbered, b"Message-ID: <first@example.jp>\r\n")
    again = store(
        mailbox=mailbox, raw=first_mail(), source=Source.IMAP, now=later, place=Place(9, 1, len(first_mail()), later)
    )
    other_way = b"Received: from elsewhere\r\n" + first_mail()
    by_import = store(mailbox=mailbox, raw=other_way, source=Source.IMPORT, now=later)
    third = Mailbox.objects.create(shop=mailbox.shop, address="third@komorebi.example", created_at=later)
    in_a_third = arrive(third, other_way, later)
    run_due_jobs(later)

    assert (again.is_new, by_import.is_new) == (False, False)
    assert in_a_third.fate == Fate.DUPLICATE
    assert Arrival.objects.count() == arrivals + 1
    assert Message.objects.count() == messages
    assert outsider.traces(holds, kept_files) == []


def test_a_mail_without_message_id_is_known_again_too(shop, mailbox, manager, kept_files, now, later, post) -> None:  # type: ignore[no-untyped-def]
    raw = mail(f"番号 {CARD}", message_id=None)
    first = arrive(mailbox, raw, now, Place(7, 5, len(raw), now))
    strike_number(manager, first.message, later)
    again = store(mailbox=mailbox, raw=raw, source=Source.IMAP, now=later, place=Place(8, 5, len(raw), later))
    run_due_jobs(later)

    assert (again.is_new, again.arrival.pk) == (False, first.pk)
    assert outsider.traces(holds, kept_files) == []


def test_another_shops_copy_of_the_same_bytes_is_not_touched(
    everywhere: Message,
    manager: Membership,
    other_shop: Shop,
    kept_files: Path,
    later,
    now,  # type: ignore[no-untyped-def]
) -> None:
    theirs = keep(other_shop.pk, first_mail(), now=now)
    strike_number(manager, everywhere, later)
    run_due_jobs(later)
    assert read_bytes(theirs) == first_mail()
    assert not Blob.objects.filter(shop_id=manager.shop_id, sha256=theirs.sha256).exists()


def test_a_struck_file_goes_with_its_pictures_and_stays_as_a_name(
    everywhere: Message,
    manager: Membership,
    kept_files: Path,
    later,  # type: ignore[no-untyped-def]
) -> None:
    file = everywhere.attachments.get(name="カード.png")
    drawn = thumbnail(file.blob, longest_side_px=480, now=later)
    assert drawn is not None
    hashes = [file.blob.sha256, drawn.sha256]
    actions.strike(
        by=manager, message_id=everywhere.pk, texts=[], file_ids=[file.pk], reason=StrikeReason.ASKED, now=later
    )
    run_due_jobs(later)

    file.refresh_from_db()
    everywhere.refresh_from_db()
    assert (file.name, read_bytes(file.blob), file.struck_at) == ("カード.png", PLACEHOLDER, later)
    assert not any(path_of(each).exists() for each in hashes)
    assert not Thumbnail.objects.filter(made__sha256=hashes[1]).exists()
    inside = base64.b64encode(picture())[:60]
    assert not any(inside in path.read_bytes() for path in kept_files.rglob("*") if path.is_file())
    assert parse(read_bytes(everywhere.raw_blob)).attachments[0].filename == "カード.png"  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ["agent", "warehouse"])
def test_only_owner_and_manager_may(everywhere: Message, shop: Shop, role: str, kept_files: Path, later) -> None:  # type: ignore[no-untyped-def]
    by = member(shop, role, "a@komorebi.example", "小暮 あかり")
    before = outsider.traces(holds, kept_files)
    with pytest.raises(NotAllowed):
        strike_number(by, everywhere, later)
    with pytest.raises(NotAllowed):
        actions.preview_strike(by=by, message_id=everywhere.pk, texts=[CARD], file_ids=[])
    assert outsider.traces(holds, kept_files) == before
    assert not JournalEntry.objects.filter(event="case.struck").exists()


def test_another_shops_owner_finds_no_message(everywhere: Message, other_shop: Shop, later) -> None:  # type: ignore[no-untyped-def]
    by = member(other_shop, "owner", "o@tanuki.example", "狸")
    with pytest.raises(actions.WrongCase):
        strike_number(by, everywhere, later)


@pytest.mark.parametrize("texts", [[], ["abc"], ["x" * 1001], ["そんな言葉はありません"]])
def test_refuses_what_cannot_be_struck(everywhere: Message, manager: Membership, texts: list[str], later) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(actions.CannotStrike):
        actions.strike(
            by=manager, message_id=everywhere.pk, texts=texts, file_ids=[], reason=StrikeReason.OTHER, now=later
        )
    assert not JournalEntry.objects.filter(event="case.struck").exists()


def test_asked_twice_it_says_that_nothing_is_there(everywhere: Message, manager: Membership, later) -> None:  # type: ignore[no-untyped-def]
    strike_number(manager, everywhere, later)
    count = JournalEntry.objects.filter(event="case.struck").count()
    with pytest.raises(actions.CannotStrike):
        strike_number(manager, everywhere, later + timedelta(minutes=1))
    assert JournalEntry.objects.filter(event="case.struck").count() == count


def test_its_finder_is_the_tests_finder() -> None:
    assert passages([CARD]).find(f"x{CARD}x") == [(1, 20, "████")]
