"""The desk's pages of transfers and refunds: each step, each refusal, and who sees which number."""

# ruff: noqa: F811 the fixtures of the batches

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from anshin.commerce import actions, queries
from anshin.commerce.models import Refund, TransferBatch, TransferLine, TransferReply
from anshin.commerce.terms import BatchState, LineState, RefundState
from anshin.plumbing import clock
from anshin.plumbing.journal.models import JournalEntry
from tests.commerce.conftest import by, incoming  # noqa: F401  fixtures
from tests.commerce.test_transfer_batches import ON_THE_DAY, handed, make, setting, states, waiting  # noqa: F401
from tests.conftest import NOW
from tests.connectors.bank_files.answers import failures_only, with_results

WHERE = "/s/komorebi/transfers/"


@pytest.fixture
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(NOW)
    return set_to


@pytest.fixture
def desk(client, at):
    def page_of(member):
        client.force_login(member.person)
        return client

    return page_of


def said(page, url):
    return page.get(url).content.decode()


def test_from_the_list_to_the_last_mark(desk, at, manager, owner, waiting):
    refunds = waiting(3)
    page = desk(manager)
    shown = said(page, WHERE)
    assert "***4321" in shown
    assert "7654321" not in shown
    answer = page.post(WHERE + "make", {"day": "2026-11-25", "refund": [each.pk for each in refunds]})
    assert answer["Location"] == WHERE + "1"
    assert "approve" not in said(page, WHERE + "1").lower().replace("approved", "")  # the maker has no button
    assert page.post(WHERE + "1/approve").status_code == 302
    assert TransferBatch.objects.get().state == BatchState.DRAFT

    assert desk(owner).post(WHERE + "1/approve").status_code == 302
    answer = desk(manager).post(WHERE + "1/file")
    assert (answer["Content-Disposition"], answer["Cache-Control"]) == (
        "attachment; filename*=UTF-8''furikomi-20261125-1.txt",
        "no-store",
    )
    assert len(answer.content) == 6 * 122
    page.post(WHERE + "1/mark", {"do": "all"})
    assert set(TransferLine.objects.values_list("state", flat=True)) == {LineState.WAITING}  # before the day

    at(ON_THE_DAY)
    page.post(WHERE + "1/mark", {"do": "failed", "line": "2", "reason": ""})
    assert not TransferLine.objects.filter(state=LineState.FAILED).exists()
    page.post(WHERE + "1/mark", {"do": "failed", "line": "2", "reason": "口座なし"})
    page.post(WHERE + "1/mark", {"do": "done", "line": "1"})
    page.post(WHERE + "1/mark", {"do": "all"})
    page.post(WHERE + "1/mark", {"do": "all"})

    assert states(refunds) == [RefundState.SETTLED, RefundState.FAILED, RefundState.SETTLED]
    assert JournalEntry.objects.filter(event="refund.settled").count() == 2
    assert JournalEntry.objects.filter(event="transfer.file_taken").count() == 1
    assert "口座なし" in said(page, WHERE)


def test_the_banks_file_is_looked_at_first_and_taken_over_once(desk, at, manager, owner, waiting):
    refunds = waiting(2)
    batch = handed(manager, owner, refunds)
    _name, content = actions.take_batch_file(by=manager, batch_id=batch.pk, now=NOW)
    at(ON_THE_DAY)
    page = desk(manager)

    def bring(raw, name="kekka.txt", scope="all"):
        return page.post(WHERE + "1/replies", {"scope": scope, "file": SimpleUploadedFile(name, raw)})

    answer = bring(with_results(content, {2: b"2"}))
    reply = TransferReply.objects.get()
    assert answer["Location"] == f"{WHERE}1/replies/{reply.pk}"
    shown = said(page, answer["Location"])
    assert "kekka.txt" in shown
    assert "7654321" not in shown
    assert states(refunds) == [RefundState.SENDING] * 2
    again = bring(with_results(content, {2: b"2"}), name="again.txt")
    assert again["Location"] == answer["Location"]
    for _time in range(2):
        page.post(answer["Location"] + "/apply")
    assert states(refunds) == [RefundState.SETTLED, RefundState.FAILED]
    assert JournalEntry.objects.filter(event="refund.settled").count() == 1

    refused = bring(failures_only(content, [1])[:100], scope="failures")
    row = TransferReply.objects.get(state="refused")
    assert row.refusal in said(page, refused["Location"])
    assert row.refusal in said(page, WHERE + "1")
    assert page.post(WHERE + "1/replies", {"scope": "failures"}).status_code == 302
    assert TransferReply.objects.count() == 2


def test_a_table_with_unknown_headings_is_named_on_the_page(desk, at, manager, owner, waiting):
    refunds = waiting(1)
    handed(manager, owner, refunds)
    at(ON_THE_DAY)
    page = desk(manager)
    raw = "甲,乙,丙\n1,1000,済\n".encode("cp932")
    url = page.post(WHERE + "1/replies", {"scope": "all", "file": SimpleUploadedFile("a.csv", raw)})["Location"]
    assert "甲" in said(page, url)

    page.post(url + "/columns", {"scope": "all", "column0": "line", "column1": "amount", "column2": "result"})
    page.post(url + "/apply")

    assert states(refunds) == [RefundState.SETTLED]


