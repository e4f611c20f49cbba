"""A label's parcel as the carrier's program takes it."""

import csv
from datetime import date
from io import StringIO

import pytest

from anshin.connectors.carriers.adapter import CarrierSlipFiles
from anshin.delivery.ports import SlipAccount
from anshin.returns.terms import Payer
from tests.connectors.papers.samples import CUSTOMER, SHOP, label


@pytest.mark.parametrize(("payer", "is_collect"), [(Payer.SHOP, True), (Payer.CUSTOMER, False)])
def test_a_return_goes_from_the_customer_to_the_shop_and_the_payer_pays(payer, is_collect):
    parcel = label(payer=payer).consignment()
    assert (parcel.number, parcel.sender, parcel.receiver) == ("R-0312", CUSTOMER, SHOP)
    assert parcel.goods == ("帆布のトートバッグ 生成り", "琺瑯マグ 紺")
    assert parcel.is_collect == is_collect


@pytest.mark.django_db
def test_a_day_of_returns_becomes_a_file_for_yamato_with_collect_slips():
    parcels = [label(number=f"R-{number:04d}").consignment() for number in (312, 313)]
    made = CarrierSlipFiles().write("b2", parcels, ship_on=date(2026, 11, 27), account=SlipAccount("0422000000", "01"))
    rows = list(csv.reader(StringIO(made.content.decode("cp932"), newline="")))[1:]
    assert [(row[0], row[1], row[15], row[24]) for row in rows] == [
        ("R-0312", "5", "こもれび雑貨店 返品係", "柏木 由紀子"),
        ("R-0313", "5", "こもれび雑貨店 返品係", "柏木 由紀子"),
    ]
    assert made.warnings == ()
