"""Whether mail to an address arrives: marks are set, cleared and put back, by those who may."""

import pytest

from anshin.commerce.actions import (
    ContactRefused,
    mark_again,
    mark_bounced,
    recognise_customer,
    trust_address,
)
from anshin.commerce.models import ContactPoint
from anshin.commerce.queries import marked_address
from anshin.commerce.terms import BounceKind
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.mail.values import BounceKind as ReadKind
from anshin.shops.actions import NotAllowed

pytestmark = pytest.mark.django_db
MAIL = "aoi-k@softbank.ne.jp"


@pytest.fixture
def marked(shop, now):
    recognise_customer(shop=shop, mail=MAIL, name="葵", now=now)
    return mark_bounced(shop=shop, mail=MAIL.upper(), kind=BounceKind.REFUSED, at=now, now=now)


def events():
    return list(
        JournalEntry.objects.filter(event__startswith="customer.").order_by("id").values_list("event", flat=True)
    )


def test_the_kinds_are_those_that_the_mail_room_reads():
    assert set(BounceKind.values) == {kind.value for kind in ReadKind}


def test_an_address_of_nobody_is_not_marked(shop, now):
    assert mark_bounced(shop=shop, mail="x@y.example", kind=BounceKind.REFUSED, at=now, now=now) is None
    assert events() == []


def test_a_person_clears_a_mark_and_puts_it_back(shop, agent, marked, now, later):
    trust_address(by=agent, contact_id=marked.pk, now=later)
    assert marked_address(shop, MAIL) is None

    mark_again(by=agent, contact_id=marked.pk, now=later)

    found = marked_address(shop, MAIL)
    assert (found.reach, found.bounce_kind, found.bounced_since_at) == ("unreachable", "refused", now)
    assert events() == [
        "customer.address_bounced",
        "customer.address_cleared",
        "customer.address_marked_again",
    ]


def test_asked_twice_it_is_cleared_once(agent, marked, later):
    trust_address(by=agent, contact_id=marked.pk, now=later)
    trust_address(by=agent, contact_id=marked.pk, now=later)
    assert events().count("customer.address_cleared") == 1


def test_an_address_that_never_bounced_is_not_marked_by_an_undo(shop, agent, now, later):
    recognise_customer(shop=shop, mail=MAIL, name="葵", now=now)
    mark_again(by=agent, contact_id=ContactPoint.objects.get().pk, now=later)
    assert (ContactPoint.objects.get().reach, events()) == ("ok", [])


def test_who_may_not_answer_may_not_clear(warehouse, marked, later):
    with pytest.raises(NotAllowed):
        trust_address(by=warehouse, contact_id=marked.pk, now=later)
    assert ContactPoint.objects.get().reach == "unreachable"


def test_another_shop_neither_sees_nor_clears_the_mark(other_shop, stranger, marked, later):
    assert marked_address(other_shop, MAIL) is None
    with pytest.raises(ContactRefused):
        trust_address(by=stranger, contact_id=marked.pk, now=later)
    with pytest.raises(ContactRefused):
        mark_again(by=stranger, contact_id=marked.pk, now=later)
    assert ContactPoint.objects.get().reach == "unreachable"
