"""What a message brings beside its text, as a clerk sees it: signature, calendar events, forwarded mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone, translation

from anshin.cases.models import Message
from anshin.cases.terms import EventCard, SignatureCard, SignatureState, card_values
from anshin.staff.mail_cards import cards, with_forwards
from tests.cases.writing import arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from django.test import Client

    from anshin.shops.models import Membership, Shop

pytestmark = pytest.mark.django_db

FORWARD = (
    "届きません。\n\n---------- Forwarded message ---------\nFrom: こもれび <shop@komorebi.example>\n"
    "Date: 2026年11月20日(金) 12:00\nSubject: 発送のお知らせ\nTo: a@mail.example\n\n<b>発送</b>しました。"
    "\n4111 1111 1111 1111"
)


def shown(*given: SignatureCard | EventCard, language: str = "ja") -> dict[str, object]:
    message = Message(cards=[card_values(card) for card in given])
    with translation.override(language), timezone.override("Asia/Tokyo"):
        return cards(message, now=NOW, language=language)


def when(language: str = "ja", **fields: object) -> str:
    (event,) = shown(EventCard(kind="request", summary="x", **fields), language=language)["events"]  # type: ignore[misc,arg-type]
    return dict(event["lines"]).get("日時" if language == "ja" else "When", "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"starts": "2026-12-01T01:00:00+00:00", "ends": "2026-12-01T02:30:00+00:00"}, "12月1日(火) 10:00～11:30"),
        (
            {"starts": "2026-12-01T14:00:00+00:00", "ends": "2026-12-01T16:00:00+00:00"},
            "12月1日(火) 23:00～12月2日(水) 1:00",
        ),
        ({"starts": "2026-12-29", "ends": "2027-01-03"}, "12月29日(火)～2027年1月3日(日)"),
        ({"starts": "2026-12-29"}, "12月29日(火)"),
        ({"starts": "2026-12-05T13:00:00"}, "12月5日(土) 13:00 （時差の指定なし）"),
        ({"starts": "2026-12-05T13:00:00", "zone": "Mars/Base"}, "12月5日(土) 13:00 （Mars/Base の時刻）"),
        ({"starts": "2026-12-01T01:00:00+00:00", "is_repeated": True}, "12月1日(火) 10:00 · くり返し"),
        ({}, ""),
    ],
)
def test_the_time_of_an_event_is_written_in_the_shops_zone(fields: dict[str, object], words: str) -> None:
    assert when(**fields) == words


def test_the_time_of_an_event_in_english() -> None:
    assert when("en", starts="2026-12-01T01:00:00+00:00", ends="2026-12-01T02:30:00+00:00") == "Tue 1 Dec 10:00 – 11:30"


@pytest.mark.parametrize("state", list(SignatureState))
def test_every_state_of_a_signature_has_words_and_a_colour(state: SignatureState) -> None:
    seal = shown(SignatureCard(state=state.value))["seal"]
    assert seal["words"] == str(SignatureState(state).label)  # type: ignore[index]
    assert (seal["kind"] == "good") == (state == SignatureState.VALID)  # type: ignore[index]


def test_a_signature_names_signer_address_issuer_and_moment() -> None:
    card = SignatureCard("unknown_issuer", "smime", "三島 花子", "m@corp.example", "CA", "2026-11-15T03:00:00+00:00")
    assert shown(card)["seal"]["detail"] == "三島 花子 · m@corp.example · 発行元 CA · 11月15日(日) 12:00"  # type: ignore[index]


def test_a_card_that_this_version_does_not_know_is_passed_over() -> None:
    assert cards(Message(cards=[{"card": "later"}, {"card": "event", "odd": 1}]), now=NOW, language="ja") == {}


def test_an_unknown_state_is_never_called_better_than_unchecked() -> None:
    assert shown(SignatureCard(state="perfect"))["seal"]["kind"] == "warn"  # type: ignore[index]


def test_our_own_messages_are_not_unfolded() -> None:
    assert with_forwards(Message(direction="out", subject="Fwd: x", text=FORWARD), FORWARD) == (len(FORWARD), [])


def test_the_page_shows_a_forward_as_a_mail_of_its_own(client: Client, shop: Shop, agent: Membership) -> None:
    case = arrive(shop, "f@x", at=NOW, subject="Fwd: 発送のお知らせ", text=FORWARD).case
    client.force_login(agent.person)

    page = client.get(f"/s/{shop.slug}/c/{case.number}").content.decode()

    entry = page.partition('class="entry-forward"')[2].partition("</article>")[0]
    assert "こもれび &lt;shop@komorebi.example&gt;" in entry
    assert "2026年11月20日(金) 12:00" in entry
    assert "&lt;b&gt;発送&lt;/b&gt;しました。" in entry
    assert "4111 1111 1111 1111" not in page  # masked in a forward, too
    assert "ご本人の確認には使えません" in page
    assert '<div class="entry-text">届きません。</div>' in page


def test_an_answer_with_history_is_folded_as_before(client: Client, shop: Shop, agent: Membership) -> None:
    history = FORWARD.partition("From:")[2]
    text = f"承知しました。\n\n________________________________\n差出人:{history}".replace("Date:", "送信日時:")
    case = arrive(shop, "r@x", at=NOW, subject="Re: 発送のお知らせ", text=text, quoted_from=9).case
    client.force_login(agent.person)

    page = client.get(f"/s/{shop.slug}/c/{case.number}").content.decode()

    assert "entry-forward" not in page
    assert "引用" in page


def test_the_page_shows_an_event_and_escapes_its_words(client: Client, shop: Shop, agent: Membership) -> None:
    event = EventCard(kind="cancel", summary="<script>納品</script>", starts="2026-12-01T01:00:00+00:00", place="本社")
    case = arrive(shop, "e@x", at=NOW, cards=(event, SignatureCard(state="altered", signer="<i>x"))).case
    client.force_login(agent.person)

    page = client.get(f"/s/{shop.slug}/c/{case.number}").content.decode()

    assert "中止になった予定" in page
    assert "&lt;script&gt;納品&lt;/script&gt;" in page
    assert "<script>納品" not in page
    assert "電子署名が合いません。署名のあとで内容が変わっています。" in page
    assert "&lt;i&gt;x" in page
