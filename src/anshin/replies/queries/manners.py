"""What whoever writes a reply is told before it leaves: which question it leaves out, and which words could hurt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.cases.queries import customers_words_since_our_answer
from anshin.language.questions import unanswered
from anshin.language.tone import Harsh, harsh_in
from anshin.replies import rules

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def unanswered_questions(shop: Shop, case_id: int, text: str) -> tuple[str, ...]:
    """What the customer asked since our last answer and this reply does not touch (requirement 149). One query."""
    return unanswered(customers_words_since_our_answer(shop.pk, case_id), rules.own_words(text))


def harsh_words(text: str) -> tuple[Harsh, ...]:
    """Passages of our own that blame, defend or mock (requirement 148). No query."""
    return harsh_in(rules.own_words(text))
