"""Why a case may not be closed yet: money of a return is still to move."""

from django.utils.translation import gettext as _

from anshin.returns.models import Return
from anshin.returns.terms import Approval, ExchangeState, MoneyState, Wish


class ReturnClosingCheck:
    """Fills `cases.ports.closing_checks`."""

    def why_not(self, shop_id: int, case_id: int) -> str:
        """The first return of the case that is not over, in a sentence; "" for none. One query."""
        rows = Return.objects.filter(shop_id=shop_id, case_id=case_id, approval__in=[Approval.ASKED, Approval.APPROVED])
        for returned in rows.exclude(money__in=[MoneyState.PAID, MoneyState.NOT_DUE]).order_by("id")[:1]:
            if returned.approval == Approval.ASKED:
                return _("Return %(number)s waits for approval. Approve or refuse it first.") % {"number": returned}
            if returned.wish == Wish.EXCHANGE:
                return _why_exchange(returned)
            return _("The money of return %(number)s has not moved yet. Pay it back, or say that none is due.") % {
                "number": returned
            }
        return ""


def _why_exchange(returned: Return) -> str:
    number = {"number": returned}
    if returned.exchange == ExchangeState.OUT_OF_STOCK:
        return _("What %(number)s is exchanged for is out of stock. Send another variant, or pay back.") % number
    if returned.exchange == ExchangeState.SENT:
        return _("What comes back with %(number)s has not been inspected yet. Inspect it first.") % number
    return _("What %(number)s is exchanged for has not left yet. Send it, or pay back instead.") % number
