"""Single messages, files and drafts, each only within its shop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from anshin.cases import rules
from anshin.cases.models import Attachment, BounceReport, Draft, DraftFile, Message
from anshin.cases.terms import Delivery, Direction
from anshin.plumbing.prepared import Prepared

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

_MOST_REFERENCES = 20
_MOST_COMPARED = 100
_ABOUT = timedelta(hours=26)  # a day, and the two hours that clocks and zones may add
_KEYS = Prepared(
    lambda shop, case: (
        Message.objects.filter(shop_id=shop, case_id=case)
        .exclude(delivery="taken_back")
        .order_by("-at", "-id")
        .values_list("message_key")[:_MOST_REFERENCES]
    ),
    shop=int,
    case=int,
)


def message_of(shop: Shop, message_id: int) -> Message | None:
    """A message of this shop, with its case and blobs."""
    rows = Message.objects.select_related("case", "html_blob", "raw_blob", "author__person")
    return rows.filter(shop=shop, pk=message_id).first()


def former_drafts_of(draft: Draft) -> list[tuple[datetime, str]]:
    """The last few versions of a draft with when they were saved, newest first."""
    return rules.former_drafts(draft.former)


def bounce_report_of(shop: Shop, report_id: int) -> BounceReport | None:
    """A report about a message of this shop, with that message and its bytes."""
    return BounceReport.objects.select_related("raw_blob", "message").filter(shop=shop, pk=report_id).first()


def attachment_of(shop: Shop, attachment_id: int) -> Attachment | None:
    """An attachment of this shop, with its blob."""
    return Attachment.objects.select_related("blob", "message").filter(shop=shop, pk=attachment_id).first()


def files_of_message(shop: Shop, message_id: int) -> list[Attachment]:
    """The files of a message of this shop, with their blobs."""
    rows = Attachment.objects.select_related("blob").filter(shop=shop, message_id=message_id)
    return list(rows.order_by("id"))


def case_files(shop: Shop, case_id: int) -> list[Attachment]:
    """What the customer sent in a case, oldest first, with bytes and messages; struck ones left out. One query."""
    rows = Attachment.objects.select_related("blob", "message").filter(shop=shop, message__case_id=case_id)
    return list(rows.filter(message__direction=Direction.IN, struck_at=None).order_by("message__at", "id"))


def said_by_customer(shop: Shop, case_id: int, *, most: int) -> list[Message]:
    """What the customer wrote in a case, newest first. One query."""
    rows = Message.objects.filter(shop=shop, case_id=case_id, direction=Direction.IN)
    return list(rows.order_by("-at", "-id")[:most])


def own_words_since(shop_id: int, case_id: int, since: datetime) -> list[str]:
    """What colleagues wrote to the customer since then and did not take back, without signatures. One query."""
    rows = Message.objects.filter(shop_id=shop_id, case_id=case_id, direction=Direction.OUT, is_automatic=False)
    said = rows.filter(at__gte=since).exclude(delivery=Delivery.TAKEN_BACK).values_list("text", "quoted_from")
    return [text[:cut] if cut else text for text, cut in said]


def customers_words_since_our_answer(shop_id: int, case_id: int, *, most: int = 10) -> list[str]:
    """What the customer wrote after our last reply that left or is about to, oldest first. One query."""
    rows = Message.objects.filter(shop_id=shop_id, case_id=case_id, is_automatic=False)
    rows = rows.exclude(delivery=Delivery.TAKEN_BACK).order_by("-at", "-id")
    found: list[str] = []
    for direction, text in rows.values_list("direction", "text")[:most]:
        if direction == Direction.OUT:
            break
        found.append(text)
    return found[::-1]


def inline_pictures(shop: Shop, message_id: int) -> dict[str, int]:
    """Content-ID to attachment id of the pictures that stand inside a message's HTML."""
    rows = Attachment.objects.filter(shop=shop, message_id=message_id).exclude(content_id="")
    return dict(rows.values_list("content_id", "pk"))


def sent_message_key(shop_id: int, *, sender_mail: str, subject: str, at: datetime | None) -> str:
    """The Message-ID of the one mail that the shop sent from that address under that subject within a day of `at`
    (without: within the newest hundred); "" when none or several fit. A naive `at` is some zone's time."""
    rows = Message.objects.filter(
        shop_id=shop_id, sender_mail__in={sender_mail, sender_mail.lower()}, direction=Direction.OUT
    )
    if at is not None:
        moment = at if at.tzinfo else at.replace(tzinfo=UTC)
        rows = rows.filter(at__range=(moment - _ABOUT, moment + _ABOUT))
    recent = rows.order_by("-at").values_list("subject", "message_key")[:_MOST_COMPARED]
    wanted = rules.bare_subject(subject)
    found = [key for sent, key in recent if wanted and rules.bare_subject(sent) == wanted]
    return found[0] if len(found) == 1 else ""


def draft_of(by: Membership, case_id: int, *, is_note: bool) -> Draft | None:
    """What `by` has begun to write in a case."""
    rows = Draft.objects.prefetch_related("files__blob")
    return rows.filter(shop_id=by.shop_id, case_id=case_id, author=by, is_note=is_note).first()


def draft_file_of(by: Membership, file_id: int) -> DraftFile | None:
    """A file in one of the person's own drafts."""
    rows = DraftFile.objects.select_related("blob", "draft")
    return rows.filter(shop_id=by.shop_id, pk=file_id, draft__author=by).first()


def thread_keys(shop: Shop, case_id: int) -> tuple[str, ...]:
    """Message-IDs of the thread, oldest first, at most 20: for In-Reply-To and References."""
    return tuple(key for (key,) in reversed(_KEYS.tuples(shop=shop.pk, case=case_id)))
