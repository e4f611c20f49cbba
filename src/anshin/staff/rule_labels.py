"""Short words in the form of a rule: how a condition compares, and what to fill in."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.routing.terms import Effect, Field, Op


def op_label(field: Field, op: Op) -> str:
    """How the condition compares, as it reads behind the field."""
    if field == Field.WORDS:
        return _("contains") if op == Op.IS else _("does not contain")
    return {
        Op.IS: pgettext("comparison", "is"),
        Op.IS_NOT: pgettext("comparison", "is not"),
        Op.AT_LEAST: pgettext("comparison", "is at least"),
        Op.BELOW: pgettext("comparison", "is below"),
    }[op]


def value_hint(what: Field | Effect) -> str:
    """What to fill in, "" where it is clear."""
    return {
        Field.WORDS: _("Several words with commas between: any of them will do. Width and kana do not matter."),
        Field.DOMAIN: _("What stands behind the @. Several with commas between."),
        Field.ORDER_TOTAL: _("Yen, tax included"),
        Effect.SNOOZE: _("Hours"),
    }.get(what, "")
