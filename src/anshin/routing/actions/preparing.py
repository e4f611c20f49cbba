"""Rules that come with Anshin: a shop takes one, looks at it, tries it and switches it on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anshin.routing.actions.refusals import RuleGone
from anshin.routing.actions.writing import save_rule
from anshin.routing.models import Rule
from anshin.routing.terms import Deed, Definition, Effect, Trigger

if TYPE_CHECKING:
    from anshin.shops.models import Membership

PREPARED: Mapping[str, tuple[str | Promise, Definition]] = {
    "acknowledgement": (
        _("Notice of receipt"),
        Definition(trigger=Trigger.OPENED, deeds=(Deed(Effect.ANSWER),)),
    ),
}
"""By code: the name and what the rule says."""


@transaction.atomic
def prepare_rule(*, by: Membership, code: str, now: datetime) -> Rule:
    """The prepared rule as one of the shop's, switched off; asked twice, or after it was removed: the same one.

    Raises NotAllowed, RuleGone.
    """
    if code not in PREPARED:
        raise RuleGone
    known = Rule.objects.filter(shop_id=by.shop_id, prepared=code).first()
    if known and known.removed_at is None:
        return known
    if known:
        known.removed_at = None
        known.save(update_fields=["removed_at"])
    name, definition = PREPARED[code]
    rule_id = known.pk if known else None
    return save_rule(by=by, name=str(name), definition=definition, rule_id=rule_id, prepared=code, now=now)
