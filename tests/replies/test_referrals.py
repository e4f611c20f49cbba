"""Offices to which customers can turn: complete, with their source and day, found by a word of either language."""

from datetime import date

import pytest

from anshin.replies.queries import referral_of, referrals
from anshin.replies.queries.referrals import LANGUAGES

EVERY = [each for language in LANGUAGES for each in referrals(language)]


@pytest.mark.parametrize("office", EVERY, ids=lambda each: f"{each.key}-{each.language}")
def test_an_office_says_when_how_and_where_from(office):
    assert office.name
    assert office.when
    assert office.hours
    assert office.source
    assert office.source_url.startswith("http")
    assert office.url.startswith("https://")
    assert date(2026, 11, 27) <= office.checked_on
    assert office.phone or office.key == "ccj"  # it takes forms, no calls


def test_both_languages_know_the_same_offices():
    assert {each.key for each in referrals("ja")} == {each.key for each in referrals("en")}
    assert {"hotline", "jadma", "ccj"} < {each.key for each in referrals("ja")}


@pytest.mark.parametrize(
    ("language", "wanted", "keys"),
    [
        ("ja", "海外 事業者", ["ccj"]),
        ("en", "fraud", ["police"]),
        ("en", "詐欺", ["police"]),
        ("ja", "１８８ 消費生活センター", ["hotline"]),
        ("ja", "そんな窓口はない", []),
    ],
)
def test_found_by_words(language, wanted, keys):
    assert [each.key for each in referrals(language, wanted=wanted)] == keys


def test_other_languages_get_the_english_words():
    assert referral_of("hotline", "ko") == referral_of("hotline", "en")
    assert referral_of("nobody", "ja") is None
    assert referral_of("hotline", "ja").text.splitlines()[2] == "電話 188"
