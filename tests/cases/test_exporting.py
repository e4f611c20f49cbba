"""Cases as lines of a file, and back again."""

from __future__ import annotations

import json
import zipfile
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from anshin.cases import actions
from anshin.cases.models import Case, Message
from anshin.cases.queries import exported_cases
from anshin.cases.terms import IncomingFile, Party, Resolution
from anshin.commerce.actions import take_in_order
from anshin.commerce.terms import Buyer, IncomingOrder, SalesChannel
from anshin.plumbing.files.store import keep, path_of
from anshin.plumbing.journal.actors import Actor
from anshin.project.cli import export, import_cases
from tests.cases.writing import KASHIWAGI, MIKUMO, arrive
from tests.conftest import NOW, member

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

pytestmark = pytest.mark.django_db
BY = Actor.system("orders")


@pytest.fixture
def filled(shop: Shop, agent: Membership, post: object) -> Shop:
    """Three cases: one answered with files, note, tags and an order; one closed; one merged into the first."""
    buyer = Buyer(name=KASHIWAGI.name, mail=KASHIWAGI.mail)
    order = IncomingOrder(channel=SalesChannel.OWN, number="KM-20417", ordered_at=NOW, buyer=buyer)
    take_in_order(shop=shop, order=order, by=BY, now=NOW)
    blob = keep(shop.pk, "領収書".encode(), now=NOW)
    raw = keep(shop.pk, b"From: x\r\n\r\nHi", now=NOW)
    first = arrive(
        shop,
        "m1@x",
        at=NOW,
        text="KM-20417です。\n> 前のメール",
        quoted_from=13,
        html="<p>KM-20417です。</p>",
        raw_blob_id=raw.pk,
        to=(Party("", "support@komorebi.example"),),
        files=(IncomingFile(blob.pk, "領収書.txt", "cid1", is_inline=True), IncomingFile(blob.pk, "写し.txt")),
    ).case
    actions.reply(
        by=agent, case_id=first.pk, text="確認します。", to=[KASHIWAGI], read_at_version=first.version, now=NOW
    )
    Message.objects.filter(direction="out").update(delivery="sent", sent_at=NOW)
    actions.add_note(by=agent, case_id=first.pk, text="お得意様", now=NOW)
    actions.set_tags(by=agent, case_id=first.pk, names=["返品", "要確認"], now=NOW)
    second = arrive(shop, "m2@x", at=NOW, sender=MIKUMO, subject="在庫").case
    actions.close(by=agent, case_id=second.pk, resolution=Resolution.NO_REPLY, now=NOW)
    third = arrive(shop, "m3@x", at=NOW, sender=MIKUMO, subject="別件").case
    actions.merge(by=agent, case_id=third.pk, into_number=second.number, now=NOW)
    arrive(shop, "m4@x", at=NOW, sender=MIKUMO, subject="未対応")
    return shop


def lines(shop: Shop) -> list[dict[str, Any]]:
    return [case.line for case in exported_cases(shop)]


def without(line: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in names}


def test_a_line_begins_with_what_every_desk_understands(filled: Shop) -> None:
    line = lines(filled)[0]

    assert line["external_id"] == "anshin:komorebi:1"
    assert (line["subject"], line["order_number"]) == ("届いたバッグの色が写真と違います", "KM-20417")
    assert line["customer"] == {"name": "柏木 由紀子", "email": "y-kashiwagi@mail.example"}
    assert (line["status"], line["state"], line["assignee"]) == ("open", "waiting", "takeuchi@komorebi.example")
    said = [(message["at"], message["direction"], message["body"]) for message in line["messages"]]
    moment = "2026-11-20T05:00:00+00:00"
    assert said == [(moment, "in", "KM-20417です。\n> 前のメール"), (moment, "out", "確認します。")]


def test_notes_are_under_a_key_of_their_own(filled: Shop) -> None:
    line = lines(filled)[0]

    assert [note["body"] for note in line["notes"]] == ["お得意様"]
    assert "お得意様" not in json.dumps(without(line, {"notes"}), ensure_ascii=False)


def test_a_merged_case_is_inside_the_one_that_goes_on(filled: Shop) -> None:
    assert [(line["number"], line["status"], len(line["messages"])) for line in lines(filled)] == [
        (1, "open", 2),
        (2, "open", 2),
        (4, "open", 1),
    ]


def test_a_reply_that_was_taken_back_is_left_out(shop: Shop, agent: Membership, post: object) -> None:
    found = arrive(shop, "m1@x", at=NOW).case
    reply = actions.reply(
        by=agent, case_id=found.pk, text="まちがい", to=[KASHIWAGI], read_at_version=found.version, now=NOW
    )
    actions.take_back(by=agent, message_id=reply.pk, now=NOW)

    assert "まちがい" not in json.dumps(lines(shop), ensure_ascii=False)


def test_only_the_cases_of_the_shop_are_exported(filled: Shop, other_shop: Shop) -> None:
    arrive(other_shop, "o1@x", at=NOW, subject="よその案件")

    assert len(lines(filled)) == 3
    assert [line["subject"] for line in lines(other_shop)] == ["よその案件"]


