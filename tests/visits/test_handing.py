"""A customer whom the shop's own site hands over: once, in time, of this shop; and the key."""

from datetime import timedelta

import pytest

from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from anshin.visits import actions, rules
from anshin.visits.models import HandOverKey, UsedHandOver, Visit
from anshin.visits.queries import open_visit
from anshin.visits.terms import HandOver, HandOverFault

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(owner, now):
    return actions.make_key(by=owner, now=now)


def token(secret, now, *, shop="komorebi", mail="misaki@mail.example", nonce="0123456789abcdef"):
    return rules.sign(HandOver(shop, mail, int((now + timedelta(minutes=5)).timestamp()), nonce), secret=secret)


def refused(shop, text, now):
    with pytest.raises(actions.NotHandedOver) as refusal:
        actions.take_over(shop=shop, token=text, now=now)
    return refusal.value.why


def test_handed_over_once(shop, world, secret, now):
    word = actions.take_over(shop=shop, token=token(secret, now), now=now)
    assert open_visit(shop, word, now=now).customer == world.order.customer
    assert refused(shop, token(secret, now), now) == HandOverFault.USED
    assert Visit.objects.count() == 1
    told = JournalEntry.objects.filter(event__startswith="visits.").order_by("id").values_list("event", flat=True)
    assert list(told) == ["visits.key_made", "visits.began", "visits.hand_over_refused"]


def test_somebody_unknown_is_refused_and_may_come_again_when_the_order_has_arrived(shop, world, secret, now):
    unknown = token(secret, now, mail="new@mail.example")
    assert refused(shop, unknown, now) == HandOverFault.UNKNOWN
    assert not UsedHandOver.objects.exists()


def test_after_its_five_minutes_it_is_over_and_nothing_is_used_up(shop, world, secret, now):
    late = now + timedelta(minutes=5)
    assert refused(shop, token(secret, now), late) == HandOverFault.OVER
    assert not UsedHandOver.objects.exists()
    assert not Visit.objects.exists()
    entry = JournalEntry.objects.get(event="visits.hand_over_refused")
    assert entry.payload["why"] == HandOverFault.OVER
    assert actions.take_over(shop=shop, token=token(secret, late), now=late)


def test_another_shops_token_key_or_none_at_all(shop, other_shop, world, secret, now):
    assert refused(other_shop, token(secret, now, shop="shiosai"), now) == HandOverFault.NOT_SET_UP
    assert refused(shop, token("wrong", now), now) == HandOverFault.BROKEN
    assert refused(shop, token(secret, now, shop="shiosai"), now) == HandOverFault.OTHER_SHOP
    assert not Visit.objects.exists()


def test_a_new_key_ends_the_former_and_a_removed_one_all(shop, owner, world, secret, now):
    second = actions.make_key(by=owner, now=now)
    assert refused(shop, token(secret, now), now) == HandOverFault.BROKEN
    assert second not in HandOverKey.objects.get().sealed
    actions.remove_key(by=owner, now=now)
    assert refused(shop, token(second, now), now) == HandOverFault.NOT_SET_UP


def test_only_who_runs_the_shop_makes_keys(agent, manager, now):
    for member in (agent, manager):
        with pytest.raises(NotAllowed):
            actions.make_key(by=member, now=now)
        with pytest.raises(NotAllowed):
            actions.remove_key(by=member, now=now)
    assert not HandOverKey.objects.exists()
