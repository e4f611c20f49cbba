"""A trouble is told once, keeps what was ordered and what was photographed, and belongs to one shop."""

from __future__ import annotations

from io import BytesIO

import pytest

from anshin.delivery import actions, queries
from anshin.delivery.models import EvidenceFile, PackingRecord, Trouble
from anshin.delivery.terms import ArrivedAs, BoxState, EvidenceKind, TroubleKind
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW
from tests.delivery.conftest import picture

pytestmark = pytest.mark.django_db


def test_it_keeps_what_was_ordered_and_the_photos_of_the_case(shop, trouble, case, order):
    assert (str(trouble), trouble.state, trouble.fault) == ("D-0001", "looking", "")
    assert (trouble.sku, trouble.name, trouble.variant, trouble.quantity) == (
        "TOTE-M-ECRU",
        "帆布トートバッグ M",
        "生成り",
        1,
    )
    [file] = EvidenceFile.objects.filter(trouble=trouble)
    assert (file.name, file.kind, file.message.case_id, file.came_at) == ("届いたバッグ.jpg", "arrived", case.pk, NOW)
    entry = JournalEntry.objects.get(event="delivery.reported")
    assert (entry.case_id, entry.payload) == (
        case.pk,
        {"trouble_id": trouble.pk, "number": 1, "kind": "wrong_item"},
    )
    assert [each.pk for each in queries.troubles_of_case(shop, case.pk)] == [trouble.pk]
    assert queries.fault_of(shop, trouble.pk) is None


def test_another_line_of_the_order_may_be_meant(reported, order):
    line = order.lines.get(position=2)
    trouble = reported(TroubleKind.MISSING_PART, line_id=line.pk, quantity=9)
    assert (trouble.name, trouble.quantity) == ("ふきん", 2)


def test_a_room_above_tells_the_same_once(shop, case, order):
    told = {"shop": shop, "by": None, "case_id": case.pk, "order_id": order.pk, "kind": "damaged", "key": "return:7"}
    first, again = actions.report(**told, now=NOW), actions.report(**told, now=NOW)
    assert first.pk == again.pk
    assert (Trouble.objects.count(), JournalEntry.objects.filter(event="delivery.reported").count()) == (1, 1)


def test_another_shops_order_is_refused_and_nothing_is_written(other_shop, stranger, case, order):
    with pytest.raises(actions.WrongOrder):
        actions.report(shop=other_shop, by=stranger, case_id=case.pk, order_id=order.pk, kind="wrong_item", now=NOW)
    assert not Trouble.objects.exists()
    assert not JournalEntry.objects.filter(event__startswith="delivery.").exists()


def test_the_warehouse_may_say_what_it_packed_but_report_nothing(shop, warehouse, case, order):
    with pytest.raises(NotAllowed):
        actions.report(shop=shop, by=warehouse, case_id=case.pk, order_id=order.pk, kind="wrong_item", now=NOW)
    actions.record_packing(
        by=warehouse, order_id=order.pk, position=1, sku="TOTE-M-INK", quantity=1, packed_at=NOW, now=NOW
    )
    assert PackingRecord.objects.get().written_by == warehouse


def test_the_newest_record_of_the_right_line_counts(shop, agent, trouble, order):
    packed = {"by": agent, "order_id": order.pk, "quantity": 1, "packed_at": NOW, "now": NOW}
    actions.record_packing(**packed, position=1, sku="TOTE-M-ECRU")
    actions.record_packing(**packed, position=1, sku="TOTE-M-INK", photo=BytesIO(picture()))
    actions.record_packing(**packed, position=2, sku="CLOTH-2")
    record = queries.packing_record(shop, trouble)
    assert (record.sku, record.photo.kind) == ("TOTE-M-INK", "image/jpeg")


def test_a_record_without_thing_or_line_is_refused(agent, order, stranger):
    packed = {"order_id": order.pk, "quantity": 1, "packed_at": NOW, "now": NOW}
    for by, position, sku in ((agent, 3, "X"), (agent, 1, " "), (stranger, 1, "X")):
        with pytest.raises(actions.WrongOrder):
            actions.record_packing(by=by, position=position, sku=sku, **packed)
    assert not PackingRecord.objects.exists()


def test_the_same_file_is_evidence_once_and_may_be_called_otherwise(agent, trouble):
    file = EvidenceFile.objects.get()
    attachment = file.message.attachments.get()
    for kind in (EvidenceKind.BOX, EvidenceKind.BOX):
        actions.add_attachment(by=agent, trouble_id=trouble.pk, attachment_id=attachment.pk, kind=kind, now=NOW)
    file.refresh_from_db()
    assert (EvidenceFile.objects.count(), file.kind) == (1, "box")
    assert JournalEntry.objects.filter(event="delivery.evidence_added").count() == 1


def test_uploads_are_kept_with_their_hash(shop, agent, trouble):
    actions.add_upload(
        by=agent,
        trouble_id=trouble.pk,
        name="../箱.jpg",
        content=BytesIO(picture("brown")),
        kind=EvidenceKind.BOX,
        now=NOW,
    )
    lines = queries.evidence_files(shop, trouble)
    assert [(line.kind, line.source) for line in lines] == [("arrived", "case"), ("box", "upload")]
    assert "/" not in lines[1].name
    assert len(lines[1].blob.sha256) == 64


def test_what_arrived_is_said_once(shop, agent, trouble):
    for _time in range(2):
        actions.describe(by=agent, trouble_id=trouble.pk, arrived_as=ArrivedAs.OTHER_ITEM, box=BoxState.SOUND, now=NOW)
    assert JournalEntry.objects.filter(event="delivery.described").count() == 1
    trouble.refresh_from_db()
    assert queries.finding_of(shop, trouble).fault == "shop"


@pytest.mark.parametrize("verb", ["describe", "find_fault", "plan_reshipment", "take_snapshot", "settle"])
def test_nobody_works_on_another_shops_trouble(stranger, warehouse, trouble, verb):
    values = {
        "describe": {"arrived_as": "other_item", "box": "sound"},
        "find_fault": {"fault": "customer", "reason": "x"},
    }.get(verb, {})
    before = JournalEntry.objects.count()
    with pytest.raises(actions.UnknownTrouble):
        getattr(actions, verb)(by=stranger, trouble_id=trouble.pk, now=NOW, **values)
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(by=warehouse, trouble_id=trouble.pk, now=NOW, **values)
    assert JournalEntry.objects.count() == before
