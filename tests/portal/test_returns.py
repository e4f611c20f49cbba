"""The status page: what the customer sees at each step, and what they may do; never with somebody else's return."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anshin.cases.models import Message
from anshin.commerce.models import Payment
from anshin.returns import actions as returns
from anshin.returns.models import Return, ReturnPhoto
from anshin.returns.terms import Approval, Condition, ParcelState, PhotoStage, Reason, Verdict, Wish
from tests.portal.conftest import picture
from tests.returns.conftest import GOOD, says, sold  # noqa: F401  fixtures
from tests.visits.conftest import moved  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(sold, moved, now):  # noqa: F811
    moved(now)
    found = sold()
    Payment.objects.filter(order=found).update(account_hint="2206")
    return found


@pytest.fixture
def inside(order, comes_in, shop):
    return comes_in(shop, order.customer)


@pytest.fixture
def made(order, shop, says, now):  # noqa: F811
    """Ask for a return of the tote."""

    def make(**more):
        says(**more)
        asked = returns.Asked(
            order_id=order.pk, position=1, quantity=1, reason=Reason.DEFECT, condition=Condition.UNUSED
        )
        return returns.request(
            shop=shop,
            customer=order.customer,
            asked=[asked],
            wish=Wish.REFUND,
            nonce=f"n{Return.objects.count()}",
            now=now,
        )

    return make


def page_of(returned):
    return f"/p/komorebi/returns/{returned.number}"


def steps(shown):
    """The six steps: state and words."""
    return re.findall(r'class="trip-stop trip-(\w+)".*?trip-label">([^<]*)<', shown, re.DOTALL)


def test_approved_it_is_to_be_sent_with_guidance_label_and_code(inside, made):
    returned = made()
    shown = inside.get(page_of(returned)).content.decode()
    assert f"返品 {returned} · 6つの手順の3つ目" in shown
    assert [state for state, _words in steps(shown)] == ["done", "done", "now", "todo", "todo", "todo"]
    assert "カード（下4桁 2206）" in shown
    assert "当店が負担します" in shown
    assert "元の箱がなければ" in shown
    assert "<svg" in shown.partition("return-code")[2]
    for paper in ("a4", "a6"):
        label = inside.get(f"{page_of(returned)}/label?paper={paper}")
        assert label.headers["Content-Type"] == "application/pdf"
        assert label.content.startswith(b"%PDF-")


def test_a_person_decides_by_a_day_that_is_told(inside, made):
    returned = made(verdict=Verdict.NEEDS_PERSON)
    shown = inside.get(page_of(returned)).content.decode()
    assert "11月24日(火)までにメールでお返事します" in shown  # Friday 14:00; Monday is a holiday
    assert inside.get(f"{page_of(returned)}/label").status_code == 404
    assert "発送を知らせる" not in shown


def test_refused_with_the_paragraph_that_says_so(inside, made):
    shown = inside.get(page_of(made(verdict=Verdict.REFUSED))).content.decode()
    assert "返品をお受けできませんでした" in shown
    assert "第4条2項" in shown
    assert [state for state, _words in steps(shown)][1] == "stopped"


@pytest.mark.parametrize(
    ("carrier", "number", "words"),
    [
        ("yamato", "444413758704", "確認の数字が合いません"),
        ("yamato", "", "追跡番号を入れてください"),
        ("yamato", "EF719215461JP", "選んだ運送会社のものではない"),
        ("sagawa", "<script>", "確認の数字が合いません"),
    ],
)
def test_a_number_that_cannot_be_right_is_said_and_stays(inside, made, carrier, number, words):
    returned = made()
    told = {"do": "announce", "carrier": carrier, "tracking_number": number}
    answer = inside.post(page_of(returned), told)
    shown = answer.content.decode()
    if number == "<script>":
        assert "<script>" not in shown.partition("<main")[2]
        return
    assert answer.status_code == 422
    assert words in shown
    assert f'value="{number}"' in shown
    returned.refresh_from_db()
    assert (returned.parcel, returned.tracking_number) == (ParcelState.AWAITED, "")


def test_the_customer_tells_the_number_and_may_correct_it(inside, made):
    returned = made()
    told = {"do": "announce", "carrier": "yamato", "tracking_number": "４４４４-1375-8703"}
    answer = inside.post(page_of(returned), told)
    assert answer.headers["Location"].endswith("?said=announced")
    returned.refresh_from_db()
    assert (returned.parcel, returned.tracking_number) == (ParcelState.ON_ITS_WAY, "444413758703")
    shown = inside.get(page_of(returned)).content.decode()
    assert "お荷物をお待ちしています" in shown
    assert 'href="https://jizen.kuronekoyamato.co.jp' in shown
    inside.post(page_of(returned), told | {"carrier": "other", "tracking_number": "ABC-1"})
    returned.refresh_from_db()
    assert (returned.carrier, returned.tracking_number) == ("other", "ABC1")


def test_from_the_parcel_to_the_money(inside, made, warehouse, agent, now, moved):  # noqa: F811
    returned = made()
    line = returned.lines.get()
    later = now + timedelta(days=3)
    returns.book_in(by=warehouse, inside=[returns.Inside(line.pk, 1)], nonce="p1", now=later)
    shown = inside.get(page_of(returned)).content.decode()
    assert "品物を調べています" in shown
    assert [state for state, _words in steps(shown)] == ["done", "done", "done", "done", "now", "todo"]
    assert "までに結果をメールでお知らせします" in shown
    returns.inspect(by=warehouse, line_id=line.pk, checked=GOOD, now=later)
    shown = inside.get(page_of(returned)).content.decode()
    assert "返金の準備をしています" in shown


def test_photos_later(inside, made):
    returned = made()
    bad = {"do": "photos", "photos": [SimpleUploadedFile("a.txt", b"x"), picture()]}
    answer = inside.post(page_of(returned), bad)
    assert answer.status_code == 422
    assert "写真ではないようです" in answer.content.decode()
    assert ReturnPhoto.objects.filter(returned=returned).count() == 1
    assert inside.post(page_of(returned), {"do": "photos", "photos": picture(side=70)}).status_code == 302
    photo = ReturnPhoto.objects.order_by("id")[0]
    assert inside.get(f"{page_of(returned)}/photos/{photo.pk}").headers["Content-Type"] == "image/webp"
    ReturnPhoto.objects.filter(pk=photo.pk).update(stage=PhotoStage.INSPECTION)
    assert inside.get(f"{page_of(returned)}/photos/{photo.pk}").status_code == 404


def test_a_question_goes_into_the_case_once(inside, made):
    returned = made()
    before = Message.objects.filter(case=returned.case).count()
    empty = inside.post(page_of(returned), {"do": "ask", "words": "  "})
    assert empty.status_code == 422
    nonce = re.search(r'name="nonce" value="(\w+)"', empty.content.decode())[1]
    for _ in range(2):
        inside.post(page_of(returned), {"do": "ask", "words": "いつ届きますか", "nonce": nonce})
    found = Message.objects.filter(case=returned.case).order_by("id")
    assert found.count() == before + 1
    assert found.last().text == "いつ届きますか"
    assert inside.get(f"{page_of(returned)}?said=asked").content.decode().count("メールでお返事します") >= 1


def test_withdrawn_only_while_it_has_not_left(inside, made):
    returned = made()
    inside.post(page_of(returned), {"do": "announce", "carrier": "yamato", "tracking_number": "444413758703"})
    late = inside.post(page_of(returned), {"do": "withdraw"})
    assert late.headers["Location"].endswith("?said=moved_on")
    returned.refresh_from_db()
    assert returned.approval == Approval.APPROVED
    Return.objects.filter(pk=returned.pk).update(parcel=ParcelState.AWAITED)
    assert inside.post(page_of(returned), {"do": "withdraw"}).headers["Location"].endswith("?said=withdrawn")
    returned.refresh_from_db()
    assert returned.approval == Approval.WITHDRAWN


def test_nothing_of_anybody_else(inside, made, sold, comes_in, shop, now):  # noqa: F811
    returned = made()
    inside.post(page_of(returned), {"do": "photos", "photos": picture()})
    photo = ReturnPhoto.objects.get()
    stranger = comes_in(shop, sold("KM-30000", mail="other@mail.example").customer)
    where = page_of(returned)
    for path in (where, f"{where}/label", f"{where}/photos/{photo.pk}"):
        assert stranger.get(path).status_code == 404
    for do in ("announce", "photos", "ask", "withdraw", "nonsense"):
        told = {
            "do": do,
            "carrier": "yamato",
            "tracking_number": "444413758703",
            "words": "x",
            "photos": picture(side=9),
        }
        assert stranger.post(where, told).status_code == 404
    for number in (0, 999, 2**31, 2**62):
        assert inside.get(f"/p/komorebi/returns/{number}").status_code == 404
    assert inside.post(where, {"do": "nonsense"}).status_code == 404
    returned.refresh_from_db()
    assert (returned.approval, returned.tracking_number, returned.photos.count()) == (Approval.APPROVED, "", 1)


def test_the_home_lists_it_and_questions_are_few(inside, made, django_assert_max_num_queries):
    returned = made()
    assert page_of(returned) in inside.get("/p/komorebi/").content.decode()
    with django_assert_max_num_queries(16):
        inside.get(page_of(returned))


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "ko"])
def test_in_every_language(inside, made, language):
    shown = inside.get(f"{page_of(made())}?language={language}").content.decode()
    assert "$" not in re.sub(r"<[^>]+>", "", shown.partition("<main")[2])
