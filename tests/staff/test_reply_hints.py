"""What stands beside a reply while it is written, and what a refusal asks for."""

import pytest

from anshin.cases.models import Message
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db
DENIED = "不良品であっても返品はお受けできません。"
SCRIPT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@x", at=now).case


def test_the_screen_says_why_and_asks_a_manager_for_the_reason(case, manager, signed_in, post, still):
    client, url = signed_in(manager), f"/s/komorebi/c/{case.number}"
    fields = {"text": DENIED, "to": KASHIWAGI.mail, "seen": "99"}
    answer = client.post(f"{url}/reply", fields, **SCRIPT)
    assert answer.status_code == 422
    assert 'name="despite"' in answer.content.decode()
    assert client.post(f"{url}/reply", fields | {"despite": "確認済み"}, **SCRIPT).status_code == 200


def test_hints_name_denials_words_and_promises(case, agent, signed_in, still):
    text = f"{DENIED}RMAを発行し、明日までにご連絡いたします。"
    page = signed_in(agent).post(f"/s/komorebi/c/{case.number}/hints", {"text": text}, **SCRIPT).content.decode()
    assert "民法 562–564条" in page
    assert 'data-replace="RMA" data-with="返品受付番号"' in page
    assert 'name="promise_shown"' in page
    assert not Message.objects.filter(direction="out").exists()


def test_another_shop_gets_no_hints(case, stranger, signed_in, still):
    assert signed_in(stranger).post(f"/s/komorebi/c/{case.number}/hints", {"text": "x"}, **SCRIPT).status_code == 404


def test_hints_name_the_question_left_out_and_words_that_hurt(shop, agent, signed_in, still, now):
    case = arrive(shop, "q@x", at=now, text="送料はいくらですか。ギフト包装はできますか。").case
    text = "> お言葉ですが\nお言葉ですが、送料は550円です。"
    page = signed_in(agent).post(f"/s/komorebi/c/{case.number}/hints", {"text": text}, **SCRIPT).content.decode()
    assert "まだ触れていないご質問: ギフト包装はできますか。" in page
    assert page.count("言い訳や反論に聞こえます") == 1
    assert 'data-replace="お言葉ですが" data-with="恐れ入りますが"' in page
