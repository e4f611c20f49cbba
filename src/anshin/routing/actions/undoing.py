"""What a rule did in a case is taken back, as far as that is cheap: its tags, the customer's too, and its owner."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases.actions import take_back_by_rule
from anshin.cases.queries import case_by_id
from anshin.commerce.actions import change_customer_tags
from anshin.plumbing.journal.actions import record
from anshin.routing import events
from anshin.routing.actions.refusals import RuleGone
from anshin.routing.models import RuleRun
from anshin.routing.terms import Effect
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.plumbing.journal.actors import Actor
    from anshin.shops.models import Membership


@transaction.atomic
def undo_run(*, by: Membership, run_id: int, now: datetime) -> RuleRun:
    """Take the rule's tags off the case, and give it back to whoever had it if nobody else has taken it since.

    Asked twice: nothing further. Raises NotAllowed, RuleGone, WrongCase.
    """
    require(by, Permission.TRIAGE)
    run = RuleRun.objects.select_for_update().filter(shop_id=by.shop_id, pk=run_id).first()
    if run is None:
        raise RuleGone
    if run.undone_at is not None:
        return run
    former = shops.staff_of(by.shop).filter(pk=run.former_owner_id).first() if run.former_owner_id else None
    take_back_by_rule(
        shop=by.shop,
        case_id=run.case_id,
        by=shops.actor(by),
        owner_id=run.owner_id,
        former=former,
        tags=run.added_tags,
        now=now,
    )
    _untag_customer(run, shops.actor(by), now)
    run.undone_at, run.undone_by = now, by
    run.save(update_fields=["undone_at", "undone_by"])
    fact = events.RunUndone(rule_id=run.rule_id, rule=run.rule.name, run_id=run.pk)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=run.case_id)
    return run


def _untag_customer(run: RuleRun, by: Actor, now: datetime) -> None:
    names = [came for effect, came in run.did if effect == Effect.CUSTOMER_TAG]
    case = case_by_id(run.shop, run.case_id) if names else None
    if case and case.customer_id:
        change_customer_tags(shop=run.shop, customer_id=case.customer_id, by=by, remove=names, case_id=case.pk, now=now)
