"""Lots as people read them: digits are numbers, the same letters stand in front."""

import pytest

from anshin.safety.rules import lots, reaching

YEAR = [("2509", "2511")]


@pytest.mark.parametrize(
    ("lot", "ranges", "expected"),
    [
        ("2509", YEAR, True),
        ("2511", YEAR, True),
        ("2510", YEAR, True),
        ("2508", YEAR, False),
        ("2512", YEAR, False),
        ("２５１０", YEAR, True),
        ("2511-03", YEAR, True),  # a part of the last one
        ("2512-01", YEAR, False),
        ("A9", [("A2", "A10")], True),  # as text it would lie outside
        ("A11", [("A2", "A10")], False),
        ("a 9", [("A2", "A10")], True),
        ("B9", [("A2", "A10")], False),
        ("9", [("A2", "A10")], None),
        ("LOT2510", YEAR, None),
        ("", YEAR, None),
        ("SN-000120", [("SN-99", "SN-200")], True),
        ("2601", [("2509", "2511"), ("2601", "2601")], True),
    ],
)
def test_a_lot_lies_in_a_range_or_not_or_nobody_can_say(lot, ranges, expected):
    assert lots.fits(lot, ranges) is expected


@pytest.mark.parametrize(
    ("matched", "catalogue", "yes", "asks"),
    [(5, 10, 0, True), (5, 11, 0, False), (5, 10, 5, False), (6, 10, 5, True), (4, 4, 0, False), (500, 600, 0, True)],
)
def test_half_of_the_catalogue_is_asked_about_twice(matched, catalogue, yes, asks):
    assert reaching.must_ask_again(matched=matched, catalogue=catalogue, said_yes_to=yes) is asks
