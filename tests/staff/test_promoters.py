"""Promoters on the desk: 未確認 is shown and offers no sample; what is refused keeps what was filled in; files."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from anshin.commerce.models import Product
from anshin.promoters.models import Check, Promoter, Sample
from tests.conftest import member

pytestmark = pytest.mark.django_db
BASE = "/s/komorebi/promoters"
TOLD = {
    "name": "みどりの台所",
    "platform": "instagram",
    "address": "https://instagram.example/m",
    "followers": "18,400",
}
CHECK = {"followers": "１８３２０", "posts": "20", "reactions": "610", "evidence": "直近20件", "verdict": "verified"}


@pytest.fixture
def desk(still, signed_in, manager):
    return signed_in(manager)


@pytest.fixture
def found(desk, shop):
    Product.objects.create(shop=shop, sku="CP-1", name="湯のみ 白")
    Product.objects.create(shop=shop, sku="CP-2", name="湯のみ 黒")
    assert desk.post(f"{BASE}/add", TOLD).status_code == 302
    return Promoter.objects.get()


def look_at(desk, found, **more):
    told = CHECK | {"account": found.accounts.get().pk} | more
    return desk.post(f"{BASE}/{found.pk}/check", told, follow=True)


def send(desk, found, **more):
    told = {"sku": "CP-1", "sent_on": "2026-11-20", "disclosure": "pr"} | more
    return desk.post(f"{BASE}/{found.pk}/samples", told)


def rows(client, name):
    text = client.get(name).content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:])))


def test_without_a_check_the_page_says_so_and_offers_no_sample(desk, found):
    page = desk.get(f"{BASE}/{found.pk}").content.decode()
    assert "未確認" in page and "サンプルを記録する" not in page
    assert "未確認" in desk.get(BASE).content.decode()
    answer = send(desk, found)
    assert answer.status_code == 422 and "確認済のインフルエンサーだけ" in answer.content.decode()
    assert not Sample.objects.exists()


def test_a_check_opens_samples_and_the_post_follows(desk, found):
    page = look_at(desk, found).content.decode()
    assert "確認済" in page and "サンプルを記録する" in page and "3.33 %" in page and "18,320" in page
    assert send(desk, found).status_code == 302
    kept = Sample.objects.get()
    post = {"address": "https://instagram.example/p/1", "posted_on": "2026-11-20", "seen": "missing"}
    page = desk.post(f"{BASE}/{found.pk}/samples/{kept.pk}/post", post, follow=True).content.decode()
    assert "https://instagram.example/p/1" in page and "約束した表示がない" in page and 'rel="noopener' in page


def test_passed_over_with_its_reason(desk, found):
    page = look_at(desk, found, verdict="passed_over", reason="bought_followers").content.decode()
    assert "見送り" in page and "フォロワーの水増しが疑われる" in page and "サンプルを記録する" not in page


def test_what_is_refused_keeps_what_was_filled_in(desk, found):
    answer = look_at(desk, found, verdict="passed_over", reason="", words="<b>だめ")
    page = answer.content.decode()
    assert answer.status_code == 422 and "理由を選んで" in page and "直近20件" in page and "&lt;b&gt;だめ" in page
    again = desk.post(f"{BASE}/add", TOLD | {"name": "別の人"})
    assert again.status_code == 422 and "すでに" in again.content.decode() and "別の人" in again.content.decode()
    assert Check.objects.count() == 0 and Promoter.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "many", "-3", "9" * 13, "1.5"])
def test_a_count_that_is_none_is_refused(desk, typed):
    assert desk.post(f"{BASE}/add", TOLD | {"followers": typed}).status_code == 422
    assert not Promoter.objects.exists()


def test_a_product_is_named_by_words_when_only_one_fits(desk, found):
    look_at(desk, found)
    several = send(desk, found, sku="湯のみ")
    assert several.status_code == 422 and "CP-1 湯のみ 白 / CP-2 湯のみ 黒" in several.content.decode()
    assert send(desk, found, sku="湯のみ 黒").status_code == 302
    assert Sample.objects.get().sku == "CP-2"


@pytest.mark.parametrize("day", ["", "gestern", "2026-11-21"])
def test_a_wrong_day_is_refused(desk, found, day):
    look_at(desk, found)
    assert send(desk, found, sent_on=day).status_code == 422


def test_files_hold_the_filtered_list_and_no_formula(desk, found):
    formula = TOLD | {"name": "=cmd|'/c calc'!A0", "address": "https://x.example/f"}
    desk.post(f"{BASE}/add", formula)
    look_at(desk, found)
    send(desk, found, note="@sum")
    told = rows(desk, f"{BASE}.csv")
    assert [row[0] for row in told[1:]] == ["'=cmd|'/c calc'!A0", "みどりの台所"]
    assert rows(desk, f"{BASE}.csv?standing=verified")[1][:2] == ["みどりの台所", "確認済"]
    samples = rows(desk, f"{BASE}/samples.csv")
    assert samples[1] == [
        "みどりの台所",
        "2026-11-20",
        "CP-1",
        "湯のみ 白",
        "「PR」",
        "",
        "",
        "まだ確かめていない",
        "'@sum",
    ]


def test_agents_look_and_change_nothing_the_warehouse_sees_nothing(desk, found, signed_in, agent, shop):
    theirs = signed_in(agent)
    page = theirs.get(f"{BASE}/{found.pk}").content.decode()
    assert "みどりの台所" in page and "確認を記録する" not in page
    assert "名簿に書く" not in theirs.get(BASE).content.decode()
    assert theirs.post(f"{BASE}/add", TOLD).status_code == 403
    assert theirs.post(f"{BASE}/{found.pk}/check", CHECK).status_code == 403
    keeper = signed_in(member(shop, "warehouse", "w@komorebi.example", "倉田 蔵"))
    assert (
        keeper.get(BASE).status_code == 403
        and "インフルエンサー" not in keeper.get("/s/komorebi/inbox/all").content.decode()
    )


def test_another_shop_sees_nothing(desk, found, signed_in, other_shop):
    theirs = signed_in(member(other_shop, "manager", "m@shiosai.example", "汐見 守"))
    there = f"/s/{other_shop.slug}/promoters"
    assert theirs.get(f"{there}/{found.pk}").status_code == 404
    assert "みどり" not in theirs.get(there).content.decode()
    assert len(rows(theirs, f"{there}.csv")) == 1


def test_the_pages_are_whole_in_english(desk, found):
    look_at(desk, found)
    send(desk, found)
    desk.cookies["anshin_language"] = "en"
    page = desk.get(f"{BASE}/{found.pk}").content.decode()
    assert "Verified until" in page and "3.33 % react (610 per post, 20 posts)" in page and "確認" not in page
    assert "18,400 followers stated" in desk.get(BASE).content.decode()


def test_the_journal_says_what_was_done(desk, found):
    look_at(desk, found, verdict="passed_over", reason="unfit")
    page = desk.get("/s/komorebi/journal").content.decode()
    assert (
        "インフルエンサーのフォロワーを確認" in page and "お店や商品に合わない" in page and "みどりの台所" not in page
    )
