"""The automatic answer: its text in five languages, a shop's own where it has one.

The texts lie in letters/acknowledgement/<language>.txt: the subject, a blank line, the text.
"""

from datetime import datetime
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
    letter: AnswerLetter, language: str, *, name: str, number: int, due_at: datetime, shop: str, signature: str
) -> AnswerLetter:
    """The text for one customer. `due_at` on the shop's clock."""
    named, nameless = _GREETINGS[language]
    values = {
        "greeting": named.format(name) if name else nameless,
        "number": f"#{number}",
        "due": moment_words(due_at, language),
        "shop": shop,
        "signature": signature,
    }
    return AnswerLetter(
        subject=" ".join(Template(letter.subject).substitute(values).split()),
        text=Template(letter.text).substitute(values).strip(),
    )


def moment_words(at: datetime, language: str) -> str:
    """A moment in the customer's language; abroad with whose clock it is, for we do not know theirs."""
    clock = f"{at:%H:%M}"
    if language == "ja":
        return f"{at.month}月{at.day}日（{_DAYS['ja'][at.weekday()]}）{clock}"
    if language == "en":
        return f"{_DAYS_EN[at.weekday()]}, {at.day} {_MONTHS_EN[at.month - 1]}, {clock} (Japan time)"
    day = _DAYS[language][at.weekday()]
    if language == "ko":
        return f"{at.month}월 {at.day}일({day}) {clock}(일본 시간)"
    week, zone = ("周", "日本时间") if language == "zh-Hans" else ("週", "日本時間")
    return f"{at.month}月{at.day}日（{week}{day}）{clock}（{zone}）"
