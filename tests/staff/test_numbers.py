"""Card numbers and My Number on the desk: warned about, masked, shown to few and on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anshin.cases.models import Case
from anshin.cases.queries import case_by_number
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.models import JournalEntry
from tests.cases.writing import arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from anshin.cases.actions import Received
    from anshin.shops.models import Membership, Shop

pytestmark = pytest.mark.django_db

CARD = "4111-1111-1111-1111"
HIDDEN = "••••-••••-••••-1111"
TEXT = f"カード番号は {CARD} です。\n注文番号は KM-20417 です。"
WARNING = "カード番号らしき数字が含まれています。"


@pytest.fixture
def received(shop: Shop) -> Received:
    html = f"<p>カード番号は <b>{CARD[:9]}</b>{CARD[9:]} です。</p>"
    raw = keep(shop.pk, b"From: a@b.example\r\n\r\nx", now=NOW).pk
    return arrive(shop, "card@x", at=NOW, subject=f"カード {CARD}", text=TEXT, html=html, raw_blob_id=raw)


def facts(event: str) -> list[tuple[str, dict[str, object]]]:
    return list(JournalEntry.objects.filter(event=event).values_list("actor_name", "payload"))


def test_the_arrival_of_a_card_number_is_on_record_without_the_number(received: Received) -> None:
    assert facts("case.numbers_found") == [("柏木 由紀子", {"message_id": received.message.pk, "kinds": ["card"]})]


def test_an_ordinary_message_leaves_no_such_record(shop: Shop) -> None:
    arrive(shop, "plain@x", at=NOW, text="注文番号は KM-20417、伝票番号は 4111-1111-1111-1111 です。")
    assert facts("case.numbers_found") == []


def test_lists_show_the_number_masked(received: Received) -> None:
    case = Case.objects.get(pk=received.case.pk)
    assert (case.subject, case.last_line) == (f"カード {HIDDEN}", f"カード番号は {HIDDEN} です。")


@pytest.mark.parametrize("role", ["owner", "manager", "agent", "warehouse"])
def test_everybody_sees_the_warning_and_nobody_the_number(received, role, request, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(request.getfixturevalue(role))
    page = client.get(f"/s/komorebi/c/{received.case.number}").content.decode()

    assert WARNING in page
    assert HIDDEN in page
    assert CARD not in page
    assert ("番号を表示" in page) is (role in {"owner", "manager"})


def test_a_manager_sees_the_number_once_and_that_is_on_record(received, manager, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(manager)
    answer = client.post(f"/s/komorebi/messages/{received.message.pk}/numbers")

    assert CARD in answer.content.decode()
    assert facts("case.numbers_shown") == [("佐伯 みお", {"message_id": received.message.pk})]
    assert CARD not in client.get(f"/s/komorebi/c/{received.case.number}").content.decode()


def test_an_agent_sees_neither_the_number_nor_the_raw_mail(received, agent, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(agent)
    assert client.post(f"/s/komorebi/messages/{received.message.pk}/numbers").status_code == 403
    assert client.get(f"/s/komorebi/messages/{received.message.pk}/raw").status_code == 403
    assert facts("case.numbers_shown") == []


@pytest.mark.parametrize("role", ["agent", "warehouse"])
def test_a_number_in_the_subject_alone_keeps_the_raw_mail_back(shop, role, request, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    raw = keep(shop.pk, f"Subject: {CARD}\r\n\r\nx".encode(), now=NOW).pk
    came = arrive(shop, "subject@x", at=NOW, subject=f"カード {CARD}", text="こんにちは", raw_blob_id=raw)
    client = signed_in(request.getfixturevalue(role))
    assert client.get(f"/s/komorebi/messages/{came.message.pk}/raw").status_code == 403
    assert facts("case.numbers_shown") == []


def test_whoever_takes_the_raw_mail_is_on_record(received, manager, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    assert signed_in(manager).get(f"/s/komorebi/messages/{received.message.pk}/raw").status_code == 200
    assert facts("case.numbers_shown") == [("佐伯 みお", {"message_id": received.message.pk})]


def test_the_mail_as_designed_shows_the_number_masked_across_its_tags(received, owner, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    page = signed_in(owner).get(f"/s/komorebi/messages/{received.message.pk}/html").content.decode()
    assert HIDDEN in page
    assert CARD[:9] not in page


def test_a_stranger_finds_no_message(received, stranger, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(stranger)
    assert client.post(f"/s/komorebi/messages/{received.message.pk}/numbers").status_code == 404
    assert client.post(f"/s/shiosai/messages/{received.message.pk}/numbers").status_code == 403
    assert facts("case.numbers_shown") == []


def test_a_stranger_with_the_right_role_finds_no_message(received, stranger, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    stranger.role = "owner"
    stranger.save()
    assert signed_in(stranger).post(f"/s/shiosai/messages/{received.message.pk}/numbers").status_code == 404


def test_the_reply_goes_out_under_the_masked_subject(received: Received, agent: Membership) -> None:
    found = case_by_number(agent.shop, received.case.number)
    assert found is not None and found.subject == f"カード {HIDDEN}"
