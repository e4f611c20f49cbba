"""The screens that strike something out: choose, see where it stands, strike it once and for ever."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from anshin.cases.models import Message
from anshin.cases.terms import IncomingFile
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.models import JournalEntry
from tests.cases.writing import arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from django.test import Client

    from anshin.cases.actions import Received
    from anshin.shops.models import Membership, Shop

pytestmark = pytest.mark.django_db

CARD = "4111-1111-1111-1111"
TEXT = f"𠮷田です。母の旧姓は山本です。\nカード番号は {CARD}、セキュリティコードは 987 です。"


@pytest.fixture
def received(shop: Shop) -> Received:
    blob = keep(shop.pk, b"\x89PNG\x00secret", now=NOW)
    return arrive(shop, "card@x", at=NOW, text=TEXT, files=(IncomingFile(blob.pk, "カード.png"),))


@pytest.fixture
def client_of(owner: Membership, signed_in, still) -> Client:  # type: ignore[no-untyped-def]
    return signed_in(owner)


def url(received: Received) -> str:
    return f"/s/komorebi/messages/{received.message.pk}/strike"


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def strike(client: Client, received: Received, **chosen: object) -> Message:
    """Both steps; the message afterwards."""
    page = client.post(url(received), {"step": "preview", **chosen}).content.decode()
    answer = client.post(url(received), {"step": "strike", "reason": "number", "seen": seen(page), **chosen})
    assert answer.status_code == 302
    assert answer["Location"] == f"/s/komorebi/c/{received.case.number}"
    return Message.objects.get(pk=received.message.pk)


def test_the_first_page_offers_numbers_and_files_and_shows_no_number(client_of, received) -> None:  # type: ignore[no-untyped-def]
    page = client_of.get(url(received)).content.decode()
    assert "••••-••••-••••-1111" in page
    assert "カードのセキュリティコード" in page
    assert "カード.png" in page
    assert CARD not in page
    assert not re.search(r"(?<!\w)987(?!\w)", page)  # three digits also stand in keys against forged requests


def test_both_numbers_go_with_the_label_of_the_short_one(client_of, received) -> None:  # type: ignore[no-untyped-def]
    message = strike(client_of, received, number=["0", "1"])
    assert message.text == "𠮷田です。母の旧姓は山本です。\nカード番号は ████████ です。"


def test_marked_words_go_counted_in_whole_characters(client_of, received) -> None:  # type: ignore[no-untyped-def]
    start = TEXT.index("山本です")
    message = strike(client_of, received, **{"from": start, "to": start + 4})
    assert message.text.startswith("𠮷田です。母の旧姓は████。")


def test_typed_words_go(client_of, received) -> None:  # type: ignore[no-untyped-def]
    assert strike(client_of, received, text="母の旧姓は山本").text.startswith("𠮷田です。████です。")


def test_a_file_goes_and_its_name_stays_without_a_link(client_of, received) -> None:  # type: ignore[no-untyped-def]
    file = received.message.attachments.get()
    strike(client_of, received, file=[file.pk])
    page = client_of.get(f"/s/komorebi/c/{received.case.number}").content.decode()
    assert "カード.png · 消去済み" in page
    assert f"/s/komorebi/files/{file.pk}" not in page


def test_the_preview_changes_nothing(client_of, received) -> None:  # type: ignore[no-untyped-def]
    page = client_of.post(url(received), {"step": "preview", "number": ["0"]}).content.decode()
    assert "メッセージの本文" in page
    assert "元には戻せません" in page
    assert Message.objects.get().text == TEXT


@pytest.mark.parametrize("changes", [{"seen": "00"}, {"reason": "because"}, {"number": ["0", "1"]}])
def test_nothing_goes_that_was_not_on_the_preview_or_without_a_reason(client_of, received, changes) -> None:  # type: ignore[no-untyped-def]
    page = client_of.post(url(received), {"step": "preview", "number": ["0"]}).content.decode()
    posted = {"step": "strike", "reason": "number", "seen": seen(page), "number": ["0"]}
    assert client_of.post(url(received), posted | changes).status_code == 200
    assert Message.objects.get().text == TEXT
    assert not JournalEntry.objects.filter(event="case.struck").exists()


@pytest.mark.parametrize(
    "chosen", [{}, {"text": "山本"}, {"text": "どこにもない言葉"}, {"number": ["7"]}, {"from": "x"}]
)
def test_a_refusal_is_said_on_the_first_page(client_of, received, chosen) -> None:  # type: ignore[no-untyped-def]
    answer = client_of.post(url(received), {"step": "preview", **chosen})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Message.objects.get().text == TEXT


def test_the_timeline_says_who_and_why(client_of, received) -> None:  # type: ignore[no-untyped-def]
    strike(client_of, received, number=["0"])
    page = client_of.get(f"/s/komorebi/c/{received.case.number}").content.decode()
    assert "安住 千里さんが一部を消去しました（カード番号・マイナンバー）" in page


@pytest.mark.parametrize("role", ["agent", "warehouse"])
def test_whoever_may_not_sees_no_way_to_it(role, received, request, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(request.getfixturevalue(role))
    assert client.get(url(received)).status_code == 403
    assert "/strike" not in client.get(f"/s/komorebi/c/{received.case.number}").content.decode()


def test_another_shops_owner_finds_nothing(stranger, received, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    stranger.role = "owner"
    stranger.save()
    client = signed_in(stranger)
    for address in (url(received), url(received).replace("komorebi", "shiosai")):
        assert client.get(address).status_code == 404
        assert client.post(address, {"step": "preview", "number": ["0"]}).status_code == 404
