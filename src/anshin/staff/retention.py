"""For how long what is kept: set by the owner, with a look at what would go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.cases import actions
from anshin.cases.terms import RetentionPurpose
from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.shops.models import Membership

PERIODS = (
    (0, gettext_lazy("Keep for ever")),
    (90, gettext_lazy("90 days")),
    (180, gettext_lazy("Half a year")),
    (365, gettext_lazy("1 year")),
    (730, gettext_lazy("2 years")),
    (1095, gettext_lazy("3 years")),
    (1825, gettext_lazy("5 years")),
    (2555, gettext_lazy("7 years")),
)
ADVICE = {
    RetentionPurpose.ORIGINALS: gettext_lazy(
        "They take most of the disk and hold what nobody reads. The texts stay. Two years are usual."
    ),
    RetentionPurpose.FILES: gettext_lazy(
        "Photos and PDFs of customers, also inside the raw mails. The texts and the rest of the mails stay."
    ),
    RetentionPurpose.REPORTS: gettext_lazy(
        "They name addresses and what servers wrote. That a mail came back, when and of which kind, stays. One year."
    ),
    RetentionPurpose.COPIES: gettext_lazy("A second copy: what was written stands in the case. 90 days are enough."),
    RetentionPurpose.TEXTS: gettext_lazy(
        "Claims from a sale mostly end after five years. Where mails are your only record of a deal, keep seven years."
    ),
    RetentionPurpose.CUSTOMERS: gettext_lazy(
        "The person is erased as on request: names, addresses and all texts of their cases. Figures of cases and "
        "orders stay. Nobody is erased who has an unfinished case or ordered since."
    ),
    RetentionPurpose.SPAM: gettext_lazy("A mistaken one is noticed within weeks. 90 days are enough."),
}


@desk(Permission.RUN_SHOP)
def retention(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The periods; “check” counts what would go, “save” keeps them."""
    now, days, counts = clock.now(), _kept(by), {}
    if request.method == "POST":
        days = {purpose: _days(request.POST.get(purpose.value, "")) for purpose in RetentionPurpose}
        if "check" not in request.POST:
            actions.set_retention(by=by, days=days, now=now)
            messages.success(request, _("The periods are saved. The first night takes away what is due."))
            return redirect("staff:settings_retention", by.shop.slug)
        counts = actions.preview_retention(by=by, days=days, now=now)
    rows: list[dict[str, Any]] = [
        {
            "purpose": purpose,
            "advice": ADVICE[purpose],
            "days": days[purpose],
            "count": counts.get(purpose),
            "are_people": purpose == RetentionPurpose.CUSTOMERS,
        }
        for purpose in RetentionPurpose
    ]
    request.desk_section = "retention"  # type: ignore[attr-defined]
    context = {"rows": rows, "periods": PERIODS, "hold_tags": "、".join(actions.HOLD_TAGS)}
    return render(request, "staff/settings_retention.html", context)


def _kept(by: Membership) -> dict[RetentionPurpose, int]:
    known = actions.retention_of(by.shop)
    return {purpose: known.get(purpose, 0) for purpose in RetentionPurpose}


def _days(value: str) -> int:
    return int(value) if value in {str(days) for days, _words in PERIODS} else 0
