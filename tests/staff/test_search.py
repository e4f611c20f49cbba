"""The search page and the field of Ctrl-K: what is found, what is said, and what nobody may learn from them."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.cases import actions
from anshin.cases.terms import Party
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.shops import rules
from anshin.shops.terms import Permission, Role
from tests.cases.writing import KASHIWAGI, MIKUMO, arrive
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(shop, agent, still):
    """Three cases: a return, a delivery, and one of a year ago."""
    found = {
        "return": arrive(shop, "a@x", at=NOW, subject="返品の件", text="色が違うので返品したいです。").case,
        "parcel": arrive(
            shop,
            "b@x",
            at=NOW - timedelta(days=8),
            sender=MIKUMO,
            subject="配送",
            text="荷物が届きません。引越しの前です。",
        ).case,
        "old": arrive(
            shop,
            "c@x",
            at=NOW - timedelta(days=400),
            sender=Party("髙橋 一郎", "t@x.example"),
            subject="問い合わせ",
            text="返品できますか。",
        ).case,
    }
    run_due_jobs(NOW)
    return found


def page(client, shop, typed, **values):
    query = "&".join(f"{name}={quote(value)}" for name, value in {"q": typed, **values}.items())
    answer = client.get(f"/s/{shop.slug}/search?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(html):
    """Numbers of the cases on the page, in order."""
    return [int(part.split('"')[0]) for part in html.split('found-link row-link" href="/s/komorebi/c/')[1:]]


def test_words_find_cases_newest_first_with_the_words_marked(client, shop, agent, cases):
    client.force_login(agent.person)
    html = page(client, shop, "返品")
    assert numbers(html) == [cases["return"].number, cases["old"].number]
    assert "2件" in html
    assert "<mark>返品</mark>の件" in html
    assert "色が違うので<mark>返品</mark>したいです。" in html


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("高橋", "<mark>髙橋</mark>"),
        ("引っ越し", "<mark>引越し</mark>"),
        ('"届きません"', "<mark>届きません</mark>"),
    ],
)
def test_other_spellings_are_marked_as_they_stand(client, shop, agent, cases, typed, marked):
    client.force_login(agent.person)
    assert marked in page(client, shop, typed)


FILTERS = [
    ("担当:自分", ["return", "parcel"]),
    ("担当:なし 返品", ["old"]),
    ("担当:竹内 返品", ["return"]),
    ("状態:対応待ち 返品", ["return", "old"]),
    ("状態:解決済み", ["parcel"]),
    ("status:closed", ["parcel"]),
    ("期間:今日", ["return"]),
    ("期間:先週", ["parcel"]),
    ("期間:去年 返品", ["old"]),
    ("期間:2026-11", ["return", "parcel"]),
    ("期間:11/1~11/13", ["parcel"]),
    ("タグ:至急", ["return"]),
    ("担当：自分　状態：対応待ち　期間：今週　返品", ["return"]),
    ("状態:対応待ち 状態:解決済み 期間:今月", ["return", "parcel"]),
    ("返品 -色", ["old"]),
]


@pytest.mark.parametrize(("typed", "expected"), FILTERS)
def test_filters_are_words_that_a_clerk_types(client, shop, agent, cases, typed, expected):
    actions.assign(by=agent, case_id=cases["return"].pk, owner=agent, now=NOW)
    actions.set_tags(by=agent, case_id=cases["return"].pk, names=["至急"], now=NOW)
    actions.close(by=agent, case_id=cases["parcel"].pk, resolution="answered", now=NOW)
    client.force_login(agent.person)
    html = page(client, shop, typed)
    assert numbers(html) == [cases[name].number for name in expected]
    assert f"{len(expected)}件" in html


STANDING = [
    ("担当:自分 状態:対応待ち", 2),
    ("担当:なし 状態:対応待ち", 1),
    ("担当:自分 担当:なし 状態:対応待ち", 3),
    ("状態:対応待ち 状態:お客様待ち", 3),
    ("担当:自分 状態:解決済み", 1),
    ("状態:迷惑メール", 0),
]


@pytest.mark.parametrize(("typed", "count"), STANDING)
def test_where_cases_stand_is_counted_as_they_are_listed(client, shop, agent, still, typed, count):
    """By the counters, except for closed cases, among which are merged ones that no list shows."""
    made = [arrive(shop, f"{n}@x", at=NOW, sender=Party("", f"{n}@x.example")).case for n in range(6)]
    for case in made[:4]:
        actions.assign(by=agent, case_id=case.pk, owner=agent, now=NOW)
    actions.merge(by=agent, case_id=made[0].pk, into_number=made[1].number, now=NOW)
    actions.close(by=agent, case_id=made[3].pk, resolution="answered", now=NOW)
    actions.merge(by=agent, case_id=made[5].pk, into_number=made[4].number, now=NOW)
    client.force_login(agent.person)
    html = page(client, shop, typed)
    assert len(numbers(html)) == count
    assert (f"{count}件" in html) == bool(count)


def test_a_filter_that_means_nothing_is_said_and_finds_nothing(client, shop, agent, cases):
    client.force_login(agent.person)
    html = page(client, shop, "担当:山本 返品")
    assert numbers(html) == []
    assert "「担当:山本」に当てはまるものがありません。" in html


def test_without_anything_the_page_says_how_to_search(client, shop, agent, cases):
    client.force_login(agent.person)
    assert "検索のしかた" in page(client, shop, "")
    assert "当てはまる案件がありません" in page(client, shop, "存在しない言葉")
    assert "「の」は短すぎる" in page(client, shop, "の")


def test_spam_is_found_only_by_its_status(client, shop, agent, cases):
    actions.mark_spam(by=agent, case_id=cases["return"].pk, now=NOW)
    run_due_jobs(NOW)
    client.force_login(agent.person)
    assert numbers(page(client, shop, "返品")) == [cases["old"].number]
    assert numbers(page(client, shop, "状態:迷惑メール 返品")) == [cases["return"].number]
    assert numbers(page(client, shop, "期間:今日")) == []


def test_what_stands_in_mails_is_no_markup(client, shop, agent, still):
    arrive(shop, "x@x", at=NOW, subject="<b>返品</b>", text="<script>alert('返品')</script>")
    run_due_jobs(NOW)
    client.force_login(agent.person)
    html = page(client, shop, "返品")
    assert "<script>alert" not in html
    assert "&lt;b&gt;<mark>返品</mark>&lt;/b&gt;" in html
    assert "<img" not in page(client, shop, '"><img src=x>').split("<main")[1]


def test_card_numbers_are_masked_in_passages(client, shop, manager, still):
    arrive(shop, "x@x", at=NOW, text="カード番号は4111 1111 1111 1111です。返品します。")
    run_due_jobs(NOW)
    client.force_login(manager.person)
    html = page(client, shop, "返品")
    assert "<mark>返品</mark>" in html
    assert "4111" not in html


def test_another_shops_words_are_nowhere(client, shop, other_shop, agent, stranger, cases):
    arrive(other_shop, "s@x", at=NOW, subject="干物の返品", text="干物を返品したい")
    run_due_jobs(NOW)
    client.force_login(agent.person)
    html = page(client, shop, "返品")
    assert "干物" not in html
    assert "2件" in html
    assert numbers(page(client, shop, "干物")) == []
    assert "干物の返品" not in client.get(f"/s/{shop.slug}/palette?q=干物").content.decode()
    client.force_login(stranger.person)
    assert client.get(f"/s/{shop.slug}/search?q=返品").status_code == 404
    assert client.get(f"/s/{shop.slug}/palette?q=返品").status_code == 404


def without(monkeypatch, role, permission):
    monkeypatch.setattr(rules, "MAY", {**rules.MAY, role: rules.MAY[role] - {permission}})


def test_whoever_may_not_see_notes_learns_nothing_of_them(client, shop, agent, warehouse, cases, monkeypatch):
    actions.add_note(by=agent, case_id=cases["return"].pk, text="常連のクレーマー", now=NOW)
    run_due_jobs(NOW)
    client.force_login(warehouse.person)
    seen = page(client, shop, "クレーマー")
    assert numbers(seen) == [cases["return"].number]
    assert "常連の<mark>クレーマー</mark>" in seen

    without(monkeypatch, Role.WAREHOUSE, Permission.WRITE_NOTES)
    for typed in ("クレーマー", "返品 クレーマー", '"常連の"', "返品 -存在しない クレーマー"):
        html = page(client, shop, typed)
        assert numbers(html) == []
        assert "1件" not in html
    assert "常連" not in page(client, shop, "返品")
    assert numbers(page(client, shop, "返品 -クレーマー")) == [cases["return"].number, cases["old"].number]


def test_whoever_may_not_see_orders_gets_none_offered(client, shop, agent, warehouse, cases, monkeypatch):
    from anshin.commerce.actions import take_in_order
    from anshin.commerce.terms import Buyer, IncomingOrder, SalesChannel
    from anshin.plumbing.journal.actors import Actor

    order = IncomingOrder(
        channel=SalesChannel.OWN,
        number="KM-20417",
        ordered_at=NOW,
        buyer=Buyer(name=KASHIWAGI.name, mail=KASHIWAGI.mail),
    )
    take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=NOW)
    client.force_login(warehouse.person)
    assert "/orders/" in client.get(f"/s/{shop.slug}/palette?q=km20417").content.decode()
    assert "/customers/" in client.get(f"/s/{shop.slug}/palette?q=柏木").content.decode()
    without(monkeypatch, Role.WAREHOUSE, Permission.SEE_ORDERS)
    assert "/orders/" not in client.get(f"/s/{shop.slug}/palette?q=km20417").content.decode()
    assert "/customers/" not in client.get(f"/s/{shop.slug}/palette?q=柏木").content.decode()


def test_the_field_offers_cases_customers_and_pages(client, shop, agent, cases):
    client.force_login(agent.person)
    everything = client.get(f"/s/{shop.slug}/palette").content.decode()
    assert "/inbox/mine" in everything
    html = client.get(f"/s/{shop.slug}/palette?q=返品").content.decode()
    assert f"/c/{cases['return'].number}" in html
    assert "/search?q=%E8%BF%94%E5%93%81" in html
    assert "/inbox/waiting" in client.get(f"/s/{shop.slug}/palette?q=お客様待ち").content.decode()
    assert (
        f"/c/{cases['old'].number}" in client.get(f"/s/{shop.slug}/palette?q=%23{cases['old'].number}").content.decode()
    )


def test_pages_follow_one_another(client, shop, agent, still):
    for n in range(60):
        sender = Party("三雲", f"m{n}@x.example")
        arrive(shop, f"m{n}@x", at=NOW - timedelta(minutes=n), sender=sender, subject=f"件 {n}", text="見本の返品です")
    run_due_jobs(NOW)
    client.force_login(agent.person)
    for typed in ("返品", "期間:今日", "担当:なし 返品"):
        seen, cursor = [], ""
        for _each in range(4):
            html = page(client, shop, typed, page=cursor)
            seen += numbers(html)
            assert "60件" in html
            if 'rel="next"' not in html:
                break
            cursor = html.split('rel="next" href="')[1].split('"')[0].split("page=")[1]
        assert len(seen) == len(set(seen)) == 60
    assert client.get(f"/s/{shop.slug}/search?q=返品&page=xyz").status_code == 404


@pytest.mark.parametrize("typed", ["返品", '"見本の返品"', "担当:なし 返品", "期間:今日"])
def test_a_page_makes_as_many_queries_for_many_hits_as_for_few(client, shop, agent, still, typed):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            page(client, shop, typed)
        return len(seen)

    for n in range(2):
        arrive(shop, f"a{n}@x", at=NOW, sender=Party("三雲", f"a{n}@x.example"), text="見本の返品です")
    run_due_jobs(NOW)
    client.force_login(agent.person)
    queries()
    few = queries()
    for n in range(30):
        arrive(shop, f"b{n}@x", at=NOW, sender=Party("三雲", f"b{n}@x.example"), text="見本の返品です")
    run_due_jobs(NOW)
    assert queries() <= few + 1
    assert few <= 12
