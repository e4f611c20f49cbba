# ruff: noqa: F811  fixtures
"""Several items in one request: one reason for all at first, each its own where the customer tells them apart."""

import re

import pytest

from anshin.cases.models import Message
from anshin.returns.models import Return, ReturnPhoto
from anshin.returns.terms import Judged, Payer, Verdict
from anshin.visits.models import DraftPhoto, ReturnDraft
from anshin.visits.rules import parts as rules
from anshin.visits.terms import Part
from tests.portal.conftest import picture
from tests.portal.test_requests import begun, inside, order  # noqa: F401  fixtures
from tests.returns.conftest import CLAUSE, sold  # noqa: F401
from tests.visits.conftest import moved  # noqa: F401

pytestmark = pytest.mark.django_db
BOTH = {"item": ["1", "2"], "quantity_1": "2", "quantity_2": "1"}
DEFECT = {"reason": "defect", "condition": "opened", "accessory": ["下げ札"]}
MIND = {"reason": "changed_mind", "condition": "unused"}


@pytest.fixture
def says_of(monkeypatch):
    """Let the policy say something of its own to a reason; the others are allowed at the shop's cost."""

    def judge(**by_reason):
        def answer(*_args, reason, **_values):
            told = {"verdict": Verdict.ALLOWED, "payer": Payer.SHOP, "clause": CLAUSE}
            return Judged(**(told | by_reason.get(reason, {})))

        monkeypatch.setattr("anshin.returns.queries.policies.judge", answer)

    judge()
    return judge


@pytest.fixture
def apart(inside, begun, says_of):
    """A request for all three pieces whose reasons are told apart; the two keys."""
    inside.post(f"{begun}/items", BOTH)
    answer = inside.post(f"{begun}/reason", {"go": "apart", "reason": "defect"})
    assert answer.headers["Location"] == f"{begun}/reason/1"
    return begun


def parts():
    return ReturnDraft.objects.get().parts


def test_one_reason_stands_for_all_unless_they_are_told_apart(inside, begun, says_of):
    inside.post(f"{begun}/items", BOTH)
    page = inside.get(f"{begun}/reason").content.decode()
    assert "理由は、すべての品物に共通です。" in page
    assert inside.post(f"{begun}/reason", DEFECT).headers["Location"] == f"{begun}/photos"
    assert [(part.position, part.quantity, part.reason) for part in parts()] == [(1, 2, "defect"), (2, 1, "defect")]
    assert [part.accessories for part in parts()] == [("下げ札",), ()]


def test_one_piece_is_asked_about_as_before(inside, begun, says_of):
    inside.post(f"{begun}/items", {"item": "2", "quantity_2": "1"})
    page = inside.get(f"{begun}/reason").content.decode()
    assert 'value="apart"' not in page
    assert inside.post(f"{begun}/reason", {"go": "apart"} | MIND).headers["Location"] == f"{begun}/photos"
    assert not ReturnDraft.objects.get().has_own_reasons
    assert 'value="apart"' not in inside.get(f"{begun}/wish").content.decode()


def test_each_item_has_its_own_reason_condition_photos_and_wish(inside, apart):
    assert "2件中の1件目" in inside.get(f"{apart}/reason/1").content.decode()
    assert inside.post(f"{apart}/reason/1", DEFECT | {"quantity": "2"}).headers["Location"] == f"{apart}/reason/2"
    second = inside.get(f"{apart}/reason/2").content.decode()
    assert "2件中の2件目" in second
    assert "下げ札" not in second
    assert inside.post(f"{apart}/reason/2", MIND).headers["Location"] == f"{apart}/photos"
    inside.post(f"{apart}/photos", {"go": "stay", "photos_1": picture()})
    inside.post(f"{apart}/photos", {"go": "on", "photos_2": picture(side=70)})
    assert inside.post(f"{apart}/wish", {"go": "apart", "wish": "refund"}).headers["Location"] == f"{apart}/wish"
    last = {"wish_1": "exchange", "wanted_1": "紺", "wish_2": "refund", "words": "よろしく"}
    where = inside.post(f"{apart}/wish", last).headers["Location"]
    first, other = Return.objects.order_by("number")
    assert where == f"/p/komorebi/returns/{first.number}"
    assert (first.wish, first.wanted, other.wish, other.wanted) == ("exchange", "紺", "refund", "")
    lines = [
        (line.position, line.quantity, line.reason, line.condition) for line in (*first.lines.all(), *other.lines.all())
    ]
    assert lines == [(1, 2, "defect", "opened"), (2, 1, "changed_mind", "unused")]
    shown = ReturnPhoto.objects.order_by("returned_id").values_list("returned__number", "line__position")
    assert list(shown) == [(first.number, 1), (other.number, 2)]
    assert first.case_id == other.case_id
    texts = "\n".join(Message.objects.filter(case=first.case, direction="in").values_list("text", flat=True))
    assert texts.count("よろしく") == 1
    assert "布 × 1\n理由: 気が変わった" in texts
    assert str(other) in inside.get(where).content.decode()
    assert "いっしょにお申し込みの品" in inside.get(f"/p/komorebi/returns/{other.number}").content.decode()


