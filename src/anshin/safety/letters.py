"""Safety mails and printed letters, in the buyer's language, drawn from the facts and words that are public.

Texts lie in letters/<round>/<language>.txt: the subject, a blank line, the text. A paragraph that begins with a line
“?name” is left out where that value is empty; “?by_mail” and “?on_paper” are what only one of the two says. There is
no List-Unsubscribe and no way to unsubscribe: the mail is no advertising, and whoever bought the thing must hear of
the danger.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Template

from anshin.commerce.terms import Recipient
from anshin.plumbing.mail.html import html_from_text
from anshin.safety.ports import PaperLetter, SafetyLetter
from anshin.safety.terms import LANGUAGES, Content

_TEXTS = Path(__file__).parent / "letters"
_DAYS = {"ja": "{0.year}年{0.month}月{0.day}日", "zh-Hans": "{0.year}年{0.month}月{0.day}日"}
_DAYS |= {"zh-Hant": _DAYS["ja"], "ko": "{0.year}년 {0.month}월 {0.day}일", "en": "{0:%-d %B %Y}"}
_BOUGHT = {
    "ja": "{day} {place} 注文番号 {number}({quantity}点)",
    "en": "{day}, {place}, order {number}, quantity {quantity}",
    "zh-Hans": "{day} {place} 订单号 {number}(数量 {quantity})",
    "zh-Hant": "{day} {place} 訂單編號 {number}(數量 {quantity})",
    "ko": "{day} {place} 주문번호 {number} (수량 {quantity})",
}


_GROUNDS = {
    "ja": "製品の安全に関するお知らせ「{0}」による対応です。購入からの期間にかかわらずお受けし、送料はいただきません。",
    "en": "This is the remedy of the product safety notice “{0}”, however long ago you bought it. You pay no postage.",
    "zh-Hans": "这是产品安全通知“{0}”的处理。不论购买时间，均予受理，运费由本店承担。",
    "zh-Hant": "這是產品安全通知「{0}」的處理。不論購買時間，均予受理，運費由本店負擔。",
    "ko": "제품 안전 안내 ‘{0}’에 따른 조치입니다. 구입 시기와 관계없이 접수하며, 배송비는 받지 않습니다.",
}


def ground_words(language: str, what: str) -> str:
    """Why a return is accepted, as the customer and the desk read it instead of a paragraph of the policy."""
    return _GROUNDS.get(language, _GROUNDS["ja"]).format(what)


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order that the mail is about; `place` is where it was bought, `on` the day in the shop's zone."""

    on: date
    place: str
    number: str
    quantity: int
    is_gift: bool = False


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What one mail needs. `round` is a code of terms.MailRound, `link` where the buyer answers."""

    mail_id: int
    round: str
    to: str
    name: str
    shop: str
    language: str
    content: Content
    purchases: tuple[Purchase, ...]
    link: str
    message_id: str
    picture: bytes | None = None
    picture_type: str = ""


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What one printed letter needs. `number` is the advisory's, `to` where it goes, `on` the day it is printed."""

    round: str
    to: Recipient
    shop: str
    number: str
    on: date
    language: str
    content: Content
    purchases: tuple[Purchase, ...]
    link: str

    @property
    def name(self) -> str:
        """Who reads it."""
        return self.to.name


def paper_letter(facts: PaperFacts) -> PaperLetter:
    """The finished letter, with the words of the mail but for what only a mail says."""
    language = facts.language if facts.language in LANGUAGES else facts.content.facts.lead_language
    subject, paragraphs = _text(facts.round, language)
    values = _values(facts, language) | {"on_paper": "yes"}
    said = [Template(words).substitute(values) for needed, words in paragraphs if not needed or values[needed]]
    return PaperLetter(
        to=facts.to,
        language=language,
        title=" ".join(Template(subject).substitute(values).split()),
        heading=values["heading"],
        paragraphs=tuple(said),
        sender=facts.shop,
        number=facts.number,
        day=_DAYS[language].format(facts.on),
        link=facts.link,
    )


def safety_letter(facts: MailFacts) -> SafetyLetter:
    """The finished mail. Where the words of the language are missing, those of the lead language stand in the frame of
    the buyer's language."""
    language = facts.language if facts.language in LANGUAGES else facts.content.facts.lead_language
    subject, paragraphs = _text(facts.round, language)
    values = _values(facts, language) | {"by_mail": "yes"}
    text = "\n\n".join(
        Template(words).substitute(values) for needed, words in paragraphs if not needed or values[needed]
    )
    return SafetyLetter(
        mail_id=facts.mail_id,
        to=facts.to,
        name=facts.name,
        subject=" ".join(Template(subject).substitute(values).split()),
        text=text + "\n",
        html=_html(text, language, has_picture=facts.picture is not None, product=values["product"]),
        language=language,
        message_id=facts.message_id,
        picture=facts.picture,
        picture_type=facts.picture_type,
    )


def _values(facts: MailFacts | PaperFacts, language: str) -> dict[str, str]:
    told, words = facts.content.facts, facts.content.words[facts.content.language_for(language)]
    contact = (told.contact_name, told.contact_phone, told.contact_mail, told.contact_hours)
    return {
        "name": facts.name,
        "shop": facts.shop,
        "product": words.product,
        "heading": words.heading,
        "hazard": words.hazard,
        "affected": words.affected,
        "what_to_do": words.what_to_do,
        "remedy": words.remedy,
        "stop": "yes" if told.stop_using else "",
        "gift": "yes" if any(each.is_gift for each in facts.purchases) else "",
        "bought": "\n".join(_bought(each, language) for each in facts.purchases),
        "agency": told.agency,
        "source": told.source_url,
        "contact": "\n".join(each for each in contact if each) or facts.shop,
        "link": facts.link,
        "by_mail": "",
        "on_paper": "",
    }


def _bought(purchase: Purchase, language: str) -> str:
    return _BOUGHT[language].format(
        day=_DAYS[language].format(purchase.on),
        place=purchase.place,
        number=purchase.number,
        quantity=purchase.quantity,
    )


def _html(text: str, language: str, *, has_picture: bool, product: str) -> str:
    picture = f'<p><img src="cid:picture" alt="{html.escape(product)}" width="320"></p>\n' if has_picture else ""
    head = f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"></head><body>\n'
    return f"{head}{picture}{html_from_text(text)}\n</body></html>\n"


@cache
def _text(which: str, language: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    subject, _blank, text = (_TEXTS / which / f"{language}.txt").read_text(encoding="utf-8").partition("\n\n")
    return subject, tuple(_paragraph(each.strip("\n")) for each in text.split("\n\n"))


def _paragraph(text: str) -> tuple[str, str]:
    if not text.startswith("?"):
        return "", text
    needed, _end, words = text[1:].partition("\n")
    return needed, words
