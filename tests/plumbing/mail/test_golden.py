"""Our own golden mails: what the reader makes of them, to the character."""

import base64
import json
from pathlib import Path

import pytest

from anshin.plumbing.mail.reader import parse, unreadable

GOLDEN = Path(__file__).parent / "golden"
MAILS = sorted(path.stem for path in GOLDEN.glob("*.json"))


@pytest.mark.parametrize("name", MAILS)
def test_golden_mail_is_read_to_the_character(name: str) -> None:
    expected = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    mail = parse((GOLDEN / f"{name}.eml").read_bytes())
    files = [[part.filename, part.content_type, base64.b64encode(part.content).decode()] for part in mail.attachments]
    assert {
        "subject": mail.subject,
        "sender": [mail.sender.name, mail.sender.mail],
        "text": mail.text.removesuffix("\n"),
        "attachments": files if expected["attachments"] is not None else None,
        "defects": list(mail.defects),
    } == expected
    assert unreadable(mail) is None


def test_golden_folder_is_not_empty() -> None:
    assert len(MAILS) >= 16


def test_charset_choice_says_what_was_declared_and_what_was_used() -> None:
    wrong = parse((GOLDEN / "jis_labelled_utf_8.eml").read_bytes()).charset_choice
    missing = parse((GOLDEN / "charset_missing_shift_jis.eml").read_bytes()).charset_choice
    assert (wrong.declared, wrong.used, wrong.reason, wrong.lost_count) == ("UTF-8", "iso-2022-jp", "escapes", 0)
    assert (missing.declared, missing.used, missing.reason) == ("", "cp932", "guessed")
