"""A shop with two warehouses: label, mail and page show the one to which the parcel shall go."""

import pytest

from anshin.cases.models import Message
from anshin.commerce.terms import IncomingLine
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns import actions
from anshin.returns.models import ReturnPlace
from anshin.returns.queries import destination, label_facts, return_by_number, returns_without_number
from anshin.returns.rules.places import place_for
from anshin.returns.terms import Reason
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW

FUKUOKA = {
    "name": "福岡倉庫",
    "address_name": "こもれび雑貨店 福岡倉庫",
    "postcode": "812-0011",
    "lines": "福岡県福岡市博多区博多駅前9-9-9",
    "phone": "092-000-0000",
}
MUG = (IncomingLine("マグカップ", 1, 2_200, "MG-01", "白"),)


@pytest.mark.parametrize(
    ("skus", "expected"),
    [(["MG-01"], 1), (["mg-01", "ＭＧ-9"], 1), (["TB-1"], 2), (["MG-01", "TB-1"], None), (["XX"], None), ([], None)],
)
def test_a_place_takes_what_all_begins_as_it_says(skus, expected):
    assert place_for(skus, [(3, []), (1, ["MG-"]), (2, ["TB-"])]) == expected


@pytest.fixture
def fukuoka(owner, db):
    actions.change_setting(
        by=owner, now=NOW, address_name="松本倉庫", address_postcode="390-0874", address_lines="長野県松本市大手9"
    )
    return actions.save_place(by=owner, values=FUKUOKA, sku_starts=["MG-"], now=NOW)


def sent_texts():
    return list(Message.objects.filter(direction="out").order_by("id").values_list("text", flat=True))


@pytest.mark.django_db
def test_its_products_go_there_by_themselves_and_everybody_is_shown_it(fukuoka, ask, sold):
    mug, tote = ask(sold("KM-1", lines=MUG), nonce="a"), ask(sold("KM-2"), nonce="b")
    assert (mug.place, tote.place) == (fukuoka, None)
    assert [label_facts(each).return_to.name for each in (mug, tote)] == [FUKUOKA["address_name"], "松本倉庫"]
    assert ["福岡県福岡市博多区" in text for text in sent_texts()] == [True, False]
    assert ["長野県松本市" in text for text in sent_texts()] == [False, True]


@pytest.mark.django_db
def test_sent_elsewhere_by_a_person_the_customer_hears_of_it_once(fukuoka, agent, ask, sold):
    returned = ask(sold())
    for _turn in range(2):
        actions.direct_to(by=agent, return_id=returned.pk, place_id=fukuoka.pk, now=NOW)
    assert destination(return_by_number(agent.shop, returned.number)).lines == FUKUOKA["lines"]
    assert [FUKUOKA["lines"] in text for text in sent_texts()] == [False, True]
    assert JournalEntry.objects.filter(event="return.directed").count() == 1
    actions.announce_parcel(
        shop=agent.shop,
        customer=returned.customer,
        number=returned.number,
        carrier="yamato",
        tracking_number="444413758703",
        now=NOW,
    )
    with pytest.raises(actions.IllegalStep):
        actions.direct_to(by=agent, return_id=returned.pk, place_id=None, now=NOW)


@pytest.mark.django_db
def test_taken_out_of_use_it_takes_no_more_and_parcels_on_their_way_keep_it(fukuoka, owner, ask, sold):
    returned = ask(sold("KM-1", lines=MUG), nonce="a")
    actions.retire_place(by=owner, place_id=fukuoka.pk, now=NOW)
    later = ask(sold("KM-2", lines=MUG), nonce="b")
    returned.refresh_from_db()
    assert (destination(returned).lines, later.place_id) == (FUKUOKA["lines"], None)
    with pytest.raises(actions.PlaceRefused):
        actions.direct_to(by=owner, return_id=later.pk, place_id=fukuoka.pk, now=NOW)


@pytest.mark.django_db
def test_what_cannot_be_or_is_not_theirs_is_refused_and_nothing_kept(fukuoka, owner, agent, stranger, ask, sold):
    for values in (FUKUOKA, FUKUOKA | {"name": "大阪", "phone": ""}, FUKUOKA | {"name": "長" * 81}):
        with pytest.raises(actions.PlaceRefused):
            actions.save_place(by=owner, values=values, now=NOW)
    with pytest.raises(NotAllowed):
        actions.save_place(by=agent, values=FUKUOKA | {"name": "大阪"}, now=NOW)
    returned = ask(sold())
    with pytest.raises((NotAllowed, actions.UnknownReturn)):
        actions.direct_to(by=stranger, return_id=returned.pk, place_id=None, now=NOW)
    assert ReturnPlace.objects.count() == 1


@pytest.mark.django_db
def test_an_approved_return_at_our_cost_waits_for_its_slip(ask, sold):
    returned = ask(sold(), reason=Reason.WRONG_ITEM, photos=[])
    assert (returned.approval, returned.payer) == ("approved", "shop")
    assert list(returns_without_number(returned.shop)) == [returned]
