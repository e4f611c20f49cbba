"""What a customer said and photographed goes when it is struck out or the customer is erased; decisions stay."""

from __future__ import annotations

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Message
from anshin.cases.terms import ErasureGround, Resolution, StrikeReason
from anshin.delivery import actions
from anshin.delivery.models import EvidenceFile, FaultDecision, Snapshot, Trouble
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(agent, reported):
    trouble = reported(said="柏木です。灰色のバッグが届きました。")
    reason = "柏木様の写真に灰色のバッグ。"
    actions.find_fault(by=agent, trouble_id=trouble.pk, fault="shop", reason=reason, now=NOW)
    actions.take_snapshot(by=agent, trouble_id=trouble.pk, now=NOW)
    return trouble


def test_erasing_the_customer_takes_words_names_and_files(owner, known, case):
    actions.waive_pick_up(by=owner, trouble_id=known.pk, reason="お客様の情報を消すため。", now=NOW)
    cases.close(by=owner, case_id=case.pk, resolution=Resolution.ANSWERED, now=NOW)
    cases.erase_customer(
        by=owner,
        customer_id=case.customer_id,
        ground=ErasureGround.REQUEST,
        requested_on=NOW.date(),
        now=NOW,
    )
    trouble = Trouble.objects.get()
    assert (trouble.said, trouble.fault) == ("", "shop")
    assert FaultDecision.objects.get().reason == "-"
    assert not EvidenceFile.objects.exists()
    assert "柏木" not in repr(Snapshot.objects.get().facts)


def test_what_is_struck_out_of_the_case_goes_here_too(owner, known, case):
    message = Message.objects.get(case=case)
    Message.objects.filter(pk=message.pk).update(text="灰色のバッグです。")
    struck = {"by": owner, "message_id": message.pk, "reason": StrikeReason.OTHER, "now": NOW}
    cases.strike(**struck, texts=["灰色のバッグ"], file_ids=[message.attachments.get().pk])
    assert "灰色" not in Trouble.objects.get().said
    assert "灰色" not in FaultDecision.objects.get().reason
    assert not EvidenceFile.objects.exists()
