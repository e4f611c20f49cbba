"""After a backup was put back the shop goes on, with what was held meanwhile or without it."""

from datetime import datetime

from django.db import transaction

from anshin.plumbing.jobs import actions as jobs
from anshin.plumbing.journal.actions import record
from anshin.shops import events, queries
from anshin.shops.actions.refusals import require
from anshin.shops.models import Membership
from anshin.shops.terms import Permission


@transaction.atomic
def go_on_after_restore(*, by: Membership, is_without: bool, mails: int = 0, now: datetime) -> int:
    """End the hold: what waited runs, or is given up, since it was done already; how many jobs. Twice is once.

    `mails`: of product-safety notices that the caller gave up with it. Raises NotAllowed.
    """
    require(by, Permission.RUN_SHOP)
    hold = jobs.locked_hold(by.shop_id)
    if hold is None:
        return 0
    let_go = jobs.go_on_without if is_without else jobs.go_on
    changed = let_go(by.shop_id, by=str(by.person), now=now)
    held = "given_up" if is_without else "runs"
    fact = events.WentOnAfterRestore(restored_at=hold.restored_at, held=held, jobs=changed, mails=mails)
    record(fact, shop_id=by.shop_id, by=queries.actor(by), now=now)
    return changed
