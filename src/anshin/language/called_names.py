"""Names that nobody knows, found by the 様 behind them: 三雲様, 三雲　達也 様, スミス様, Smith様."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_KANJI: Final = "\u3400-\u9fff々〆ヶ\U00020000-\U0002ffff"
_CALLED: Final = re.compile(
    rf"(?:[{_KANJI}]{{1,6}}(?:[ \u3000][{_KANJI}ぁ-んァ-ヺー]{{1,6}})?"
    r"|[ァ-ヺー]{2,12}(?:[・ \u3000][ァ-ヺー]{1,12})?"
    r"|[A-Za-z][A-Za-z.'’-]{1,30}(?: [A-Za-z][A-Za-z.'’-]{0,30}){0,3})(?=[ \u3000]?様(?![々子式相態]))"
)
_WHOLE: Final = frozenset(
    {
        *("名", "子", "娘", "嬢", "姫", "親", "父", "母", "兄", "姉", "妻", "夫", "孫", "夫婦", "家族"),
        *("宮", "王", "神", "奥", "貴", "何", "多", "多種多", "一", "有", "殿", "両", "各", "今", "左", "上"),
        *("御夫婦", "御家族", "店長", "社長", "担当", "御担当", "団体", "相手", "先方", "業界", "取引先"),
    }
)
"""What stands before 様 and is no name: 2名様, お子様, 奥様."""
_ENDS: Final = tuple("同仕模客皆異態先者主員社店人")
"""So does what ends with one of these: お客様, 購入者様, 届け先様, 同様, 仕様."""
_TRADES: Final = (
    *("オーナー", "メーカー", "ユーザー", "スタッフ", "ショップ", "モール", "ファン", "グループ", "チーム", "センター"),
    *("ストア", "カスタマー", "バイヤー", "クライアント", "メンバー", "パートナー", "ペア"),
)


def called_names(text: str) -> Iterator[tuple[int, int]]:
    """Where in the text somebody is called by 様: start and end of the name, without the 様."""
    if "様" not in text:
        return
    for found in _CALLED.finditer(text):
        name = found.group()
        if name not in _WHOLE and not name.endswith((*_ENDS, *_TRADES)):
            yield found.span()
