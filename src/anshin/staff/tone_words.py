"""How words that could hurt are pointed out to whoever writes them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from anshin.language.tone import Harsh, Harshness


def harsh_text(harsh: Harsh) -> str:
    """The passage, how it can be heard, and what to say instead where there is something."""
    sentence = {
        Harshness.BLAMES: _("“%(passage)s” blames the customer."),
        Harshness.DEFENDS: _("“%(passage)s” sounds like a defence."),
        Harshness.MOCKS: _("“%(passage)s” can be heard as sarcasm or a reproach."),
    }[harsh.kind] % {"passage": harsh.passage}
    if harsh.instead:
        return sentence + " " + _("Calmer: “%(instead)s”") % {"instead": harsh.instead}
    return sentence + " " + _("Say what you understand, and what you can do.")
