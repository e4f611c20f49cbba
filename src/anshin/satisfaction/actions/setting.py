"""Whether a shop asks its customers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.plumbing.journal.actions import record
from anshin.satisfaction import events
from anshin.satisfaction.models import SurveySetting
from anshin.satisfaction.terms import FEWEST_HOURS, MOST_HOURS
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


class WrongHours(Refused):
    """Hours that are no number, or more than two weeks."""

    def __init__(self) -> None:
        super().__init__(_("Choose how long after the end the question goes out."))


@transaction.atomic
def set_survey(*, by: Membership, is_on: bool, hours: int, now: datetime) -> SurveySetting:
    """Ask from now on, or do not. Cases that are finished already are not asked about later.

    Raises NotAllowed, WrongHours.
    """
    require(by, Permission.SET_SURVEY)
    if not FEWEST_HOURS <= hours <= MOST_HOURS:
        raise WrongHours
    setting, is_new = SurveySetting.objects.select_for_update().get_or_create(shop=by.shop)
    if is_new or (setting.is_on, setting.hours) != (is_on, hours):
        setting.is_on, setting.hours = is_on, hours
        setting.save()
        record(events.SurveySet(is_on=is_on, hours=hours), shop_id=by.shop_id, by=shops.actor(by), now=now)
    return setting
