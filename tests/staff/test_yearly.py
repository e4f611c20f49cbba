"""The yearly figures on the desk: chart, table and files say the same; who may see and who may read in."""

from __future__ import annotations

import csv
import re
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anshin.insights.models import LedgerFile, Occasion
from tests.conftest import member
from tests.insights.conftest import ledger

pytestmark = pytest.mark.django_db
BASE = "/s/komorebi/yearly"


@pytest.fixture
def desk(still, signed_in, manager):
    return signed_in(manager)


@pytest.fixture
def full(desk):
    bring(desk, ledger())
    return desk


def bring(client, text, base=BASE):
    return client.post(f"{base}/ledgers", {"file": SimpleUploadedFile("台帳.csv", text.encode("cp932"))}, follow=True)


def bars(svg):
    """(year, branch) to count, as the picture says it, and to its height in pixels."""
    found = re.findall(r'height="([\d.]+)"><title>(\d+)年度 (\S+): ([\d,]+)</title>', svg)
    return {(year, branch): (int(count.replace(",", "")), float(height)) for height, year, branch, count in found}


def table(client):
    text = client.get(f"{BASE}.csv").content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_the_page_says_what_was_published(full):
    page = full.get(BASE).content.decode()
    for words in ("過剰要求 69%増", "48件から81件へ", "+68.8 %", "+1.5 %", "+32.3 %", "−20.4 %", "+48.0 %", "+40.0 %"):
        assert words in page
    assert page.count("40%以上") == 3


def test_bars_of_page_and_file_equal_the_table(full):
    rows = table(full)
    heads = rows[0]
    told = {
        (row[0].removesuffix("年度"), name): int(row[heads.index(name)])
        for row in rows[1:]
        if row and row[0].endswith("年度") and row[0][:4] in {"2017", "2018"}
        for name in ("顧客対応", "顧客対応以外")
    }
    assert told == {
        ("2017", "顧客対応"): 189,
        ("2017", "顧客対応以外"): 265,
        ("2018", "顧客対応"): 250,
        ("2018", "顧客対応以外"): 211,
    }
    answer = full.get(f"{BASE}.svg")
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    for svg in (answer.content.decode(), full.get(BASE).content.decode()):
        drawn = bars(svg)
        assert {key: count for key, (count, _height) in drawn.items()} == told
        tall = drawn["2018", "顧客対応"][1] / drawn["2017", "顧客対応以外"][1]
        assert tall == pytest.approx(250 / 265, abs=0.005)


def test_the_table_has_percent_as_numbers(full):
    year = next(row for row in table(full) if row and row[0] == "2018年度")
    assert year == ["2018年度", "461", "1.5", "250", "32.3", "211", "-20.4", "361", "100"]
    assert ["過剰要求", "顧客対応", "81", "48", "68.8"] in table(full)


def test_what_happened_stands_at_its_day_and_goes(full):
    told = {"happened_on": "2018-04-01", "kind": "law", "title": "改正法 施行<b>"}
    assert full.post(f"{BASE}/notes", told).status_code == 302
    page = full.get(BASE).content.decode()
    assert "改正法 施行&lt;b&gt;" in page and "<b>施行" not in page
    assert 'class="year-mark" x1="53.5%"' in page  # between the two years: 1 April 2018
    assert 'x1="53.5%"' in full.get(f"{BASE}.svg").content.decode()
    full.post(f"{BASE}/notes/{Occasion.objects.get().pk}/remove")
    assert "改正法" not in full.get(BASE).content.decode()


@pytest.mark.parametrize("wrong", [{"happened_on": "gestern"}, {"title": " "}, {"kind": "party"}])
def test_a_wrong_note_is_refused_with_words(full, wrong):
    answer = full.post(f"{BASE}/notes", {"happened_on": "2018-04-01", "kind": "law", "title": "施行"} | wrong)
    assert answer.status_code == 422 and not Occasion.objects.exists()


def test_a_row_that_was_not_taken_in_is_explained(desk):
    page = bring(desk, ledger("x,2018-05-01,一般,顧客対応,過剰要求,1")).content.decode()
    assert "会員でも非会員でもありません" in page
    assert desk.get(f"{BASE}/ledgers").status_code == 200
    assert desk.post(f"{BASE}/ledgers").status_code == 422


def test_nothing_yet_says_what_to_do(desk):
    assert "台帳" in desk.get(BASE).content.decode()
    assert desk.get(f"{BASE}.svg").status_code == 404


def test_an_agent_may_not_and_another_shop_sees_nothing(full, signed_in, agent, other_shop):
    assert signed_in(agent).get(BASE).status_code == 403
    theirs = signed_in(member(other_shop, "manager", "m@shiosai.example", "汐見 守"))
    there = f"/s/{other_shop.slug}/yearly"
    assert theirs.get(BASE).status_code == 404
    assert "過剰要求" not in theirs.get(there).content.decode()
    assert theirs.get(f"{there}/ledgers/{LedgerFile.objects.get().pk}").status_code == 404


def test_the_exported_picture_says_which_bar_is_which_and_what_happened(full):
    full.post(f"{BASE}/notes", {"happened_on": "2018-04-01", "kind": "law", "title": "改正法 <施行>"})
    svg = full.get(f"{BASE}.svg").content.decode()
    assert re.findall(r'<text class="trend-text" [^>]*>(顧客対応[^<]*)</text>', svg) == ["顧客対応", "顧客対応以外"]
    assert "2018年4月1日" in svg and "改正法 &lt;施行&gt; (法令の施行)" in svg
    page = full.get(BASE).content.decode()
    assert svg.count('class="year-1"') == page.count('<rect class="year-1"') + 1
    ElementTree.fromstring(svg)


def test_a_ledger_is_taken_back_and_read_in_again_on_its_page(full):
    bring(full, ledger("new,2018-05-01,会員,顧客対応,過剰要求,1"))
    first, later = LedgerFile.objects.order_by("pk")
    said = full.post(f"{BASE}/ledgers/{first.pk}/take-back", follow=True).content.decode()
    assert "台帳を取り消しました" in said and "取り消してから、もう一度" in said and "もう一度読み込む" in said
    assert "取り消し済み" in full.get(f"{BASE}/ledgers").content.decode()
    assert "過剰要求 69%増" not in full.get(BASE).content.decode()
    full.post(f"{BASE}/ledgers/{later.pk}/take-back")
    back = full.post(f"{BASE}/ledgers/{first.pk}/read-again", follow=True).content.decode()
    assert "台帳をもう一度読み込みました" in back
    assert "過剰要求 69%増" in full.get(BASE).content.decode()
    assert "相談台帳を取り消した" in full.get("/s/komorebi/journal").content.decode()


def test_who_may_not_read_in_may_not_take_back(full, signed_in, agent, other_shop):
    pk = LedgerFile.objects.get().pk
    assert signed_in(agent).post(f"{BASE}/ledgers/{pk}/take-back").status_code == 403
    theirs = signed_in(member(other_shop, "manager", "m@shiosai.example", "汐見 守"))
    theirs.post(f"/s/{other_shop.slug}/yearly/ledgers/{pk}/take-back")
    assert LedgerFile.objects.get().taken_back_at is None
