"""Turns a parsed mail into the message that the cases room takes: text, folds, files, parties, references."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from anshin.cases.terms import (
    Card,
    Channel,
    EventCard,
    EventKind,
    Hold,
    IncomingFile,
    IncomingMessage,
    Party,
    Remark,
    SignatureCard,
)
from anshin.channels.email import keys, queries, rules
from anshin.channels.email.judging.verdicts import UNJUDGED, SenderJudgement
from anshin.channels.email.models import Arrival
from anshin.channels.email.terms import Source
from anshin.plumbing.files.archives import danger_of
from anshin.plumbing.files.store import keep
from anshin.plumbing.mail.dates import moment, offset_minutes
from anshin.plumbing.mail.forwards import unfold
from anshin.plumbing.mail.quotes import Segment, SegmentKind, split_reply
from anshin.plumbing.mail.values import Address, ParsedMail

MOST_REFERENCES = 50
MOST_REMARKS = 20
MOST_EVENTS = 5
_REMARKED = frozenset(Remark.values)
_DELIVERY_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


def incoming_message(
    arrival: Arrival,
    mail: ParsedMail,
    *,
    sender: Party,
    files: tuple[IncomingFile, ...],
    now: datetime,
    is_automatic: bool = False,
    hold: Hold = Hold.NONE,
    hold_reason: str = "",
    judgement: SenderJudgement = UNJUDGED,
    text: str | None = None,
    subject: str | None = None,
    sent: Sequence[str] = (),
) -> IncomingMessage:
    """The message. A held one has a key of its own, so that the mail can be read again later.

    `sent`: Message-IDs of our own mails that it passes on.
    """
    body = clean(mail.text if text is None else text).rstrip()
    named = keys.message_named_in(delivered_to(mail))  # absence notices go to the envelope's address
    return IncomingMessage(
        channel=Channel.EMAIL,
        sender=sender,
        subject=clean(mail.subject if subject is None else subject),
        text=body,
        message_key=f"{arrival.dedupe_key[:190]}#unread" if hold else arrival.dedupe_key,
        received_at=received_at(arrival, mail, now=now),
        html=clean(mail.html),
        quoted_from=quoted_from(body, mail.subject),
        to=parties(mail.to),
        cc=parties(mail.cc),
        refers_to=refers_to(mail, sent),
        token_case_id=keys.case_named_in(delivered_to(mail)) or queries.case_of_message(arrival.shop_id, named),
        raw_blob_id=arrival.raw_blob_id,
        files=files,
        hold=hold,
        hold_reason=hold_reason,
        charset=charset_of(mail)[0],
        charset_reason=charset_of(mail)[1],
        remarks=remarks(arrival, mail, hold_reason),
        cards=cards(mail),
        is_automatic=is_automatic,
        sender_checks=judgement.said,
        spam_by=judgement.spam.by.value if judgement.spam else "",
        sender_warnings=judgement.warnings,
        utc_offset_minutes=offset_minutes(mail.header("date")),
    )


def keep_files(arrival: Arrival, mail: ParsedMail, *, now: datetime) -> tuple[IncomingFile, ...]:
    """The mail's files, kept. Raises StorageTrouble, OSError."""
    return files_of(mail, [keep(arrival.shop_id, part.content, now=now).pk for part in mail.attachments])


def files_of(mail: ParsedMail, blob_ids: Iterable[int]) -> tuple[IncomingFile, ...]:
    """The mail's files, whose contents are kept as these blobs."""
    return tuple(
        IncomingFile(
            blob_id=blob_id,
            name=clean(part.filename),
            content_id=clean(part.content_id),
            is_inline=part.inline,
        )
        for part, blob_id in zip(mail.attachments, blob_ids, strict=True)
    )


def correspondent(mail: ParsedMail, own_addresses: Sequence[str]) -> Party:
    """The person to whom an answer would go."""
    named = mail.reply_to[0] if len(mail.reply_to) == 1 else Address("", "")
    if rules.answers_go_to_reply_to(mail.sender.mail, named.mail, own_addresses):
        return Party(clean(named.name or mail.sender.name), clean(named.mail))
    return Party(clean(mail.sender.name), clean(mail.sender.mail))


def received_at(arrival: Arrival, mail: ParsedMail, *, now: datetime) -> datetime:
    """The moment shown in the thread: when the server had it, for an imported mail when it was written; never later
    than now."""
    received = arrival.server_date_at
    if arrival.source == Source.IMPORT:
        received = (
            mail.date if rules.is_plausible_date(mail.date, arrival.arrived_at) else _handed_over_at(mail, arrival)
        )
    return min(received or arrival.arrived_at, now)


