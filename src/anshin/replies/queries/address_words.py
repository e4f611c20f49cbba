"""What a letter says of an address that does not fit its postcode, in the words of one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from anshin.language.postcodes import AddressCheck, AddressDoubt, check_address
from anshin.language.written import written_list

if TYPE_CHECKING:
    from anshin.commerce.models import Order

_UNKNOWN: Final = {
    "ja": "郵便番号 {code} は見当たりません。",
    "en": "The postcode {code} does not exist.",
    "zh-Hans": "邮政编码 {code} 不存在。",
    "zh-Hant": "郵遞區號 {code} 不存在。",
    "ko": "우편번호 {code}은(는) 존재하지 않습니다.",
}
_OTHER: Final = {
    "ja": "郵便番号 {code} は「{meant}」の番号で、ご住所と合っていません。",
    "en": "The postcode {code} belongs to {meant}, which is not what the address says.",
    "zh-Hans": "邮政编码 {code} 对应“{meant}”，与所填地址不符。",
    "zh-Hant": "郵遞區號 {code} 對應「{meant}」，與所填地址不符。",
    "ko": "우편번호 {code}은(는) “{meant}”의 번호로, 주소와 맞지 않습니다.",
}
_BETTER: Final = {
    "ja": "「{written}」の郵便番号は {code} です。",
    "en": "The postcode of {written} is {code}.",
    "zh-Hans": "“{written}”的邮政编码是 {code}。",
    "zh-Hant": "「{written}」的郵遞區號是 {code}。",
    "ko": "“{written}”의 우편번호는 {code}입니다.",
}
_NO_NUMBER: Final = {
    "ja": "番地が書かれていません。",
    "en": "The number of the house is missing.",
    "zh-Hans": "地址中没有门牌号。",
    "zh-Hant": "地址中沒有門牌號碼。",
    "ko": "번지가 적혀 있지 않습니다.",
}


def written_address(order: Order) -> str:
    """Where the order was to go, in one line; "" where nothing is known."""
    code = f"〒{order.recipient_postcode}" if order.recipient_postcode else ""
    return " ".join(part for part in (code, order.recipient_lines) if part)


def written_doubt(order: Order, language: str) -> str:
    """What in the order's address does not fit its postcode, "" for nothing."""
    found = check_address(order.recipient_postcode, order.recipient_lines)
    return " ".join(_sentences(found, order.recipient_postcode, language)).replace("。 ", "。")


def _sentences(found: AddressCheck, code: str, language: str) -> list[str]:
    if found.doubt == AddressDoubt.UNKNOWN_POSTCODE:
        return [_in(language, _UNKNOWN).format(code=code)]
    if found.doubt == AddressDoubt.NO_NUMBER:
        return [_in(language, _NO_NUMBER)]
    if found.doubt is None:
        return []
    meant = written_list(list(dict.fromkeys(str(place) for place in found.meant)), language)
    said = [_in(language, _OTHER).format(code=code, meant=meant)]
    if found.written and found.written.postcode:
        said.append(_in(language, _BETTER).format(written=found.written, code=found.written.postcode))
    return said


def _in(language: str, words: Mapping[str, str]) -> str:
    return words.get(language, words["en"])
