"""What evidence says, who pays, which step may follow which, what is masked."""

from __future__ import annotations

from itertools import product

import pytest

from anshin.commerce.terms import Fault
from anshin.delivery import rules
from anshin.delivery.terms import (
    ApologyLevel,
    ArrivedAs,
    BoxState,
    Certainty,
    Evidence,
    Insert,
    Ordered,
    Packed,
    Payer,
    PickUpState,
    ReshipmentState,
    TroubleKind,
    TroubleState,
    Why,
)

TOTE = Ordered("TOTE-M-ECRU", "帆布トートバッグ M", "生成り", 1)
RIGHT = Packed("TOTE-M-ECRU", "帆布トートバッグ M", 1)
WRONG = Packed("TOTE-M-INK", "帆布トートバッグ M 墨", 1)
HEAVY = Packed("TOTE-M-ECRU", "帆布トートバッグ M", 1, weight_g=900, expected_g=620)
SEEN = Packed("TOTE-M-ECRU", "帆布トートバッグ M", 1, has_photo=True)
WRONG_ITEM, DAMAGED, MISSING = TroubleKind.WRONG_ITEM, TroubleKind.DAMAGED, TroubleKind.MISSING_PART
OTHER, SAME = ArrivedAs.OTHER_ITEM, ArrivedAs.AS_ORDERED


def weighed(kind, packed=None, *, arrived=ArrivedAs.NOT_TOLD, box=BoxState.NOT_TOLD, photos=True, **more):
    return rules.weigh(Evidence(kind, TOTE, packed, arrived, box, has_photos=photos, **more))


@pytest.mark.parametrize(
    ("finding", "fault", "certainty", "why"),
    [
        # requirement 43: four cases, four answers
        (weighed(WRONG_ITEM, WRONG, arrived=OTHER), "shop", "clear", (Why.PACKED_OTHER,)),
        (weighed(WRONG_ITEM, RIGHT, arrived=SAME), "customer", "clear", (Why.ARRIVED_AS_ORDERED, Why.PACKED_RIGHT)),
        (weighed(DAMAGED, SEEN, box=BoxState.DAMAGED), "carrier", "clear", (Why.BOX_DAMAGED, Why.PACKED_RIGHT)),
        (weighed(WRONG_ITEM, SEEN, arrived=OTHER), "unknown", "open", (Why.ARRIVED_OTHER, Why.RECORD_AGAINST_PHOTO)),
        # a record that admits the mistake needs no photo
        (weighed(WRONG_ITEM, WRONG, photos=False), "shop", "clear", (Why.PACKED_OTHER,)),
        (weighed(MISSING, Packed("TOTE-M-ECRU", "", 0)), "shop", "clear", (Why.PACKED_TOO_FEW,)),
        # photos that contradict the record leave it open
        (weighed(WRONG_ITEM, WRONG, arrived=SAME), "unknown", "open", (Why.PACKED_OTHER, Why.ARRIVED_AS_ORDERED)),
        (weighed(WRONG_ITEM, HEAVY, arrived=SAME), "unknown", "open", (Why.ARRIVED_AS_ORDERED, Why.WEIGHT_OFF)),
        (weighed(WRONG_ITEM, HEAVY, arrived=OTHER), "shop", "clear", (Why.ARRIVED_OTHER, Why.WEIGHT_OFF)),
        (weighed(WRONG_ITEM, RIGHT, arrived=OTHER), "shop", "likely", (Why.ARRIVED_OTHER, Why.PACKED_RIGHT)),
        (weighed(WRONG_ITEM, arrived=OTHER), "shop", "likely", (Why.ARRIVED_OTHER, Why.NOT_RECORDED)),
        (weighed(WRONG_ITEM, arrived=SAME), "customer", "likely", (Why.ARRIVED_AS_ORDERED, Why.NOT_RECORDED)),
        (weighed(WRONG_ITEM), "unknown", "open", (Why.NOT_RECORDED, Why.NOT_LOOKED_AT)),
        (weighed(DAMAGED, box=BoxState.SOUND), "shop", "likely", (Why.BOX_SOUND,)),
        (weighed(DAMAGED), "unknown", "open", (Why.BOX_NOT_TOLD,)),
        (weighed(DAMAGED, photos=False, box=BoxState.DAMAGED), "unknown", "open", (Why.NO_PHOTOS,)),
        (weighed(MISSING, HEAVY), "shop", "likely", (Why.WEIGHT_OFF,)),
        (weighed(MISSING, box=BoxState.OPENED), "carrier", "likely", (Why.BOX_OPENED,)),
        (weighed(MISSING, RIGHT), "unknown", "open", (Why.PACKED_RIGHT,)),
        (weighed(WRONG_ITEM, RIGHT, arrived=OTHER, page_differs=True), "marketplace", "likely", (Why.PAGE_DIFFERS,)),
        (weighed(TroubleKind.NOT_ARRIVED, was_shipped=False), "shop", "clear", (Why.NEVER_SHIPPED,)),
        (weighed(TroubleKind.NOT_ARRIVED), "unknown", "open", (Why.ASK_THE_CARRIER,)),
    ],
)
def test_evidence_speaks_for(finding, fault, certainty, why):
    assert (finding.fault, finding.certainty, finding.why) == (fault, certainty, why)
    assert all("%(" not in sentence for sentence in finding.sentences)


