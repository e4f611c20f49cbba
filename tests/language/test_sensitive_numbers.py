"""Card numbers, security codes and My Number: found as people write them, and nothing else taken for one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.language.card_ranges import RANGES
from anshin.language.sensitive_numbers import (
    Certainty,
    NumberKind,
    find_numbers,
    luhn_holds,
    masked,
    my_number_holds,
)

CARD = "4111111111111111"
MY_NUMBER = "123456789018"
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


def kinds(text: str) -> list[str]:
    return [number.kind.value for number in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "digits", "certainty"),
    [
        ("4111 1111 1111 1111", CARD, "certain"),
        ("4111-1111-1111-1111", CARD, "certain"),
        ("４１１１－１１１１－１１１１－１１１１", CARD, "certain"),
        ("４１１１　１１１１　１１１１　１１１１", CARD, "certain"),
        ("4111ー1111ー1111ー1111", CARD, "certain"),
        ("4111111111111111", CARD, "likely"),
        ("カード番号：4111111111111111です", CARD, "certain"),
        ("番号は4111111111111111、期限は12/28です", CARD, "likely"),
        ("カード番号は\n4111 1111\n1111 1111 です", CARD, "certain"),
        ("> カード番号は 4111 1111 11\n> 11 1111 です", CARD, "certain"),
        ("2026 4111 1111 1111 1111", CARD, "certain"),
        ("注文番号 KM-20417 のカード番号は5555555555554444です", "5555555555554444", "certain"),
        ("JCB 3530 1113 3330 0000", "3530111333300000", "certain"),
        ("3782 822463 10005", "378282246310005", "certain"),
        ("378282246310005", "378282246310005", "likely"),
        ("3056 930902 5904", "30569309025904", "certain"),
        ("6011 1111 1111 1117", "6011111111111117", "certain"),
        ("2223 0031 2200 3222", "2223003122003222", "certain"),
        ("6200 0000 0000 0005", "6200000000000005", "certain"),
        ("カード番号 4222222222222", "4222222222222", "certain"),
        ("My Visa is 4111-1111-1111-1111.", CARD, "certain"),
        ("信用卡 4111111111111111", CARD, "certain"),
        ("カード会社に電話つながらないのでこっちにも送ります\n番号は 4111 1111 1111 1111 です", CARD, "certain"),
        ("電話で伝えた番号です。4111 1111 1111 1111", CARD, "certain"),
        ("注文しました。\n4111-1111-1111-1111", CARD, "certain"),
    ],
)
def test_finds_the_card_in(text: str, digits: str, certainty: str) -> None:
    (found,) = find_numbers(text)
    assert (found.kind, found.digits, found.certainty) == (NumberKind.CARD, digits, Certainty(certainty))
    shown = "".join(character for character in text[found.start : found.end] if character.isdecimal())
    assert shown.translate(str.maketrans("０１２３４５６７８９", "0123456789")) == digits


@pytest.mark.parametrize(
    "text",
    [
        "マイナンバーは123456789018です",
        "個人番号：1234 5678 9018",
        "マイナンバー\n１２３４－５６７８－９０１８",
        "123456789018 が私のマイナンバーです",
        "My Number: 123456789018",
        "> 個人番号 1234-5678-\n> 9018",
    ],
)
def test_finds_the_my_number_in(text: str) -> None:
    (found,) = find_numbers(text)
    assert (found.kind, found.digits, found.certainty) == (NumberKind.MY_NUMBER, MY_NUMBER, Certainty.CERTAIN)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("セキュリティコードは123です", "123"),
        ("セキュリティーコード：１２３４", "1234"),
        ("CVV 987", "987"),
        ("CVC2: 987", "987"),
        ("Security code is 987", "987"),
    ],
)
def test_finds_the_security_code_in(text: str, digits: str) -> None:
    (found,) = find_numbers(text)
    assert (found.kind, found.digits) == (NumberKind.SECURITY_CODE, digits)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "番号は？",
        "090-1234-5678",
        "03-1234-5678 / 0120-444-555",
        "〒150-0001 東京都渋谷区神宮前1-2-3",
        "注文番号 KM-20417",
        "楽天の注文番号 123456-20261126-0123456789",
        "250-1234567-7654321",  # Amazon
        "249-4111111-1111111",
        "注文番号：4111111111111111",
        "注文番号 4111-1111-1111-1111",
        "伝票番号 4111 1111 1111 1111",
        "伝票番号は次のとおりです： 4111 1111 1111 1111",
        "お問い合わせ番号\n4111 1111 1111 1111",
        "> 追跡番号：\n> 4111-1111-1111-1111",
        "先日の注文は 4111111111111111",
        "追跡番号は4111111111111111です",
        "お問い合わせ番号 1234-5678-9018",  # a parcel of Yamato with the check digit of a My Number
        "ヤマト運輸 123456789018",
        "送り状番号：123456789018",
        "123456789018",
        "1234-5678-9018",
        "佐川急便で 1234 5678 9018 が届きません",
        "マイナンバーではなく伝票番号は 123456789018 です",
        "マイナンバーは123456789012です",  # wrong check digit
        "4901234567894",  # JAN
        "4902430752664 を2つ",
        "JAN 4222222222222",
        "ISBN 9784101010014",
        "4111 1111 1111 1112",  # wrong check digit
        "カード番号 0000 0000 0000 0000",
        "9111 1111 1111 1117",  # no brand
        "20261126123456",
        "1764115200000",
        "¥4111111111111111",
        "4111111111111111円",
        "https://example.jp/t/4111111111111111?x=1",
        "4111111111111111@example.jp",
        "a4111111111111111b",
        "0.4111111111111111",
        "41111-11111-111111",
        "会員番号 4111 1111 1111 1111",
        "楽天ポイント 4111 1111 1111 1111",
        "法人番号 5010001034730 / 登録番号 T5010001034730",
        "IMEI 356938035643809",
        "口座番号 普通 1234567",
        "2026/11/26 12:34:56 1234 5678",
        "CVT 123",
        "セキュリティコードを忘れました",
        "EE123456789JP",
        "商品番号 5555555555554444",
        "ポイントカード番号 4111 1111 1111 1111",
        "払込票番号：4111 1111 1111 1111",
    ],
)
def test_finds_nothing_in(text: str) -> None:
    assert find_numbers(text) == ()


def test_finds_several_in_reading_order() -> None:
    text = f"カード {CARD} CVV 123\nマイナンバー {MY_NUMBER}"
    assert kinds(text) == ["card", "security_code", "my_number"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("4111-1111-1111-1111 です", "••••-••••-••••-1111 です"),
        ("４１１１１１１１１１１１１１１１", "••••••••••••１１１１"),
        ("マイナンバー 1234 5678 9018", "マイナンバー •••• •••• ••••"),
        ("CVV 123", "CVV •••"),
        ("4111 1111\n1111 1111", "•••• ••••\n•••• 1111"),
        ("注文番号 KM-20417", "注文番号 KM-20417"),
    ],
)
def test_masks(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(st.text(alphabet="0123456789 -\n>４１-カード番号注文マイナンバー/.¥@a", max_size=200))
def test_a_mask_keeps_the_length_and_leaves_nothing_to_find(text: str) -> None:
    found = find_numbers(text)
    shown = masked(text)
    assert len(shown) == len(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for number in found:
        digits = shown[number.start : number.end]
        assert sum(each.isdecimal() for each in digits) == (4 if number.kind == NumberKind.CARD else 0)


@given(st.sampled_from(RANGES), st.data())
def test_every_number_of_every_range_is_found_however_it_is_written(issued, data) -> None:  # type: ignore[no-untyped-def]
    length = data.draw(st.sampled_from(sorted(issued.lengths)))
    head = str(data.draw(st.integers(issued.first, issued.last)))
    fill = length - 1 - len(head)
    body = head + data.draw(st.text(alphabet="0123456789", min_size=fill, max_size=fill))
    digits = next(body + str(last) for last in range(10) if luhn_holds(body + str(last)))
    written = data.draw(st.sampled_from([digits, digits.translate(FULL_WIDTH), f"{digits[:7]}\n> {digits[7:]}"]))
    (found,) = find_numbers(f"カード番号は{written}です。")
    assert (found.kind, found.digits) == (NumberKind.CARD, digits)


@given(st.text(alphabet="0123456789", min_size=16, max_size=16), st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_never_passes_the_card_check(digits: str, place: int, shift: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert not (luhn_holds(digits) and luhn_holds(wrong))


@given(st.text(alphabet="0123456789", min_size=11, max_size=11))
def test_one_check_digit_belongs_to_each_my_number(body: str) -> None:
    assert sum(my_number_holds(body + str(last)) for last in range(10)) == 1


@given(st.text(alphabet="0123456789", min_size=12, max_size=12))
def test_twelve_digits_without_words_are_never_a_my_number(digits: str) -> None:
    for written in (digits, f"{digits[:4]}-{digits[4:8]}-{digits[8:]}", f"お荷物 {digits}"):
        assert find_numbers(written) == ()


def test_a_long_text_of_digits_takes_no_time() -> None:
    text = "1 " * 200_000 + "4111111111111111" + "1-" * 100_000
    assert kinds(text + f"\nカード番号 {CARD}")[-1] == "card"