def charset_of(mail: ParsedMail) -> tuple[str, str]:
    """The character code as which the mail was read and why; both "" where there was nothing to choose."""
    choice = mail.charset_choice
    return ("", "") if choice.reason == "ascii" else (choice.used, choice.reason)


def cards(mail: ParsedMail) -> tuple[Card, ...]:
    """The mail's signature and the events it brings, as the cases room shows them."""
    found: list[Card] = []
    if mail.signed:
        found.append(
            SignatureCard(
                state=mail.signed.state.value,
                form=mail.signed.form,
                signer=clean(mail.signed.signer)[:200],
                mail=clean(mail.signed.mail)[:320],
                issuer=clean(mail.signed.issuer)[:200],
                signed_at=_iso(mail.signed.signed_at),
            )
        )
    kinds = set(EventKind.values)
    for event in mail.invitations[:MOST_EVENTS]:
        found.append(
            EventCard(
                kind=event.method if event.method in kinds else EventKind.OTHER.value,
                summary=clean(event.summary),
                starts=_iso(event.starts),
                ends=_iso(event.ends),
                zone=clean(event.zone),
                place=clean(event.place),
                organiser=clean(event.organiser.name or event.organiser.mail),
                answer=event.answer,
                is_repeated=event.is_repeated,
            )
        )
    return tuple(found)


def _iso(moment: date | None) -> str:
    return moment.isoformat() if moment else ""


def remarks(arrival: Arrival, mail: ParsedMail, hold_reason: str = "") -> tuple[tuple[Remark, str], ...]:
    """What was out of the ordinary, worth a sentence beside the message: why it is held first, then its defects, then
    the files that nobody should open lightly."""
    codes = [hold_reason, *mail.defects]
    if hold_reason:
        codes = [code for code in codes if code != "message_id_missing"]
    found = [(Remark(code), "") for code in dict.fromkeys(codes) if code in _REMARKED]
    if mail.date and not rules.is_plausible_date(mail.date, arrival.arrived_at):
        found.append((Remark.ODD_DATE, f"{mail.date:%Y-%m-%d}"))
    for part in mail.attachments:
        if danger := danger_of(part.content):
            found.append((Remark(danger), clean(part.filename)))
    return tuple(found[:MOST_REMARKS])


def quoted_from(text: str, subject: str = "") -> int | None:
    """Where the last stretch of quoted history and signature begins; None when there is nothing to fold.

    Text that the writer put between or after quoted lines is never folded, and a mail is never folded as a whole.
    Of a mail that passes others on only what stands before them counts: they are shown by themselves.
    """
    end = next((each.start for each in unfold(text, subject)), len(text))
    start = _start_of_tail(split_reply(text[:end]))
    return start if start is not None and text[:start].strip() else None


def refers_to(mail: ParsedMail, sent: Sequence[str] = ()) -> tuple[str, ...]:
    """The messages this one answers, nearest first, then those of ours (`sent`) that it passes on."""
    found = [*mail.in_reply_to, *reversed(mail.references)]
    named = tuple(dict.fromkeys(rules.normal_id(key) for key in found))[:MOST_REFERENCES]
    return tuple(dict.fromkeys([*named, *sent]))


def clean(text: str) -> str:
    """Text that both databases can store: no NUL, no half characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _handed_over_at(mail: ParsedMail, arrival: Arrival) -> datetime | None:
    """When the last server took the mail over, for one whose own date cannot be right. Source: RFC 5321, 4.4."""
    for line in mail.header_all("Received"):
        at, _defect = moment(line.rpartition(";")[2])
        if rules.is_plausible_date(at, arrival.arrived_at):
            return at
    return None


def _start_of_tail(segments: Sequence[Segment]) -> int | None:
    start: int | None = None
    for segment in reversed(segments):
        if segment.kind in {SegmentKind.QUOTE, SegmentKind.SIGNATURE}:
            start = segment.start
        elif segment.text.strip():
            break
    return start


def parties(addresses: Sequence[Address]) -> tuple[Party, ...]:
    """The people named in a header, as both databases can store them."""
    return tuple(Party(clean(address.name), clean(address.mail)) for address in addresses)


def delivered_to(mail: ParsedMail) -> list[str]:
    """Every address to which the mail says it was delivered; the one with our token may stand in any of them."""
    named = [address.mail for address in (*mail.to, *mail.cc)]
    return named + [value.strip(" <>") for name in _DELIVERY_HEADERS for value in mail.header_all(name)]
