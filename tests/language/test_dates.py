"""Dates as people write them, read against Sunday, 22 November 2026."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.language.dates import read_date, read_dates, weekday_ja
from anshin.language.terms import Grounds, Leaning

SUNDAY = date(2026, 11, 22)
WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "on", "grounds"),
    [
        ("令和6年4月1日", date(2024, 4, 1), Grounds.ERA_DATE),
        ("令和６年４月１日", date(2024, 4, 1), Grounds.ERA_DATE),
        ("令和元年5月1日", date(2019, 5, 1), Grounds.ERA_DATE),
        ("令和六年四月一日", date(2024, 4, 1), Grounds.ERA_DATE),
        ("令和 6 年 11 月 30 日", date(2024, 11, 30), Grounds.ERA_DATE),
        ("平成31年4月30日", date(2019, 4, 30), Grounds.ERA_DATE),
        ("昭和63年1月7日", date(1988, 1, 7), Grounds.ERA_DATE),
        ("昭和五十二年十二月三十一日", date(1977, 12, 31), Grounds.ERA_DATE),
        ("R6.4.1", date(2024, 4, 1), Grounds.ERA_DATE),
        ("Ｒ６．４．１", date(2024, 4, 1), Grounds.ERA_DATE),
        ("R6/4/1", date(2024, 4, 1), Grounds.ERA_DATE),
        ("R6年4月1日", date(2024, 4, 1), Grounds.ERA_DATE),
        ("H31.4.30", date(2019, 4, 30), Grounds.ERA_DATE),
        ("2026/11/2", date(2026, 11, 2), Grounds.FULL_DATE),
        ("2026-11-02", date(2026, 11, 2), Grounds.FULL_DATE),
        ("２０２６．１１．２", date(2026, 11, 2), Grounds.FULL_DATE),
        ("2026年11月2日(月)に注文", date(2026, 11, 2), Grounds.FULL_DATE),
        ("2026 年 11 月 2 日", date(2026, 11, 2), Grounds.FULL_DATE),
        ("11月2日", date(2026, 11, 2), Grounds.MONTH_AND_DAY),
        ("十一月二日", date(2026, 11, 2), Grounds.MONTH_AND_DAY),
        ("11/2", date(2026, 11, 2), Grounds.MONTH_AND_DAY),
        ("11/2(月)", date(2026, 11, 2), Grounds.MONTH_AND_DAY),
        ("1/5", date(2027, 1, 5), Grounds.MONTH_AND_DAY),
        ("12月31日に買いました", date(2026, 12, 31), Grounds.MONTH_AND_DAY),
        ("去年の12月24日", date(2025, 12, 24), Grounds.MONTH_AND_DAY),
        ("来年3月1日", date(2027, 3, 1), Grounds.MONTH_AND_DAY),
        ("11月22日(土)", date(2025, 11, 22), Grounds.MONTH_AND_DAY),
        ("昨日届きました", date(2026, 11, 21), Grounds.RELATIVE_DAY),
        ("一昨日", date(2026, 11, 20), Grounds.RELATIVE_DAY),
        ("おととい", date(2026, 11, 20), Grounds.RELATIVE_DAY),
        ("本日入金しました", SUNDAY, Grounds.RELATIVE_DAY),
        ("明日払います", date(2026, 11, 23), Grounds.RELATIVE_DAY),
        ("明後日", date(2026, 11, 24), Grounds.RELATIVE_DAY),
        ("しあさって", date(2026, 11, 25), Grounds.RELATIVE_DAY),
        ("3日前に届いた", date(2026, 11, 19), Grounds.RELATIVE_DAY),
        ("三日後", date(2026, 11, 25), Grounds.RELATIVE_DAY),
        ("1週間後に", date(2026, 11, 29), Grounds.RELATIVE_DAY),
        ("二週間前", date(2026, 11, 8), Grounds.RELATIVE_DAY),
        ("1ヶ月前", date(2026, 10, 22), Grounds.RELATIVE_DAY),
        ("来週金曜に払います", date(2026, 11, 27), Grounds.RELATIVE_WEEK),
        ("来週の金曜日", date(2026, 11, 27), Grounds.RELATIVE_WEEK),
        ("来週金に", date(2026, 11, 27), Grounds.RELATIVE_WEEK),
        ("今週の月曜", date(2026, 11, 16), Grounds.RELATIVE_WEEK),
        ("先週の土曜日", date(2026, 11, 14), Grounds.RELATIVE_WEEK),
        ("再来週火曜日", date(2026, 12, 1), Grounds.RELATIVE_WEEK),
        ("先々週の水曜", date(2026, 11, 4), Grounds.RELATIVE_WEEK),
        ("金曜日に振り込みます", date(2026, 11, 27), Grounds.WEEKDAY),
        ("今月25日", date(2026, 11, 25), Grounds.DAY_OF_MONTH),
        ("来月5日", date(2026, 12, 5), Grounds.DAY_OF_MONTH),
        ("先月の10日", date(2026, 10, 10), Grounds.DAY_OF_MONTH),
        ("月末までに", date(2026, 11, 30), Grounds.DAY_OF_MONTH),
        ("今月末", date(2026, 11, 30), Grounds.DAY_OF_MONTH),
        ("来月末に払います", date(2026, 12, 31), Grounds.DAY_OF_MONTH),
        ("11月末に払います", date(2026, 11, 30), Grounds.MONTH_AND_DAY),
        ("2月末", date(2027, 2, 28), Grounds.MONTH_AND_DAY),
        ("25日に払います", date(2026, 11, 25), Grounds.DAY_OF_MONTH),
        ("yesterday", date(2026, 11, 21), Grounds.RELATIVE_DAY),
        ("I will pay tomorrow", date(2026, 11, 23), Grounds.RELATIVE_DAY),
        ("next Friday", date(2026, 11, 27), Grounds.RELATIVE_WEEK),
        ("in 3 days", date(2026, 11, 25), Grounds.RELATIVE_DAY),
        ("2 weeks ago", date(2026, 11, 8), Grounds.RELATIVE_DAY),
        ("Nov 2, 2026", date(2026, 11, 2), Grounds.FULL_DATE),
        ("November 2nd", date(2026, 11, 2), Grounds.MONTH_AND_DAY),
        ("2 November 2026", date(2026, 11, 2), Grounds.FULL_DATE),
        ("by Friday", date(2026, 11, 27), Grounds.WEEKDAY),
    ],
)
def test_reads(text: str, on: date, grounds: Grounds) -> None:
    read = read_date(text, today=SUNDAY)
    assert read is not None
    assert (read.on, read.grounds, read.is_exact) == (on, grounds, True)


@pytest.mark.parametrize(
    ("text", "on", "earliest_on", "latest_on"),
    [
        ("先週買いました", date(2026, 11, 15), date(2026, 11, 9), date(2026, 11, 15)),
        ("来週払います", date(2026, 11, 29), date(2026, 11, 23), date(2026, 11, 29)),
        ("今月中に払います", date(2026, 11, 30), SUNDAY, date(2026, 11, 30)),
        ("来月中に", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        ("来週中に", date(2026, 11, 29), date(2026, 11, 23), date(2026, 11, 29)),
        ("再来週の頭", date(2026, 11, 30), date(2026, 11, 30), date(2026, 12, 3)),
        ("週末に", date(2026, 11, 21), date(2026, 11, 21), date(2026, 11, 22)),
        ("今週末", date(2026, 11, 21), date(2026, 11, 21), date(2026, 11, 22)),
        ("1週間ほど前", date(2026, 11, 15), date(2026, 11, 12), date(2026, 11, 18)),
        ("十日くらい前", date(2026, 11, 12), date(2026, 11, 10), date(2026, 11, 14)),
        ("先月買った", date(2026, 10, 22), date(2026, 10, 1), date(2026, 10, 31)),
        ("来月上旬", date(2026, 12, 5), date(2026, 12, 1), date(2026, 12, 10)),
        ("last week", date(2026, 11, 15), date(2026, 11, 9), date(2026, 11, 15)),
    ],
)
def test_reads_a_stretch_of_days(text: str, on: date, earliest_on: date, latest_on: date) -> None:
    read = read_date(text, today=SUNDAY)
    assert read is not None
    assert (read.on, read.earliest_on, read.latest_on) == (on, earliest_on, latest_on)
    assert not read.is_exact


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2月30日",
        "2026/13/1",
        "令和6年2月30日",
        "14日以内に",
        "3日間",
        "2日目",
        "090-1234-5678",
        "2026-11-02-1",
        "10:30",
        "3/4/5/6",
        "KM-20417",
        "12345日",
        "水を買いました",
        "日本",
        "1日も早く",
        "土日",
        "may I ask",
        "曜日",
        "毎月25日",
        "3日以内に払います",
        "2026年11月",
    ],
)
def test_reads_no_date_in(text: str) -> None:
    assert read_dates(text, today=SUNDAY) == ()


@pytest.mark.parametrize(
    ("text", "leaning", "on"),
    [
        ("11月30日", Leaning.PAST, date(2025, 11, 30)),
        ("11月30日", Leaning.FUTURE, date(2026, 11, 30)),
        ("11月20日", Leaning.FUTURE, date(2027, 11, 20)),
        ("11月20日", Leaning.PAST, date(2026, 11, 20)),
        ("11月25日", Leaning.PAST, date(2026, 11, 25)),
        ("11月25日", Leaning.FUTURE, date(2026, 11, 25)),
        ("30日", Leaning.PAST, date(2026, 10, 30)),
        ("20日", Leaning.FUTURE, date(2026, 12, 20)),
        ("金曜", Leaning.PAST, date(2026, 11, 20)),
        ("金曜", Leaning.FUTURE, date(2026, 11, 27)),
        ("水曜", Leaning.PAST, WEDNESDAY),
        ("来週金曜", Leaning.PAST, date(2026, 12, 4)),
    ],
)
def test_short_forms_lean(text: str, leaning: Leaning, on: date) -> None:
    read = read_date(text, today=WEDNESDAY, leaning=leaning)
    assert read is not None
    assert read.on == on


def test_next_week_friday_is_the_friday_of_the_next_week_from_any_day() -> None:
    monday = date(2026, 11, 16)
    for offset in range(7):
        read = read_date("来週金曜に払います", today=monday + timedelta(days=offset), leaning=Leaning.FUTURE)
        assert read is not None
        assert read.on == date(2026, 11, 27)


def test_says_where_it_stood() -> None:
    read = read_date("購入日：令和６年４月１日です", today=SUNDAY)
    assert read is not None
    assert (read.as_written, read.start, read.end) == ("令和６年４月１日", 4, 12)


def test_reads_all_dates_in_order() -> None:
    dates = read_dates("11/2に注文し、昨日届いたので、来週金曜に返送します", today=SUNDAY)
    assert [read.on for read in dates] == [date(2026, 11, 2), date(2026, 11, 21), date(2026, 11, 27)]


@pytest.mark.parametrize(("day", "shown"), [(SUNDAY, "日"), (date(2026, 11, 23), "月"), (date(2026, 11, 28), "土")])
def test_weekday_ja_is(day: date, shown: str) -> None:
    assert weekday_ja(day) == shown


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.sampled_from(["%Y/%m/%d", "%Y-%m-%d", "%Y年%m月%d日"]))
def test_every_full_date_is_read_back(day: date, form: str) -> None:
    read = read_date(f"日付は{day.strftime(form)}です", today=SUNDAY)
    assert read is not None
    assert read.on == day


@given(st.text(), st.dates())
def test_any_text_can_be_read_on_any_day(text: str, today: date) -> None:
    for read in read_dates(text, today=today):
        assert text[read.start : read.end] == read.as_written
        assert read.earliest_on <= read.on <= read.latest_on


@given(st.lists(st.sampled_from("年月日週末前後来先再金曜0123456789/.-令和元十二R ()"), max_size=30), st.dates())
def test_any_heap_of_date_signs_can_be_read(signs: list[str], today: date) -> None:
    for read in read_dates("".join(signs), today=today):
        assert read.earliest_on <= read.on <= read.latest_on


@pytest.mark.parametrize("piece", ["1", "1月", "来週", "十", "2026/", "日", "令和"])
def test_a_long_text_is_read_in_seconds(piece: str) -> None:
    before = time.process_time()
    read_dates(piece * (300_000 // len(piece)), today=SUNDAY)
    assert time.process_time() - before < 10