def test_pieces_of_one_line_have_reasons_of_their_own(inside, begun, says_of):
    inside.post(f"{begun}/items", {"item": "1", "quantity_1": "2"})
    inside.post(f"{begun}/reason", {"go": "apart"})
    answer = inside.post(f"{begun}/reason/1", DEFECT | {"quantity": "1"})
    assert answer.headers["Location"] == f"{begun}/reason/2"
    inside.post(f"{begun}/reason/2", MIND | {"quantity": "1"})
    inside.post(f"{begun}/photos", {"go": "on"})
    inside.post(f"{begun}/wish", {"wish": "refund"})
    made = Return.objects.get()
    assert [(line.position, line.quantity, line.reason) for line in made.lines.all()] == [
        (1, 1, "defect"),
        (1, 1, "changed_mind"),
    ]


def test_pressed_twice_several_returns_stay_as_many(inside, apart):
    inside.post(f"{apart}/reason/1", DEFECT | {"quantity": "2"})
    inside.post(f"{apart}/reason/2", MIND)
    inside.post(f"{apart}/photos", {"go": "on"})
    inside.post(f"{apart}/wish", {"go": "apart", "wish": "refund"})
    told = {"wish_1": "repair", "wish_2": "refund"}
    ways = {inside.post(f"{apart}/wish", told).headers["Location"] for _ in range(3)}
    assert len(ways) == 1
    assert Return.objects.count() == 2


def test_what_the_policy_answers_differently_is_answered_for_each(inside, apart, says_of):
    inside.post(f"{apart}/reason/1", DEFECT | {"quantity": "2"})
    inside.post(f"{apart}/reason/2", MIND)
    inside.post(f"{apart}/photos", {"go": "on"})
    says_of(changed_mind={"verdict": Verdict.REFUSED})
    page = inside.get(f"{apart}/wish").content.decode()
    assert "返品をお受けできます。" in page
    assert "お受けできません" in page
    inside.post(f"{apart}/wish", {"wish": "refund"})
    first, other = Return.objects.order_by("number")
    assert (first.approval, other.approval) == ("approved", "refused")
    assert (first.verdict, other.verdict) == (Verdict.ALLOWED, Verdict.REFUSED)


def test_one_parcel_is_paid_for_by_the_shop_and_its_fee_taken_once(inside, apart, says_of):
    inside.post(f"{apart}/reason/1", MIND | {"quantity": "2"})
    inside.post(f"{apart}/reason/2", DEFECT)
    inside.post(f"{apart}/photos", {"go": "on", "photos_2": picture()})
    inside.post(f"{apart}/wish", {"go": "apart", "wish": "refund"})
    says_of(changed_mind={"payer": Payer.CUSTOMER, "fee_yen": 300}, defect={"fee_yen": 300})
    inside.post(f"{apart}/wish", {"wish_1": "keep", "wish_2": "refund"})
    first, other = Return.objects.order_by("number")
    assert [first.lines.get().reason, other.lines.get().reason] == ["defect", "changed_mind"]
    assert {first.payer, other.payer} == {Payer.SHOP}
    assert [first.lines.get().fee_yen, other.lines.get().fee_yen] == [300, 0]


def test_the_photo_is_needed_of_the_item_that_needs_it(inside, apart, says_of):
    says_of(defect={"needs_photos": True})
    inside.post(f"{apart}/reason/1", DEFECT | {"quantity": "2"})
    inside.post(f"{apart}/reason/2", MIND)
    refused = inside.post(f"{apart}/photos", {"go": "on", "photos_2": picture()})
    assert refused.status_code == 422
    assert DraftPhoto.objects.get().part == 2
    page = refused.content.decode()
    assert page.index("写真が1枚以上要ります") < page.index('name="photos_2"')
    inside.post(f"{apart}/wish", {"wish": "refund"})
    assert not Return.objects.exists()
    assert inside.post(f"{apart}/photos", {"go": "on", "photos_1": picture()}).headers["Location"] == f"{apart}/wish"


