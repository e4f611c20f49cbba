"""A reply: recipients frozen at the click, a stale thread refused, ten seconds to take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q

from anshin.cases import events, rules
from anshin.cases.actions import clocks, indexing, standing
from anshin.cases.actions.refusals import (
    AlreadyLeft,
    EmptyText,
    NoMailbox,
    NoRecipient,
    ReplyObjected,
    StaleThread,
    UnfilledPlaceholder,
    UnknownSender,
)
from anshin.cases.actions.scheduling import enqueue_delivery, leaving_moment
from anshin.cases.models import Attachment, Case, Draft, DraftFile, Message, SpamMark
from anshin.cases.ports import FromAddress, Objection, outbox, reply_check
from anshin.cases.queries.messages import thread_keys
from anshin.cases.queries.personal import unnamed
from anshin.cases.queries.waiting import to_approve_key
from anshin.cases.terms import Channel, Delivery, Direction, Party, Status
from anshin.language.detect import guess_language
from anshin.language.mails import looks_like_mail
from anshin.plumbing.journal.actions import record
from anshin.plumbing.prepared import Prepared, insert
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_STILL_HERE = (Delivery.HELD, Delivery.APPROVAL, Delivery.PAUSED)
_DRAFT = Prepared(
    lambda case, author: Draft.objects.filter(case_id=case, author_id=author, is_note=False), case=int, author=int
)


@transaction.atomic
def reply(
    *,
    by: Membership,
    case_id: int,
    text: str,
    to: Sequence[Party],
    cc: Sequence[Party] = (),
    subject: str = "",
    sender_mail: str = "",
    read_at_version: int,
    leave_at: datetime | None = None,
    despite: str = "",
    now: datetime,
) -> Message:
    """The reply, held for the undo window and then handed to the outbox by a job; the draft is used up.

    With `leave_at` it is held until then. What somebody writes whose replies need approval waits for that first, and
    the case stays ours.

    `read_at_version`: the Case.version that the writer had on the screen. `subject` "" answers under the case's.
    `sender_mail` is one of the shop's addresses, "" the one to which the customer wrote. That address's signature in
    the text's language, else the writer's, else the shop's, is put below the text. `despite`: why it leaves although
    the check objects; only of somebody who approves.
    Raises NotAllowed, EmptyText, UnfilledPlaceholder, ReplyObjected, NoRecipient, NoMailbox, UnknownSender,
    StaleThread, BadMoment, WrongCase, InSpam.
    """
    require(by, Permission.ANSWER)
    case = standing.workable_case(by.shop_id, case_id)
    if not text.strip():
        raise EmptyText
    if unfilled := reply_check.get().unfilled(f"{subject}\n{text}"):
        raise UnfilledPlaceholder(unfilled)
    if not to or not all(looks_like_mail(party.mail) for party in [*to, *cc]):
        raise NoRecipient
    sender = sender_of(by.shop_id, case_id, sender_mail)
    if read_at_version < case.version:
        raise StaleThread(case.version)
    leaves_at = leaving_moment(leave_at, now=now)
    objections = unanswered_objections(by, case.pk, text, despite)
    message = _hold(
        case, by=by, sender=sender, text=text.strip(), to=to, cc=cc, subject=subject, leaves_at=leaves_at, now=now
    )
    if not by.through:  # a program sends its own words, not what a colleague has begun to write
        _use_up_draft(message, by)
    standing.change(case, **_after_reply(case, message, by=by, text=text, now=now))
    fact = events.ReplyWritten(message_id=message.pk)
    record(fact, shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    _record_despite(message, objections, despite, by, now)
    if message.delivery == Delivery.HELD:
        enqueue_delivery(message, now=now)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    standing.announce(case, "case.message", now=now, message_id=message.pk)
    return message


@transaction.atomic
def take_back(*, by: Membership, message_id: int, now: datetime) -> Draft:
    """The reply's text, files and the case's former state again, as long as it has not left.

    Its writer may always; what leaves later, or was stopped, any colleague who answers may. Its words become their
    draft. Raises NotAllowed, AlreadyLeft, WrongCase.
    """
    require(by, Permission.ANSWER)
    later = F("at") + timedelta(seconds=rules.UNDO_SECONDS)
    mine = Q(author=by, delivery__in=_STILL_HERE)
    anybodys = Q(delivery=Delivery.PAUSED) | Q(delivery=Delivery.HELD, leaves_at__gt=later)
    rows = Message.objects.filter(mine | anybodys, pk=message_id, shop_id=by.shop_id)
    if not rows.update(delivery=Delivery.TAKEN_BACK):
        raise AlreadyLeft
    message = Message.objects.get(pk=message_id)
    transaction.on_commit(partial(cache.delete, to_approve_key(by.shop_id)))
    case = standing.locked_case(by.shop_id, message.case_id)
    draft = draft_again(message, by, case, now)
    said = Message.objects.filter(case=case).exclude(delivery=Delivery.TAKEN_BACK)
    last = said.exclude(direction=Direction.OUT, is_automatic=True).order_by("-at", "-id").first()
    is_open = message.former_status == Status.OPEN
    former: dict[str, object] = {
        "status": Status.OPEN if message.former_status == Status.CLOSED else message.former_status,
        "snoozed_until_at": now if message.former_status == Status.SNOOZED else None,
        "waiting_since_at": last.at if last and is_open else None,
        **clocks.unstopped(case, by.shop, answered_at=message.at, since=last.at if last else now, now=now),
    }
    if case.status == Status.SPAM:  # put away meanwhile: there it stays
        kept = ("status", "snoozed_until_at", "waiting_since_at", "due_at")
        put_by = {f"former_{name}": former.pop(name) for name in kept if name in former}
        SpamMark.objects.filter(case=case).update(**put_by)
        former |= {"due_state": None, "deadline_check_at": None}
    elif last and last.at > message.at:  # somebody wrote since: the case stands as that left it
        former = clocks.unreached(case, by.shop, answered_at=message.at, since=now) if case.runs else {}
    standing.change(
        case,
        **former,
        last_line=rules.one_line(last.text) if last else "",
        last_by_customer=bool(last and last.direction == Direction.IN),
        last_activity_at=last.at if last else case.created_at,
    )
    fact = events.ReplyTakenBack(message_id=message.pk)
    record(fact, shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    standing.announce(case, "case.message", now=now, message_id=message.pk)
    return draft


def sender_of(shop_id: int, case_id: int, chosen: str) -> FromAddress:
    """The address that was chosen, or the one that fits the case. Raises NoMailbox, UnknownSender."""
    senders = outbox.get().senders_for(shop_id, case_id)
    if not senders:
        raise NoMailbox
    for sender in senders:
        if chosen in {"", sender.mail}:
            return sender
    raise UnknownSender(chosen)


def unanswered_objections(by: Membership, case_id: int, text: str, despite: str) -> tuple[Objection, ...]:
    """What the check objects to and this person answers with a reason. Raises ReplyObjected without one."""
    objections = reply_check.get().objections(by.shop_id, case_id, text)
    if objections:
        may_override = shops.may(by, Permission.APPROVE)
        if not (may_override and despite.strip()):
            raise ReplyObjected(objections, may_override=may_override)
    return objections


def _record_despite(
    message: Message, objections: tuple[Objection, ...], despite: str, by: Membership, now: datetime
) -> None:
    if objections:
        codes = ", ".join(dict.fromkeys(each.code for each in objections))
        fact = events.ReplySentDespite(message_id=message.pk, codes=codes, reason=despite.strip()[:200])
        record(fact, shop_id=message.shop_id, by=shops.actor(by), now=now, case_id=message.case_id)


def _signature(sender: FromAddress, by: Membership, text: str) -> str:
    is_japanese = guess_language(text).language == "ja"
    own = sender.signature_ja if is_japanese else sender.signature_en
    return (own or by.signature or by.shop.signature).strip()


def _hold(
    case: Case,
    *,
    by: Membership,
    sender: FromAddress,
    text: str,
    to: Sequence[Party],
    cc: Sequence[Party],
    subject: str,
    leaves_at: datetime,
    now: datetime,
) -> Message:
    keys = thread_keys(by.shop, case.pk)
    signature = _signature(sender, by, text)
    message = Message(
        shop_id=case.shop_id,
        case=case,
        direction=Direction.OUT,
        channel=Channel.EMAIL,
        at=now,
        author=by,
        sender_name=sender.name[:200],
        sender_mail=sender.mail,
        to=[[party.name, party.mail] for party in to],
        cc=[[party.name, party.mail] for party in cc],
        subject=(subject.strip() or rules.answering(case.subject, is_first=not keys))[:300],
        text=f"{text}\n\n{signature}" if signature else text,
        quoted_from=len(text) if signature else None,
        message_key=outbox.get().new_message_key(case.shop_id, f"{case.pk}-{case.version}", sender.mail),
        in_reply_to=keys[-1] if keys else "",
        delivery=Delivery.APPROVAL if by.needs_approval else Delivery.HELD,
        leaves_at=leaves_at,
        former_status=case.status,
    )
    insert(message)
    return message


def _use_up_draft(message: Message, by: Membership) -> None:
    draft = _DRAFT.first(case=message.case_id, author=by.pk)
    if draft is None:
        return
    message.file_count = draft.files.count()
    message.save(update_fields=["file_count"])
    Attachment.objects.bulk_create(
        Attachment(shop_id=message.shop_id, message=message, blob_id=file.blob_id, name=file.name)
        for file in draft.files.order_by("id")
    )
    draft.delete()


def draft_again(message: Message, by: Membership, case: Case, now: datetime) -> Draft:
    """The words and files of a reply that does not leave, as the person's draft, below what they have begun since."""
    text = message.text[: message.quoted_from] if message.quoted_from else message.text
    if not shops.may(by, Permission.SEE_PERSONAL):
        text = unnamed(case, text)
    draft = Draft.objects.select_for_update().filter(case=case, author=by, is_note=False).first()
    if draft is None:
        draft = Draft(shop_id=case.shop_id, case=case, author=by, is_note=False, version=0)
    draft.text = f"{draft.text.rstrip()}\n\n{text}" if draft.text.strip() else text
    draft.version, draft.read_at_version, draft.saved_at = draft.version + 1, case.version, now
    draft.save()
    DraftFile.objects.bulk_create(
        DraftFile(shop_id=case.shop_id, draft=draft, blob_id=file.blob_id, name=file.name)
        for file in message.attachments.order_by("id")
    )
    return draft


def _after_reply(case: Case, message: Message, *, by: Membership, text: str, now: datetime) -> dict[str, Any]:
    """How the case stands once the reply is written: the customer's turn, unless it waits for approval."""
    written = {
        "last_line": rules.one_line(text),
        "last_by_customer": False,
        "last_activity_at": now,
        "version": case.version + 1,
        "owner_id": case.owner_id or by.pk,
        "is_unread": False,
    }
    if message.delivery == Delivery.APPROVAL:
        transaction.on_commit(partial(cache.delete, to_approve_key(message.shop_id)))
        return written
    return written | {
        "status": Status.WAITING,
        "resolution": "",
        "closed_at": None,
        "snoozed_until_at": None,
        "waiting_since_at": None,
        **clocks.handed_over(case, message, now=now),
    }