@pytest.mark.parametrize("form", [{"day": "", "refund": "1"}, {"day": "2026-11-22", "refund": "x"}, {}])
def test_what_cannot_be_a_batch_is_said(desk, manager, waiting, form):
    waiting(1)

    answer = desk(manager).post(WHERE + "make", form, follow=True)

    assert answer.status_code == 200
    assert "notice-body" in answer.content.decode()
    assert TransferBatch.objects.count() == 0


def test_agents_see_one_refund_but_neither_batches_nor_files(desk, agent, manager, owner, waiting):
    refunds = waiting(1)
    handed(manager, owner, refunds)
    page = desk(agent)

    for url in (WHERE, WHERE + "1"):
        assert page.get(url).status_code == 403
    for url in ("make", "1/approve", "1/dissolve", "1/file", "1/mark", "1/replies"):
        assert page.post(WHERE + url).status_code == 403
    shown = said(page, f"/s/komorebi/refunds/{refunds[0].pk}")
    assert "***4321" in shown
    assert "7654321" not in shown
    assert page.post(f"/s/komorebi/refunds/{refunds[0].pk}", {"do": "fail", "reason": "x"}).status_code in {403, 422}
    assert states(refunds) == [RefundState.SENDING]


def test_another_shops_owner_finds_nothing(desk, stranger, manager, owner, waiting):
    refunds = waiting(1)
    handed(manager, owner, refunds)
    type(stranger).objects.filter(pk=stranger.pk).update(role="owner")
    page = desk(stranger)
    own = f"/s/{stranger.shop.slug}/"

    for url in (
        f"{own}transfers/1",
        f"{own}refunds/{refunds[0].pk}",
        f"{own}refunds/{refunds[0].pk}/proof",
        f"{own}refunds/{refunds[0].pk}/account",
    ):
        assert page.get(url).status_code == 404
    for url in ("transfers/1/file", "transfers/1/mark", "transfers/1/replies"):
        assert page.post(own + url, {"do": "all", "scope": "all"}).status_code == 404
    assert states(refunds) == [RefundState.SENDING]


def test_the_account_is_corrected_on_the_refunds_page_and_goes_out_again(
    desk, at, shop, agent, manager, owner, waiting
):
    refunds = waiting(1)
    batch = handed(manager, owner, refunds)
    at(ON_THE_DAY)
    actions.mark_transfer_failed(by=manager, batch_id=batch.pk, position=1, reason="名義相違", now=ON_THE_DAY)
    page, url = desk(agent), f"/s/komorebi/refunds/{refunds[0].pk}/account"
    assert f'href="{url}"' in page.get(url.removesuffix("/account")).content.decode()
    account = {"bank": "0005", "branch": "001", "kind": "ordinary", "number": "1112223"}

    wrong = page.post(url, account | {"holder": "柏木", "bank": "0000"})
    assert wrong.status_code == 422
    assert not Refund.objects.filter(account__number_end="2223").exists()
    assert page.post(url, account | {"holder": "カシワギ ユキコ"}).status_code == 302

    assert list(queries.refunds_for_transfer(shop)) == refunds
    assert refunds[0].pk == Refund.objects.get(account__number_end="2223").pk


def test_paid_by_hand_needs_number_day_and_proof(desk, manager, waiting):
    refund = waiting(1)[0]
    page, url = desk(manager), f"/s/komorebi/refunds/{refund.pk}"
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    form = {"do": "settle", "reference": "7", "moved_on": "2026-11-19"}

    assert page.post(url, form).status_code == 422
    assert states([refund]) == [RefundState.READY]
    proof = SimpleUploadedFile("shot.png", picture.getvalue())
    assert page.post(url, form | {"proof": proof}).status_code == 302

    assert states([refund]) == [RefundState.SETTLED]
    assert "shot.png" in said(page, url)
    assert page.get(url + "/proof").status_code == 200
    page.post(url, {"do": "fail", "reason": "組戻"})
    assert states([refund]) == [RefundState.FAILED]


def test_pages_cost_the_same_however_many_lines(desk, manager, owner, waiting, django_assert_max_num_queries):
    refunds = waiting(9)
    make(manager, refunds[:6])
    page = desk(owner)
    page.get(WHERE)  # what is kept for half a minute
    with django_assert_max_num_queries(14):
        page.get(WHERE)
    with django_assert_max_num_queries(14):
        page.get(WHERE + "1")


def test_the_rail_counts_what_waits_for_the_second_person(desk, owner, manager, waiting):
    make(manager, waiting(1))
    assert "transfers" in said(desk(owner), "/s/komorebi/inbox/mine")
    assert queries.batches_to_approve_count(owner.shop_id) == 1


def test_after_the_day_has_passed_a_draft_says_so(desk, at, owner, manager, waiting):
    make(manager, waiting(1))
    at(NOW + timedelta(days=6))
    page = desk(owner)
    assert WHERE + "1/approve" not in said(page, WHERE + "1")
    page.post(WHERE + "1/approve")
    assert TransferBatch.objects.get().state == BatchState.DRAFT
    page.post(WHERE + "1/dissolve")
    assert TransferBatch.objects.get().state == BatchState.DISSOLVED
