"""Opening a return from a case: what is chosen, the policy's word before it is saved, and who may."""

import re

import pytest

from anshin.plumbing.journal.models import JournalEntry
from anshin.returns.models import Return
from anshin.returns.terms import Approval, Condition, Payer, Reason, Verdict, Wish
from tests.cases.writing import KASHIWAGI
from tests.cases.writing import arrive as write
from tests.conftest import NOW
from tests.returns.conftest import ask, says, sold  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(sold, says, still):  # noqa: F811
    """An order of the customer who writes."""
    return sold(mail=KASHIWAGI.mail)


@pytest.fixture
def case(shop, order, post):
    """A case that names it."""
    return write(shop, "a@x", at=NOW, text="KM-20417の色が違います。返品できますか。").case


def page_of(case):
    return f"/s/komorebi/c/{case.number}/returns/new"


def form(order, **more):
    """What a clerk chooses about the first item."""
    key = f"{order.pk}.1"
    return {
        f"quantity.{key}": "1",
        f"reason.{key}": "not_as_pictured",
        f"sub_reason.{key}": "colour",
        f"condition.{key}": "unused",
        "wish": "refund",
        "words": "色が違うとのこと。",
        "nonce": "abc",
    } | more


def words_of(answer):
    """What a reader sees."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def seen_of(answer):
    """What the page has shown, as it sends it along."""
    return re.search(r'name="seen" value="([0-9a-f]*)"', answer.content.decode()).group(1)


def looked(client, case, order, **more):
    """The page with the policy's judgement."""
    return client.post(page_of(case), form(order, do="look", **more))


def test_the_case_leads_to_the_form_with_its_order(client, agent, case):
    client.force_login(agent.person)
    card = client.get(f"/s/komorebi/c/{case.number}/returns", headers={"HX-Request": "true"})
    assert f'href="{page_of(case)}"' in card.content.decode()
    shown = words_of(client.get(page_of(case)))
    for words in ("KM-20417", "帆布トートバッグ M 生成り", "購入1点", "KM-20417の色が違います。"):
        assert words in shown, words


def test_the_judgement_is_seen_before_anything_is_saved(client, agent, case, order):
    client.force_login(agent.person)
    shown = words_of(looked(client, case, order))
    for words in ("第4条2項", "返品を作るとすぐに承認され", "返送料は当店"):
        assert words in shown, words
    assert not Return.objects.exists()


def test_what_was_seen_becomes_a_return_of_this_case(client, agent, case, order):
    client.force_login(agent.person)
    seen = seen_of(looked(client, case, order))
    answer = client.post(page_of(case), form(order, do="save", seen=seen))
    made = Return.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/s/komorebi/returns/{made.number}")
    assert (made.case_id, made.wish, made.is_by_customer, made.approval) == (
        case.pk,
        Wish.REFUND,
        False,
        Approval.APPROVED,
    )
    line = made.lines.get()
    assert (line.order, line.reason, line.sub_reason, line.condition) == (
        order,
        Reason.NOT_AS_PICTURED,
        "colour",
        Condition.UNUSED,
    )
    assert JournalEntry.objects.get(event="return.requested").actor_id == agent.pk


def test_saved_twice_it_is_one_return(client, agent, case, order):
    client.force_login(agent.person)
    seen = seen_of(looked(client, case, order))
    for _ in range(2):
        answer = client.post(page_of(case), form(order, do="save", seen=seen))
    assert answer.status_code in {302, 422} and Return.objects.count() == 1


def test_without_a_look_nothing_is_saved(client, agent, case, order):
    client.force_login(agent.person)
    answer = client.post(page_of(case), form(order, do="save"))
    assert answer.status_code == 422 and "保存の前に" in words_of(answer)
    assert not Return.objects.exists()


def test_a_judgement_that_changed_is_shown_again(client, agent, case, order, says):  # noqa: F811
    client.force_login(agent.person)
    seen = seen_of(looked(client, case, order))
    says(Verdict.NEEDS_PERSON, Payer.CUSTOMER)
    answer = client.post(page_of(case), form(order, do="save", seen=seen))
    assert answer.status_code == 422 and "送料はお客様" in words_of(answer)
    assert not Return.objects.exists()
    client.post(page_of(case), form(order, do="save", seen=seen_of(answer)))
    assert Return.objects.get().approval == Approval.ASKED


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"quantity": "0"}, "商品を1つ以上"),
        ({"reason": ""}, "理由と状態"),
        ({"condition": "nonsense"}, "理由と状態"),
        ({"quantity": "7"}, "1点まで"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(client, agent, case, order, change, sentence):
    client.force_login(agent.person)
    typed = form(order, do="look") | {f"{name}.{order.pk}.1": value for name, value in change.items()}
    answer = client.post(page_of(case), typed)
    assert answer.status_code == 422
    assert "色が違うとのこと。" in words_of(answer)
    assert re.search(r'role="alert"', answer.content.decode())
    assert not Return.objects.exists()


def test_another_order_is_taken_in_by_its_number(client, agent, case, sold):  # noqa: F811
    sold("KM-99999", mail="somebody@mail.example")
    client.force_login(agent.person)
    shown = words_of(client.get(page_of(case), {"order": "ｋｍ-９９９９９"}))
    assert "注文 KM-99999" in shown and "この案件のお客様の注文ではありません" in shown
    assert "この番号の注文はありません" in words_of(client.get(page_of(case), {"order": "KM-0"}))


def test_what_is_on_its_way_back_cannot_be_chosen_again(client, agent, case, order, ask):  # noqa: F811
    ask(order)
    client.force_login(agent.person)
    assert "すべて返品の手続きに入っています。" in words_of(client.get(page_of(case)))
    answer = client.post(page_of(case), form(order, do="look"))
    seen = seen_of(answer)
    assert client.post(page_of(case), form(order, do="save", seen=seen)).status_code == 422
    assert Return.objects.count() == 1


def test_the_warehouse_and_another_shop_may_not(client, warehouse, stranger, case, order):
    client.force_login(warehouse.person)
    assert client.get(page_of(case)).status_code == 403
    assert client.post(page_of(case), form(order, do="save")).status_code == 403
    card = client.get(f"/s/komorebi/c/{case.number}/returns", headers={"HX-Request": "true"})
    assert page_of(case) not in card.content.decode()
    client.force_login(stranger.person)
    other = write(stranger.shop, "b@x", at=NOW, text="こんにちは").case
    assert client.get(page_of(case)).status_code == 404
    there = f"/s/shiosai/c/{other.number}/returns/new"
    assert "この番号の注文はありません" in words_of(client.get(there, {"order": "KM-20417"}))
    client.post(there, form(order, do="save") | {"order": "KM-20417"})
    assert not Return.objects.exists()
