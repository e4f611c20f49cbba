"""Finds words of ours that blame the customer, defend the shop or can be heard as sarcasm, each with a calmer wording.

Anger makes the other side defensive, so whoever answers is told before it leaves. A hint for a person, who decides; what
stands in quotation marks is somebody else's. Wordings from general knowledge of shops' letters, November 2026.
"""

# ruff: noqa: E501  (a pattern is read in one piece)

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Harshness(StrEnum):
    """How a passage can be heard."""

    BLAMES = "blames"
    DEFENDS = "defends"
    MOCKS = "mocks"


@dataclass(frozen=True, slots=True)
class Harsh:
    """A passage as it stands in the text, how it can be heard, and what to write in its place ("" where that has to be
    written anew)."""

    passage: str
    kind: Harshness
    instead: str


_OURS = r"(?:当店|当社|弊店|弊社|こちら|私ども|わたくしども)"
_SAID = r"(?:申し上げ|ご?説明し?|ご?案内し?|お伝えし?|お知らせし?|言っ)"
_PATTERNS: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE), instead)
    for kind, pattern, instead in (
        (Harshness.BLAMES, r"お客様の(?:ご?確認不足|ご?認識不足|不注意|お?勘違い|お?思い違い|ご?誤解|(?:操作)?ミス|過失|せい)(?:です|でございます|かと(?:思い|存じ)ます|だと思います|ではないでしょうか|が原因です)", "ご案内が行き届かず、行き違いになったようです"),
        (Harshness.BLAMES, r"(?:ちゃんと|きちんと)(?=(?:お読み|読んで|ご?確認|見て|ご覧|ご理解))", "お手数ですが、いま一度"),
        (Harshness.BLAMES, r"(?:書いて|記載して|明記して)あります(?:よね|けど|が、?(?:ご覧に|お読みに|読))(?:なりましたか|なっていますか)?", "記載しておりますが、分かりにくく失礼いたしました"),
        (Harshness.BLAMES, r"(?:なぜ|どうして)[^。\n]{0,24}?(?:ご確認|ご連絡|お読み|確認|連絡)[^。\n]{0,10}?なかった(?:の|ん)(?:です|でしょう)か", ""),
        (Harshness.DEFENDS, r"お言葉(?:を返すよう)?ですが", "恐れ入りますが"),
        (Harshness.DEFENDS, r"(?:そう|そのように|と)?(?:言われ|おっしゃられ|仰られ|申され)(?:まし)?ても(?:、?困り(?:ます|まして))?", "ご期待に沿えず申し訳ございませんが"),
        (Harshness.DEFENDS, rf"{_OURS}(?:側)?に(?:は|も)?(?:何の|一切の?|まったく|全く)?、?(?:落ち度|責任|非|過失)は(?:一切|まったく|全く)?(?:ありません|ございません|ないと(?:考え|思い|存じ)(?:て|ます|ており)(?:おります|います|ます)?)", "原因をお調べして、できることをご案内いたします"),
        (Harshness.DEFENDS, rf"{_OURS}の(?:せい|責任|ミス|過失|問題)では(?:あり|ござい)ません", "原因をお調べして、できることをご案内いたします"),
        (Harshness.DEFENDS, r"(?:できない|出来ない)ものは(?:でき|出来)ません|無理なものは無理です", "ご希望に沿えず、申し訳ございません"),
        (Harshness.DEFENDS, r"(?:規則|規約|規定|決まり|ルール)(?:です|な)ので、?(?:でき|出来|無理|仕方|お受けし?でき)[^。\n]{0,8}(?=。|$)", "規定により承ることができず、申し訳ございません"),
        (Harshness.DEFENDS, r"(?<!のも)(?:仕方|しかた|しょう)が?(?:ありません|ございません|ないです|ないことです|ないと思います)", "ご不便をおかけし、申し訳ございません"),
        (Harshness.DEFENDS, r"(?:ご?納得|ご?理解)(?:して)?(?:いただけ|頂け|でき)ない(?:の)?(?:でしたら|なら|ようでしたら)|(?:嫌|いや|ご不満)(?:なら|でしたら)", ""),
        (Harshness.MOCKS, rf"(?:何度も|再三|何回も|前にも|先日も)、?{_SAID}(?:て(?:おり|い)ます|ております|ました|た|ています)(?:とおり|通り|ように|が|けど|ので|よね)?", "重ねてのご案内となり恐れ入りますが"),
        (Harshness.MOCKS, r"(?:普通に?|ふつうに?|常識(?:的に)?|一般的に)(?:は)?、?考え(?:て|れば|たら)(?:も)?", "恐れ入りますが"),
        (Harshness.MOCKS, r"(?:いくら(?:なん|何)でも|さすがに)、?(?=(?:それ|そこ|これ|その|無理|お客様))", "申し訳ございませんが、"),
        (Harshness.MOCKS, r"当(?:たり|り)前(?:のこと)?です(?:が|けど|よね)?|当然(?:のこと)?です(?:が|けど|よね)", "恐れ入りますが"),
        (Harshness.MOCKS, r"ご存[じ知]ない(?:かも(?:しれ|知れ)ません|よう(?:です|でござい)ます?)(?:が|けど)", "ご案内が足りておりませんでしたが"),
        (Harshness.BLAMES, r"\byou (?:should|ought to) have (?:read|checked|known|noticed|told)\b|\byou failed to\b|\byou did(?: not|n't) (?:even )?(?:read|bother|check)\b|\b(?:it is|it's|this is|that is|that's) your (?:own )?(?:fault|mistake|error|problem)\b", ""),
        (Harshness.DEFENDS, r"\b(?:it is|it's|this is|that is|that's) not our (?:fault|problem|responsibility|mistake)\b|\bwe are not (?:responsible|to blame)\b|\bthere is nothing (?:we|i) can do\b|\b(?:that's|that is|it's) (?:just )?(?:the|our) policy\b", "let me tell you what we can do"),
        (Harshness.MOCKS, r"\bas (?:i|we)(?:'ve| have)? (?:already|repeatedly) (?:said|told you|explained|mentioned|stated)\b|\bper my last (?:e-?mail|message)\b|\bfor the last time\b|\blike i said\b", "to put it more clearly"),
        (Harshness.MOCKS, r"\bwith all due respect\b|\bobviously\b|\bas you (?:should|must) know\b|\bcalm down\b", "I understand, and"),
        (Harshness.BLAMES, r"(?:是|这是|這是)(?:您|你)(?:自己)?的(?:错|錯|问题|問題|责任|責任|失误|失誤)|(?:您|你)应该先(?:看|确认)|(?:您|你)應該先(?:看|確認)", ""),
        (Harshness.DEFENDS, r"(?:这|這)?不是我们的(?:错|问题|责任)|(?:这|這)?不是我們的(?:錯|問題|責任)", ""),
        (Harshness.MOCKS, r"(?:我们|我們|我)?(?:已经|已經)(?:说过|說過|说了|說了)(?:很多|好多|多少)(?:次|遍)|(?:说|說)了(?:多少|很多)(?:次|遍)", ""),
        (Harshness.BLAMES, r"고객님(?:의|께서)? ?(?:잘못|실수|착오|부주의)(?:입니다|이십니다|하신)", ""),
        (Harshness.DEFENDS, r"저희 ?(?:의 )?(?:잘못|책임)(?:이|은) ?아닙니다|어쩔 수 없습니다", ""),
        (Harshness.MOCKS, r"(?:몇 번이나|여러 번|이미) ?말씀드렸(?:잖아요|는데요|듯이)", ""),
    )
)  # fmt: skip
_QUOTED: Final = re.compile(r"「[^「」\n]*」|『[^『』\n]*』|“[^“”\n]*”|\"[^\"\n]*\"")


def harsh_in(text: str) -> tuple[Harsh, ...]:
    """Every such passage in reading order, each wording once."""
    plain = _QUOTED.sub(lambda quote: "\x00" * len(quote.group()), text)
    found: dict[str, tuple[int, Harsh]] = {}
    for kind, pattern, instead in _PATTERNS:
        for match in pattern.finditer(plain):
            found.setdefault(match.group(), (match.start(), Harsh(match.group(), kind, instead)))
    return tuple(harsh for _at, harsh in sorted(found.values(), key=lambda each: each[0]))
