"""Days and sums as a customer reads them."""

from datetime import date

import pytest

from anshin.language.written import LETTER_LANGUAGES, written_day, written_list, written_yen


@pytest.mark.parametrize(
    ("language", "day", "yen", "names"),
    [
        ("ja", "2026年12月1日（火）", "3,980円", "マグ、皿"),
        ("en", "Tuesday, 1 December 2026", "¥3,980", "マグ, 皿"),
        ("zh-Hans", "2026年12月1日（星期二）", "3,980日元", "マグ、皿"),
        ("zh-Hant", "2026年12月1日（星期二）", "3,980日圓", "マグ、皿"),
        ("ko", "2026년 12월 1일(화)", "3,980엔", "マグ, 皿"),
    ],
)
def test_each_language_has_its_form(language, day, yen, names):
    assert written_day(date(2026, 12, 1), language) == day
    assert written_yen(3980, language) == yen
    assert written_list(["マグ", "皿"], language) == names


def test_sunday_is_named_in_every_language():
    assert [written_day(date(2026, 11, 29), each) for each in LETTER_LANGUAGES] == [
        "2026年11月29日（日）",
        "Sunday, 29 November 2026",
        "2026年11月29日（星期日）",
        "2026年11月29日（星期日）",
        "2026년 11월 29일(일)",
    ]
