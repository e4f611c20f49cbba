"""The mails word for word, in five languages and three rounds: goldens/<round>.<language>.txt beside this file."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from anshin.plumbing.mail import compose
from anshin.plumbing.mail.values import Address
from anshin.safety.letters import MailFacts, Purchase, safety_letter
from anshin.safety.terms import LANGUAGES, Content, Facts, HazardClass, HazardType, MailRound, Severity
from tests.safety.conftest import EN, JA

GOLDENS = Path(__file__).parent / "goldens"


def facts(language="ja", which="first", **changes):
    told = Facts(
        title="しずく",
        hazard_class=HazardClass.DANGER,
        hazard_type=HazardType.FIRE,
        severity=Severity.SERIOUS,
        agency="全国くらし安全室",
        source_url="https://kurashi-anzen.example/2026/11/24",
        contact_name="こもれび雑貨店 安全窓口",
        contact_phone="0120-000-000",
    )
    values = {
        "mail_id": 7,
        "round": which,
        "to": "misaki@example.jp",
        "name": "髙橋 美咲",
        "shop": "こもれび雑貨店",
        "language": language,
        "content": Content(1, told, {"ja": JA, "en": EN}),
        "purchases": (
            Purchase(date(2026, 11, 10), "こもれび雑貨店", "KM-20417", 2, is_gift=True),
            Purchase(date(2026, 3, 1), "こもれび雑貨店", "KM-11000", 1),
        ),
        "link": "https://desk.example/p/komorebi/safety/s7-abc/",
        "message_id": "<safety.7.x@komorebi.example>",
    }
    return MailFacts(**{**values, **changes})


@pytest.mark.parametrize("which", [each.value for each in MailRound])
@pytest.mark.parametrize("language", LANGUAGES)
def test_word_for_word(language, which):
    letter = safety_letter(facts(language, which))
    told = f"{letter.subject}\n\n{letter.text}"
    path = GOLDENS / f"{which}.{language}.txt"
    if os.environ.get("ANSHIN_WRITE_GOLDENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hazard_and_heading_stand_there_as_they_were_written(language):
    letter = safety_letter(facts(language))
    words = EN if language == "en" else JA
    for part in (words.heading, words.hazard, words.what_to_do, "https://kurashi-anzen.example/2026/11/24"):
        assert part in letter.text
    assert words.heading in letter.subject
    assert letter.language == language


def test_what_is_empty_leaves_no_heading_behind():
    letter = safety_letter(facts("en", name="", purchases=()))
    assert "Dear" not in letter.text
    assert "YOUR ORDERS" not in letter.text
    assert "gift" not in letter.text
    assert "\n\n\n" not in letter.text


def test_a_language_that_nobody_writes_gets_the_lead_language():
    assert safety_letter(facts("fr")).language == "ja"


def test_markup_in_a_name_stays_text_and_a_dollar_is_a_dollar():
    letter = safety_letter(facts(name="<b>$link</b>"))
    assert "<b>" not in letter.html
    assert "<b>$link</b> 様" in letter.text


def test_the_mail_has_both_parts_and_no_way_to_unsubscribe():
    letter = safety_letter(facts("en"))
    raw = compose.compose(
        compose.OutgoingMail(
            sender=Address("Shop", "shop@komorebi.example"),
            to=(Address("", letter.to),),
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            message_id=letter.message_id,
            sent_at=datetime(2026, 11, 24, 1, tzinfo=UTC),
        )
    )
    assert b"multipart/alternative" in raw
    assert b"list-unsubscribe" not in raw.lower()
