"""A customer who is signed in at the shop's own site comes in by a signed token; and the key it is signed with."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from anshin.commerce.queries import find_customer, order_by_number
from anshin.plumbing.journal.actions import record
from anshin.plumbing.secrets import Unreadable, seal, unseal
from anshin.returns.queries.policies import basket_summary, order_summary
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission
from anshin.visits import events, rules
from anshin.visits.actions.asking import VISITOR
from anshin.visits.actions.entering import begin_visit
from anshin.visits.actions.refusals import NotHandedOver
from anshin.visits.models import HandOverKey, UsedHandOver
from anshin.visits.queries import hand_over_key, key_of
from anshin.visits.rules.order_terms import read_question
from anshin.visits.terms import CameBy, HandOverFault, OrderTerms

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

_SECRET_BYTES = 32


def take_over(*, shop: Shop, token: str, now: datetime) -> str:
    """The word for the cookie of a new visit. Raises NotHandedOver; the refusal is written down."""
    try:
        with transaction.atomic():
            return _taken_over(shop, token, now)
    except rules.NotBelieved as refusal:
        with transaction.atomic():
            record(events.HandOverRefused(why=refusal.why), shop_id=shop.pk, by=VISITOR, now=now)
        raise NotHandedOver(refusal.why) from refusal


def tell_terms(*, shop: Shop, token: str, language: str, now: datetime) -> OrderTerms:
    """The lines about returns that the shop's own site puts into its order confirmation: of an order that has arrived
    here, or of a basket by the terms in force now. Nothing is written. Raises NotHandedOver."""
    try:
        asked = read_question(token, shop=shop.slug, secret=_secret(shop), now=now)
    except rules.NotBelieved as refusal:
        raise NotHandedOver(refusal.why) from refusal
    if asked.skus:
        return OrderTerms(*basket_summary(shop, asked.skus, at=now, language=language))
    order = order_by_number(shop, asked.order)
    if order is None:
        raise NotHandedOver(HandOverFault.UNKNOWN)
    return OrderTerms(*order_summary(shop, order, language))


@transaction.atomic
def make_key(*, by: Membership, now: datetime) -> str:
    """A new secret, which is shown once; the former one is worth nothing from now on. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    HandOverKey.objects.update_or_create(shop=by.shop, defaults={"sealed": seal(secret), "made_at": now})
    record(events.HandOverKeyMade(), shop_id=by.shop_id, by=shops.actor(by), now=now)
    return secret


@transaction.atomic
def remove_key(*, by: Membership, now: datetime) -> None:
    """Hand nobody over any more. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    if HandOverKey.objects.filter(shop=by.shop).delete()[0]:
        record(events.HandOverKeyRemoved(), shop_id=by.shop_id, by=shops.actor(by), now=now)


def _taken_over(shop: Shop, token: str, now: datetime) -> str:
    told = rules.read(token, shop=shop.slug, secret=_secret(shop), now=now)
    try:
        with transaction.atomic():
            UsedHandOver.objects.create(shop=shop, nonce_key=key_of(told.nonce), ends_at=rules.ends_at(told))
    except IntegrityError as error:
        raise rules.NotBelieved(HandOverFault.USED) from error
    customer = find_customer(shop, mail=told.mail)
    if customer is None or customer.erased_at:
        raise rules.NotBelieved(HandOverFault.UNKNOWN)
    return begin_visit(shop=shop, customer=customer, came_by=CameBy.HAND_OVER, now=now)


def _secret(shop: Shop) -> str:
    key = hand_over_key(shop)
    try:
        secret = unseal(key.sealed) if key else ""
    except Unreadable:
        secret = ""
    if not secret:
        raise rules.NotBelieved(HandOverFault.NOT_SET_UP)
    return secret
