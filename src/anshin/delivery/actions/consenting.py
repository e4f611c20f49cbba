"""Showing the customer what they ordered, and writing down what they agreed to (requirements 47, 48)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases.queries import message_of
from anshin.cases.terms import Direction
from anshin.commerce.queries import order_with_details
from anshin.delivery import events, rules
from anshin.delivery.actions import standing
from anshin.delivery.actions.refusals import BadCost, MissingWords, NotAskedToPay, WrongMessage, WrongOrder
from anshin.delivery.models import Consent, Reshipment, Snapshot
from anshin.delivery.queries.snapshots import facts_of
from anshin.delivery.terms import LANGUAGES, LONGEST_REASON, MOST_COST_YEN, Payer
from anshin.shops import queries as shops

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def take_snapshot(*, by: Membership, trouble_id: int, language: str = "ja", now: datetime) -> Snapshot:
    """The order as it stands now, sensitive fields masked, to be shown to the customer.

    Raises NotAllowed, UnknownTrouble, WrongOrder.
    """
    trouble = standing.locked(by, trouble_id)
    order = order_with_details(by.shop, trouble.order_id)
    if order is None:
        raise WrongOrder
    written = language if language in LANGUAGES else "ja"
    facts = facts_of(by.shop, order, language=written)
    snapshot = Snapshot.objects.create(
        shop=by.shop,
        trouble=trouble,
        facts=facts,
        digest=rules.digest_of(facts),
        language=written,
        taken_at=now,
        taken_by=by,
    )
    fact = events.SnapshotTaken(trouble_id=trouble.pk, snapshot_id=snapshot.pk, digest=snapshot.digest)
    standing.tell(trouble, fact, shops.actor(by), now)
    return snapshot


@transaction.atomic
def record_consent(
    *, by: Membership, trouble_id: int, message_id: int, words: str, amount_yen: int, now: datetime
) -> Consent:
    """The customer agreed, in this message of theirs, to pay `amount_yen`; a parcel that waits for it may leave.

    The same message again changes what was written down about it.
    Raises NotAllowed, UnknownTrouble, NoFaultYet, NotAskedToPay, WrongMessage, MissingWords, BadCost.
    """
    trouble = standing.locked(by, trouble_id)
    if not rules.needs_consent(rules.payer_of(standing.fault_of(trouble))):
        raise NotAskedToPay
    message = message_of(by.shop, message_id)
    its_cases = {trouble.case_id, trouble.case.merged_into_id}
    if message is None or message.case_id not in its_cases or message.direction != Direction.IN:
        raise WrongMessage
    if not words.strip():
        raise MissingWords
    if not 0 <= amount_yen <= MOST_COST_YEN:
        raise BadCost
    agreed = {"words": " ".join(words.split())[:LONGEST_REASON], "amount_yen": amount_yen}
    consent, _is_new = Consent.objects.update_or_create(
        trouble=trouble,
        message=message,
        defaults=agreed,
        create_defaults={
            **agreed,
            "shop": by.shop,
            "agreed_at": message.at,
            "recorded_by": by,
            "recorded_at": now,
        },
    )
    waiting = Reshipment.objects.filter(trouble=trouble, state__in=rules.RESHIPMENT_OPEN, consent=None)
    waiting.filter(payer=Payer.CUSTOMER).update(consent=consent)
    fact = events.ConsentRecorded(
        trouble_id=trouble.pk, consent_id=consent.pk, message_id=message.pk, amount_yen=amount_yen
    )
    standing.tell(trouble, fact, shops.actor(by), now)
    return consent
