"""What a shop's own site asks when it wants the lines about returns for an order confirmation."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from anshin.visits.rules.entering import NotBelieved, is_moment, look_at_frame, signed
from anshin.visits.terms import HandOverFault, TermsQuestion

MOST_SKUS: Final = 100
_LONGEST_TOKEN: Final = 20_000
_LONGEST_NUMBER: Final = 80


def read_question(token: str, *, shop: str, secret: str, now: datetime) -> TermsQuestion:
    """The question in a token, once it is believed: an order's number or what is in the basket. Raises NotBelieved."""
    try:
        values = json.loads(signed(token, secret=secret, longest=_LONGEST_TOKEN))
        for_shop, ends = values["shop"], values["ends"]
        order, skus = values.get("order", ""), values.get("skus", [])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, NotBelieved):
            raise
        raise NotBelieved(HandOverFault.INCOMPLETE) from error
    if not is_moment(ends) or not _is_number(order) or not isinstance(skus, list) or not all(map(_is_number, skus)):
        raise NotBelieved(HandOverFault.INCOMPLETE)
    if bool(order) == bool(skus) or len(skus) > MOST_SKUS:
        raise NotBelieved(HandOverFault.INCOMPLETE)
    look_at_frame(for_shop, ends, shop=shop, now=now)
    return TermsQuestion(order=order, skus=tuple(skus))


def _is_number(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_NUMBER
