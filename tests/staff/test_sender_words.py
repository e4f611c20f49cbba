"""What a clerk reads about a sender: the checks as a quiet line, doubts as sentences above the message."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from anshin.cases.actions import WrongCase, believe_sender, doubt_sender
from anshin.cases.models import Message
from anshin.cases.terms import PHISHING_TOPIC, SenderSign, SenderWarning
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.models import JournalEntry
from anshin.staff.sender_words import checks_failed, checks_words, warning_words
from tests.cases.writing import arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from django.test import Client

    from anshin.shops.models import Membership, Shop

VALUES = {
    "domain": "amaz0n.example",
    "genuine": "amazon.co.jp",
    "company": "Amazon",
    "name": "<b>Amazon</b>",
    "address": "a@b.example",
    "sender": "c@d.example",
    "shown": "e@f.example",
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("sign", SenderSign)
def test_every_sign_has_a_sentence(sign: SenderSign, language: str) -> None:
    with translation.override(language):
        words = warning_words(Message(sender_warnings=[{"sign": sign.value, **VALUES}]))

    assert len(words) == 1
    assert "%(" not in words[0]


def test_the_checks_are_one_quiet_line() -> None:
    message = Message(sender_checks={"by": "mx.example", "spf": "pass", "dkim": "pass", "dmarc": "fail", "arc": "pass"})
    with translation.override("ja"):
        assert checks_words(message) == "送信元の確認：SPF 合格 · DKIM 合格 · DMARC 不合格 · ARC 合格"
    with translation.override("en"):
        assert checks_words(message) == "Sender checked: SPF passed · DKIM passed · DMARC failed · ARC passed"
    assert checks_failed(message)
    assert checks_words(Message()) == ""


def test_a_case_shows_the_warning_above_the_text_and_escapes_what_the_sender_wrote(
    client: Client, shop: Shop, agent: Membership
) -> None:
    warning = SenderWarning(SenderSign.NAME_OF_COMPANY, VALUES)
    checks = {"spf": "pass", "dkim": "none", "dmarc": "fail"}
    case = arrive(shop, "a@x", at=NOW, sender_warnings=(warning,), sender_checks=checks).case
    ordinary = arrive(shop, "b@x", at=NOW + timedelta(minutes=1), subject="別の件").case
    client.force_login(agent.person)

    page = client.get(f"/s/{shop.slug}/c/{case.number}").content.decode()

    assert "なりすましの疑いがあります" in page
    assert "差出人は「&lt;b&gt;Amazon&lt;/b&gt;」と名乗っていますが" in page
    assert page.index("なりすましの疑いがあります") < page.index("濃い灰色のバッグが届きました")
    assert "送信元の確認：SPF 合格 · DKIM 設定なし · DMARC 不合格" in page
    other = client.get(f"/s/{shop.slug}/c/{ordinary.number}", headers={"HX-Request": "true"}).content.decode()
    assert "なりすまし" not in other
    assert "送信元の確認" not in other
    rows = client.get(f"/s/{shop.slug}/inbox/all", headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()
    assert rows.count("なりすましの疑い") == 1


def doubtful(shop: Shop, key: str = "a@x", **more: object) -> Message:
    warning = SenderWarning(SenderSign.NAME_OF_COMPANY, VALUES)
    return arrive(shop, key, at=NOW, sender_warnings=(warning,), **more).message  # type: ignore[arg-type]


def rows_of(client: Client, shop: Shop) -> str:
    headers = {"HX-Request": "true", "HX-Target": "list"}
    return client.get(f"/s/{shop.slug}/inbox/all", headers=headers).content.decode()


def test_whoever_knows_better_takes_the_warning_off_and_the_undo_puts_it_back(
    client: Client, shop: Shop, agent: Membership
) -> None:
    message = doubtful(shop)
    client.force_login(agent.person)
    page = f"/s/{shop.slug}/c/{message.case.number}"
    base = f"/s/{shop.slug}/messages/{message.pk}"
    assert f'hx-post="{base}/believe"' in client.get(page).content.decode()

    said = client.post(f"{base}/believe", headers={"HX-Request": "true"})
    assert f"{base}/doubt" in str(said.headers)
    assert "なりすましの疑いがあります" not in said.content.decode()
    assert "なりすましの疑い" not in rows_of(client, shop)
    message.case.refresh_from_db()
    assert message.case.topic == ""
    client.post(f"{base}/believe")

    client.post(f"{base}/doubt", headers={"HX-Request": "true"})
    client.post(f"{base}/doubt")
    assert "なりすましの疑いがあります" in client.get(page).content.decode()
    assert "なりすましの疑い" in rows_of(client, shop)
    facts = JournalEntry.objects.filter(event="case.sender_believed").order_by("id")
    assert [(fact.payload, fact.actor_id) for fact in facts] == [
        ({"message_id": message.pk, "is_believed": True}, agent.pk),
        ({"message_id": message.pk, "is_believed": False}, agent.pk),
    ]
    assert "なりすましの警告を外しました" in client.get(page).content.decode()


def test_a_case_stays_called_a_fraud_while_another_message_is_doubtful(shop: Shop, agent: Membership) -> None:
    first = doubtful(shop)
    second = doubtful(shop, "b@x", refers_to=("a@x",))
    assert second.case_id == first.case_id

    believe_sender(by=agent, message_id=first.pk, now=NOW)
    first.case.refresh_from_db()
    assert first.case.topic == PHISHING_TOPIC
    believe_sender(by=agent, message_id=second.pk, now=NOW)
    doubt_sender(by=agent, message_id=first.pk, now=NOW)
    first.case.refresh_from_db()
    assert first.case.topic == ""
    doubt_sender(by=agent, message_id=second.pk, now=NOW)
    first.case.refresh_from_db()
    assert first.case.topic == PHISHING_TOPIC


def test_the_warehouse_and_other_shops_take_nothing_off(
    client: Client, shop: Shop, warehouse: Membership, stranger: Membership
) -> None:
    message = doubtful(shop)
    for person, where, code in (
        (warehouse.person, shop.slug, 403),
        (stranger.person, shop.slug, 404),
        (stranger.person, stranger.shop.slug, 404),
    ):
        client.force_login(person)
        assert client.post(f"/s/{where}/messages/{message.pk}/believe").status_code == code
    message.refresh_from_db()
    assert message.believed_at is None
    with pytest.raises(WrongCase):
        believe_sender(by=stranger, message_id=message.pk, now=NOW)


@pytest.mark.parametrize(
    ("checks", "charset_reason", "folded"),
    [
        ({"spf": "pass", "dkim": "pass", "dmarc": "pass"}, "", (True, True)),
        ({"spf": "pass", "dkim": "none", "dmarc": "none"}, "", (True, True)),
        ({"spf": "fail", "dkim": "pass", "dmarc": "pass"}, "", (False, True)),
        ({"spf": "softfail"}, "", (False, True)),
        ({"spf": "pass", "dmarc": "pass"}, "guessed", (True, False)),
        ({"spf": "pass", "dmarc": "pass"}, "damaged", (True, False)),
    ],
)
def test_checks_and_mending_are_folded_until_something_is_odd(
    client: Client,
    shop: Shop,
    agent: Membership,
    checks: dict[str, str],
    charset_reason: str,
    folded: tuple[bool, bool],
) -> None:
    raw = keep(shop.pk, b"Subject: x\r\n\r\nx", now=NOW)
    case = arrive(shop, "a@x", at=NOW, sender_checks=checks, raw_blob_id=raw.pk).case
    Message.objects.update(charset="cp932", charset_reason=charset_reason)
    client.force_login(agent.person)
    page = client.get(f"/s/{shop.slug}/c/{case.number}").content.decode()

    shown, _cut, behind = page.partition('<details class="entry-more">')
    where = tuple(word in behind and word not in shown for word in ("送信元の確認", "文字化けを直す"))
    assert where == folded
    assert "届いたままのメール" in behind
