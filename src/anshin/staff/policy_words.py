"""What is wrong with a policy, said to whoever writes it: what it is, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anshin.commerce.terms import ProductTag

if TYPE_CHECKING:
    from anshin.returns.queries.policies import Flaw

Words = str | Promise
PARTS: dict[str, tuple[str, ...]] = {
    "fault": ("defect_days", "defect_start", "defect_ways", "defect_words"),
    "mind": ("accepts", "days", "start", "payer", "mind_words"),
    "excluded": ("excludes_nothing", "excluded_tags", "excludes_opened", "excludes_used", "excluded_words"),
    "own": ("overrides",),
    "steps": ("law_words",),
    "shown": ("shown",),
}
"""Fields by the part of the form beside which their flaws stand."""
_SENTENCES: dict[str, Words] = {
    "defects_empty": _(
        "Item 1 is empty: within how many days do customers tell you about defects and wrong items? Fill in the days."
    ),
    "ways_empty": _("Choose what you do about a defect: money back, exchange or repair."),
    "mind_empty": _("Item 2 is empty: choose whether customers may return what they do not like."),
    "days_empty": _("Say within how many days customers may return what they do not like."),
    "start_missing": _("“Within %(about)s days” does not say from when. Choose delivery, order or shipping."),
    "payer_empty": _("Say who pays the postage of the return."),
    "excluded_empty": _("Item 3 is empty: choose what cannot come back, or tick that nothing is excluded."),
    "contradiction_nothing": _(
        "“Nothing is excluded” is ticked, and yet something is. Take away the tick or what is excluded."
    ),
    "contradiction_goods": _(
        "Items 2 and 3 contradict each other: %(goods)s are excluded in one and accepted in the other. Change one."
    ),
    "contradiction_goods_words": _(
        "Your own words exclude %(goods)s, which item 2 accepts. Tick the goods in item 3, or change the words."
    ),
    "contradiction_opened": _(
        "Items 2 and 3 contradict each other: opened items are accepted in one and excluded in the other. Change one."
    ),
    "contradiction_used": _(
        "Items 2 and 3 contradict each other: used items are accepted in one and excluded in the other. Change one."
    ),
    "own_empty": _("“%(about)s” has nothing of its own. Fill in what is different, or empty the row."),
    "own_twice": _("“%(about)s” stands there twice. Keep one row."),
    "words_without_start": _("“%(about)s” does not say from when. Add “after delivery” or the like."),
    "foreign_law": _("“%(about)s” is no law of Japan, which is what holds here. Take it out or name ours."),
    "right_denied": _(
        "“%(about)s” denies what the law gives every buyer: help with a defect or a wrong item. Take the sentence out."
    ),
    "not_shown": _(
        "The terms do not stand %(place)s. Orders until then follow the law (特定商取引法15条の3): within 8 days from "
        "delivery customers may return goods at their own postage, whatever is written here. Put the terms there and "
        "fill in the day."
    ),
}
_PLACES: dict[str, Words] = {
    "both": _("near the cart button and on the final confirmation page"),
    "cart": _("near the cart button"),
    "final_page": _("on the final confirmation page"),
}
NOTICE: dict[str, tuple[Words, Words]] = {
    "section": (_("Something about returns"), _("Add a section about returns: the law wants it on this page.")),
    "defects": (_("1. Defects and wrong items"), _("Say what you do about defects and wrong items.")),
    "mind": (_("2. Change of mind"), _("Say whether, until when and in what state goods may come back.")),
    "excluded": (_("3. What cannot come back"), _("Say what cannot come back.")),
    "postage": (_("Who pays the postage"), _("Say who pays the postage of the return.")),
    "period": (_("A number of days"), _("Say within how many days.")),
    "start": (
        _("From when the days count"),
        _("“%(about)s” does not say from when. Add “after delivery” or the like."),
    ),
    "foreign_law": (_("Law of Japan"), _("“%(about)s” is no law of Japan. Take it out.")),
    "right_denied": (_("Rights of buyers"), _("“%(about)s” denies what the law gives every buyer. Take it out.")),
}
"""What a page has to say: its name, and what to do where it does not."""


def sentence(flaw: Flaw) -> str:
    """What is wrong and what to do."""
    goods = str(ProductTag(flaw.about).label) if flaw.about in ProductTag.values else flaw.about
    place = str(_PLACES.get(flaw.about, ""))
    return str(_SENTENCES[flaw.code]) % {"about": flaw.about, "goods": goods, "place": place}


def by_part(flaws: Sequence[Flaw]) -> dict[str, list[dict[str, Any]]]:
    """The flaws of each part of the form, in words."""
    return {
        part: [{"words": sentence(each), "is_grave": each.is_grave} for each in flaws if each.field in fields]
        for part, fields in PARTS.items()
    }
