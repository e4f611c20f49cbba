"""The automatic answer: its text in five languages, a shop's own where it has one.

The texts lie in letters/acknowledgement/<language>.txt: the subject, a blank line, the text.
"""

from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from string import Template

from anshin.routing.terms import AnswerLetter

_TEXTS = Path(__file__).parent / "letters" / "acknowledgement"
PLACEHOLDERS = ("greeting", "number", "due", "shop", "signature")
STANDARD_LANGUAGE = "en"
_DAYS = {"ja": "月火水木金土日", "zh-Hans": "一二三四五六日", "zh-Hant": "一二三四五六日", "ko": "월화수목금토일"}
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_OUR_CLOCK = {
    "en": " (Japan time)",
    "zh-Hans": "（日本时间）",
    "zh-Hant": "（日本時間）",
    "ko": "(일본 시간)",
}
_BOTH_CLOCKS = {
    "ja": "（日本時間。お客様の現地時間では {theirs}）",
    "en": " Japan time ({theirs} your time)",
    "zh-Hans": "（日本时间，您当地时间为{theirs}）",
    "zh-Hant": "（日本時間，您當地時間為{theirs}）",
    "ko": "(일본 시간, 고객님 현지 시간 {theirs})",
}
_GREETINGS = {
    "ja": ("{} 様", "お客様"),
    "en": ("Dear {},", "Hello,"),
    "zh-Hans": ("{} 您好：", "您好："),
    "zh-Hant": ("{} 您好：", "您好："),
    "ko": ("{} 고객님", "고객님"),
}


class BadText(ValueError):
    """A text has a placeholder that does not exist; `what` is it."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


def language_for(language: str) -> str:
    """The language in which a customer is answered: theirs where there is a text, else English."""
    return language if language in _GREETINGS else STANDARD_LANGUAGE


@cache
def standard(language: str) -> AnswerLetter:
    """The text that comes with Anshin, with its placeholders."""
    subject, _blank, text = (_TEXTS / f"{language}.txt").read_text(encoding="utf-8").partition("\n\n")
    return AnswerLetter(subject, text.rstrip("\n"))


def check(letter: AnswerLetter) -> None:
    """Raise BadText for a placeholder that nothing fills."""
    for part in (letter.subject, letter.text):
        template = Template(part)
        if not template.is_valid():
            raise BadText("$")
        for name in template.get_identifiers():
            if name not in PLACEHOLDERS:
                raise BadText(f"${name}")


def filled(
    letter: AnswerLetter,
    language: str,
    *,
    name: str,
    number: int,
    due_at: datetime,
    shop: str,
    signature: str,
    offset_minutes: int | None = None,
) -> AnswerLetter:
    """The text for one customer. `due_at` on the shop's clock; `offset_minutes` of the customer's, where known."""
    named, nameless = _GREETINGS[language]
    values = {
        "greeting": named.format(name) if name else nameless,
        "number": f"#{number}",
        "due": moment_words(due_at, language, offset_minutes=offset_minutes),
        "shop": shop,
        "signature": signature,
    }
    return AnswerLetter(
        subject=" ".join(Template(letter.subject).substitute(values).split()),
        text=Template(letter.text).substitute(values).strip(),
    )


def moment_words(at: datetime, language: str, *, offset_minutes: int | None = None) -> str:
    """A moment in the customer's language on the shop's clock, and on theirs where that is known to be another.

    Where it is not known, whoever does not write Japanese is told whose clock it is.
    """
    theirs = at.astimezone(timezone(timedelta(minutes=offset_minutes))) if offset_minutes is not None else at
    is_abroad = theirs.utcoffset() != at.utcoffset()
    words = _day_and_time(at, language)
    if not is_abroad:
        return words if language == "ja" else words + _OUR_CLOCK[language]
    return words + _BOTH_CLOCKS[language].format(theirs=_day_and_time(theirs, language))


def _day_and_time(at: datetime, language: str) -> str:
    clock = f"{at:%H:%M}"
    if language == "en":
        return f"{_DAYS_EN[at.weekday()]}, {at.day} {_MONTHS_EN[at.month - 1]}, {clock}"
    day = _DAYS[language][at.weekday()]
    if language == "ko":
        return f"{at.month}월 {at.day}일({day}) {clock}"
    week = {"ja": "", "zh-Hans": "周", "zh-Hant": "週"}[language]
    return f"{at.month}月{at.day}日（{week}{day}）{clock}"
