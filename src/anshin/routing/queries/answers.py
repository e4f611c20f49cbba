"""What a shop says in its automatic answers where it has a text of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.routing.models import AnswerText
from anshin.routing.terms import AnswerLetter

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def own_answers(shop: Shop) -> dict[str, AnswerLetter]:
    """By language, the texts that the shop has written itself: one query."""
    return {row.language: AnswerLetter(row.subject, row.text) for row in AnswerText.objects.filter(shop=shop)}
