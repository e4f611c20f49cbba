"""Struck words are gone also from what mails wrap: winmail.dat, signed data, calendars, attached mails."""

from pathlib import Path

import pytest

from anshin.cases import actions
from anshin.cases.models import Attachment, Message
from anshin.cases.terms import StrikeReason
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Mailbox
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Source
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.mail.forwards import attached
from anshin.plumbing.mail.reader import parse
from anshin.shops.models import Shop
from tests.conftest import member

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parents[3] / "plumbing" / "mail" / "golden"


def told_by(message: Message) -> str:
    """Everything that anybody can read of the message, its files and its kept original."""
    mail = parse(read_bytes(message.raw_blob)) if message.raw_blob else parse(b"")
    files = [read_bytes(file.blob).decode("utf-8", "replace") for file in Attachment.objects.filter(message=message)]
    html = read_bytes(message.html_blob).decode() if message.html_blob else ""
    inside = [each.text + each.subject for each in attached(mail, parse)]
    parts = [part.content.decode("utf-8", "replace") for part in mail.attachments]
    own = [message.subject, message.text, html, str(message.cards)]
    return "\n".join([*own, *files, mail.subject, mail.text, mail.html, str(mail.invitations), *parts, *inside])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tnef_text_only_inside", "髙島屋様あてに"),
        ("tnef_html_inside_rtf", "返品したいです"),
        ("smime_signed_inside", "株式会社三島"),
        ("smime_signed_beside", "株式会社三島"),
        ("calendar_request_in_utc", "本社3階 会議室"),
        ("calendar_folded_inside_a_character", "文字の途中に入ります"),
        ("calendar_only_part_of_the_mail", "段ボール3箱"),
        ("forward_as_attached_mail", "KM-21001"),
        ("forward_gmail_japanese", "KM-21001"),
    ],
)
def test_struck_words_are_gone_from_what_a_mail_wraps(
    name: str, words: str, shop: Shop, mailbox: Mailbox, now: object
) -> None:
    arrival = store(mailbox=mailbox, raw=(GOLDEN / f"{name}.eml").read_bytes(), source=Source.OUTSIDE, now=now).arrival  # type: ignore[arg-type]
    take_in(arrival.pk, now=now)  # type: ignore[arg-type]
    arrival.refresh_from_db()
    message = Message.objects.get(pk=arrival.message_id)
    assert words in told_by(message)

    by = member(shop, "manager", "saeki@komorebi.example", "佐伯 みお")
    actions.strike(by=by, message_id=message.pk, texts=[words], file_ids=[], reason=StrikeReason.ASKED, now=now)  # type: ignore[arg-type]

    message = Message.objects.get(pk=message.pk)
    assert words not in told_by(message)
    assert message.sender_mail
    assert parse(read_bytes(message.raw_blob)).sender.mail == message.sender_mail
