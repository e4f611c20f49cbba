"""Why a case may not be closed yet: a pick-up nobody booked, a parcel nobody sent (requirement 45)."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from anshin.delivery import rules
from anshin.delivery.models import Trouble
from anshin.delivery.terms import TroubleState


class ArrangementsCheck:
    """Fills cases.closing_checks."""

    def why_not(self, shop_id: int, case_id: int) -> str:
        """What is open about the troubles of this case. One query."""
        of_case = Q(case_id=case_id) | Q(case__merged_into_id=case_id)
        return _reasons(Trouble.objects.filter(of_case, shop_id=shop_id).exclude(state=TroubleState.SETTLED))

    def why_open(self, trouble: Trouble) -> str:
        """The same about one trouble. One query."""
        return _reasons(Trouble.objects.filter(pk=trouble.pk))


def _reasons(troubles: QuerySet[Trouble]) -> str:
    found = troubles.values_list("number", "state", "pick_up__state", "reshipments__state").order_by("number")
    reasons = [_why_not(number, state, pick_up, reshipment) for number, state, pick_up, reshipment in found]
    return " ".join(dict.fromkeys(filter(None, reasons)))


def _why_not(number: int, state: str, pick_up: str | None, reshipment: str | None) -> str:
    name = {"number": f"D-{number:04}"}
    if state == TroubleState.LOOKING:
        return _("%(number)s: nobody has decided yet whose doing it was.") % name
    if pick_up in rules.PICK_UP_OPEN:
        return _("%(number)s: the pick-up is not booked. Book it, or say why the item is not wanted back.") % name
    if reshipment in rules.RESHIPMENT_OPEN:
        return _("%(number)s: the parcel that is to be sent again has not left.") % name
    return ""
