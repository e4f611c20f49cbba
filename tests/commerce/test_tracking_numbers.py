"""Whose number it can be, and whether its check digit fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.commerce import rules
from anshin.commerce.queries import ShipmentFact
from anshin.commerce.terms import Carrier, TrackingCheck

THREE = (Carrier.YAMATO, Carrier.SAGAWA, Carrier.JAPAN_POST)
POST = (Carrier.JAPAN_POST,)
FITS, WRONG, UNKNOWN = TrackingCheck.FITS, TrackingCheck.WRONG, TrackingCheck.UNKNOWN


@pytest.mark.parametrize(
    ("written", "number", "carriers", "check"),
    [
        ("444413758703", "444413758703", THREE, FITS),
        ("512547514334", "512547514334", THREE, FITS),
        ("4055-4842-4886", "405548424886", THREE, FITS),
        ("４０５５－４８４２－４８８６", "405548424886", THREE, FITS),
        (" 4055 4842　4886\n", "405548424886", THREE, FITS),
        ("a444413758703a", "444413758703", THREE, FITS),
        ("444413758704", "444413758704", THREE, WRONG),
        ("444413758707", "444413758707", THREE, WRONG),
        ("444431758703", "444431758703", THREE, WRONG),
        ("131-12-38385-2", "13112383852", POST, FITS),
        ("13112383853", "13112383853", POST, WRONG),
        ("EF719215461JP", "EF719215461JP", POST, FITS),
        ("ee 994 353 255 cn", "EE994353255CN", POST, FITS),
        ("RR473124829GB", "RR473124829GB", POST, FITS),
        ("RR473124828GB", "RR473124828GB", POST, WRONG),
        ("4.44414E+11", "444414E11", (), UNKNOWN),
        ("44441375870", "44441375870", POST, WRONG),
        ("444413758703/444413758714", "444413758703444413758714", (), UNKNOWN),
        ("", "", (), UNKNOWN),
        ("①②③", "123", (), UNKNOWN),
        ("٤٤٤٤١٣٧٥٨٧٠٣", "", (), UNKNOWN),
    ],
)
def test_a_number_is_read(written: str, number: str, carriers: tuple[Carrier, ...], check: TrackingCheck) -> None:
    read = rules.read_tracking(written)
    assert (read.number, read.carriers, read.check) == (number, carriers, check)


@given(st.integers(min_value=0, max_value=10**11 - 1), st.sampled_from("789"))
def test_seven_eight_and_nine_never_end_a_number(first_eleven: int, last: str) -> None:
    assert rules.read_tracking(f"{first_eleven:011d}{last}").check == WRONG


@given(st.integers(min_value=0, max_value=10**11 - 1))
def test_one_of_ten_last_digits_fits(first_eleven: int) -> None:
    ends = [last for last in range(10) if rules.read_tracking(f"{first_eleven:011d}{last}").check == FITS]
    assert ends == [first_eleven % 7]


@pytest.mark.parametrize(
    ("carrier", "number", "check"),
    [
        (Carrier.YAMATO, "444413758703", FITS),
        (Carrier.SAGAWA, "444413758703", FITS),
        (Carrier.YAMATO, "444413758704", WRONG),
        (Carrier.YAMATO, "13112383852", TrackingCheck.OTHER_CARRIER),
        (Carrier.SAGAWA, "EF719215461JP", TrackingCheck.OTHER_CARRIER),
        (Carrier.JAPAN_POST, "EF719215461JP", FITS),
        (Carrier.JAPAN_POST, "13112383852", FITS),
        (Carrier.SAGAWA, "1234567890", UNKNOWN),
        (Carrier.OTHER, "444413758703", FITS),
        (Carrier.OTHER, "444413758704", UNKNOWN),
        (Carrier.YAMATO, "", UNKNOWN),
    ],
)
def test_a_number_is_held_against_its_carrier(carrier: Carrier, number: str, check: TrackingCheck) -> None:
    assert rules.check_tracking(carrier, number) == check


def test_only_a_number_without_a_known_carrier_is_offered_to_several() -> None:
    unknown = ShipmentFact("other", "4444-1375-8703", None, None)
    assert [carrier for carrier, _url in unknown.likely_carriers] == list(THREE)
    assert all(url.endswith("=444413758703") for _carrier, url in unknown.likely_carriers)
    assert ShipmentFact("yamato", "444413758703", None, None).likely_carriers == []
    assert ShipmentFact("other", "444413758704", None, None).likely_carriers == []
