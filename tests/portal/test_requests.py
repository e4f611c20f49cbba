"""Asking for a return in five steps: nothing told is lost, nothing of anybody else's is touched, sent once."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anshin.cases.models import Message
from anshin.commerce.models import Customer, Product
from anshin.commerce.terms import IncomingLine
from anshin.plumbing import clock
from anshin.plumbing.files.models import Blob
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns.models import Return, ReturnPhoto
from anshin.returns.terms import Approval, Payer, Verdict
from anshin.visits import actions
from anshin.visits.models import DraftPhoto, ReturnDraft
from tests.plumbing.files.test_files_thumbnails import _png_header
from tests.portal.conftest import heic, picture
from tests.returns.conftest import says, sold  # noqa: F401  fixtures
from tests.visits.conftest import moved  # noqa: F401

pytestmark = pytest.mark.django_db
NEW = "/p/komorebi/returns/new"


@pytest.fixture
def order(sold, moved, now):  # noqa: F811
    moved(now)
    lines = (IncomingLine("帆布トートバッグ M", 2, 6_600, "TB-M-KNR", "生成り"), IncomingLine("布", 1, 800, "CLOTH"))
    found = sold(lines=lines)
    tote = Product.objects.create(
        shop=found.shop, sku="TOTE", name="帆布トートバッグ M", accessories=["下げ札", "外袋・箱"]
    )
    found.lines.filter(position=1).update(product=tote)
    return found


@pytest.fixture
def inside(order, comes_in, shop):
    return comes_in(shop, order.customer)


@pytest.fixture
def begun(inside, order):
    """The address of a draft about the order."""
    answer = inside.post(NEW, {"order": order.pk})
    assert answer.status_code == 302
    return answer.headers["Location"].removesuffix("/items")


REASON = {"reason": "defect", "condition": "unused", "accessory": ["下げ札"]}


def filled(inside, begun, *, reason=REASON, photos=True):
    """All steps but the last."""
    assert inside.post(f"{begun}/items", {"item": "1", "quantity_1": "1"}).headers["Location"] == f"{begun}/reason"
    assert inside.post(f"{begun}/reason", reason).headers["Location"] == f"{begun}/photos"
    sent = {"go": "on"} | ({"photos": picture()} if photos else {})
    assert inside.post(f"{begun}/photos", sent).headers["Location"] == f"{begun}/wish"


def test_five_steps_and_the_answer_at_once(inside, begun, order, says):  # noqa: F811
    filled(inside, begun)
    shown = inside.get(f"{begun}/wish").content.decode()
    assert "手順 5 / 5" in shown
    assert "返品をお受けできます。" in shown
    assert "送料は当店が負担します" in shown
    assert "第4条2項" in shown
    answer = inside.post(f"{begun}/wish", {"wish": "refund", "words": "縫い目がほつれています"})
    made = Return.objects.get()
    assert answer.headers["Location"] == f"/p/komorebi/returns/{made.number}"
    assert (made.approval, made.payer, made.is_by_customer) == (Approval.APPROVED, Payer.SHOP, True)
    line = made.lines.get()
    assert (line.position, line.quantity, line.reason, line.accessories_kept) == (1, 1, "defect", ["下げ札"])
    assert ReturnPhoto.objects.filter(returned=made).count() == 1
    first = Message.objects.filter(case=made.case).order_by("id")[0]
    assert "縫い目がほつれています" in first.text
    assert ReturnDraft.objects.get().words == ""
    page = inside.get(answer.headers["Location"]).content.decode()
    assert "品物をお送りください" in page
    assert "第4条2項" in page


def test_pressed_twice_it_is_one_and_the_draft_leads_to_it(inside, begun):
    filled(inside, begun)
    ways = [inside.post(f"{begun}/wish", {"wish": "refund"}).headers["Location"] for _ in range(3)]
    assert len(set(ways)) == 1
    assert Return.objects.count() == 1
    assert inside.get(f"{begun}/items").headers["Location"] == ways[0]


def test_going_back_and_reloading_lose_nothing(inside, begun):
    filled(inside, begun)
    assert re.search(r'name="item" value="1" checked', inside.get(f"{begun}/items").content.decode())
    reason = inside.get(f"{begun}/reason").content.decode()
    assert 'value="defect" checked' in reason
    assert 'value="unused" checked' in reason
    assert 'value="下げ札" checked' in reason
    assert 'alt="写真 1"' in inside.get(f"{begun}/photos").content.decode()


def test_what_is_missing_is_said_and_what_was_told_stays(inside, begun):
    nothing = inside.post(f"{begun}/items", {})
    assert nothing.status_code == 422
    assert "1つ以上選んでください" in nothing.content.decode()
    many = inside.post(f"{begun}/items", {"item": "1", "quantity_1": "3"})
    assert "あと2点です" in many.content.decode()
    inside.post(f"{begun}/items", {"item": "1", "quantity_1": "2"})
    half = inside.post(f"{begun}/reason", {"reason": "not_as_pictured", "condition": "used"})
    assert half.status_code == 422
    assert "写真と違うところを選んでください" in half.content.decode()
    assert 'value="used" checked' in half.content.decode()
    inside.post(f"{begun}/reason", {"reason": "changed_mind", "condition": "unused"})
    inside.post(f"{begun}/photos", {"go": "on"})
    bare = inside.post(f"{begun}/wish", {"wish": "exchange", "words": "よろしく"})
    assert bare.status_code == 422
    assert "交換する色やサイズを書いてください" in bare.content.decode()
    assert "よろしく" in bare.content.decode()
    assert not Return.objects.exists()


@pytest.mark.parametrize("step", ["reason", "photos", "wish"])
def test_a_step_cannot_be_jumped_to(inside, begun, step):
    answer = inside.get(f"{begun}/{step}")
    assert answer.headers["Location"] in {f"{begun}/items", f"{begun}/reason"}


def test_photos_are_needed_when_the_policy_says_so(inside, begun, says):  # noqa: F811
    says(needs_photos=True)
    inside.post(f"{begun}/items", {"item": "1", "quantity_1": "1"})
    inside.post(f"{begun}/reason", REASON)
    assert "必須" in inside.get(f"{begun}/photos").content.decode()
    refused = inside.post(f"{begun}/photos", {"go": "on"})
    assert refused.status_code == 422
    assert "写真が1枚以上要ります" in refused.content.decode()
    forced = inside.post(f"{begun}/wish", {"wish": "refund"})
    assert forced.status_code == 422
    assert "写真が1枚以上要ります" in forced.content.decode()
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    ("file", "words", "kept", "status"),
    [
        (lambda: SimpleUploadedFile("memo.txt", b"hello"), "memo.txt」は写真ではないようです", 0, 422),
        (lambda: SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>"), "写真ではないようです", 0, 422),
        (lambda: SimpleUploadedFile("x.jpg", b"\xff\xd8\xff" + b"\x00" * 500), "壊れていて開けません", 0, 422),
        (lambda: SimpleUploadedFile("x.png", _png_header(60_000, 60_000)), "壊れていて開けません", 0, 422),
        (lambda: SimpleUploadedFile("a.pdf", b"%PDF-1.7 x"), "写真ではないようです", 0, 422),
        (heic, "IMG_0001.HEIC」を受け取りました", 1, 200),
    ],
)
def test_what_is_no_photo_is_explained(inside, begun, file, words, kept, status):
    inside.post(f"{begun}/items", {"item": "1", "quantity_1": "1"})
    inside.post(f"{begun}/reason", REASON)
    answer = inside.post(f"{begun}/photos", {"go": "on", "photos": [picture(), file()]})
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert DraftPhoto.objects.count() == 1 + kept
    assert Blob.objects.count() >= 1


def test_too_large_photos(inside, begun, monkeypatch):
    inside.post(f"{begun}/items", {"item": "1", "quantity_1": "1"})
    inside.post(f"{begun}/reason", REASON)
    monkeypatch.setattr("anshin.visits.actions.photos.LARGEST_FILE_BYTES", 600)
    answer = inside.post(f"{begun}/photos", {"go": "on", "photos": picture(side=400)})
    assert "20MBを超えています" in answer.content.decode()
    huge = inside.generic("POST", f"{begun}/photos", b"x", CONTENT_LENGTH=str(40 * 1024 * 1024))
    assert huge.status_code == 413
    assert "合わせて25MBまで" in huge.content.decode()
    assert ReturnDraft.objects.get().parts[0].reason == "defect"


def test_at_most_six_the_same_picture_once_and_removable(inside, begun):
    inside.post(f"{begun}/items", {"item": "1", "quantity_1": "1"})
    inside.post(f"{begun}/reason", REASON)
    for _ in range(2):
        inside.post(f"{begun}/photos", {"go": "stay", "photos": picture()})
    assert DraftPhoto.objects.count() == 1
    many = [picture(f"{number}.jpg", side=40 + number) for number in range(7)]
    answer = inside.post(f"{begun}/photos", {"go": "on", "photos": many})
    assert "写真は6枚までです" in answer.content.decode()
    assert DraftPhoto.objects.count() == 6
    first = DraftPhoto.objects.order_by("id")[0]
    assert inside.post(f"{begun}/photos", {"remove": first.pk}).status_code == 302
    assert inside.post(f"{begun}/photos", {"remove": first.pk}).status_code == 302
    assert DraftPhoto.objects.count() == 5
    assert not Blob.objects.filter(pk=first.blob_id).exists()
    second = DraftPhoto.objects.order_by("id")[0]
    shown = inside.get(f"{begun}/photos/{second.pk}")
    assert shown.headers["Content-Type"] == "image/webp"


def test_nothing_of_anybody_else(inside, begun, order, sold, comes_in, shop, other_shop, now):  # noqa: F811
    stranger = comes_in(shop, sold("KM-30000", mail="other@mail.example").customer)
    inside.post(f"{begun}/items", {"item": "1", "quantity_1": "1"})
    inside.post(f"{begun}/reason", REASON)
    inside.post(f"{begun}/photos", {"go": "stay", "photos": picture()})
    photo = DraftPhoto.objects.get()
    for step in ("items", "reason", "photos", "wish", f"photos/{photo.pk}"):
        assert stranger.get(f"{begun}/{step}").status_code == 404
        assert stranger.post(f"{begun}/{step}", {"item": "1"}).status_code in {404, 405}
    assert stranger.post(NEW, {"order": order.pk}).status_code == 404
    assert stranger.post(f"{begun}/photos", {"remove": photo.pk}).status_code == 404
    assert DraftPhoto.objects.count() == 1
    for wrong in ("", "x", "-1", "9" * 30):
        assert inside.post(NEW, {"order": wrong}).status_code == 404


FORMS = {
    "items": {"item": "1", "quantity_1": "1"},
    "reason": {"reason": "defect", "condition": "unused"},
    "photos": {"go": "on"},
    "wish": {"wish": "refund"},
}


@pytest.mark.parametrize("step", FORMS)
def test_somebody_elses_order_named_in_a_steps_form_stays_untouched(inside, begun, order, sold, step):  # noqa: F811
    other = sold("KM-30000", mail="other@mail.example")
    filled(inside, begun)
    named = {
        "order": other.pk,
        "order_id": other.pk,
        "number": other.number,
        "nonce": "x",
        "customer": other.customer_id,
    }
    sent = FORMS[step] | ({"photos": picture(side=9)} if step == "photos" else {})
    answer = inside.post(f"{begun}/{step}", sent | named)
    assert answer.status_code == 302
    assert ReturnDraft.objects.get().order == order
    assert not Return.objects.exclude(lines__order=order).exists()
    for page in (f"{begun}/{step}?order={other.pk}", f"{NEW}?order={other.pk}", f"{NEW}?order={other.number}"):
        assert other.number not in inside.get(page, follow=True).content.decode().replace(f"?order={other.number}", "")


@pytest.mark.parametrize("step", FORMS)
def test_a_draft_opens_in_no_other_shop_and_without_a_visit_nowhere(client, inside, begun, comes_in, other_shop, step):
    there = begun.replace("/komorebi/", f"/{other_shop.slug}/")
    customer = Customer.objects.create(shop=other_shop, name="磯部", created_at=clock.now())
    stranger = comes_in(other_shop, customer)
    for browser, path, status in (
        (stranger, there, 404),
        (stranger, begun, 302),
        (inside, there, 302),
        (client, begun, 302),
    ):
        answers = [browser.get(f"{path}/{step}"), browser.post(f"{path}/{step}", FORMS[step])]
        assert {answer.status_code for answer in answers} == {status}
    assert not ReturnDraft.objects.get().told


def test_what_is_asked_for_already_cannot_come_back_again(inside, begun, order):
    filled(inside, begun)
    second = inside.post(NEW, {"order": order.pk}).headers["Location"].removesuffix("/items")
    filled(inside, second, reason=REASON | {"reason": "damaged"})
    third = inside.post(NEW, {"order": order.pk}).headers["Location"].removesuffix("/items")
    filled(inside, third)
    inside.post(f"{begun}/wish", {"wish": "refund"})
    inside.post(f"{second}/wish", {"wish": "refund"})
    late = inside.post(f"{third}/wish", {"wish": "refund"})
    assert late.status_code == 422
    assert "あと0点です" in late.content.decode()
    assert Return.objects.count() == 2
    assert "お申し込み済みです" in inside.get(f"{third}/items").content.decode()


@pytest.mark.parametrize(
    ("verdict", "answer", "heading"),
    [
        (Verdict.NEEDS_PERSON, "担当者が確かめて", "お申し込みを受け付けました"),
        (Verdict.REFUSED, "お受けできません", "返品をお受けできませんでした"),
    ],
)
def test_what_is_not_clear_or_not_allowed(inside, begun, says, verdict, answer, heading):  # noqa: F811
    says(verdict=verdict)
    filled(inside, begun)
    assert answer in inside.get(f"{begun}/wish").content.decode()
    where = inside.post(f"{begun}/wish", {"wish": "refund"}).headers["Location"]
    assert heading in inside.get(where).content.decode()


def test_drafts_are_forgotten_after_a_month_and_with_the_customer(inside, begun, order, shop, now):
    inside.post(f"{begun}/items", {"item": "1", "quantity_1": "1"})
    inside.post(f"{begun}/reason", REASON)
    inside.post(f"{begun}/photos", {"go": "stay", "photos": picture()})
    actions.prune(now=now + timedelta(days=29))
    assert DraftPhoto.objects.count() == 1
    actions.forget_drafts_of(shop_id=shop.pk, customer_id=order.customer_id, now=now)
    assert (ReturnDraft.objects.count(), DraftPhoto.objects.count(), Blob.objects.count()) == (0, 0, 0)
    assert inside.get(f"{begun}/items").status_code == 302
    assert not JournalEntry.objects.filter(event="returns.requested").exists()


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "ko"])
def test_every_step_in_every_language(inside, begun, language):
    filled(inside, begun)
    for step in ("items", "reason", "photos", "wish"):
        shown = inside.get(f"{begun}/{step}?language={language}").content.decode()
        body = re.sub(r"<script.*?</script>|<[^>]+>", "", shown.partition("<main")[2])
        assert "$" not in body
        assert f'<html lang="{language}"' in shown


def test_few_questions_to_the_database(inside, begun, django_assert_max_num_queries):
    filled(inside, begun)
    for step, most in (("items", 5), ("reason", 4), ("photos", 7), ("wish", 7)):
        with django_assert_max_num_queries(most):
            inside.get(f"{begun}/{step}")


def test_few_questions_about_an_order(inside, order, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        assert inside.get(f"/p/komorebi/orders/{order.pk}").status_code == 200
    with django_assert_max_num_queries(4):
        assert inside.get(NEW).status_code == 200


def test_a_visit_that_ran_out_in_the_middle_loses_nothing(inside, begun, order, comes_in, shop, moved, now):  # noqa: F811
    inside.post(f"{begun}/items", {"item": "1", "quantity_1": "2"})
    inside.post(f"{begun}/reason", REASON)
    inside.post(f"{begun}/photos", {"go": "stay", "photos": picture()})
    later = now + timedelta(minutes=31)
    moved(later)
    over = inside.post(f"{begun}/photos", {"go": "on", "photos": picture("more.jpg", side=70)})
    assert over.headers["Location"] == "/p/komorebi/?said=over"
    assert DraftPhoto.objects.count() == 1
    again = comes_in(shop, order.customer, at=later)
    assert 'alt="写真 1"' in again.get(f"{begun}/photos").content.decode()
    assert again.post(f"{begun}/photos", {"go": "on"}).headers["Location"] == f"{begun}/wish"
    again.post(f"{begun}/wish", {"wish": "refund"})
    made = Return.objects.get()
    assert (made.lines.get().quantity, made.photos.count()) == (2, 1)


def test_two_tabs_of_one_request_are_one_return_as_it_was_told_last(inside, begun):
    filled(inside, begun)
    inside.post(f"{begun}/items", {"item": "2", "quantity_2": "1"})  # in the other tab
    first = inside.post(f"{begun}/wish", {"wish": "refund"})
    second = inside.post(f"{begun}/wish", {"wish": "exchange", "wanted": "紺"})
    assert first.headers["Location"] == second.headers["Location"]
    made = Return.objects.get()
    assert (made.lines.get().position, made.wish) == (2, "refund")


def test_back_from_the_return_leads_to_it_and_changes_nothing(inside, begun):
    filled(inside, begun)
    where = inside.post(f"{begun}/wish", {"wish": "refund"}).headers["Location"]
    for step, told in (("items", {"item": "2", "quantity_2": "1"}), ("reason", REASON), ("photos", {"go": "on"})):
        assert inside.post(f"{begun}/{step}", told).headers["Location"] == where
    assert Return.objects.get().lines.get().position == 1
