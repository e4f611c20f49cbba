"""Our own golden mails: what the reader makes of them, to the character."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from anshin.plumbing.mail.forwards import as_text, attached, unfold
from anshin.plumbing.mail.reader import parse, unreadable
from anshin.plumbing.mail.values import ParsedMail

GOLDEN = Path(__file__).parent / "golden"
MAILS = sorted(path.stem for path in GOLDEN.glob("*.json"))


@pytest.mark.parametrize("name", MAILS)
def test_golden_mail_is_read_to_the_character(name: str) -> None:
    expected = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    mail = parse((GOLDEN / f"{name}.eml").read_bytes())
    assert {key: READINGS[key](mail) for key in expected if expected[key] is not None} == {
        key: value for key, value in expected.items() if value is not None
    }
    assert set(expected) >= {"subject", "sender", "text", "attachments", "defects"}
    assert unreadable(mail) is None


def files(mail: ParsedMail) -> list[list[str]]:
    return [[part.filename, part.content_type, base64.b64encode(part.content).decode()] for part in mail.attachments]


def signature(mail: ParsedMail) -> list[str]:
    assert mail.signed
    return [mail.signed.state.value, mail.signed.signer, mail.signed.mail, mail.signed.issuer]


def events(mail: ParsedMail) -> list[list[object]]:
    return [
        [
            *(each.method, each.summary, each.starts and each.starts.isoformat(), each.ends and each.ends.isoformat()),
            *(each.zone, each.place, each.organiser.name, each.organiser.mail, each.answer, each.is_repeated),
        ]
        for each in mail.invitations
    ]


def forwards(mail: ParsedMail, text: str | None = None) -> list[list[str | None]]:
    return [
        [
            *(each.sender.name, each.sender.mail, each.sent, each.at.isoformat() if each.at else None),
            *(each.subject, each.text),
        ]
        for each in unfold(mail.text if text is None else text, mail.subject)
    ]


def attached_forwards(mail: ParsedMail) -> list[list[str | None]]:
    return [forwards(mail, as_text(each))[0] for each in attached(mail, parse)]


READINGS: dict[str, Callable[[ParsedMail], object]] = {
    "subject": lambda mail: mail.subject,
    "sender": lambda mail: [mail.sender.name, mail.sender.mail],
    "to": lambda mail: [[address.name, address.mail] for address in mail.to],
    "text": lambda mail: mail.text.removesuffix("\n"),
    "attachments": files,
    "defects": lambda mail: list(mail.defects),
    "signature": signature,
    "events": events,
    "forwards": forwards,
    "attached": attached_forwards,
    "charset": lambda mail: [mail.charset_choice.used, mail.charset_choice.reason],
}


def test_there_are_at_least_a_hundred_and_twenty_golden_mails() -> None:
    assert len(MAILS) >= 120
    assert {path.stem for path in GOLDEN.glob("*.eml") if not path.stem.startswith("outgoing_")} == set(MAILS)


def test_charset_choice_says_what_was_declared_and_what_was_used() -> None:
    wrong = parse((GOLDEN / "jis_labelled_utf_8.eml").read_bytes()).charset_choice
    missing = parse((GOLDEN / "charset_missing_shift_jis.eml").read_bytes()).charset_choice
    assert (wrong.declared, wrong.used, wrong.reason, wrong.lost_count) == ("UTF-8", "iso-2022-jp", "escapes", 0)
    assert (missing.declared, missing.used, missing.reason) == ("", "cp932", "guessed")
