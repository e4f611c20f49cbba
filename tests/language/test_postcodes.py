"""Addresses held against their postcode: what is surely another place is said, all else is left in peace."""

import threading

import pytest

from anshin.language.postcodes import AddressDoubt, check_address, places_of

FITS = [
    ("150-0001", "東京都渋谷区神宮前1-2-3"),
    ("1500001", "渋谷区神宮前一丁目二番地三号"),
    ("〒１５０－０００１", "東京都 渋谷区 神宮前 １－２－３"),
    ("600000", "北海道札幌市中央区北1条西2丁目"),  # a spreadsheet took the zero away
    ("060-0001", "北海道札幌市中央区北1条西2丁目"),
    ("064-0825", "札幌市中央区北5条西25丁目1-1"),
    ("028-5102", "岩手県葛巻町葛巻第40地割57"),  # without 岩手郡
    ("100-1401", "東京都八丈町大賀郷2551"),
    ("498-0000", "三重県桑名郡木曽岬町大字栄1-1"),  # one postcode, two prefectures
    ("106-6112", "東京都港区六本木6-10-1六本木ヒルズ森タワー12階"),  # a floor with its own
    ("604-8187", "京都市中京区東洞院通御池下ル笹屋町435"),
    ("430-0946", "静岡県浜松市中区元城町103-2"),  # 中央区 since 2024
    ("989-6321", "宮城県志田郡三本木町三本木字大豆坂24-3"),  # 大崎市 since 2006
    ("100-8926", "東京都千代田区霞が関２－１－２"),  # an authority
    ("150-0001", "東京都渋谷区神宮前 番地なし"),
    ("", "東京都渋谷区神宮前"),
    ("150-0001", "1-2-3 Jingumae, Shibuya-ku, Tokyo"),
    ("94103", "1 Market Street, San Francisco"),
]


@pytest.mark.parametrize(("postcode", "lines"), FITS)
def test_what_can_be_right_is_left_in_peace(postcode, lines):
    assert check_address(postcode, lines).doubt is None


@pytest.mark.parametrize(
    ("postcode", "lines", "doubt", "meant", "written"),
    [
        ("999-9999", "東京都港区芝1", AddressDoubt.UNKNOWN_POSTCODE, "", ""),
        ("150", "東京都渋谷区神宮前1", AddressDoubt.UNKNOWN_POSTCODE, "", ""),
        ("150-0001", "大阪府大阪市北区梅田1-1", AddressDoubt.OTHER_PLACE, "東京都渋谷区神宮前", "大阪府大阪市北区"),
        ("151-0071", "東京都中野区本町1-1-1", AddressDoubt.OTHER_PLACE, "東京都渋谷区本町", "東京都中野区"),
        ("150-0001", "渋谷区恵比寿1-2-3", AddressDoubt.OTHER_QUARTER, "東京都渋谷区神宮前", "東京都渋谷区恵比寿"),
        ("150-0001", "東京都渋谷区神宮前", AddressDoubt.NO_NUMBER, "東京都渋谷区神宮前", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_place_that_is_meant(postcode, lines, doubt, meant, written):
    found = check_address(postcode, lines)
    assert (found.doubt, "".join(map(str, found.meant)), str(found.written or "")) == (doubt, meant, written)


def test_the_right_postcode_of_another_quarter_is_known():
    assert check_address("150-0001", "渋谷区恵比寿1-2-3").written.postcode == "150-0013"


def test_every_thread_may_ask():
    places_of.cache_clear()
    found = []
    thread = threading.Thread(target=lambda: found.extend(places_of("105-0011")))
    thread.start()
    thread.join()
    assert [str(place) for place in found] == ["東京都港区芝公園"]
