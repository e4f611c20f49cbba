"""How the warehouse's screens speak: what a grade means, what an approval means for the parcel on the table."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.returns.terms import Approval, Disposition, Grade

GRADE_MEANS: dict[str, Promise] = {
    Grade.A: gettext_lazy("Looks like new and can be sold as it is."),
    Grade.B: gettext_lazy("Was opened; can be sold once it is packed anew."),
    Grade.C: gettext_lazy("Shows traces of use; not to be sold as new."),
    Grade.D: gettext_lazy("Is broken or dirty and cannot be sold."),
}
DISPOSITION_MEANS: dict[str, Promise] = {
    Disposition.RESTOCK: gettext_lazy("Goes back to the shelf."),
    Disposition.SCRAP: gettext_lazy("Is thrown away or sold as a part."),
    Disposition.SEND_BACK: gettext_lazy("The shop does not keep it."),
    Disposition.MISSING: gettext_lazy("It was looked for and is not there."),
}
CHECK_LABELS: dict[str, Promise] = {
    "appearance": gettext_lazy("Appearance"),
    "accessories": gettext_lazy("Accessories"),
    "operation": gettext_lazy("Operation"),
}
CHECK_HINTS: dict[str, Promise] = {
    "appearance": gettext_lazy("Dirt, scratches, dents, tag and outer box"),
    "accessories": gettext_lazy("Tick what came back"),
    "operation": gettext_lazy("Switch it on, open it, close it; does not apply to cloth and the like"),
}


def warning_of(approval: str) -> str:
    """What whoever holds the parcel should know about its approval, "" when it is approved."""
    return {
        Approval.ASKED: _("Not approved yet. Receive the parcel and keep it apart: it waits for approval."),
        Approval.REFUSED: _("This return was refused. Receive the parcel and keep it apart; customer service decides."),
        Approval.WITHDRAWN: _(
            "The customer has withdrawn this return. Receive the parcel and keep it apart; customer service decides."
        ),
    }.get(Approval(approval), "")
