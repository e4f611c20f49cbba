"""The first line of a reply."""

import pytest

from anshin.language.courtesy import salutation


@pytest.mark.parametrize(
    ("name", "language", "line"),
    [
        ("柏木 由紀子", "ja", "柏木 由紀子 様"),
        ("柏木　由紀子様", "ja", "柏木 由紀子 様"),
        ("柏木さん", "ja", "柏木 様"),
        ("株式会社こもれび", "ja", "株式会社こもれび 御中"),
        ("株式会社こもれび御中", "ja", "株式会社こもれび 御中"),
        ("株式会社こもれび 柏木様", "ja", "株式会社こもれび 柏木 様"),
        ("図書館 御中", "ja", "図書館 御中"),
        ("Yuki Tanaka", "ja", "Yuki Tanaka 様"),
        ("  ", "ja", "お客様"),
        ("Yuki Tanaka", "en", "Dear Yuki Tanaka,"),
        ("Mr. Tanaka", "en", "Dear Mr. Tanaka,"),
        ("柏木様", "en", "Dear 柏木,"),
        ("", "en", "Dear customer,"),
        ("王小明", "zh-Hant", "Dear 王小明,"),
    ],
)
def test_salutation_is(name: str, language: str, line: str) -> None:
    assert salutation(name, language=language) == line
