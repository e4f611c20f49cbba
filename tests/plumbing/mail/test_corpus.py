"""Mails of other projects' test suites, when they lie beside the checkout: nothing raises, what they expect holds.

Where we differ on purpose, the field and the reason stand in DIFFERENCES; an entry that no longer differs fails too.
"""

import json
import re
from pathlib import Path

import pytest

from anshin.plumbing.mail.reader import parse, unreadable
from anshin.plumbing.mail.values import ParsedMail

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus" / "mail"
IMAP_TOOLS = CORPUS / "imap_tools" / "tests"
MAILS = sorted(CORPUS.rglob("*.eml"))
EXPECTED = sorted((IMAP_TOOLS / "messages_data").rglob("*.expected.json"))
TREES = sorted(path for path in (CORPUS / "mail-parser").rglob("*.json") if not path.name.endswith(".crlf.json"))

pytestmark = pytest.mark.skipif(not MAILS, reason=f"no mail collection at {CORPUS}")

EMBEDDED = "their text and files of an embedded message count as the mail's own; ours stay inside its .eml"
REPORT = "they drop the machine-readable report and the returned headers; we keep both as attachments"
DIFFERENCES: dict[str, dict[str, str]] = {
    "attachment_2_base64": {"text": "theirs is the base64 of the embedded message"},
    "attachment_8bit": {"text": EMBEDDED, "html": EMBEDDED},
    "attachment_emails/attachment_message_rfc822": {"text": EMBEDDED, "files": EMBEDDED},
    "attachment_emails/attachment_with_encoded_name": {"files": "byte 8A under a JIS label: theirs U+FFFD, ours Š"},
    "error_emails/content_transfer_encoding_7-bit": {
        "text": "theirs is UTF-8 read as Latin-1 (Ã\\x86); ours Æ",
        "html": "theirs is UTF-8 read as Latin-1 (Ã\\x86); ours Æ",
    },
    "error_emails/content_transfer_encoding_plain": {"text": "they drop 8-bit bytes of an ASCII label, we show them"},
    "error_emails/missing_body": {"to": "To: <Undisclosed-Recipient:@host;> is nobody's address"},
    "error_emails/missing_content_disposition": {"files": "they drop the image without a name, we keep it"},
    "mime_emails/raw_email_with_mimepart_without_content_type": {"text": EMBEDDED, "files": REPORT},
    "multipart_report_emails/multi_address_bounce1": {"text": EMBEDDED, "files": REPORT},
    "multipart_report_emails/multi_address_bounce2": {"text": EMBEDDED, "files": REPORT},
    "multipart_report_emails/multipart_report_multiple_status": {"text": EMBEDDED, "html": EMBEDDED, "files": EMBEDDED},
    "multipart_report_emails/report_422": {"files": REPORT},
    "multipart_report_emails/report_530": {"files": REPORT},
    "plain_emails/mix_caps_content_type": {"sender": "theirs takes the name into the address: Big Bug bb@bug.com"},
    "plain_emails/raw_email6": {"text": "they drop 8-bit bytes of an ASCII label (Envoy), ours is Envoyé"},
    "plain_emails/raw_email8": {"files": "byte 8A under a JIS label: theirs U+FFFD, ours Š"},
    "plain_emails/raw_email_incorrect_header": {
        "subject": "a stray first line makes theirs lose every header; we skip the line",
        "sender": "a stray first line makes theirs lose every header; we skip the line",
        "to": "a stray first line makes theirs lose every header; we skip the line",
        "text": "a stray first line makes theirs lose every header; we skip the line",
    },
    "plain_emails/raw_email_with_at_display_name": {"to": "Mikel@Lindsaar is the name before <raasdnil@gmail.com>"},
    "rfc2822/example10": {
        "sender": "theirs puts every comment into the name; ours is Pete",
        "to": "theirs puts every comment into the name; ours is Chris Jones",
    },
    "rfc2822/example13": {
        "subject": "obsolete syntax (From  :) makes theirs lose every header",
        "sender": "obsolete syntax (From  :) makes theirs lose every header",
        "to": "obsolete syntax (From  :) makes theirs lose every header",
        "text": "obsolete syntax (From  :) makes theirs lose every header",
    },
    "rfc2822/example14": {"subject": "a folded space between a word and an encoded word is a space"},
    "text_with_content_id": {"files": "theirs gives the mail's own text as a file too"},
}


@pytest.mark.parametrize("path", MAILS, ids=lambda path: str(path.relative_to(CORPUS)))
def test_mail_is_read_or_visibly_unreadable(path: Path) -> None:
    mail = parse(path.read_bytes())
    assert "reader_failed" not in mail.defects
    refused = unreadable(mail)
    if refused is None:
        assert mail.sender.mail
        assert mail.text or mail.html or mail.attachments or mail.subject or not _has_body(path)
    else:
        assert refused.reason in ("empty", "no_headers", "no_sender")


