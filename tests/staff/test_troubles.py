"""Trouble with deliveries on the desk: from the case to the decision, what is arranged, and what it costs to look."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.cases.models import Draft
from anshin.delivery import actions
from anshin.delivery.models import (
    Consent,
    CostEntry,
    EvidenceFile,
    FaultDecision,
    PackingRecord,
    PickUp,
    Reshipment,
    Snapshot,
    Trouble,
)
from tests.conftest import NOW
from tests.delivery.conftest import case, order, picture, reported, trouble  # noqa: F401  fixtures
from tests.plumbing.files.test_placeless import place_of, taken

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(still, signed_in, agent) -> Client:
    return signed_in(agent)


def url(part: str = "", number: int = 1) -> str:
    return f"/s/komorebi/troubles/{number}{part}"


def test_a_case_with_a_linked_order_leads_to_the_form_and_the_form_to_the_page(desk, case, order):  # noqa: F811
    assert f"/c/{case.number}/trouble/new" in desk.get(f"/s/komorebi/c/{case.number}").content.decode()
    form = desk.get(f"/s/komorebi/c/{case.number}/trouble/new").content.decode()
    line = order.lines.get(position=1)
    assert f"{order.pk}-{line.pk}" in form and "濃い灰色のバッグが届きました" in form
    refused = desk.post(f"/s/komorebi/c/{case.number}/trouble/new", {"kind": "wrong_item"})
    assert (refused.status_code, Trouble.objects.count()) == (422, 0)
    told = {"kind": "wrong_item", "line": f"{order.pk}-{line.pk}", "said": "灰色でした"}
    answer = desk.post(f"/s/komorebi/c/{case.number}/trouble/new", told)
    assert answer["Location"] == url()
    assert Trouble.objects.get().said == "灰色でした"


def test_the_wizard_from_photos_to_a_decision(desk, trouble, order):  # noqa: F811
    page = desk.get(url()).content.decode()
    assert "まだ" in page and "届いたバッグ.jpg" in page
    packed = {"sku": "TOTE-M-INK", "name": "帆布トートバッグ 墨", "quantity": "1", "packed_by": "倉田"}
    photo = SimpleUploadedFile("p.jpg", picture("black"), "image/jpeg")
    desk.post(url("/packing"), packed | {"photo": photo, "packed_at": "2026-11-17T15:32"})
    assert PackingRecord.objects.get().photo is not None
    desk.post(url("/describe"), {"arrived_as": "other_item", "box": "sound", "arrived_words": "墨のバッグ"})
    page = desk.get(url()).content.decode()
    assert "梱包の記録は「帆布トートバッグ 墨」で、注文の「帆布トートバッグ M 生成り」と違います。" in page
    desk.post(url("/fault"), {"fault": "shop", "reason": "取り違えました。"})
    decision = FaultDecision.objects.get()
    assert (decision.fault, decision.proposed, decision.certainty) == ("shop", "shop", "clear")
    page = desk.get(url()).content.decode()
    assert "竹内 涼が決定" in page and "集荷を手配する" in page
    small = desk.get(f"/s/komorebi/packing/{PackingRecord.objects.get().pk}/photo")
    assert small["Content-Type"] == "image/webp"


def test_a_decision_without_reason_is_refused_where_the_click_was(desk, trouble):  # noqa: F811
    answer = desk.post(url("/fault"), {"fault": "shop", "reason": ""}, headers={"Referer": url()}, follow=True)
    assert "理由を一文で書いてください。" in answer.content.decode()
    assert not FaultDecision.objects.exists()


def test_our_mistake_from_parcel_to_pick_up_to_settled(desk, agent, trouble):  # noqa: F811
    actions.find_fault(by=agent, trouble_id=trouble.pk, fault="shop", reason="取り違え。", now=NOW)
    desk.post(url("/resend"))
    parcel = Reshipment.objects.get()
    here = url(f"/parcels/{parcel.pk}")
    desk.post(here, {"do": "pack", "in": ["letter"]})
    assert Reshipment.objects.get().state == "planned"
    desk.post(here, {"do": "pack", "in": ["letter", "sample"]})
    slip = desk.get(url(f"/parcels/{parcel.pk}/slip.pdf"))
    assert (slip["Content-Type"], slip.content[:5]) == ("application/pdf", b"%PDF-")
    desk.post(here, {"do": "ship", "carrier": "yamato", "tracking_number": "444413758703", "cost_yen": "６６０円"})
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    booking = {"do": "book", "carrier": "yamato", "on": tomorrow, "slot": "morning", "cost_yen": "880"}
    desk.post(url("/pick-up"), booking | {"on": "いつか"})
    assert PickUp.objects.get().state == "to_book"
    desk.post(url("/pick-up"), booking)
    assert [entry.amount_yen for entry in CostEntry.objects.order_by("id")] == [660, 880]
    assert "¥1,540" in desk.get(url()).content.decode()
    desk.post(url("/settle"), {"do": "settle"})
    assert Trouble.objects.get().state == "settled"
    assert "D-0001" in desk.get("/s/komorebi/troubles?show=settled").content.decode()


def test_the_customers_mistake_from_snapshot_to_consent(desk, agent, trouble, case):  # noqa: F811
    actions.find_fault(by=agent, trouble_id=trouble.pk, fault="customer", reason="ご注文どおり。", now=NOW)
    desk.post(url("/show-order"), {"postage_yen": "1,540"})
    draft = Draft.objects.get(author=agent, is_note=False)
    assert "KM-20417(2026-11-16)" in draft.text and "1,540円" in draft.text
    assert sorted(file.name for file in draft.files.all()) == ["KM-20417.pdf", "KM-20417.png"]
    kept = desk.get(url(f"/snapshots/{Snapshot.objects.get().pk}.pdf"))
    assert kept.content[:5] == b"%PDF-"
    desk.post(url("/resend"))
    assert not Reshipment.objects.exists()
    message = case.messages.get(direction="in")
    desk.post(url("/consent"), {"message": message.pk, "words": "往復の送料", "amount_yen": "1540"})
    assert Consent.objects.get().amount_yen == 1540
    desk.post(url("/resend"))
    assert Reshipment.objects.get().payer == "customer"


def test_unknown_offers_goodwill(desk, agent, trouble):  # noqa: F811
    actions.find_fault(by=agent, trouble_id=trouble.pk, fault="unknown", reason="わかりません。", now=NOW)
    assert "お客様にはご請求しません" in desk.get(url()).content.decode()
    desk.post(url("/goodwill"), {"note": "券", "amount_yen": "500"})
    assert (CostEntry.objects.get().kind, CostEntry.objects.get().payer) == ("goodwill", "shop")


@pytest.mark.parametrize(("fault", "said"), [("", "何が起きたのか"), ("shop", "当店の手違い"), ("carrier", "途中")])
def test_the_apology_in_the_draft_fits_what_is_known(desk, agent, trouble, fault, said):  # noqa: F811
    if fault:
        actions.find_fault(by=agent, trouble_id=trouble.pk, fault=fault, reason="見ました。", now=NOW)
    for _time in range(2):
        desk.post(url("/apology"))
    text = Draft.objects.get(author=agent, is_note=False).text
    assert said in text and text.count("帆布トートバッグ") == 1


def test_all_evidence_comes_in_one_file_with_its_hashes(desk, agent, trouble):  # noqa: F811
    desk.post(url("/evidence"), {"file": SimpleUploadedFile("箱.jpg", picture("brown")), "kind": "box"})
    actions.find_fault(by=agent, trouble_id=trouble.pk, fault="carrier", reason="箱がつぶれています。", now=NOW)
    answer = desk.get(url("/evidence.zip"))
    zipped = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
    manifest = json.loads(zipped.read("manifest.json"))
    assert zipped.namelist() == ["01-arrived.jpg", "02-box.jpg", "manifest.json"]
    assert zipped.read("02-box.jpg") == picture("brown")
    files = EvidenceFile.objects.select_related("blob").order_by("id")
    assert [piece["sha256"] for piece in manifest["pieces"]] == [file.blob.sha256 for file in files]
    assert [(each["fault"], each["by"]) for each in manifest["decisions"]] == [("carrier", "竹内 涼")]


def test_a_file_of_another_trouble_is_not_found(desk, reported, trouble):  # noqa: F811
    reported("damaged")
    pk = EvidenceFile.objects.filter(trouble=trouble).get().pk
    assert desk.get(url(f"/evidence/{pk}")).status_code == 200
    assert desk.get(url(f"/evidence/{pk}", 2)).status_code == 404
    assert desk.get(url(f"/evidence/{pk}/thumb"))["Content-Type"] == "image/webp"


def test_the_warehouse_reads_and_records_but_does_not_decide(signed_in, warehouse, trouble):  # noqa: F811
    client = signed_in(warehouse)
    assert "fault" not in [each for each in client.get(url()).content.decode().split('name="') if each[:5] == "fault"]
    assert client.post(url("/fault"), {"fault": "customer", "reason": "x"}).status_code == 403
    client.post(url("/packing"), {"sku": "TOTE-M-INK", "quantity": "1"})
    assert (PackingRecord.objects.count(), FaultDecision.objects.count()) == (1, 0)


def test_another_shop_sees_nothing(signed_in, stranger, trouble):  # noqa: F811
    client = signed_in(stranger)
    assert client.get("/s/shiosai/troubles/1").status_code == 404
    assert client.get(url()).status_code == 404
    assert "D-0001" not in client.get("/s/shiosai/troubles").content.decode()


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_a_case_pays_nothing_for_its_card(desk, case, reported):  # noqa: F811
    before = queries_of(desk, f"/s/komorebi/c/{case.number}")
    reported()
    assert queries_of(desk, f"/s/komorebi/c/{case.number}") == before
    card = desk.get(f"/s/komorebi/c/{case.number}/trouble", headers={"HX-Request": "true"}).content.decode()
    assert "D-0001" in card and "見比べて" in card


def test_list_and_page_cost_the_same_for_many(desk, agent, reported):  # noqa: F811
    for _time in range(3):
        reported()
    few, page = queries_of(desk, "/s/komorebi/troubles"), queries_of(desk, url("", 1))
    for _time in range(10):
        reported()
    first = Trouble.objects.get(number=1)
    for n in range(5):
        upload = BytesIO(picture(f"#0000{n}0"))
        actions.add_upload(by=agent, trouble_id=first.pk, name="x.jpg", content=upload, kind="box", now=NOW)
    assert queries_of(desk, "/s/komorebi/troubles") == few <= 7
    assert queries_of(desk, url("", 1)) == page <= 20


def test_a_photo_leaves_without_its_place_and_keeps_its_hash(desk, trouble):  # noqa: F811
    content = taken("JPEG", turned=3)
    desk.post(url("/evidence"), {"file": SimpleUploadedFile("箱.jpg", content), "kind": "box"})
    file = EvidenceFile.objects.select_related("blob").get(kind="box")
    assert place_of(desk.get(url(f"/evidence/{file.pk}")).content) == {}
    zipped = zipfile.ZipFile(BytesIO(b"".join(desk.get(url("/evidence.zip")).streaming_content)))
    copy = zipped.read("02-box.jpg")
    told = json.loads(zipped.read("manifest.json"))["pieces"][1]
    assert place_of(copy) == {}
    assert (told["sha256"], told["copy_sha256"]) == (sha256(content).hexdigest(), sha256(copy).hexdigest())
    assert told["sha256"] != told["copy_sha256"]


def test_a_broken_photo_does_not_leave_the_house_and_the_list_says_so(desk, trouble):  # noqa: F811
    broken = b"\xff\xd8\xff\xe1\xff\xff GPS"
    desk.post(url("/evidence"), {"file": SimpleUploadedFile("箱.jpg", broken), "kind": "box"})
    file = EvidenceFile.objects.get(kind="box")
    assert b"".join(desk.get(url(f"/evidence/{file.pk}")).streaming_content) == broken
    zipped = zipfile.ZipFile(BytesIO(b"".join(desk.get(url("/evidence.zip")).streaming_content)))
    told = json.loads(zipped.read("manifest.json"))["pieces"][1]
    assert (zipped.namelist(), told["file"]) == (["01-arrived.jpg", "manifest.json"], "")
    assert told["missing"]


@pytest.mark.parametrize(
    ("carrier", "number", "warning"),
    [
        ("yamato", "4415-7284-2443", ""),
        ("yamato", "4415-7284-2444", "番号の確認数字が合いません"),
        ("japan_post", "EF719215461JP", ""),
        ("yamato", "EF719215461JP", "この運送会社の番号の形ではありません"),
        ("other", "4415-7284-2444", ""),
        ("yamato", "", ""),
    ],
)
def test_a_number_that_cannot_be_right_is_kept_and_warned_of(desk, agent, trouble, carrier, number, warning):  # noqa: F811
    actions.find_fault(by=agent, trouble_id=trouble.pk, fault="shop", reason="見ました。", now=NOW)
    parcel = actions.plan_reshipment(by=agent, trouble_id=trouble.pk, now=NOW)
    Reshipment.objects.update(state="packed")
    sent = {"do": "ship", "carrier": carrier, "tracking_number": number, "cost_yen": "770"}
    page = desk.post(url(f"/parcels/{parcel.pk}"), sent, follow=True).content.decode()
    found = Reshipment.objects.get()
    assert (found.state, found.tracking_number) == ("shipped", number)
    assert ("伝票をもう一度" in page) == bool(warning)
    assert page.count(warning) >= 2 if warning else "確認数字が合いません" not in page
    assert ("jizen.kuronekoyamato.co.jp" in page) == (carrier == "yamato" and bool(number))
