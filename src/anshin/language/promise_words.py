"""The words by which a promise is told from a wish, a condition, a refusal or a general remark."""

# ruff: noqa: E501  (a pattern is read in one piece)

from __future__ import annotations

import re
from typing import Final

_DOING_JA = (
    r"(?:ご?連絡|お?電話|ご?案内|お?返事|ご?返信|ご?回答|お?知らせ|ご?報告|メール|返金|ご?発送|出荷|再送|お?送り|"
    r"ご?手配|ご?確認|お?調べ|お?手続き|ご?対応|ご?用意|お?見積)"
)
_BINDING_JA = (
    r"(?:いたします|致します|します|申し上げます|申しあげます|差し上げます|さしあげます|参ります|まいります|"
    r"(?:の|する)?予定(?:です|でございます|でおります)|させていただきます|させて頂きます|ようにします)"
)
COMMITS: Final = (
    re.compile(rf"{_DOING_JA}[^。、\n]{{0,14}}?{_BINDING_JA}"),
    re.compile(
        r"(?:\b(?:i|we)(?:'ll| will| shall| are going to| am going to)|\b(?:i'm|we're) going to|\blet (?:me|us)|"
        r"\byou(?:'ll| will) (?=hear|receive (?:a|our|my|an) (?:reply|answer|call|e-?mail|refund|update)))"
        r"[^.!?\n]{0,60}?\b(?:get back|be in touch|contact|call|e-?mail|write|reply|respond|answer|update you|let you know|"
        r"inform|hear|receive|send|ship|dispatch|refund|check|look into|follow up|confirm|arrange|process|report)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:我们|我們|我|本店|客服)?(?:会|會|将|將|就)[^。!?\n]{0,24}?"
        r"(?:联系|聯絡|聯繫|回复|回覆|答复|答覆|告知|通知|退款|发货|發貨|出貨|寄出|寄送|处理|處理|确认|確認|致电|致電)"
    ),
    re.compile(
        r"(?:연락|답변|회신|답장|안내|환불|발송|출고|처리|확인|전화|알려)[^.!?\n]{0,16}?"
        r"(?:드리겠습니다|하겠습니다|드릴게요|할게요|드릴 ?예정입니다|할 ?예정입니다|예정입니다|해 ?드립니다|드립니다)"
    ),
)
"""Something that we do, bound to the future."""

NOT_OURS: Final = re.compile(
    r"(?:いただけれ|頂けれ|いただけまし|頂けまし|いただい(?:た場合|たら|て(?:から|以降))|いただき次第|頂き次第|"
    r"くださ(?:れば|いましたら)|下さ(?:れば|いましたら)|(?:ない|がない|ある|ございます|ご希望の|ご不要の|されます|される|の)場合|"
    r"(?:ござい|あり)ましたら|ご希望でしたら|とのこと|と伺|と聞|とおっしゃ|とお書き|通常|普段|ふだん|原則|一般に|いつも|"
    r"ております|ました(?:が|ところ)|しかねます|できません|お約束)"
    r"|\b(?:if|unless|once you|when you|after you|as soon as you|should you|in case|usually|normally|generally|typically|"
    r"will not|won't|cannot|can't|unable|happy to|glad to|you said|you wrote)\b"
    r"|(?:如果|若您|如您|如需|如有|若有|一般|通常|不会|不會|无法|無法|您说|您說|收到您)"
    r"|(?:주시면|하시면|시는 경우|경우에는|일반적으로|보통|통상|못|않|없습니다|말씀하신)",
    re.IGNORECASE,
)
"""A condition on the customer, a general remark, a refusal, or what somebody else said."""

ASKS: Final = re.compile(
    r"[?？]\s*$|(?:ますか|でしょうか|ませんか|ください|下さい|吗|嗎|까요?|주세요|주십시오)[。.]?\s*$"
)

SENTENCE: Final = re.compile(r"[^。．！？!?\n]*?(?:[。！？!?]|(?<![0-9])\.(?=\s|$)|．|\n|$)")

