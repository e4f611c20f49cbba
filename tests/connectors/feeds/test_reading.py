"""Publishers' lists, read from answers written after the documented formats, good and bad entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from anshin.connectors.feeds.adapter import PublishersFeeds
from anshin.connectors.feeds.moments import Told, told
from anshin.safety.ports import NotAFeed, Reading
from anshin.safety.terms import Affected, FeedKind

ANSWERS = Path(__file__).parent / "answers"
HOW = Reading("rss", {}, "Asia/Tokyo", "ja", "https://recall.example/list/", date(2026, 11, 21))
PAGE = b"<!DOCTYPE html>\n<html lang='ja'><body>Sign in</body></html>"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def read(name, kind, **more):
    content = name if isinstance(name, bytes) else (ANSWERS / name).read_bytes()
    return list(PublishersFeeds().read(content, replace(HOW, kind=kind, **more)))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


class TestCpsc:
    def test_a_recall_is_read_whole(self):
        found = read("cpsc.json", "cpsc")[0]
        assert found.source_id == "27-041"
        assert found.title == "Mistral Recalls Desk Humidifiers Due to Fire Hazard"
        assert found.agency == "CPSC"
        assert found.url == "https://www.cpsc.gov/Recalls/2027/Mistral-Desk-Humidifiers"
        assert found.published_at == utc(2026, 11, 19, 5)  # midnight in Washington
        assert found.hazard == (
            "The heater can overheat, posing a fire hazard.\n"
            "The firm has received 11 reports of smoke, including two burns to hands."
        )
        assert found.remedy.endswith("Refund")
        assert found.products == (Affected(name="Desk humidifiers"), Affected(gtin="4901234567894"))
        assert (found.language, found.trouble) == ("en", "")

    def test_a_sentence_for_a_name_and_a_missing_title_are_taken(self):
        found = read("cpsc.json", "cpsc")[1]
        assert found.title == "Wooden stacking rings & bells sold at toy stores nationwide"
        assert found.products[0].model_number == "ST-9"
        assert found.products[1] == Affected(gtin="0012345678905")
        assert found.url == ""
        assert found.published_at == utc(2026, 11, 20, 5)

    def test_what_says_nothing_is_shown_with_what_is_wrong(self):
        without, no_object = read("cpsc.json", "cpsc")[2:]
        assert (without.source_id, without.published, without.published_at) == ("10113", "some day", None)
        assert "nothing that names a product" in without.trouble
        assert (no_object.source_id, bool(no_object.trouble)) == ("#4", True)

    def test_an_error_in_disguise_is_said(self):
        told = b'[{"RecallID": 0, "Title": "Date is not valid"}]'
        with pytest.raises(NotAFeed, match="Date is not valid"):
            read(told, "cpsc")
        assert read(b"[]", "cpsc") == []


class TestOpenFda:
    def test_a_report_is_read(self):
        found = read("openfda.json", "openfda")[0]
        assert found.source_id == "F-0123-2027"
        assert found.title == "Green Hill Foods: Matcha latte powder, 200 g pouch. UPC 4 901234 567894"
        assert found.url == "https://www.accessdata.fda.gov/scripts/ires/index.cfm?Event=97001"
        assert found.published_at == utc(2026, 11, 18, 5)
        assert found.hazard == "Undeclared milk\nClass I\nOngoing"
        assert found.products[1] == Affected(gtin="4901234567894")
        assert found.products[0].lots == ()  # lots in prose are shown, never narrowed by
        assert "Lot 2509, 2510" in found.affected

    def test_odd_ones_are_kept(self):
        over, empty = read("openfda.json", "openfda")[1:]
        assert (over.published_at, over.url) == (utc(2026, 11, 18, 5), "")
        assert (empty.source_id, empty.published_at, bool(empty.trouble)) == ("#3", None, True)

    def test_an_error_is_said(self):
        with pytest.raises(NotAFeed, match="No matches found"):
            read(b'{"error": {"code": "NOT_FOUND", "message": "No matches found!"}}', "openfda")


class TestSafetyGate:
    def test_an_alert_is_read(self):
        found = read("safety_gate.json", "safety_gate")[0]
        assert found.source_id == "SR/03111/26"
        assert found.title == "Kokko Wooden toy car: Dangerous"
        assert found.url.endswith("alertDetail/10031111")
        assert found.published_at == utc(2026, 11, 12, 23)
        assert found.products == (
            Affected(name="Kokko Wooden toy car", model_number="KK-101"),
            Affected(name="Kokko Wooden toy car", model_number="KK-102"),
            Affected(gtin="4006381333931"),
            Affected(gtin="4006381333948"),
        )

    def test_unknown_is_nothing(self):
        found = read("safety_gate.json", "safety_gate")[1]
        assert (found.title, found.products) == ("USB charger", (Affected(name="USB charger"),))
        assert found.published_at == utc(2026, 11, 14, 8, 30)

    @pytest.mark.parametrize("frame", [b'{"total_count": 1, "results": [%s]}', b'{"records": [{"fields": %s}]}'])
    def test_other_shapes_of_the_same_list_are_read(self, frame):
        assert read(frame % b'{"alert_number": "A1", "product_name": "Lamp"}', "safety_gate")[0].title == "Lamp"


class TestSyndication:
    def test_rss_1_of_a_japanese_publisher(self):
        found = read("kokusen.rdf", "rss")[0]
        assert found.source_id == "https://kurashi.example/n/1"
        assert found.title == "卓上加湿器「しずく」で発煙－使用を中止してください－"
        assert found.published_at == utc(2026, 11, 20, 5)
        assert found.hazard == "型番 ＫＺ－２０ の卓上加湿器から煙が出る事故が3件。"
        assert found.agency == "全国くらし安全室"
        assert found.products == (Affected(name="しずく"),)

    def test_days_in_words_and_what_the_publisher_took_back(self):
        plain, taken_back = read("kokusen.rdf", "rss")[1:]
        assert plain.published_at == utc(2026, 11, 18, 15)
        assert (taken_back.published_at, taken_back.is_withdrawn) == (utc(2026, 11, 18, 5), True)
        assert not plain.is_withdrawn

    def test_rss_2_in_shift_jis(self):
        found = read("recall.rss", "rss")
        assert found[0].title == "株式会社みなも「木のつみ木 はこぶね」 - 交換"
        assert found[0].url == "https://recall.example/list/detail.php?rcl=0101"
        assert (found[0].source_id, found[0].published_at) == ("rcl=0101", utc(2026, 11, 19, 1))
        assert found[1].published_at == utc(2026, 11, 18, 1)
        assert found[2].source_id == "#3"
        assert found[2].trouble == "The entry has no title, and nothing that names a product."

    def test_a_time_without_zone_is_asked_about(self):
        found = read("recall.rss", "rss", zone="")
        assert [each.asks_zone for each in found] == [False, True, False]
        assert found[1].published_at is None
        assert found[0].published_at == utc(2026, 11, 19, 1)

    def test_atom(self):
        found = read("notes.atom", "rss")[0]
        assert (found.source_id, found.published_at) == ("urn:x:1", utc(2026, 11, 20, 1, 2, 3))
        assert "VS-GL-L" in found.hazard
        assert found.url == "https://atom.example/1"

    def test_elements_mean_what_a_person_said(self):
        mapping = {"tags": "product", "summary": "what_to_do"}
        found = read("recall.rss", "rss", mapping=mapping)[0]
        assert (found.products, found.what_to_do) == ((Affected(name="玩具"),), "塗料から基準を超える鉛")
        named = dict(PublishersFeeds().headings((ANSWERS / "recall.rss").read_bytes(), replace(HOW, mapping=mapping)))
        assert (named["tags"], named["title"], named["summary"]) == ("product", "title", "what_to_do")

    def test_entities_and_files_are_not_opened(self):
        bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0"></rss>'
        with pytest.raises(NotAFeed, match="entities"):
            read(bomb, "rss")
        with pytest.raises(NotAFeed):
            read(b"/etc/passwd", "rss")

    def test_a_list_that_breaks_off_gives_what_is_there(self):
        whole = (ANSWERS / "recall.rss").read_bytes()
        assert [each.source_id for each in read(whole[:600], "rss")][:1] == ["rcl=0101"]


class TestTables:
    def test_rows_are_read_by_their_headings(self):
        found = read("nite.csv", "csv")
        assert [each.source_id for each in found] == ["A202600101", "A202600102", "A202600103", "A202600104"]
        first = found[0]
        assert first.products == (
            Affected(name="電気毛布", model_number="ＥＢ－１００"),
            Affected(name="電気毛布", model_number="EB-200"),
        )
        assert (first.published_at, first.hazard) == (utc(2026, 11, 4, 15), "使用中に発火し、やけどを負った。")
        assert found[1].products == (Affected(name="スマートフォン", gtin="4901234567894"),)
        assert found[1].hazard == "充電中に発煙。\n詳細は調査中。"

    def test_bad_cells_are_said(self):
        found = read("nite.csv", "csv")
        assert found[2].trouble == "Its day of publication cannot be read: いつか"
        assert found[2].products == (Affected(name="踏み台"),)
        assert found[3].trouble == "The entry has no title, and nothing that names a product."

    def test_columns_mean_what_a_person_said(self):
        table = "なまえ\tとき\nコップ\t2026-11-01\n".encode()
        with pytest.raises(NotAFeed, match="Say below"):
            read(table, "csv")
        found = read(table, "csv", mapping={"なまえ": "product", "とき": "published"})[0]
        assert (found.title, found.published_at) == ("コップ", utc(2026, 10, 31, 15))
        assert PublishersFeeds().headings(table, replace(HOW, kind="csv")) == (("なまえ", ""), ("とき", ""))

    def test_the_same_row_has_the_same_name_wherever_it_stands(self):
        one = read("製品名,公表日\nコップ,2026-11-01\n".encode(), "csv")[0]
        other = read("製品名,公表日\n皿,2026-11-02\nコップ,2026-11-03\n".encode(), "csv")[1]
        assert one.source_id == other.source_id != read("製品名,公表日\n皿,2026-11-02\n".encode(), "csv")[0].source_id


class TestSomethingElse:
    @pytest.mark.parametrize("kind", FeedKind.values)
    def test_a_web_page_is_said_to_be_one(self, kind):
        with pytest.raises(NotAFeed, match="A web page came instead"):
            read(PAGE, kind)

    @pytest.mark.parametrize("kind", FeedKind.values)
    @pytest.mark.parametrize("content", [b"", b"   \n", b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04abc"])
    def test_other_files_are_refused_with_a_sentence(self, kind, content):
        with pytest.raises(NotAFeed) as refused:
            read(content, kind)
        assert len(str(refused.value)) > 20

    @pytest.mark.parametrize("kind", ["cpsc", "openfda", "safety_gate"])
    @pytest.mark.parametrize("content", [b"<a/>", b"{}", b'"x"', b"[1", b"\xff\xfe[", b"[" * 100_000, b"3"])
    def test_json_that_is_no_list(self, kind, content):
        with pytest.raises(NotAFeed):
            read(content, kind)


class TestMoments:
    @pytest.mark.parametrize(
        ("words", "at"),
        [
            ("2026-11-21T10:00:00+09:00", utc(2026, 11, 21, 1)),
            ("2026-11-21T10:00:00Z", utc(2026, 11, 21, 10)),
            ("Sat, 21 Nov 2026 10:00:00 GMT", utc(2026, 11, 21, 10)),
            ("2026年11月21日", utc(2026, 11, 20, 15)),
            ("２０２６年１１月２１日", utc(2026, 11, 20, 15)),
            ("令和8年11月21日", utc(2026, 11, 20, 15)),
            ("令和元年5月1日", utc(2019, 4, 30, 15)),
            ("R8.11.21", utc(2026, 11, 20, 15)),
            ("20261121", utc(2026, 11, 20, 15)),
            ("2026/11/21 10:00", utc(2026, 11, 21, 1)),
            ("11/21/2026", utc(2026, 11, 20, 15)),
            ("21/11/2026", utc(2026, 11, 20, 15)),
            ("11/07/2026", None),
            ("2026-02-30", None),
            ("20261340", None),
            ("いつか", None),
            ("", None),
            ("11月21日", None),  # of which year nobody said
        ],
    )
    def test_a_time_is_read_as_it_was_meant(self, words, at):
        assert told(words, zone="Asia/Tokyo", today=date(2026, 11, 21)) == Told(at)

    def test_american_times(self):
        assert told("11/07/2026 3:05 PM", zone="America/New_York", today=date(2026, 11, 21), american=True) == Told(
            utc(2026, 11, 7, 20, 5)
        )

    def test_without_a_zone_it_is_asked_for(self):
        assert told("2026-11-21 10:00", zone="", today=date(2026, 11, 21)) == Told(asks_zone=True)


_BITS = [
    b"<rss version='2.0'><channel><item><title>",
    b"</item>",
    b"<![CDATA[",
    b"&#x0;",
    b"&#99999999;",
    b"\xff\xfe",
    b"\x00",
    b'[{"RecallNumber": "1", "Products": [{"Name": ',
    b'{"results": [',
    b'{"recall_number": 1e999}',
    b"]}",
    b"null",
    b"NaN",
    "公表日,製品名\n".encode("cp932"),
    '令和99年13月40日,"'.encode(),
    b"\n",
    b",",
    b'"',
    b"1" * 50,
    b"0001-01-01",
    b"9999-12-31T23:59",
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>",
    b"<link href='javascript:x'/>",
    b"<pubDate>Fri, 31 Dec 9999 23:59:59 -2359</pubDate>",
    b"<guid/>",
    b"<content type='xhtml'>",
    b"<?xml version='1.0' encoding='utf-7'?>",
    b"<?xml version='1.0' encoding='none'?>",
]


@given(
    kind=st.sampled_from(FeedKind.values),
    content=st.lists(st.one_of(st.sampled_from(_BITS), st.binary(max_size=30)), max_size=12).map(b"".join),
    zone=st.sampled_from(["", "Asia/Tokyo"]),
)
@example(
    kind="rss", content=b"<rss version='2.0'><channel><item><title>a&#xD800;</title></item></channel></rss>", zone=""
)
@example(
    kind="cpsc", content=b'[{"RecallNumber": "\\ud800", "Title": {"a": 1}, "URL": ["x"], "RecallDate": 3}]', zone=""
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_is_read_or_refused_with_a_sentence(kind, content, zone):
    """Nothing else is raised, every entry has a name of its own kind, and every word can be kept in a database."""
    try:
        found = read(content, kind, zone=zone)
    except NotAFeed as refused:
        assert str(refused)
        return
    for each in found:
        assert each.source_id
        assert len(each.source_id) <= 300
        assert each.title or each.trouble
        for words in (each.source_id, each.title, each.hazard, each.affected, each.published):
            assert "\x00" not in words
            words.encode()
        assert each.published_at is None or each.published_at.tzinfo is UTC