def test_reading_many_cases_costs_few_queries(filled: Shop, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        assert len(lines(filled)) == 3


def test_an_export_comes_back_equal_in_a_second_shop(
    filled: Shop, other_shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    member(other_shop, "agent", "takeuchi@komorebi.example", "竹内 涼")
    buyer = Buyer(name=KASHIWAGI.name, mail=KASHIWAGI.mail)
    order = IncomingOrder(channel=SalesChannel.OWN, number="KM-20417", ordered_at=NOW, buyer=buyer)
    take_in_order(shop=other_shop, order=order, by=BY, now=NOW)
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"

    assert export.run(Namespace(shop="komorebi", out=first, with_numbers=False)) == 0
    assert import_cases.run(Namespace(shop="shiosai", file=first, chunk=2)) == 0
    assert export.run(Namespace(shop="shiosai", out=second, with_numbers=False)) == 0

    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as two:
        assert sorted(one.namelist()) == sorted(two.namelist())
        assert len(one.namelist()) == 4
        for name in one.namelist():
            if name.startswith("files/"):
                assert one.read(name) == two.read(name)
        before, after = (
            [without(json.loads(line), {"number"}) for line in archive.read("cases.jsonl").splitlines()]
            for archive in (one, two)
        )
    assert before == after
    columns = ("status", "waiting_since_at", "due_at", "last_activity_at", "last_line", "last_by_customer", "version")
    kept = Case.objects.filter(shop=filled, merged_into=None).order_by("number").values_list(*columns[:-1])
    assert list(Case.objects.filter(shop=other_shop).order_by("number").values_list(*columns[:-1])) == list(kept)


def test_a_shop_does_not_take_its_own_export_in_again(filled: Shop, tmp_path: Path) -> None:
    out = tmp_path / "cases.zip"
    export.run(Namespace(shop="komorebi", out=out, with_numbers=False))
    before = Case.objects.count()

    assert import_cases.run(Namespace(shop="komorebi", file=out, chunk=500)) == 0

    assert Case.objects.count() == before


def test_a_missing_file_is_told_and_the_rest_is_exported(
    filled: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blob = keep(filled.pk, "領収書".encode(), now=NOW)
    path_of(blob.sha256).unlink()
    out = tmp_path / "cases.zip"

    assert export.run(Namespace(shop="komorebi", out=out, with_numbers=False)) == 1

    assert blob.sha256 in capsys.readouterr().err
    with zipfile.ZipFile(out) as archive:
        assert len(archive.namelist()) == 3


def test_an_export_that_cannot_be_written_leaves_nothing(filled: Shop, tmp_path: Path) -> None:
    out = tmp_path / "missing" / "cases.zip"

    assert export.run(Namespace(shop="komorebi", out=out, with_numbers=False)) == 2
    assert list(tmp_path.glob("**/*.zip*")) == []


def test_refused_lines_are_kept_with_number_and_reason_and_can_be_mended(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {
        "external_id": "a",
        "subject": "良い",
        "customer": {"name": "客", "email": "k@mail.example"},
        "status": "open",
        "messages": [{"at": "2026-11-16T10:00:00+09:00", "direction": "in", "body": "はい"}],
    }
    file = tmp_path / "old.jsonl"
    bad = good | {"external_id": "b", "status": "pending"}
    given = [json.dumps(good), "", json.dumps(bad), "{oops", json.dumps(good | {"external_id": "c"})]
    file.write_text("\ufeff" + "\n".join(given))

    assert import_cases.run(Namespace(shop="komorebi", file=file, chunk=2)) == 1

    assert set(Case.objects.values_list("external_key", flat=True)) == {"a", "c"}
    refused = tmp_path / "old.jsonl.refused.jsonl"
    first, second = (json.loads(line) for line in refused.read_text().splitlines())
    assert (first["refused"]["line"], first["external_id"]) == (3, "b")
    assert "pending" in first["refused"]["reason"]
    assert (second["refused"]["line"], second["text"]) == (4, "{oops")

    mended = tmp_path / "mended.jsonl"
    mended.write_text(json.dumps(first | {"status": "closed"}))
    assert import_cases.run(Namespace(shop="komorebi", file=mended, chunk=2)) == 0
    assert Case.objects.get(external_key="b").status == "closed"
    assert not (tmp_path / "mended.jsonl.refused.jsonl").exists()


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\x93\xfa\x96\x7b\n", b"\x89PNG\r\n\x1a\n\xff"])
def test_a_file_that_is_no_text_is_refused_with_a_sentence(
    shop: Shop, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "photo.jsonl"
    file.write_bytes(content)

    code = import_cases.run(Namespace(shop="komorebi", file=file, chunk=500))

    assert code in {1, 2}
    assert capsys.readouterr().err.strip()
    assert not Case.objects.exists()


CARD = "4111-1111-1111-1111"


@pytest.mark.parametrize(("with_numbers", "body"), [(False, "カード ••••-••••-••••-1111"), (True, f"カード {CARD}")])
def test_card_numbers_leave_masked_unless_they_are_asked_for(
    shop: Shop, agent: Membership, tmp_path: Path, with_numbers: bool, body: str
) -> None:
    raw = keep(shop.pk, f"From: x\r\n\r\n{CARD}".encode(), now=NOW)
    case = arrive(shop, "card@x", at=NOW, text=f"カード {CARD}", html=f"<p>{CARD}</p>", raw_blob_id=raw.pk).case
    actions.add_note(by=agent, case_id=case.pk, text=f"カード {CARD}", now=NOW)
    out = tmp_path / "out.zip"
    assert export.run(Namespace(shop="komorebi", out=out, with_numbers=with_numbers)) == 0

    with zipfile.ZipFile(out) as archive:
        (line,) = [json.loads(each) for each in archive.read("cases.jsonl").splitlines()]
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert line["messages"][0]["body"] == body
    assert line["notes"][0]["body"] == body
    assert ("source" in line["messages"][0]) is with_numbers
    assert (CARD.encode() in everything) is with_numbers
    assert Message.objects.get().text == f"カード {CARD}"
