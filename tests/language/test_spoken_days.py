"""Days as people say them in five languages, read against Thursday, 26 November 2026."""

from datetime import date

import pytest

from anshin.language.dates import read_dates
from anshin.language.terms import Leaning
from anshin.language.topics.features import said
from anshin.language.topics.urgency import UrgentKind, judge

THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("どようびに けっこんしき です", date(2026, 11, 28)),
        ("らいしゅうの げつようび", date(2026, 11, 30)),
        ("金よう日までに", date(2026, 11, 27)),
        ("式まであと3日です", date(2026, 11, 29)),
        ("残り二日しかありません", date(2026, 11, 28)),
        ("三十日に使います", date(2026, 11, 30)),
        ("28母誕生日", date(2026, 11, 28)),
        ("イブまでに欲しい", date(2026, 12, 24)),
        ("聽日要用", date(2026, 11, 27)),
        ("二十八號前到嗎", date(2026, 11, 28)),
        ("十二月一號", date(2026, 12, 1)),
        ("禮拜六要用", date(2026, 11, 28)),
        ("周日能到吗", date(2026, 11, 29)),
        ("还剩三天", date(2026, 11, 29)),
        ("大后天结婚", date(2026, 11, 29)),
        ("春节", date(2027, 2, 6)),
        ("중간에 29일까지", date(2026, 11, 29)),
        ("이틀 뒤", date(2026, 11, 28)),
        ("3일 남았어요", date(2026, 11, 29)),
        ("내일모레", date(2026, 11, 28)),
        ("토욜에", date(2026, 11, 28)),
        ("설날", date(2027, 2, 7)),
        ("추석", date(2026, 9, 25)),
        ("the day after tomorrow", date(2026, 11, 28)),
        ("the day before yesterday", date(2026, 11, 24)),
        ("only two days left", date(2026, 11, 28)),
        ("in three days", date(2026, 11, 29)),
        ("by the 30th please", date(2026, 11, 30)),
        ("on Sat", date(2026, 11, 28)),
        ("tonight", THURSDAY),
        ("this weekend", date(2026, 11, 28)),
    ],
)
def test_reads(text: str, on: date) -> None:
    assert [read.on for read in read_dates(text, today=THURSDAY)] == [on]


@pytest.mark.parametrize(
    "text",
    [
        "週一で飲む",
        "週三日の勤務",
        "毎日かよう道",
        "十日で届く距離",
        "三日間",
        "3号室",
        "01号色",
        "42号鞋",
        "3号楼",
        "3일 걸려요",
        "for the 2nd time",
        "on the 3rd floor",
        "in the saturated colour",
        "a 3-day course",
        "イブを飲む",
        "父の50誕生日の歌",
    ],
)
def test_reads_no_day_in(text: str) -> None:
    assert read_dates(text, today=THURSDAY) == ()


@pytest.mark.parametrize(
    ("today", "on"), [(date(2026, 6, 10), date(2026, 6, 21)), (date(2026, 7, 30), date(2026, 8, 8))]
)
def test_the_nearer_of_two_fathers_days_is_meant(today: date, on: date) -> None:
    assert [read.on for read in read_dates("父親節禮物", today=today)] == [on]


def test_a_day_of_the_moon_beyond_the_table_is_not_guessed() -> None:
    assert read_dates("中秋", today=date(2045, 9, 1)) == ()


def test_a_day_of_the_month_leans() -> None:
    (past,) = read_dates("by the 20th", today=THURSDAY, leaning=Leaning.PAST)
    (ahead,) = read_dates("by the 20th", today=THURSDAY, leaning=Leaning.FUTURE)
    assert (past.on, ahead.on) == (date(2026, 11, 20), date(2026, 12, 20))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("にちようび けっこんしき です。ドレス まだ きません", UrgentKind.GIFT_DATE),
        ("十八號中秋, 禮盒仲係處理中", None),
        ("禮拜六生日派對,蛋糕架還沒到", UrgentKind.GIFT_DATE),
        ("聽日老豆生日,個蛋糕仲未到", UrgentKind.GIFT_DATE),
        ("周日孩子生日,礼物还没发货,来得及吗", UrgentKind.GIFT_DATE),
        ("토욜이 결혼식인데 아직 준비 중이에요", UrgentKind.GIFT_DATE),
        ("The wedding is the day after tomorrow and it hasn't shipped", UrgentKind.GIFT_DATE),
        ("元のパスワードではもう入れません", UrgentKind.TAKEOVER),
        ("裁判所に訴状を出した", UrgentKind.LEGAL),
        ("オーブンの中で火柱が上がりました", UrgentKind.FIRE),
        ("つまみを閉じても卵の腐ったような臭いがします", UrgentKind.GAS),
        ("防災倉庫のこんろを点検したら、シューと音がしてガスくさい", UrgentKind.GAS),
        ("テレビで電池が燃える事故を見て怖くなりました", None),
        ("子どものころ花火でやけどをしました", None),
        ("社内の弁護士が規約を読んでいます", None),
        ("やけどはもうすっかり治りました", None),
    ],
)
def test_judges_by_words(text: str, kind: UrgentKind | None) -> None:
    found = judge(said("", text), sent_on=THURSDAY)
    assert (found.kind if found else None) == kind
