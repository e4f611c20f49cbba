"""Cases and messages as other programs see and bring them. Card numbers and My Number are always masked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, cast

from pydantic import Field, StringConstraints

from anshin.api.shapes import LARGEST, Flag, Line, Listed, Mail, Moment, Shape, Text, Told, Whole
from anshin.cases.terms import Channel, Delivery, Direction, Resolution, Status
from anshin.language.sensitive_numbers import masked

if TYPE_CHECKING:
    from anshin.cases.models import Attachment, Case, Message, Note
    from anshin.shops.models import Membership

State = Literal["open", "waiting", "snoozed", "closed", "spam"]
Ending = Literal["answered", "order_changed", "replaced", "refunded", "declined", "no_reply", "duplicate", "not_a_case"]
Way = Literal["in", "out"]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[!-~]+$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]


class Who(Shape):
    """A member of staff."""

    id: int = Field(examples=[3])
    name: str = Field(examples=["竹内 涼"])


class CaseCustomer(Shape):
    """Whose case it is. The name only for keys that may read customers."""

    id: int = Field(examples=[7])
    name: str | None = Field(default=None, examples=["山本 花"])


class CaseOut(Shape):
    """One case."""

    number: int = Field(examples=[1042])
    subject: str = Field(examples=["届いた皿が割れていました"])
    state: State
    channel: str = Field(examples=["email"])
    resolution: str | None = Field(default=None, examples=["refunded"])
    topics: list[str] = Field(examples=[["damaged"]], description="Codes, the main one first.")
    language: str | None = Field(default=None, examples=["ja"])
    is_urgent: bool
    assignee: Who | None = None
    customer: CaseCustomer | None = None
    order_number: str | None = Field(default=None, examples=["KM-10001"])
    tags: list[str]
    version: int = Field(description="Raised by every message; a reply names the one at which it was written.")
    created_at: datetime
    last_activity_at: datetime
    waiting_since_at: datetime | None = None
    due_at: datetime | None = None
    snoozed_until_at: datetime | None = None
    closed_at: datetime | None = None
    merged_into: int | None = Field(default=None, description="The number of the case that goes on instead.")


class CaseList(Listed[CaseOut]):
    """One page of cases."""


class FileOut(Shape):
    """A file of a message; its content stays at the desk."""

    name: str = Field(examples=["皿.jpg"])
    media_type: str = Field(examples=["image/jpeg"])
    size_bytes: int


class PartyOut(Shape):
    """Name and mail address."""

    name: str
    mail: str


class MessageOut(Shape):
    """What was said between customer and shop."""

    id: int
    direction: Way
    channel: str
    at: datetime
    author: Who | None = None
    sender: PartyOut
    to: list[PartyOut]
    cc: list[PartyOut]
    subject: str
    text: str
    is_automatic: bool
    delivery: str = Field(examples=["sent"], description="Where an outgoing message stands.")
    files: list[FileOut]


class MessageList(Listed[MessageOut]):
    """One page of messages, the oldest first."""


class NoteOut(Shape):
    """An internal note."""

    id: int
    at: datetime
    author: Who | None = None
    text: str


class Party(Told):
    """To whom a mail goes."""

    mail: Mail = Field(examples=["hana@example.jp"])
    name: Line = Field(default="", examples=["山本 花"])


class CaseIn(Told):
    """A new case: what a customer said elsewhere (`in`), or a mail of the shop's that begins it (`out`)."""

    direction: Literal["in", "out"] = "in"
    channel: Literal["web_form", "phone"] = Field(default="web_form", description="Only for `in`.")
    customer: Party
    subject: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] = Field(
        examples=["配送先を変更したい"]
    )
    text: Text = Field(min_length=1, examples=["KM-10001 の届け先を変えてください。"])
    order_number: Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")] = Field(
        default="", examples=["KM-10001"]
    )


class CaseChange(Told):
    """What shall be different; what is left out stays."""

    state: Literal["open", "waiting", "snoozed", "closed"] | None = None
    resolution: Ending | None = Field(default=None, description="Needed with the state `closed`.")
    snoozed_until_at: Moment | None = Field(default=None, description="Needed with the state `snoozed`.")
    assignee: Annotated[Whole, Field(ge=0, le=LARGEST)] | None = Field(
        default=None, description="`id` of somebody on the staff; 0 for nobody."
    )
    tags: Annotated[list[Tag], Field(max_length=50)] | None = Field(default=None, examples=[["破損", "急ぎ"]])
    topics: Annotated[list[Code], Field(max_length=10)] | None = Field(default=None, examples=[["damaged"]])
    is_urgent: Flag | None = None


class ReplyIn(Told):
    """A mail to the customer, checked as the desk checks it, held ten seconds, and sent once."""

    text: Text = Field(min_length=1, examples=["ご連絡ありがとうございます。"])
    read_at_version: Annotated[Whole, Field(ge=0, le=LARGEST)] = Field(
        description="`version` of the case as you read it; refused when somebody wrote since."
    )
    to: Annotated[list[Party], Field(max_length=20)] = Field(
        default=[], description="Empty: whoever wrote last, else the customer."
    )
    cc: Annotated[list[Party], Field(max_length=20)] = []
    subject: Line = ""
    leave_at: Moment | None = Field(default=None, description="Leaves then, and not at once.")


class NoteIn(Told):
    """An internal note."""

    text: Text = Field(min_length=1, examples=["倉庫に確認中"])


def case_out(case: Case, *, with_names: bool) -> CaseOut:
    """The case as it is told; `with_names`: whether the key may read customers."""
    customer = case.customer
    return CaseOut(
        number=case.number,
        subject=masked(case.subject),
        state=cast("State", Status(case.status).value),
        channel=Channel(case.channel).value,
        resolution=Resolution(case.resolution).value if case.resolution else None,
        topics=[code for code, _share in case.topics],
        language=case.language or None,
        is_urgent=case.is_urgent,
        assignee=who(case.owner),
        customer=CaseCustomer(id=customer.pk, name=customer.name if with_names else None) if customer else None,
        order_number=case.order_label or None,
        tags=case.tag_names,
        version=case.version,
        created_at=case.created_at,
        last_activity_at=case.last_activity_at,
        waiting_since_at=case.waiting_since_at,
        due_at=case.due_at,
        snoozed_until_at=case.snoozed_until_at,
        closed_at=case.closed_at,
        merged_into=case.merged_into.number if case.merged_into_id and case.merged_into else None,
    )


def message_out(message: Message) -> MessageOut:
    """The message as it is told, with its files, which must be loaded."""
    return MessageOut(
        id=message.pk,
        direction=cast("Way", Direction(message.direction).value),
        channel=message.channel,
        at=message.at,
        author=who(message.author),
        sender=PartyOut(name=message.sender_name, mail=message.sender_mail),
        to=[PartyOut(name=name, mail=mail) for name, mail in message.to],
        cc=[PartyOut(name=name, mail=mail) for name, mail in message.cc],
        subject=masked(message.subject),
        text=masked(message.text),
        is_automatic=message.is_automatic,
        delivery=Delivery(message.delivery).value,
        files=[_file(each) for each in message.attachments.all()],
    )


def note_out(note: Note) -> NoteOut:
    """The note as it is told."""
    return NoteOut(id=note.pk, at=note.at, author=who(note.author), text=masked(note.text))


def who(member: Membership | None) -> Who | None:
    """A member of staff as they are told."""
    return Who(id=member.pk, name=str(member.person)) if member else None


def _file(file: Attachment) -> FileOut:
    return FileOut(name=masked(file.name), media_type=file.blob.kind, size_bytes=file.blob.size_bytes)
