"""Messages of a case: what was said, a reply, a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router

from anshin.api.case_shapes import (
    MessageList,
    MessageOut,
    NoteIn,
    NoteOut,
    ReplyIn,
    message_out,
    note_out,
)
from anshin.api.cases import find_case
from anshin.api.door import caller
from anshin.api.operations import reads, writes
from anshin.api.shapes import Cursor, Limit, Number, listed
from anshin.cases import actions
from anshin.cases.queries import messages_for_programs, said_by_customer
from anshin.cases.terms import Party
from anshin.commerce.queries import mails_of
from anshin.integrations.terms import Scope
from anshin.plumbing import clock
from anshin.replies import actions as replies
from anshin.replies.terms import Sending
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership

router = Router(tags=["messages"])
_LOOKED_THROUGH = 20


@reads(
    router,
    "/{number}/messages",
    scope=Scope.MESSAGES_READ,
    permission=Permission.READ_CASES,
    response=MessageList,
    summary=gettext_noop("Messages of a case, the oldest first"),
)
def list_messages(request: HttpRequest, number: Number, cursor: Cursor = "", limit: Limit = 50) -> dict[str, object]:
    """Card numbers are masked; what was taken back, struck out or erased is not there."""
    by = caller(request)
    page = messages_for_programs(by.shop, find_case(by, number).pk, cursor=cursor, size=limit)
    return listed(page, [message_out(each) for each in page.items])


@writes(
    router,
    "POST",
    "/{number}/messages",
    scope=Scope.MESSAGES_WRITE,
    permission=Permission.ANSWER,
    response=MessageOut,
    status=201,
    summary=gettext_noop("Reply to the customer"),
)
def reply(request: HttpRequest, number: Number, told: ReplyIn) -> MessageOut:
    """Goes through everything that a reply at the desk goes through: an unfilled placeholder, a hint of the check, a
    case in the spam folder or a message that came in between refuse it; the replies of new staff wait for approval."""
    by = caller(request)
    case = find_case(by, number)
    to = [Party(each.name, each.mail) for each in told.to] or _likeliest(by, case)
    message = replies.send(
        by=by,
        case_id=case.pk,
        text=told.text,
        to=to,
        cc=[Party(each.name, each.mail) for each in told.cc],
        subject=told.subject,
        sender_mail="",
        read_at_version=told.read_at_version,
        leave_at=told.leave_at,
        sending=Sending(),
        now=clock.now(),
    )
    return message_out(message)


@writes(
    router,
    "POST",
    "/{number}/notes",
    scope=Scope.MESSAGES_WRITE,
    permission=Permission.WRITE_NOTES,
    response=NoteOut,
    status=201,
    summary=gettext_noop("Write an internal note"),
)
def write_note(request: HttpRequest, number: Number, told: NoteIn) -> NoteOut:
    """The customer never sees it."""
    by = caller(request)
    note = actions.add_note(by=by, case_id=find_case(by, number).pk, text=told.text, now=clock.now())
    return note_out(note)


def _likeliest(by: Membership, case: Case) -> list[Party]:
    """Whoever wrote last, else the customer's first address."""
    for message in said_by_customer(by.shop, case.pk, most=_LOOKED_THROUGH):
        if message.sender_mail:
            return [Party(message.sender_name, message.sender_mail)]
    mails = mails_of(by.shop, case.customer_id) if case.customer_id and case.customer else []
    return [Party(case.customer.name if case.customer else "", mails[0])] if mails else []