VAGUE: Final = re.compile(
    r"折り返し|改めて|あらためて|のちほど|後ほど|後程|追って|後日|次第|早急に|至急|すぐに|まもなく|近日中|できるだけ早く"
    r"|\b(?:soon|shortly|as soon as (?:possible|we|i)|later|in due course|right away|immediately)\b"
    r"|尽快|儘快|盡快|稍后|稍後|随后|隨後|马上|馬上|立即"
    r"|곧|빠른 시일|추후|조속히|최대한 빨리|즉시|다시",
    re.IGNORECASE,
)
CONTACT: Final = re.compile(
    r"連絡|電話|案内|返事|返信|回答|知らせ|報告|メール|get back|in touch|contact|call|e-?mail|reply|respond|answer|update|"
    r"let you know|inform|hear|联系|聯絡|聯繫|回复|回覆|答复|答覆|告知|通知|致电|致電|연락|답변|회신|답장|안내|전화|알려",
    re.IGNORECASE,
)
"""What a promise without a day must be about: to be heard of."""

_NUMBER = r"(?:[0-9]{1,3}\s*(?:、|,|〜|～|~|-|–|から|to|or|至|到|에서)\s*)?(?<![0-9])(?P<most>[0-9]{1,3})"
SPANS: Final = tuple(
    (unit, re.compile(pattern, re.IGNORECASE))
    for unit, pattern in (
        ("business", rf"{_NUMBER}\s*営業日(?:以内|後|中|ほど|程度)?"),
        (
            "business",
            r"(?P<one>翌営業日|next (?:business|working) day|下一个工作日|下一個工作天|下個工作天|다음 영업일)",
        ),
        ("business", rf"(?:within|in|after)?\s*{_NUMBER}\s*(?:business|working) days?"),
        ("business", rf"{_NUMBER}\s*[个個]?(?:工作日|工作天|营业日|營業日)"),
        ("business", rf"{_NUMBER}\s*영업일"),
        ("hours", rf"{_NUMBER}\s*時間(?:以内|後|ほど|程度)"),
        ("hours", rf"(?:within|in) (?:the next )?{_NUMBER}\s*hours?"),
        ("hours", rf"{_NUMBER}\s*(?:小时|小時)(?:内|內|以内|以內|之内|之內)"),
        ("hours", rf"{_NUMBER}\s*시간\s*(?:이내|안에|내)"),
        ("weeks", rf"{_NUMBER}\s*週間(?:以内|後|ほど|程度)"),
        ("weeks", r"(?P<one>within (?:a|one) week)"),
        ("weeks", rf"within {_NUMBER} weeks"),
        ("weeks", rf"{_NUMBER}\s*(?:周|週|星期)(?:内|內|以内|以內|之内|之內)"),
        ("weeks", rf"{_NUMBER}\s*주\s*(?:이내|안에|내)"),
        ("days", rf"{_NUMBER}\s*日(?:間)?(?:以内|後|中|のうち|ほど|程度)"),
        ("days", rf"(?:within|in) (?:the next )?{_NUMBER}\s*days?"),
        ("days", rf"{_NUMBER}\s*[天日](?:内|內|以内|以內|之内|之內)"),
        ("days", rf"{_NUMBER}\s*일\s*(?:이내|안에|내)"),
    )
)
"""Lengths of time, the longer number counting; `one` is a word that means one."""

WEEKDAY_ZH: Final = re.compile(r"(?<![下上])(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])")
BY_HOUR: Final = re.compile(
    r"(午前|午後|上午|下午|오전|오후)?\s*([0-9]{1,2})(?:時|点|點|시)(半|[0-9]{2}分)?\s*(?:まで|ごろ|頃|に|前|之前|까지)"
)
BY_HOUR_EN: Final = re.compile(
    r"\b(?:by|before|until|at) ([0-9]{1,2})(?::([0-9]{2}))?\s*(am|pm|a\.m\.|p\.m\.)", re.IGNORECASE
)
MORNING: Final = re.compile(r"午前中|中午(?:之)?前|before noon|by noon|오전 중", re.IGNORECASE)
KANJI_DIGITS: Final = str.maketrans("一二三四五六七八九", "123456789")
KANJI_SPAN: Final = re.compile(
    r"[一二三四五六七八九](?:[、・]?[一二三四五六七八九])?(?=\s*(?:日(?:間)?(?:以内|後|中|のうち|ほど|程度)|営業日|時間|週間|[个個]?工作|天[内內之以]))"
)