def test_back_to_one_reason_the_photos_stay(inside, apart):
    inside.post(f"{apart}/reason/1", DEFECT | {"quantity": "1"})
    inside.post(f"{apart}/reason/3", MIND)
    inside.post(f"{apart}/reason/2", MIND)
    inside.post(f"{apart}/photos", {"go": "stay", "photos_1": picture(), "photos_2": picture()})
    assert DraftPhoto.objects.count() == 2
    assert inside.post(f"{apart}/reason/2", {"go": "join"}).headers["Location"] == f"{apart}/reason"
    assert [(part.position, part.quantity, part.reason) for part in parts()] == [(1, 2, "defect"), (2, 1, "defect")]
    assert DraftPhoto.objects.get().part == 0
    assert 'value="defect" checked' in inside.get(f"{apart}/reason").content.decode()


def test_what_an_item_lacks_is_said_on_its_own_page(inside, apart):
    missing = inside.post(f"{apart}/reason/2", {"reason": "changed_mind"})
    assert missing.status_code == 422
    assert "2件中の2件目" in missing.content.decode()
    assert "品物の状態を選んでください" in missing.content.decode()
    assert inside.get(f"{apart}/photos").headers["Location"] == f"{apart}/reason"
    assert inside.get(f"{apart}/reason").headers["Location"] == f"{apart}/reason/1"
    assert inside.post(f"{apart}/reason/9", MIND).headers["Location"] == f"{apart}/reason"
    assert inside.post(f"{apart}/reason/2", MIND | {"quantity": "7"}).status_code == 302
    assert [part.quantity for part in parts()] == [2, 1]


def test_a_wish_that_an_item_lacks_is_said_beside_it(inside, apart):
    inside.post(f"{apart}/reason/1", DEFECT | {"quantity": "2"})
    inside.post(f"{apart}/reason/2", MIND)
    inside.post(f"{apart}/photos", {"go": "on"})
    inside.post(f"{apart}/wish", {"go": "apart", "wish": "refund"})
    refused = inside.post(f"{apart}/wish", {"wish_1": "refund", "wish_2": "exchange"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert page.index('name="wish_2"') < page.index("交換する色やサイズを書いてください")
    assert inside.post(f"{apart}/wish", {"go": "join", "wish_1": "repair"}).headers["Location"] == f"{apart}/wish"
    assert {part.wish for part in parts()} == {"repair"}
    assert not Return.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "ko"])
def test_told_apart_in_every_language(inside, apart, language):
    inside.post(f"{apart}/reason/1", DEFECT | {"quantity": "1"})
    inside.post(f"{apart}/reason/3", MIND)
    inside.post(f"{apart}/reason/2", MIND)
    inside.post(f"{apart}/wish", {"go": "apart", "wish": "refund"})
    for step in ("reason/1", "reason/2", "photos", "wish"):
        shown = inside.get(f"{apart}/{step}?language={language}").content.decode()
        body = re.sub(r"<script.*?</script>|<[^>]+>", "", shown.partition("<main")[2])
        assert "$" not in body
        assert f'<html lang="{language}"' in shown


A2, B1 = Part(1, 1, 2, "defect"), Part(2, 2, 1, "other")


@pytest.mark.parametrize(
    ("key", "quantity", "expected"),
    [
        (1, 1, [(1, 1, 1), (3, 1, 1), (2, 2, 1)]),
        (1, 2, [(1, 1, 2), (2, 2, 1)]),
        (1, 0, [(1, 1, 2), (2, 2, 1)]),
        (1, 3, [(1, 1, 2), (2, 2, 1)]),
        (2, 1, [(1, 1, 2), (2, 2, 1)]),
        (9, 1, [(1, 1, 2), (2, 2, 1)]),
    ],
)
def test_parting_keeps_all_pieces(key, quantity, expected):
    found = rules.parted([A2, B1], key, quantity)
    assert [(part.key, part.position, part.quantity) for part in found] == expected


def test_parted_pieces_come_back():
    three = rules.parted([A2, B1], 1, 1)
    assert rules.parted(three, 1, 2) == [A2, B1]
    assert rules.joined(three) == [A2, Part(2, 2, 1, "defect")]


def test_other_quantities_begin_a_position_anew():
    three = rules.parted([A2, B1], 1, 1)
    assert rules.chosen(three, {1: 2, 2: 1}) == three
    assert rules.chosen(three, {1: 1, 3: 4}) == [Part(1, 1, 1, "defect"), Part(4, 3, 4)]
