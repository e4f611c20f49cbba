"""What should not be said to a customer about a return or a parcel that never came: fills replies.objectors
(requirements 51, 53 and 156)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from anshin.cases.ports import Objection
from anshin.cases.queries import own_words_since
from anshin.commerce.terms import Fault
from anshin.delivery.actions import apology_for_fault
from anshin.delivery.queries import lost_since, own_faults_of_case
from anshin.language.detect import guess_language
from anshin.returns.models import Return
from anshin.returns.rules import options, policy_wording

DENIAL, APOLOGY, OPTIONS = "right_denied", "apology_missing", "options_missing"
_SORRY: Final = re.compile(
    r"申し訳|申しわけ|お詫び|おわび|すみません|恐れ入り|ご容赦|お許し|ご迷惑"
    r"|\b(?:sorry|apolog|regret)|抱歉|道歉|歉意|对不起|對不起|致歉|죄송|사과|송구",
    re.IGNORECASE,
)
_INSTEAD: Final[Mapping[str, str]] = {
    "ja": "お届けした品に不良や間違いがあったときは、修理・交換・ご返金のいずれかで対応いたします。",
    "en": "If the item is defective or not what you ordered, we will repair it, exchange it or refund you.",
    "zh-Hans": "如商品有质量问题或发错货，我们会为您维修、更换或退款。",
    "zh-Hant": "若商品有瑕疵或寄錯，我們會為您維修、更換或退款。",
    "ko": "상품에 하자가 있거나 주문과 다른 경우 수리, 교환 또는 환불해 드립니다.",
}


class ReturnObjector:
    """A reply may not deny what the law gives a buyer, and our own mistake is not answered without an apology."""

    def objections(self, shop_id: int, case_id: int, text: str) -> tuple[Objection, ...]:
        """No query where the text apologises and offers nothing; else at most five."""
        language = guess_language(text).language
        found = [_denied(passage, language) for passage in policy_wording.denials(text)]
        if not _SORRY.search(text) and (missing := _apology(shop_id, case_id, language)):
            found.append(missing)
        if lacking := options.missing_options(text):
            found += _one_sided(shop_id, case_id, lacking, language)
        return tuple(found)


def _denied(passage: str, language: str) -> Objection:
    return Objection(
        code=DENIAL,
        passage=passage,
        words=_(
            "“%(passage)s” denies what the law gives a buyer: what is defective or not as ordered is repaired, "
            "exchanged or paid back (民法 562–564条, 消費者契約法 8条)."
        )
        % {"passage": passage[:80]},
        instead=_INSTEAD.get(language, _INSTEAD["en"]),
    )


def _apology(shop_id: int, case_id: int, language: str) -> Objection | None:
    """What is missing when it was decided that it is our own doing, and no reply has apologised since."""
    faults = own_faults_of_case(shop_id, case_id)
    since = min((fault_at for fault_at, _item in faults), default=None)
    item = next((name for _at, name in faults), "")
    if since is None:
        returned = Return.objects.filter(shop_id=shop_id, case_id=case_id, fault=Fault.SHOP).first()
        if returned is None:
            return None
        since, item = returned.asked_at, next((line.name for line in returned.lines.all()[:1]), "")
    if any(_SORRY.search(said) for said in own_words_since(shop_id, case_id, since)):
        return None
    return Objection(
        code=APOLOGY,
        passage="",
        words=_("It was decided that this is our own mistake. The reply says so without an apology."),
        instead=apology_for_fault(Fault.SHOP, item=item, language=language),
    )


def _one_sided(shop_id: int, case_id: int, lacking: tuple[str, ...], language: str) -> list[Objection]:
    """A parcel never came, and the reply offers only half of what can be done, unless the other half was offered
    since."""
    since = lost_since(shop_id, case_id)
    if since is None:
        return []
    said = own_words_since(shop_id, case_id, since)
    left = [what for what in lacking if all(what in _lacking(before) for before in said)]
    if not left:
        return []
    words = {
        options.AGAIN: _("that it can be sent again"),
        options.DAY: _("the day on which it would arrive"),
        options.UNDO: _("that the order can be cancelled"),
    }
    objection = Objection(
        code=OPTIONS,
        passage="",
        words=_("The parcel never came. The reply leaves out: %(missing)s. Offer the customer both, with a day.")
        % {"missing": "、".join(str(words[what]) for what in left)},
        instead=options.OFFER.get(language, options.OFFER["en"]),
    )
    return [objection]


def _lacking(text: str) -> tuple[str, ...]:
    """What an earlier reply left open; one that offered nothing left everything open."""
    found = options.missing_options(text)
    return found or (() if options.offers_both(text) else (options.AGAIN, options.DAY, options.UNDO))