EVERYTHING = [
    Evidence(kind, TOTE, packed, arrived, box, has_photos=photos, page_differs=page, was_shipped=shipped)
    for kind, packed, arrived, box, photos, page, shipped in product(
        TroubleKind, (None, RIGHT, WRONG, HEAVY, SEEN), ArrivedAs, BoxState, (True, False), (True, False), (True, False)
    )
]


def test_nothing_points_to_the_customer_but_photos_that_show_what_was_ordered():
    blamed = [each for each in EVERYTHING if rules.weigh(each).fault == Fault.CUSTOMER]
    assert blamed
    for evidence in blamed:
        assert evidence.has_photos
        assert evidence.arrived_as == ArrivedAs.AS_ORDERED
        assert evidence.packed != WRONG


def test_every_finding_has_a_reason_and_is_open_exactly_when_unknown():
    for evidence in EVERYTHING:
        finding = rules.weigh(evidence)
        assert finding.why
        assert (finding.certainty == Certainty.OPEN) == (finding.fault == Fault.UNKNOWN)


def test_only_a_decided_mistake_of_the_customer_is_paid_by_the_customer():
    assert {fault: rules.payer_of(fault) for fault in Fault} == {
        Fault.SHOP: Payer.SHOP,
        Fault.CUSTOMER: Payer.CUSTOMER,
        Fault.CARRIER: Payer.SHOP,
        Fault.MARKETPLACE: Payer.SHOP,
        Fault.UNKNOWN: Payer.SHOP,
    }


def test_what_follows_from_the_fault():
    assert rules.inserts_for(Fault.SHOP) == (Insert.LETTER, Insert.SAMPLE)
    assert rules.inserts_for(Fault.CUSTOMER) == rules.inserts_for(Fault.UNKNOWN) == ()
    fetched = {(kind, fault) for kind in TroubleKind for fault in Fault if rules.needs_pick_up(kind, fault)}
    ours = {Fault.SHOP, Fault.CARRIER, Fault.MARKETPLACE}
    assert fetched == {(kind, fault) for kind in (WRONG_ITEM, DAMAGED) for fault in ours}
    assert [rules.recover_from(fault) for fault in Fault] == [None, None, Fault.CARRIER, Fault.MARKETPLACE, None]


def test_an_apology_names_no_fault_that_is_not_known():
    assert rules.apology_for(None) == rules.apology_for(Fault.UNKNOWN) == ApologyLevel.EXPERIENCE
    assert rules.apology_for(Fault.SHOP) == ApologyLevel.FAULT
    assert rules.apology_for(Fault.CARRIER) == ApologyLevel.CARRIER
    assert rules.apology_for(Fault.CUSTOMER) == ApologyLevel.MISUNDERSTANDING


@pytest.mark.parametrize(
    ("states", "table", "check"),
    [
        (TroubleState, rules.TROUBLE_MAY_BECOME, rules.check_trouble),
        (ReshipmentState, rules.RESHIPMENT_MAY_BECOME, rules.check_reshipment),
        (PickUpState, rules.PICK_UP_MAY_BECOME, rules.check_pick_up),
    ],
)
def test_what_the_table_does_not_name_is_no_step(states, table, check):
    assert set(table) == set(states)
    for former, state in product(states, states):
        if state in table[former]:
            check(former, state)
        else:
            with pytest.raises(rules.IllegalStep):
                check(former, state)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("柏木 由紀子", "柏木 由••"),
        ("柏木　由紀子", "柏木 由••"),
        ("髙橋", "髙•"),
        ("John Smith", "John S••••"),
        ("林", "林"),
        ("", ""),
    ],
)
def test_names_are_masked(name, shown):
    assert rules.masked_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("090-1234-5678", "•••-••••-5678"), ("180-0003", "•••-0003"), ("110", "•••"), ("", "")],
)
def test_numbers_are_masked(number, shown):
    assert rules.masked_number(number) == shown


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ("東京都武蔵野市吉祥寺南町1-2-3", "東京都武蔵野市••••"),
        ("北海道札幌市西区山の手1-2", "北海道札幌市西区••••"),
        ("神奈川県横浜市港北区日吉3-4-5 メゾン101", "神奈川県横浜市港北区••••"),
        ("221B Baker Street, London", "221B B••••"),
        ("", ""),
    ],
)
def test_addresses_are_masked(lines, shown):
    assert rules.masked_address(lines) == shown
