"""The letters of a bundle as one file for the printer, as often as one likes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anshin.safety.actions.mail_facts import purchase
from anshin.safety.actions.refusals import NothingToPrint, UnknownAdvisory
from anshin.safety.letters import PaperFacts, paper_letter
from anshin.safety.ports import letter_papers
from anshin.safety.queries import advisories, bundle_by_number, last_content, link_in_letter, listed, people_in
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.safety.models import LetterBundle
    from anshin.safety.queries import Listed
    from anshin.safety.terms import Content
    from anshin.shops.models import Membership, Shop


def bundle_pdf(*, by: Membership, advisory_id: int, number: int) -> bytes:
    """One PDF, the latest purchases first. Who has been erased or told anew since has no letter in it any more.

    Raises NotAllowed, UnknownAdvisory for a bundle that is not there, NothingToPrint when no letter is left in it.
    """
    advisory = advisories(by).select_related("shop").filter(pk=advisory_id, number__isnull=False).first()
    bundle = bundle_by_number(advisory, number) if advisory else None
    content = last_content(advisory) if advisory else None
    if advisory is None or bundle is None or content is None:
        raise UnknownAdvisory
    require(by, Permission.ANSWER)
    people = [each for each in listed(advisory, people_in(bundle)) if each.place.lines]
    if not people:
        raise NothingToPrint
    return letter_papers.get().pdf([paper_letter(_facts(advisory.shop, bundle, content, each)) for each in people])


def _facts(shop: Shop, bundle: LetterBundle, content: Content, each: Listed) -> PaperFacts:
    return PaperFacts(
        round=each.person.round,
        to=each.place,
        shop=shop.name,
        number=str(bundle.advisory),
        on=bundle.made_at.astimezone(ZoneInfo(shop.zone)).date(),
        language=each.language,
        content=content,
        purchases=tuple(purchase(bought, shop) for bought in each.bought),
        link=link_in_letter(each.person, shop.slug),
    )
