"""What of an order has come back; for rooms above that ask it of many orders at once."""

from __future__ import annotations

from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from anshin.returns.models import Inspection, Return, ReturnLine
from anshin.returns.terms import Approval, Disposition, Wish


def quantity_back() -> Coalesce:
    """Expression on order lines (with `order_id` and `position`): how many pieces of a line lie in the shop again."""
    here = _here().filter(order=OuterRef("order_id"), position=OuterRef("position"))
    summed = here.values("order").annotate(here=Sum("quantity_here")).values("here")
    return Coalesce(Subquery(summed), 0, output_field=IntegerField())


def something_back() -> QuerySet[ReturnLine]:
    """Lines of returns that arrived, of the order of the row around; to be asked whether there are any."""
    return _here().filter(order=OuterRef("pk"))


def settled() -> QuerySet[Return]:
    """Returns that were taken and in which nothing is left to do for anybody, since `closed_at`."""
    return Return.objects.filter(approval=Approval.APPROVED, closed_at__isnull=False).order_by()


def _here() -> QuerySet[ReturnLine]:
    """Only what stays here: what is repaired, kept or sent back is the customer's again, and after an exchange there is
    another one."""
    goes_again = Inspection.objects.filter(line=OuterRef("pk"), disposition=Disposition.SEND_BACK)
    here = ReturnLine.objects.filter(quantity_here__gt=0, returned__wish=Wish.REFUND)
    return here.exclude(Exists(goes_again)).order_by()
