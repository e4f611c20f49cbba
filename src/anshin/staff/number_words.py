"""What the desk says about card numbers and My Number in a text, in files and in a mail's designed form."""

from collections.abc import Collection, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.cases.terms import Unseen
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
    return _with_hint(said, may_strike=may_strike)


def hidden_number_words(kinds: Iterable[str], file_names: Collection[str], *, may_strike: bool) -> str:
    """The warning above a message that has them elsewhere than in its text: in these files, or in its designed form."""
    what = kinds_words(sorted(set(kinds)))
    if file_names:
        names = ", ".join(file_names)
        said = _("A file of this message seems to contain numbers that should not be kept (%(what)s): %(names)s.")
        return _with_hint(said % {"what": what, "names": names}, may_strike=may_strike)
    said = _("The designed form of this message seems to contain numbers that should not be kept (%(what)s).")
    return _with_hint(said % {"what": what}, may_strike=may_strike)


def unseen_words(unseen: str) -> str:
    """Why nobody looked into all of a file for such numbers; "" for one that was."""
    if not unseen:
        return ""
    return _("not looked into for card numbers: %(why)s") % {"why": Unseen(unseen).label}


def kinds_words(kinds: Iterable[str]) -> str:
    """The kinds in one line, for the journal."""
    return ", ".join(str(KINDS.get(kind, kind)) for kind in kinds)


def _with_hint(said: str, *, may_strike: bool) -> str:
    hint = _("They can be struck out.") if may_strike else _("Ask a manager to strike them out.")
    return said + hint if said.endswith("。") else f"{said} {hint}"
