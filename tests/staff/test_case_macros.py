"""Macros where a reply is written: the menu, putting one in, what is said when something is missing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.cases.models import Draft, Message
from anshin.replies import actions
from anshin.replies.models import MacroUse
from tests.cases.writing import KASHIWAGI, arrive
from tests.replies.writing import content

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def macro(manager, now):
    return actions.save_macro(by=manager, content=content(closes_with="answered", adds_tags=("配送",)), now=now)


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@x", at=now).case


def url(case, *more):
    return "/".join([f"/s/komorebi/c/{case.number}", *map(str, more)])


def test_the_composer_offers_macros_without_a_query_more(signed_in, agent, case, macro, still):
    page = signed_in(agent).get(url(case)).content.decode()
    assert f'href="{url(case, "macros")}" data-macros ' in page
    assert 'id="macro-menu" popover' in page


def test_the_menu_lists_what_fits_first_and_finds_in_any_kana(signed_in, agent, manager, case, macro, still, now):
    actions.save_macro(by=manager, content=content(name="ザイコ確認", topics=("product.stock",)), now=now)
    client = signed_in(agent)
    page = client.get(url(case, "macros"), **SCRIPT).content.decode()
    assert "ザイコ確認" in page
    assert macro.name in page
    found = client.get(url(case, "macros") + "?q=ざいこ", **SCRIPT).content.decode()
    assert "ザイコ確認" in found
    assert macro.name not in found


def test_a_script_gets_the_text_and_what_stands_beside(signed_in, agent, case, macro, still):
    told = signed_in(agent).post(url(case, "macros", macro.pk), **SCRIPT).json()
    assert told["text"].startswith("柏木 由紀子 様")
    assert "注文番号がこの案件では分かりません" in told["offers"]
    assert 'name="closes_with" value="answered" checked' in told["offers"]
    assert 'name="adds_tag" value="配送" checked' in told["offers"]
    assert not Draft.objects.exists()


def test_without_a_script_it_goes_below_the_draft(signed_in, agent, case, macro, still):
    client = signed_in(agent)
    answer = client.post(url(case, "macros", macro.pk), {"text": "先に一言。"})
    assert answer["Location"] == url(case)
    assert Draft.objects.get().text.startswith("先に一言。\n\n柏木 由紀子 様")
    page = client.get(url(case)).content.decode()
    assert 'name="use"' in page
    assert "{{order.number}}" in page


def test_a_foreign_text_comes_with_its_japanese(signed_in, agent, shop, macro, still, now):
    text = "Hello, my parcel has not arrived yet. Where is it? I ordered two weeks ago and need it soon."
    case = arrive(shop, "b@x", at=now, text=text).case
    type(case).objects.filter(pk=case.pk).update(language="en")
    told = signed_in(agent).post(url(case, "macros", macro.pk), **SCRIPT).json()
    assert told["text"].startswith("Dear 柏木 由紀子")
    assert "英語の文です" in told["offers"]
    assert "配送状況をお調べします" in told["offers"]


def test_what_is_not_filled_in_stays_and_is_named(signed_in, agent, case, macro, post, still):
    client = signed_in(agent)
    client.post(url(case, "macros", macro.pk))
    use = MacroUse.objects.get()
    sent = {
        "text": Draft.objects.get().text,
        "to": KASHIWAGI.mail,
        "seen": "1",
        "use": use.pk,
        "adds_tag": "配送",
    }
    answer = client.post(url(case, "reply"), sent, **SCRIPT)
    assert answer.status_code == 422
    assert "本文の {{order.number}} が埋まっていません" in answer.content.decode()
    assert not Message.objects.filter(direction="out").exists()
    client.post(url(case, "reply"), sent | {"text": "KM-20417をお調べします。"}, **SCRIPT)
    case.refresh_from_db()
    use.refresh_from_db()
    assert (case.tag_names, case.status, use.message.text) == (["配送"], "waiting", "KM-20417をお調べします。")


def test_ticking_closing_closes_with_that_resolution(signed_in, agent, case, post, still):
    sent = {"text": "ご返金しました。", "to": KASHIWAGI.mail, "seen": "1", "closes_with": "refunded"}
    signed_in(agent).post(url(case, "reply"), sent, **SCRIPT)
    case.refresh_from_db()
    assert (case.status, case.resolution) == ("closed", "refunded")


def test_a_phrase_goes_in_for_its_author_only(signed_in, agent, new_agent, case, still, now):
    phrase = actions.save_phrase(
        by=agent, name="結び", text="{{customer.name}} 様、よろしくお願いいたします。", now=now
    )
    told = signed_in(agent).post(url(case, "phrases", phrase.pk), **SCRIPT).json()
    assert told["text"] == "柏木 由紀子 様、よろしくお願いいたします。"
    assert "結び" not in signed_in(new_agent).get(url(case, "macros"), **SCRIPT).content.decode()
    assert signed_in(new_agent).post(url(case, "phrases", phrase.pk), **SCRIPT).status_code == 422


def test_the_menu_costs_few_queries_however_many_macros(signed_in, agent, manager, case, macro, still, now):
    client = signed_in(agent)

    def count():
        with CaptureQueriesContext(connection) as seen:
            client.get(url(case, "macros"), **SCRIPT)
        return len(seen)

    count()
    few = count()
    for n in range(30):
        actions.save_macro(by=manager, content=content(name=f"定型文 {n}"), now=now)
    assert count() == few
    assert few <= 5
