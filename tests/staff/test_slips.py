"""Slips on the desk: from the list over the check to the file, and the numbers back; who may see what."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.delivery import actions as delivery
from anshin.slips.fakes import PracticeProgram
from anshin.slips.models import CarrierAccount, NumberFile, SlipDownload, SlipFileWritten
from tests.conftest import NOW
from tests.delivery.conftest import case, decided, order, reported, trouble  # noqa: F401  fixtures
from tests.slips.conftest import account, fetched, key, resent  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
BASE = "/s/komorebi/slips"
ADDRESS = {"name": "柏木 由紀子", "postcode": "180-0003", "lines": "東京都武蔵野市1-2-3", "phone": "090-1234-5678"}


@pytest.fixture
def desk(still, signed_in, warehouse):
    return signed_in(warehouse)


def chosen(account, key, seen=0):  # noqa: F811
    return {"account": account.pk, "ship_on": "2026-11-20", "p": f"{key}@{seen}"}


def test_from_the_list_to_the_file_and_the_numbers_back(desk, account, key, resent):  # noqa: F811
    page = desk.get(f"{BASE}/").content.decode()
    assert "D-0001-1" in page and "柏木 由紀子" in page and "松本倉庫" in page
    checked = desk.get(f"{BASE}/check", chosen(account, key)).content.decode()
    assert "ファイルに入ります" in checked and "まだ書き出せません" not in checked
    answer = desk.post(f"{BASE}/write", chosen(account, key) | {"nonce": "n"})
    written = SlipFileWritten.objects.get()
    assert answer["Location"] == f"{BASE}/files/{written.pk}"
    assert desk.post(f"{BASE}/write", chosen(account, key) | {"nonce": "n"})["Location"] == answer["Location"]
    assert "まだ誰もダウンロードしていません" in desk.get(answer["Location"]).content.decode()
    took = desk.post(f"{BASE}/files/{written.pk}/download")
    assert took["Content-Type"] == "text/csv; charset=shift_jis" and "attachment" in took["Content-Disposition"]
    assert desk.get(f"{BASE}/files/{written.pk}/download").status_code == 405
    assert SlipDownload.objects.count() == 1
    issued = PracticeProgram().take_in(took.content)
    back = desk.post(f"{BASE}/numbers", {"file": SimpleUploadedFile("発行済.csv", issued)}, follow=True)
    assert "荷物に番号を書きました" in back.content.decode()
    resent.refresh_from_db()
    assert resent.tracking_number in desk.get(f"{BASE}/files/{written.pk}").content.decode()
    assert resent.tracking_number in desk.get("/s/komorebi/troubles/1").content.decode()
    assert "D-0001-1" not in desk.get(f"{BASE}/?show=written&kind=reshipment").content.decode()


def test_a_row_without_phone_is_explained_with_a_link_to_mend_it(desk, account, key, resent):  # noqa: F811
    order = resent.trouble.order  # noqa: F811
    type(order).objects.filter(pk=order.pk).update(recipient_phone="")
    page = desk.get(f"{BASE}/check", chosen(account, key)).content.decode()
    mend = f"{BASE}/mend/reshipment/{resent.pk}"
    assert "まだ書き出せません" in page and "お届け先電話番号" in page and mend in page
    refused = desk.post(f"{BASE}/write", chosen(account, key), follow=True).content.decode()
    assert "D-0001-1はこのままでは書き出せません" in refused and not SlipFileWritten.objects.exists()
    back = "account=1&p=x"
    form = desk.get(mend, {"back": back}).content.decode()
    assert "柏木 由紀子" in form
    assert desk.post(mend, ADDRESS | {"phone": "", "back": back}).status_code == 422
    assert desk.post(mend, ADDRESS | {"back": back})["Location"] == f"{BASE}/check?{back}"
    assert "まだ書き出せません" not in desk.get(f"{BASE}/check", chosen(account, key)).content.decode()


def test_the_shops_own_address_is_mended_by_the_owner(still, signed_in, owner, warehouse, account, fetched):  # noqa: F811
    asked = {"account": account.pk, "ship_on": "2026-11-20", "p": f"pick_up-{fetched.pk}@0"}
    assert "/s/komorebi/settings/returns" in signed_in(owner).get(f"{BASE}/check", asked).content.decode()
    said = signed_in(warehouse).get(f"{BASE}/check", asked).content.decode()
    assert "店主に頼んでください" in said and "/settings/returns" not in said


@pytest.mark.parametrize(
    "asked",
    [{}, {"account": "999"}, {"account": "x", "p": "moon-1@0"}, {"p": "reshipment-1@0", "ship_on": "2026-13-40"}],
)
def test_a_senseless_address_leads_back_with_a_sentence(desk, asked):
    answer = desk.get(f"{BASE}/check", asked, follow=True)
    assert answer.status_code == 200 and "選んでください" in answer.content.decode()


def test_the_owner_writes_contracts_down(still, signed_in, owner, agent):
    client, path = signed_in(owner), "/s/komorebi/settings/slips"
    told = {"format": "ehiden", "name": "本店", "customer_code": "012345678901"}
    assert client.post(path, told).status_code == 302
    assert "同じ呼び名の契約があります" in client.post(path, told).content.decode()
    made = CarrierAccount.objects.get()
    assert "本店" in client.get(f"{path}/{made.pk}").content.decode()
    assert client.post(f"{path}/{made.pk}/retire").status_code == 302
    assert client.get(f"{path}/{made.pk}").status_code == 404
    assert signed_in(agent).get(path).status_code == 403


def test_another_shops_files_are_not_there(desk, signed_in, stranger, account, key):  # noqa: F811
    desk.post(f"{BASE}/write", chosen(account, key))
    written = SlipFileWritten.objects.get()
    desk.post(f"{BASE}/numbers", {"file": SimpleUploadedFile("a.csv", b"x")})
    read = NumberFile.objects.get()
    theirs = signed_in(stranger)
    for path in (f"files/{written.pk}", f"numbers/{read.pk}", f"mend/reshipment/{key.id}"):
        assert theirs.get(f"/s/shiosai/slips/{path}").status_code == 404
        assert theirs.get(f"{BASE}/{path}").status_code == 404
    assert theirs.post(f"/s/shiosai/slips/files/{written.pk}/download").status_code == 404
    assert "D-0001" not in theirs.get("/s/shiosai/slips/").content.decode()


def test_the_list_costs_the_same_for_one_and_for_ten(desk, agent, account, resent, django_assert_num_queries):  # noqa: F811
    desk.get(f"{BASE}/")
    with CaptureQueriesContext(connection) as one:
        desk.get(f"{BASE}/?kind=reshipment")
    for _each in range(9):
        delivery.plan_reshipment(by=agent, trouble_id=resent.trouble_id, now=NOW)
    with django_assert_num_queries(len(one)):
        assert "D-0001-10" in desk.get(f"{BASE}/?kind=reshipment").content.decode()
    assert len(one) <= 14


def test_a_file_that_is_none_says_what_to_do(desk):
    text = StringIO()
    csv.writer(text).writerows([("a", "b"), ("1", "2")])
    answer = desk.post(f"{BASE}/numbers", {"file": SimpleUploadedFile("x.csv", text.getvalue().encode())}, follow=True)
    assert "発行済みデータではありません" in answer.content.decode()
    assert (
        "先にファイル" in desk.post(f"{BASE}/numbers").content.decode()
        or desk.post(f"{BASE}/numbers").status_code == 422
    )
