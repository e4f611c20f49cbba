"""Early warnings, read on their notices by those who may see these; and whom a warning is for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from anshin.safety.models import Advisory, EarlyWarning, Insider, WarningSetting, WarningSign
from anshin.safety.queries.advisories import waiting_for
from anshin.safety.rules import accidents
from anshin.safety.terms import WarningState
from anshin.shops.queries import colleagues
from anshin.shops.terms import Role

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning with its signs. `days_left`, today included: 0 or less when the day is over."""

    warning: EarlyWarning
    signs: list[WarningSign]
    days_left: int


def warnings_of(advisory: Advisory, *, today: date) -> list[Warned]:
    """The warnings of a notice, the open one first: two queries. Whoever asks may see the notice."""
    found = (
        EarlyWarning.objects.filter(advisory=advisory)
        .select_related("decided_by__person")
        .prefetch_related("signs__case")
        .order_by("-id")
    )
    warned = [
        Warned(
            each,
            sorted(each.signs.all(), key=lambda sign: sign.pk),
            accidents.days_left(each.report_by, today=today),
        )
        for each in found
    ]
    return sorted(warned, key=lambda each: each.warning.state != WarningState.OPEN)


def open_warnings(advisory_ids: Collection[int]) -> dict[int, EarlyWarning]:
    """Advisory to its open warning: one query."""
    found = EarlyWarning.objects.filter(advisory_id__in=list(advisory_ids), state=WarningState.OPEN).order_by("-id")
    return {each.advisory_id: each for each in found} if advisory_ids else {}


def to_do_for(by: Membership) -> QuerySet[Advisory]:
    """Notices that wait for `by`: to be approved, or with an early warning that nobody has judged yet."""
    named = Insider.objects.filter(advisory=OuterRef("pk"), membership=by, removed_at=None)
    unjudged = EarlyWarning.objects.filter(advisory=OuterRef("pk"), state=WarningState.OPEN)
    warned = Advisory.objects.filter(Exists(named), Exists(unjudged), shop_id=by.shop_id)
    return waiting_for(by) | warned


def watchers_of(shop: Shop) -> list[Membership]:
    """For whom an early warning is begun: the managers, or the owners of a shop without one."""
    people = list(colleagues(shop))
    managers = [each for each in people if each.role == Role.MANAGER]
    return managers or [each for each in people if each.role == Role.OWNER]


def setting_of(shop: Shop) -> WarningSetting:
    """From when on a defect warns; the usual limits where nobody has set any."""
    return WarningSetting.objects.filter(shop=shop).first() or WarningSetting(shop=shop)
