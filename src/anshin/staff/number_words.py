"""What the desk says about card numbers and My Number in a text."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.language.sensitive_numbers import NumberKind, SensitiveNumber

KINDS: dict[str, str | Promise] = {
    NumberKind.CARD: gettext_lazy("Card number"),
    NumberKind.SECURITY_CODE: gettext_lazy("Security code of a card"),
    NumberKind.MY_NUMBER: gettext_lazy("My Number"),
}


def number_words(found: Iterable[SensitiveNumber], *, may_strike: bool) -> str:
    """The warning above a message."""
    kinds = {number.kind for number in found}
    if kinds == {NumberKind.CARD}:
        said = _("This message seems to contain a card number.")
    elif kinds == {NumberKind.MY_NUMBER}:
        said = _("This message seems to contain a My Number.")
    else:
        said = _("This message seems to contain numbers of a card or a My Number.")
    hint = _("They can be struck out.") if may_strike else _("Ask a manager to strike them out.")
    return f"{said} {hint}" if said.isascii() else said + hint


def kinds_words(kinds: Iterable[str]) -> str:
    """The kinds in one line, for the journal."""
    return ", ".join(str(KINDS.get(kind, kind)) for kind in kinds)