def _has_body(path: Path) -> bool:
    raw = path.read_bytes().replace(b"\r\n", b"\n")
    return bool(raw.partition(b"\n\n")[2].strip())


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name)
def test_expectation_of_imap_tools_holds(path: Path) -> None:
    name = str(path.relative_to(IMAP_TOOLS / "messages_data")).removesuffix(".expected.json")
    expected = json.loads(path.read_text(encoding="utf-8"))
    mail = parse((IMAP_TOOLS / "messages" / f"{name}.eml").read_bytes())
    ours, theirs = _ours(mail), _theirs(expected)
    if not expected["text"]:  # they give no text of HTML-only mails; we make one
        del ours["text"], theirs["text"]
    differing = {field for field, value in theirs.items() if ours[field] != value}
    allowed = DIFFERENCES.get(name, {})
    assert {field: (ours[field], theirs[field]) for field in differing - set(allowed)} == {}
    assert differing == set(allowed), "an entry of DIFFERENCES no longer differs"


def test_every_listed_difference_names_a_mail_and_a_reason() -> None:
    names = {str(path.relative_to(IMAP_TOOLS / "messages_data")).removesuffix(".expected.json") for path in EXPECTED}
    assert set(DIFFERENCES) <= names
    assert all(reason for fields in DIFFERENCES.values() for reason in fields.values())


def _ours(mail: ParsedMail) -> dict[str, object]:
    return {
        "subject": mail.subject,
        "sender": (mail.sender.name, mail.sender.mail),
        "to": [(address.name, address.mail) for address in mail.to],
        "cc": [(address.name, address.mail) for address in mail.cc],
        "reply_to": [(address.name, address.mail) for address in mail.reply_to],
        "text": _lines(mail.text),
        "html": _one_charset(_lines(mail.html)),
        "files": [
            (part.filename_as_sent, part.content_type, part.content_id, _lines(part.content.decode("latin-1")))
            for part in mail.attachments
        ],
    }


def _theirs(expected: dict) -> dict[str, object]:
    people = {field: [(person["name"], person["email"]) for person in expected[f"{field}_values"]] for field in _PEOPLE}
    sender = expected["from_values"]
    return people | {
        "subject": expected["subject"].strip(),
        "sender": (sender["name"], sender["email"]) if sender else ("", ""),
        "text": _lines(expected["text"]),
        "html": _one_charset(_lines(expected["html"])),
        "files": [
            (part["filename"], part["content_type"], part["content_id"], _lines(_payload(part)))
            for part in expected["attachments"]
        ],
    }


_PEOPLE = ("to", "cc", "reply_to")


def _payload(part: dict) -> str:
    return bytes.fromhex(part["payload"]["bytes_hex"]).decode("latin-1")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def _one_charset(html: str) -> str:
    """They rewrite the charset that HTML declares for itself; it means nothing once decoded."""
    return re.sub(r"charset=[\w-]+", "charset=utf-8", html, flags=re.IGNORECASE)


@pytest.mark.parametrize("path", TREES, ids=lambda path: str(path.relative_to(CORPUS)))
def test_subject_sender_and_file_names_agree_with_mail_parser(path: Path) -> None:
    tree = json.loads(path.read_text(encoding="utf-8"))
    mail = parse(path.with_suffix(".eml").read_bytes())
    headers = {
        header["name"]: header["value"]
        for header in tree["parts"][0]["headers"]
        if isinstance(header["name"], str) and isinstance(header["value"], dict)
    }
    if "subject" in headers:
        assert mail.subject == " ".join(headers["subject"]["Text"].split())
    for sender in headers.get("from", {}).get("Address", {}).get("List", [])[:1]:
        assert mail.sender.name == (sender["name"] or "")
        if "@" in (sender["address"] or ""):  # a local name without host is nobody's address for us
            assert mail.sender.mail == sender["address"]
    assert _names(mail) >= _tree_names(tree)


def _names(mail: ParsedMail) -> set[str]:
    """Names of files, also of those inside embedded messages."""
    names = {part.filename_as_sent for part in mail.attachments}
    for part in mail.attachments:
        if part.content_type == "message/rfc822":
            names |= _names(parse(part.content))
    return names


def _tree_names(tree: dict) -> set[str]:
    names = set()
    for part in tree["parts"]:
        for header in part["headers"]:
            if header["name"] == "content_disposition" and isinstance(header["value"], dict):
                found = header["value"]["ContentType"].get("attributes") or []
                names |= {attribute["value"] for attribute in found if attribute["name"] == "filename"}
    return names
