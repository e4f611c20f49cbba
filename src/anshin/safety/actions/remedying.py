"""The remedy of a public advisory as a return: approved, at the shop's cost, however long ago it was bought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils import translation
from django.utils.translation import gettext as _

from anshin.commerce.queries import customer_by_id
from anshin.returns.actions import Ground, Piece, grant
from anshin.returns.terms import Wish
from anshin.safety.actions.keeping import PROGRAM
from anshin.safety.letters import ground_words
from anshin.safety.queries import affected_pieces, last_content
from anshin.safety.terms import LANGUAGES, RemedyKind, Standing

if TYPE_CHECKING:
    from anshin.returns.models import Return
    from anshin.safety.models import Advisory
    from anshin.safety.queries import Addressee
    from anshin.shops.models import Shop

_WISHES: Final[Mapping[str, Wish]] = {
    RemedyKind.REFUND: Wish.REFUND,
    RemedyKind.EXCHANGE: Wish.EXCHANGE,
    RemedyKind.REPAIR: Wish.REPAIR,
}
"""A part that is sent is no return."""


def open_returns(shop: Shop, whose: Addressee, *, now: datetime) -> dict[int, Return]:
    """By customer the return of what they were told of; the same buyer's wish twice is the same return. Empty where the
    remedy is none, or nothing of it is left. For the caller's transaction."""
    advisory = whose.advisory
    wish = _WISHES.get(advisory.remedy)
    if wish is None:
        return {}
    told = [standing for standing in Standing if standing.is_told]
    notices = whose.notices.filter(standing__in=told)
    pieces: dict[int, list[Piece]] = defaultdict(list)
    customers = dict(notices.values_list("order_id", "customer_id"))
    for order_id, position, quantity in affected_pieces(advisory, list(customers)):
        pieces[customers[order_id]].append(Piece(order_id, position, quantity))
    opened = {each: _granted(shop, whose, each, wish, pieces[each], now=now) for each in sorted(pieces)}
    return {each: returned for each, returned in opened.items() if returned is not None}


def _granted(
    shop: Shop, whose: Addressee, customer_id: int, wish: Wish, pieces: list[Piece], *, now: datetime
) -> Return | None:
    customer = customer_by_id(shop, customer_id)
    if customer is None:
        return None
    advisory, language = whose.advisory, whose.language if whose.language in LANGUAGES else "ja"
    with translation.override("ja"):  # the desk reads it; the customer has their own page
        words = _("Asked for the remedy of the safety notice %(number)s “%(title)s”: %(remedy)s.") % {
            "number": advisory,
            "title": advisory.title,
            "remedy": RemedyKind(advisory.remedy).label,
        }
    return grant(
        shop=shop,
        customer=customer,
        pieces=pieces,
        wish=wish,
        ground=_ground(advisory, language),
        keeps=not advisory.must_come_back and wish != Wish.REPAIR,
        words=words,
        language=language,
        nonce=f"safety:{advisory.pk}:{customer_id}",
        by=PROGRAM,
        now=now,
    )


def _ground(advisory: Advisory, language: str) -> Ground:
    content = last_content(advisory)
    product = content.words[content.language_for(language)].product if content else advisory.title
    return Ground(str(advisory), ground_words("ja", advisory.title), ground_words(language, product))
