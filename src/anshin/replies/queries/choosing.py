"""What the composer offers: the macros that fit a case, the person's own phrases, those already in the draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anshin.cases.queries import tells_of_promotion
from anshin.cases.queries.subjects import orders_of_cases
from anshin.language.postcodes import check_address
from anshin.language.topics.codes import base_code
from anshin.language.topics.urgency import UrgentKind
from anshin.plumbing.prepared import Prepared
from anshin.replies import rules
from anshin.replies.models import Macro, MacroUse, Phrase
from anshin.replies.ports import CaseStanding, case_sources
from anshin.replies.queries.macros import fitting
from anshin.replies.terms import MacroStep

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership, Shop

_MOST_LOOKED_AT = 1000
_LATE = "delivery.late_or_missing"
_OPEN_USES = Prepared(
    lambda case, by: (
        MacroUse.objects.filter(case_id=case, by_id=by, message=None).select_related("macro").order_by("at", "id")
    ),
    case=int,
    by=int,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A macro in the composer's menu: `language` is the one in which it would be sent, `fits` the case's topic."""

    macro: Macro
    language: str
    fits: bool
    is_in_language: bool


def suggested(shop: Shop, case: Case, *, wanted: str = "", most: int = 12) -> list[Choice]:
    """Macros for the case: those of its topics in the customer's language first, then the most sent. One query."""
    rows = fitting(Macro.objects.filter(shop=shop, archived_at=None), wanted)
    choices = list(_choices(rows[:_MOST_LOOKED_AT], case))
    choices.sort(key=lambda each: (not each.fits, not each.is_in_language, -each.macro.sent_count, each.macro.name))
    return choices[:most]


def standing_of(shop: Shop, case: Case) -> CaseStanding:
    """Where returns and troubles of the case stand, of all rooms that know, and what is the matter with its delivery.

    Queries: those of the rooms, one for what the customer wrote, and one more for a case about a parcel that does not
    come.
    """
    found = [source.standing(shop, case.pk) for source in case_sources.get()]
    steps = [
        *_promotion_steps(shop, case),
        *_delivery_steps(shop, case),
        *(step for each in found for step in each.steps),
    ]
    return CaseStanding(
        steps=tuple(dict.fromkeys(steps)),
        name=next((each.name for each in found if each.name), ""),
        rights=tuple(right for each in found for right in each.rights),
    )


def _promotion_steps(shop: Shop, case: Case) -> Iterator[str]:
    """Goods that somebody bought because a third party promised a reward."""
    if tells_of_promotion(shop, case.pk, case.subject):
        yield MacroStep.PROMOTION


def _delivery_steps(shop: Shop, case: Case) -> Iterator[str]:
    """A gift whose day is near, and an address that does not fit its postcode."""
    if case.is_urgent and case.urgent_kind == UrgentKind.GIFT_DATE:
        yield MacroStep.GIFT_DAY
    if _LATE in {base_code(str(code)) for code, _share in case.topics}:
        orders = orders_of_cases(shop, [case.pk])[case.pk]
        if any(check_address(order.recipient_postcode, order.recipient_lines).doubt for order in orders):
            yield MacroStep.ADDRESS


def for_steps(shop: Shop, case: Case, steps: Sequence[str], *, most: int = 6) -> list[Choice]:
    """Macros for these steps, those of the first step first, then the most sent. One query, none without steps."""
    if not steps:
        return []
    wanted = case.language or "ja"
    rows = Macro.objects.filter(shop=shop, archived_at=None).exclude(steps=[])[:_MOST_LOOKED_AT]
    found = []
    for macro in rows:
        if place := [at for at, step in enumerate(steps) if step in macro.steps]:
            language = rules.version_for(list(macro.texts), wanted)
            found.append((place[0], -macro.sent_count, macro.name, Choice(macro, language, True, language == wanted)))
    return [choice for _place, _sent, _name, choice in sorted(found, key=lambda each: each[:3])[:most]]


def phrases_of(by: Membership, *, wanted: str = "", most: int = 8) -> list[Phrase]:
    """The person's own phrases by name. One query."""
    return list(fitting(Phrase.objects.filter(author=by), wanted).order_by("name", "id")[:most])


def phrase_of(by: Membership, phrase_id: int) -> Phrase | None:
    """One of the person's own phrases."""
    return Phrase.objects.filter(author=by, pk=phrase_id).first()


def open_uses(by: Membership, case_id: int) -> Sequence[MacroUse]:
    """The macros that this person has put into the draft of the case, with the macros: one query."""
    return _OPEN_USES.rows(case=case_id, by=by.pk)


def uses_of(shop: Shop, message_id: int) -> list[MacroUse]:
    """The macros with which a reply was written, with the macros: one query."""
    return list(MacroUse.objects.filter(shop=shop, message_id=message_id).select_related("macro").order_by("id"))


def _choices(macros: Iterable[Macro], case: Case) -> Iterator[Choice]:
    codes = [str(code) for code, _share in case.topics]
    about = {*codes, *(base_code(code) for code in codes)} - {""}
    wanted = case.language or "ja"
    for macro in macros:
        language = rules.version_for(list(macro.texts), wanted)
        yield Choice(macro, language, bool(about & set(macro.topics)), language == wanted)
