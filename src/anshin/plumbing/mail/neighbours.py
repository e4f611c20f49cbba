"""Whether bytes without any label are Chinese or Korean rather than Japanese; for `charsets`.

By their bytes alone the sets of Japan, China and Korea cannot be told apart: almost any text of one is valid in the
others. Two things tell: Japanese of some length has kana, and the others have their own commonest words. Both must
agree; a short text stays Japanese.
"""

import re

LEAST_CHARACTERS = 12

_KANA = re.compile("[\u3041-\u30ff]")
_EVERYDAY = {
    "gb18030": frozenset("的我您你们请问吗谢这是不了有没发货订单么"),
    "cp950": frozenset("的我您你們請問嗎謝這是不了有沒發貨訂單麼"),
    "euc_kr": frozenset("다요니이을를는은가에서고하주세안습도"),  # not its extension: Shift_JIS is valid in that
}
_LEAST_EVERYDAY = 3
_NAMES = {"euc_kr": "cp949"}


def likelier(raw: bytes, japanese: str) -> str:
    """The set in which `raw` is plainly Chinese or Korean; "" when the Japanese reading may stand."""
    odd = [character for character in japanese if not character.isascii()]
    if len(odd) < LEAST_CHARACTERS or len(_KANA.findall(japanese)) * 20 > len(odd):
        return ""
    scores = {codec: _everyday(raw, codec) for codec in _EVERYDAY}
    best = max(scores, key=lambda codec: scores[codec])
    return _NAMES.get(best, best) if scores[best] >= _LEAST_EVERYDAY else ""


def _everyday(raw: bytes, codec: str) -> int:
    """How many different everyday characters stand in the text, if it is valid and at least every tenth is one."""
    text = _read(raw, codec)
    found = [character for character in text if character in _EVERYDAY[codec]]
    odd = sum(not character.isascii() for character in text)
    return len(set(found)) if len(found) * 10 >= odd else 0


def _read(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        # a sample may be cut inside its last character
        return raw[: error.start].decode(codec) if error.start >= len(raw) - 3 else ""
