"""The warehouse's screens: what a scan finds, what is booked in once, what was found is kept, and who may do it."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from anshin.commerce.models import Product
from anshin.commerce.terms import IncomingLine
from anshin.returns import actions
from anshin.returns.models import Inspection, Parcel, ParcelPhoto, Return, ReturnLine, ReturnPhoto
from anshin.returns.terms import CheckResult, Disposition, InspectionState, MoneyState, ParcelState, Verdict
from tests.conftest import NOW
from tests.plumbing.files.test_files_thumbnails import _png_header
from tests.returns.conftest import arrive, ask, inspected, moved, says, sold  # noqa: F401  fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
HOME = "/s/komorebi/warehouse/"
BOOK_IN = f"{HOME}book-in"
NONCE = "0" * 32
FOUND = {"appearance": "ok", "accessories": "ok", "operation": "does_not_apply", "grade": "a", "disposition": "restock"}


@pytest.fixture
def clerk(client, warehouse):
    client.force_login(warehouse.person)
    return client


@pytest.fixture
def returned(ask, sold):  # noqa: F811
    return ask(sold())


def jpeg(name="箱.jpg"):
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "tan").save(held, "JPEG")
    return SimpleUploadedFile(name, held.getvalue(), "image/jpeg")


def words(answer):
    return answer.content.decode()


def booking(*returns, do="next", nonce=NONCE, **more):
    lines = [line for each in returns for line in each.lines.all()]
    typed = {f"q-{line.pk}": str(line.quantity) for line in lines}
    return {"r": [each.number for each in returns], "nonce": nonce, "do": do} | typed | more


@pytest.mark.parametrize("scanned", ["R-0001", "Ｒ－０００１", "r-1", "1", "KM-20417", "5125-4751-4334"])
def test_a_label_an_order_number_and_a_slip_open_the_same_return(clerk, shop, returned, scanned):
    actions.announce_parcel(
        shop=shop, customer=returned.customer, number=1, carrier="yamato", tracking_number="512547514334", now=NOW
    )
    answer = clerk.get(HOME, {"q": scanned})
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{BOOK_IN}?r=1&")
    assert "柏木 由紀子" in words(clerk.get(answer["Location"]))


def test_what_is_not_found_is_said_and_can_be_received(clerk, returned):
    shown = words(clerk.get(HOME, {"q": "4444-1375-8703"}))
    assert "見つかりません" in shown and "連絡のない荷物として受け取る" in shown
    where = re.search(r'href="([^"]+unknown[^"]+)"', shown).group(1)
    assert 'value="444413758703"' in words(clerk.get(where))


def test_a_parcel_is_booked_in_and_a_form_sent_twice_counts_once(clerk, returned):
    sent = booking(returned, do="inspect", note="箱に へこみ")
    first, second = clerk.post(BOOK_IN, sent), clerk.post(BOOK_IN, sent)
    assert first["Location"] == second["Location"] == f"{HOME}inspect/1"
    returned.refresh_from_db()
    assert (returned.parcel, ReturnLine.objects.get().quantity_here) == (ParcelState.HERE, 1)
    assert Parcel.objects.get().note == "箱に へこみ"


def test_the_second_time_is_explained(clerk, returned, monkeypatch):
    clerk.post(BOOK_IN, booking(returned))
    clerk.get(HOME)
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: NOW.replace(minute=NOW.minute + 1))
    clerk.post(BOOK_IN, booking(returned))
    assert "二重には数えていません" in words(clerk.get(HOME))


def test_a_label_scanned_again_into_the_page_adds_nothing(clerk, returned):
    answer = clerk.post(BOOK_IN, booking(returned, do="add", add="R-0001", note="覚え書き"))
    shown = words(answer)
    assert answer.status_code == 422
    assert "R-0001 はもうこの荷物に入っている" in shown and "覚え書き" in shown
    assert shown.count('name="r"') == 1
    assert not Parcel.objects.exists()


def test_several_returns_lie_in_one_parcel(clerk, ask, sold):  # noqa: F811
    one, two = ask(sold()), ask(sold("KM-20500"), nonce="n-2")
    shown = words(clerk.post(BOOK_IN, booking(one, do="add", add="KM-20500")))
    assert shown.count('name="r"') == 2
    clerk.post(BOOK_IN, booking(one, two))
    assert Parcel.objects.count() == 1
    assert set(Return.objects.values_list("parcel", flat=True)) == {ParcelState.HERE}


def test_part_of_it_arrives(clerk, ask, sold):  # noqa: F811
    returned = ask(sold(lines=(IncomingLine("琺瑯マグ", 3, 2_200, "KT-MUG-WH"),)), quantity=3)
    line = returned.lines.get()
    clerk.post(BOOK_IN, booking(returned) | {f"q-{line.pk}": "２"})
    returned.refresh_from_db()
    assert (returned.parcel, returned.lines.get().quantity_here) == (ParcelState.PARTLY_HERE, 2)
    assert f'name="q-{line.pk}" value="1"' in words(clerk.get(BOOK_IN, {"r": 1}))


@pytest.mark.parametrize(
    ("typed", "said"), [("2", "待っているのは1点です"), ("いち", "数字で入力してください"), ("0", "1つ以上の品目に")]
)
def test_a_wrong_count_is_explained_and_nothing_is_lost(clerk, returned, typed, said):
    line = returned.lines.get()
    answer = clerk.post(BOOK_IN, booking(returned, note="外箱なし", photos=jpeg()) | {f"q-{line.pk}": typed})
    shown = words(answer)
    assert answer.status_code == 422
    assert said in shown and "外箱なし" in shown and f'value="{typed}"' in shown and "箱.jpg" in shown
    assert not Parcel.objects.exists()
    kept = re.search(r'name="kept" value="([^"]+)"', shown).group(1)
    clerk.post(BOOK_IN, booking(returned, kept=kept))
    assert ReturnPhoto.objects.get().name == "箱.jpg"


def test_what_was_not_approved_is_flagged(clerk, ask, sold, says):  # noqa: F811
    says(Verdict.NEEDS_PERSON)
    returned = ask(sold())
    assert "まだ承認されていません" in words(clerk.get(BOOK_IN, {"r": 1}))
    clerk.post(BOOK_IN, booking(returned))
    assert not Parcel.objects.get().is_announced
    assert "R-0001: まだ承認されていません" in words(clerk.get(HOME))


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (SimpleUploadedFile("rechnung.jpg", b"%PDF-1.7 no photo", "image/jpeg"), "写真ではありません"),
        (SimpleUploadedFile("big.jpg", b"\xff\xd8\xff" + bytes(40 * 1024 * 1024), "image/jpeg"), "20MBを超えています"),
        (SimpleUploadedFile("bomb.png", _png_header(60_000, 60_000), "image/png"), "大きすぎます"),
        (SimpleUploadedFile("broken.jpg", b"\xff\xd8\xff" + bytes(500), "image/jpeg"), "開けません"),
    ],
)
def test_a_file_that_is_no_photo_is_explained_beside_the_field(clerk, returned, file, said):
    file.seek(0)
    answer = clerk.post(BOOK_IN, booking(returned, photos=file, note="残す"))
    assert answer.status_code == 422
    assert said in words(answer) and "残す" in words(answer)
    assert not Parcel.objects.exists()


def test_nobody_can_name_a_file_of_the_shop(clerk, returned, stranger):
    clerk.post(BOOK_IN, booking(returned, kept="WzEsICJ4Il0:made:up"))
    assert Parcel.objects.exists() and not ReturnPhoto.objects.exists()


def test_a_parcel_of_nobody_waits_and_is_sorted_with_its_photos(clerk, returned):
    sent = {"nonce": NONCE, "sender_name": "柏木由紀子", "note": "白い袋", "photos": jpeg()}
    assert clerk.post(f"{HOME}unknown", sent).status_code == 302
    parcel = Parcel.objects.get()
    listed = words(clerk.get(HOME, {"show": "unsorted"}))
    assert "柏木由紀子" in listed and f"parcels/{parcel.pk}" in listed
    page = f"{HOME}parcels/{parcel.pk}"
    shown = words(clerk.get(page))
    assert "同じお名前の方から" in shown and "R-0001" in shown
    assert clerk.get(f"{HOME}parcels/photos/{ParcelPhoto.objects.get().pk}").status_code == 200
    assert "見つかりません" in words(clerk.get(page, {"q": "zzz"}))
    answer = clerk.post(page, booking(returned))
    assert answer["Location"] == f"{HOME}inspect/1"
    returned.refresh_from_db()
    assert returned.parcel == ParcelState.HERE
    assert clerk.get(f"{HOME}photos/{ReturnPhoto.objects.get().pk}").status_code == 200
    assert clerk.get(page)["Location"] == HOME
    assert "R-0001" in words(clerk.get(HOME, {"show": "today"}))


def test_a_parcel_without_a_word_is_not_taken(clerk, shop):
    answer = clerk.post(f"{HOME}unknown", {"nonce": NONCE})
    assert answer.status_code == 422 and "差出人か送り状番号を" in words(answer)
    assert not Parcel.objects.exists()


def test_an_inspection_is_kept_by_halves_and_then_leads_on(clerk, returned, arrive):  # noqa: F811
    arrive(returned)
    page = f"{HOME}inspect/1/1"
    assert clerk.get(f"{HOME}inspect/1")["Location"] == page
    clerk.post(page, {"do": "half", "appearance": "bad", "appearance_note": "底に汚れ"})
    returned.refresh_from_db()
    assert (returned.inspection, returned.money) == (InspectionState.UNDER_WAY, MoneyState.NOT_YET)
    shown = words(clerk.get(page))
    assert "底に汚れ" in shown and "返金はされません" in shown
    answer = clerk.post(page, {"do": "finish", "appearance": "bad", "appearance_note": "底に汚れ"})
    assert answer.status_code == 422 and words(answer).count("選ぶまで返金はされません") == 3
    assert clerk.post(page, FOUND | {"do": "finish", "photos": jpeg()})["Location"] == f"{HOME}?done=1"
    returned.refresh_from_db()
    assert (returned.inspection, returned.money) == (InspectionState.GOOD, MoneyState.TO_CONFIRM)
    assert ReturnPhoto.objects.get().line == returned.lines.get()
    assert "R-0001 の検品が終わりました" in words(clerk.get(HOME, {"done": "1"}))


def test_missing_accessories_are_written_down(clerk, returned, arrive):  # noqa: F811
    arrive(returned)
    line = returned.lines.get()
    product = line.product or Product.objects.create(shop=line.shop, sku="TB", name="帆布トートバッグ")
    Product.objects.filter(pk=product.pk).update(accessories=["下げ札", "外袋"])
    ReturnLine.objects.filter(pk=line.pk).update(product=product)
    page = f"{HOME}inspect/1/1"
    wrong = clerk.post(page, FOUND | {"do": "finish", "present": ["外袋"]})
    assert wrong.status_code == 422 and "下げ札に印がありません" in words(wrong)
    assert not Inspection.objects.exists()
    assert clerk.post(page, FOUND | {"do": "finish", "present": ["外袋"], "accessories": "bad"}).status_code == 302
    row = Inspection.objects.get()
    assert (row.missing, row.accessories) == (["下げ札"], CheckResult.BAD)
    assert "返金から一部を差し引く" in words(clerk.get(page))


def test_what_was_not_in_the_parcel_needs_no_checks(clerk, returned, arrive):  # noqa: F811
    arrive(returned, quantity=0)
    clerk.post(f"{HOME}inspect/1/1", {"do": "finish", "disposition": "missing"})
    row = Inspection.objects.get()
    assert (row.disposition, row.appearance) == (Disposition.MISSING, CheckResult.DOES_NOT_APPLY)


def test_the_longest_overdue_stands_first_and_is_offered_next(clerk, ask, sold, arrive, monkeypatch):  # noqa: F811
    for n in range(3):
        arrive(ask(sold(f"KM-2050{n}"), nonce=f"n-{n}"), nonce=f"p-{n}")
    Return.objects.filter(number=3).update(due_at=NOW.replace(day=NOW.day - 2))
    shown = words(clerk.get(HOME))
    assert shown.index("R-0003") < shown.index("R-0001")
    assert shown.count("期限切れ") == 1
    assert "次は R-0003 を検品する" in words(clerk.get(HOME, {"done": "1"}))


def test_another_shops_returns_and_parcels_do_not_exist(client, stranger, returned, arrive, warehouse):  # noqa: F811
    arrive(returned)
    parcel = actions.book_in(by=warehouse, sender_name="柏木", nonce="x", now=NOW)
    client.force_login(stranger.person)
    there = "/s/shiosai/warehouse/"
    assert client.get(HOME).status_code == 404
    assert "見つかりません" in words(client.get(there, {"q": "R-0001"}))
    for path in ("inspect/1", "inspect/1/1", f"parcels/{parcel.pk}"):
        assert client.get(there + path).status_code == 404
    assert client.post(there + "book-in", booking(returned))["Location"] == there
    assert client.post(f"{there}inspect/1/1", FOUND).status_code == 404
    assert Parcel.objects.count() == 2 and not Inspection.objects.exists()


@pytest.mark.parametrize("asked", ["?show=nothing", "?page=broken"])
def test_made_up_addresses(clerk, asked):
    assert clerk.get(HOME + asked).status_code == 404


@pytest.mark.parametrize("shelf", ["inspect", "unsorted", "today"])
def test_queries_do_not_grow_and_every_row_is_reached(clerk, warehouse, ask, sold, arrive, shelf):  # noqa: F811
    def fill(first, last):
        for n in range(first, last):
            arrive(ask(sold(f"KM-3{n:04}"), nonce=f"n-{n}"), nonce=f"p-{n}")
            actions.book_in(by=warehouse, sender_name=f"差出人{n}", nonce=f"u-{n}", now=NOW)

    fill(0, 2)
    clerk.get(HOME)
    with CaptureQueriesContext(connection) as few:
        clerk.get(HOME, {"show": shelf})
    fill(2, 8)
    with CaptureQueriesContext(connection) as many:
        clerk.get(HOME, {"show": shelf})
    assert len(many) == len(few) <= 9


def test_what_was_done_is_said_once(clerk, returned):
    page = clerk.post(BOOK_IN, booking(returned), follow=True).content.decode()

    assert page.count("受け取りました: R-0001") == 1


def test_a_scan_asks_as_much_of_a_thousand_returns_as_of_one(clerk, returned, shop):
    Return.objects.bulk_create(
        Return(
            shop=shop, number=number, case=returned.case, customer=returned.customer, asked_at=NOW, nonce=f"c-{number}",
            is_by_customer=False, wish="refund", verdict="allowed", payer="shop", waits_since=NOW,
            tracking_number=f"{number:012}",
        )
        for number in range(2, 300)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as seen:
        answer = clerk.get(HOME, {"q": "R-0001"})

    assert answer.status_code == 302
    assert len([each for each in seen if "returns_return" in each["sql"]]) == 4
    plans = [each["sql"] for each in seen if "returns_return" in each["sql"]]
    assert not any("DISTINCT" in sql for sql in plans)
