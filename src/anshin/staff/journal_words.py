"""What the journal's facts mean, in words for whoever reads them: a label for each event, a line for its values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anshin.cases.terms import (
    BY_HAND,
    Channel,
    Charset,
    Delivery,
    ErasureGround,
    Priority,
    Resolution,
    RetentionPurpose,
    SenderSign,
    Status,
    StrikeReason,
)
from anshin.commerce.terms import BounceKind, Cleared, Reach
from anshin.plumbing.pages import dates
from anshin.satisfaction.terms import NotAsked, Score
from anshin.shops.terms import Role
from anshin.staff.clock_words import OWED, minutes_words
from anshin.staff.delivery_journal_words import DELIVERY_EVENTS
from anshin.staff.insight_journal_words import INSIGHT_EVENTS
from anshin.staff.integration_journal_words import INTEGRATION_EVENTS
from anshin.staff.number_words import kinds_words
from anshin.staff.order_journal_words import ORDER_EVENTS
from anshin.staff.policy_journal_words import POLICY_EVENTS
from anshin.staff.promoter_journal_words import PROMOTER_EVENTS
from anshin.staff.refund_journal_words import REFUND_EVENTS
from anshin.staff.restore_journal_words import RESTORE_EVENTS
from anshin.staff.return_journal_words import RETURN_EVENTS
from anshin.staff.routing_journal_words import ROUTING_EVENTS
from anshin.staff.safety_journal_words import SAFETY_EVENTS
from anshin.staff.sender_words import filter_name
from anshin.staff.slip_journal_words import SLIP_EVENTS
from anshin.staff.topic_words import topic_name, urgent_words
from anshin.staff.visit_journal_words import VISIT_EVENTS

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]


def label(event: str) -> str:
    """What happened, as a short sentence; the bare name for an event that this version does not know."""
    return str(EVENTS[event][0]) if event in EVENTS else event


def details(event: str, payload: dict[str, Any]) -> str:
    """The values that a reader can use, "Role: Agent · Before: Warehouse"; ids are left out."""
    pieces = EVENTS[event][1] if event in EVENTS else ()
    said = [(str(caption), str(write(payload[key]))) for key, caption, write in pieces if payload.get(key)]
    return " · ".join(f"{caption}: {value}" if caption else value for caption, value in said)


def _plain(value: Any) -> Words:
    return str(value)


def _charset(value: Any) -> Words:
    return Charset(value).label if value in Charset.values else str(value)


def _choice(choices: type[TextChoices]) -> Callable[[Any], Words]:
    def words(value: Any) -> Words:
        return choices(value).label if value in choices.values else str(value)

    return words


def _one_of(known: dict[str, Words]) -> Callable[[Any], Words]:
    return lambda value: known.get(value, str(value))


def _score(value: Any) -> Words:
    return Score(value).label if value in Score.values else str(value)


def _yes_no(value: Any) -> Words:
    return _("Yes") if value else _("No")


def _number(value: Any) -> Words:
    return f"#{value}"


def _day(value: Any) -> Words:
    return dates.full_day(date.fromisoformat(value), language=get_language() or "ja", with_year=True)


def _moment(value: Any) -> Words:
    at = datetime.fromisoformat(value)
    return dates.exactly(at.astimezone(timezone.get_current_timezone()), language=get_language() or "ja")


def _columns(value: Any) -> Words:
    return ", ".join(str(_COLUMNS.get(part.strip(), part.strip())) for part in str(value).split(","))


def _signs(value: Any) -> Words:
    return ", ".join(str(SenderSign(code).label) for code in str(value).split(", ") if code in SenderSign.values)


def _spam_reason(value: Any) -> Words:
    return _("by hand") if value == BY_HAND else filter_name(str(value))


def _topics(value: Any) -> Words:
    return "、".join(topic_name(code) for code in str(value).split(", "))


def _urgency(value: Any) -> Words:
    return urgent_words(str(value), None, today=date.min)


def _minutes(value: Any) -> Words:
    return minutes_words(int(value))


def _week(value: Any) -> Words:
    names = dates.DAYS_JA if get_language() == "ja" else dates.DAYS_EN
    days = (str(day).partition(" ") for day in value)
    return ", ".join(f"{names[int(day)]} {span}" for day, _space, span in days)


_COLUMNS: dict[str, Words] = {
    "name": _("Name"),
    "name_en": _("Name in English"),
    "contact_mail": _("Contact address"),
    "order_formats": _("Order numbers"),
    "reply_target_minutes": _("Reply target"),
    "signature": _("Signature"),
    "language": _("Language"),
    "lines": _("Goods"),
    "lot": _("Lot number"),
    "payments": _("Payment"),
    "shipments": _("Delivery"),
    "cancelled_at": _("Cancellation"),
    "total_yen": _("Total"),
    "shipping_yen": _("Shipping"),
    "fee_yen": _("Payment fee"),
    "discount_yen": _("Discount"),
    "customer_id": _("Customer"),
    "customer": _("Customer"),
    "recipient_name": _("Recipient"),
    "recipient_postcode": _("Postcode"),
    "recipient_lines": _("Postal address"),
    "recipient_phone": _("Phone number"),
    "wished_on": _("Wished delivery day"),
    "is_gift": _("Gift"),
    "remark": _("Remark"),
    "ordered_at": _("Order date"),
}
_REASONS: dict[str, Words] = {
    "number_in_text": _("the message names it"),
    "only_recent_order": _("the customer’s only recent order"),
    "by_hand": _("by hand"),
}
_WAKINGS: dict[str, Words] = {
    "time": _("the time had come"),
    "message": _("the customer wrote"),
    "by_hand": _("by hand"),
    "follow_up": _("follow-up"),
}
_SPAM_WAYS: dict[str, Words] = {
    "by_hand": _("no spam, the sender is trusted"),
    "undone": _("taken back"),
    "message": _("the sender wrote again"),
    "merged": _("merged with another case"),
}
_EMPTYINGS: dict[str, Words] = {
    "erased": _("the customer was erased"),
    "retention": _("kept for long enough"),
    "originals": _("raw mails and files, kept for long enough"),
    "files": _("files, kept for long enough"),
    "reports": _("reports about returned mail, kept for long enough"),
    "copies": _("forms as they were sent, kept for long enough"),
}
_MERGES: dict[str, Words] = {"kept": _("this case goes on"), "ended": _("this case ended")}
_SPLITS: dict[str, Words] = {"from": _("messages left this case"), "into": _("this case is new")}
_DEADLINE: tuple[Piece, ...] = (("owed", "", _one_of(dict(OWED))), ("due_at", "", _moment))
_KIND: tuple[Piece, ...] = (
    ("channel", "", _choice(Channel)),
    ("topic", "", _topics),
    ("priority", "", _choice(Priority)),
)
_NUMBER: Piece = ("number", "", _plain)
_WHO: Piece = ("who", "", _plain)
_CASE: Piece = ("number", "", _number)
_OTHER: Piece = ("other_number", _("Other case"), _number)
_CHANNEL: Piece = ("channel", "", _choice(Channel))
_ROLE: Piece = ("role", _("Role"), _choice(Role))
_TAGS = (("added", _("Added"), _plain), ("removed", _("Removed"), _plain))
_WHAT: Piece = ("what", "", _columns)
_HOLIDAY: tuple[Piece, ...] = (("on", "", _day), ("label", "", _plain))

EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "case.opened": (_("Opened a case"), (_CASE, _CHANNEL)),
    "case.message_received": (_("A message arrived"), (_CHANNEL,)),
    "case.numbers_found": (_("A message came with numbers that should not be kept"), (("kinds", "", kinds_words),)),
    "case.numbers_shown": (_("Looked at masked numbers in full"), ()),
    "case.personal_shown": (_("Was shown who the customer is"), (("reason", _("Why"), _plain),)),
    "case.sender_doubted": (_("Warned of the sender"), (("signs", _("Why"), _signs),)),
    "case.struck": (
        _("Struck something out for ever"),
        (("reason", "", _choice(StrikeReason)), ("place_count", _("Places"), _plain)),
    ),
    "case.customer_erased": (
        _("Erased a customer for ever"),
        (
            ("ground", "", _choice(ErasureGround)),
            ("requested_on", _("Asked for on"), _day),
            ("case_count", _("Cases"), _plain),
            ("message_count", _("Messages"), _plain),
            ("order_count", _("Orders kept"), _plain),
        ),
    ),
    "case.retention_set": (
        _("Changed a period of keeping"),
        (("purpose", "", _choice(RetentionPurpose)), ("days", _("Days kept"), _plain)),
    ),
    "case.retention_applied": (
        _("Erased what was kept for long enough"),
        (("purpose", "", _choice(RetentionPurpose)), ("case_count", _("How many"), _plain)),
    ),
    "case.emptied": (_("Emptied the messages of a case"), (("why", "", _one_of(_EMPTYINGS)),)),
    "case.answered_automatically": (_("An automatic answer was sent"), ()),
    "case.reply_written": (_("Wrote a reply"), ()),
    "case.reply_taken_back": (_("Took a reply back"), ()),
    "case.reply_scheduled": (_("Chose when a reply leaves"), (("leaves_at", "", _moment),)),
    "case.reply_approved": (_("Approved a reply"), (("was_edited", _("Edited"), _yes_no),)),
    "case.reply_sent_despite": (_("Sent a reply although the check objected"), (("reason", "", _plain),)),
    "case.reply_sent_back": (_("Sent a reply back to its writer"), ()),
    "case.delivery_changed": (
        _("Delivery of a reply changed"),
        (
            ("delivery", "", _choice(Delivery)),
            ("former", _("Before"), _choice(Delivery)),
            ("words", _("Mail server"), _plain),
        ),
    ),
    "case.topics_proposed": (_("Read what a message is about"), (("topics", "", _topics),)),
    "case.topics_set": (
        _("Set the topic of a case"),
        (("former", _("Before"), _topics), ("topics", _("Now"), _topics)),
    ),
    "case.topic_added": (_("Added a topic of the shop’s own"), (("words", "", _plain),)),
    "case.topic_renamed": (
        _("Renamed a topic of the shop’s own"),
        (("former", _("Before"), _plain), ("words", _("Now"), _plain)),
    ),
    "case.topic_retired": (_("Put a topic of the shop’s own out of use"), (("words", "", _plain),)),
    "case.topic_brought_back": (_("Brought a topic of the shop’s own back into use"), (("words", "", _plain),)),
    "case.informed": (_("Wrote to the customer by itself"), ()),
    "case.written_after_the_end": (_("Wrote to the customer after the end"), ()),
    "satisfaction.asked": (_("Asked the customer how it was"), ()),
    "satisfaction.not_asked": (_("Did not ask the customer how it was"), (("why", "", _choice(NotAsked)),)),
    "satisfaction.answered": (
        _("Customer said how it was"),
        (("score", "", _score), ("former", _("Before"), _score)),
    ),
    "satisfaction.seen": (_("Read what a customer said"), ()),
    "satisfaction.set": (
        _("Changed whether customers are asked how it was"),
        (("is_on", _("Asked"), _yes_no), ("hours", _("Hours after the end"), _plain)),
    ),
    "case.topics_learnt": (
        _("Learnt from corrected topics"),
        (
            ("correction_count", _("Corrections"), _plain),
            ("right_before", _("Right before"), _plain),
            ("right_after", _("Right after"), _plain),
            ("is_used", _("In use"), _yes_no),
        ),
    ),
    "case.urgency_seen": (_("Found a message urgent"), (("kind", "", _urgency),)),
    "case.urgency_set": (_("Changed whether a case is urgent"), ()),
    "case.note_added": (_("Wrote a note"), ()),
    "case.assigned": (_("Changed the owner of a case"), (("owner_name", _("Now"), _plain),)),
    "case.tagged": (_("Changed the tags"), _TAGS),
    "case.snoozed": (_("Put a case away"), (("until", _("Until"), _moment),)),
    "case.woken": (_("A case came back"), (("why", "", _one_of(_WAKINGS)),)),
    "case.closed": (_("Closed a case"), (("resolution", "", _choice(Resolution)),)),
    "case.reopened": (_("Opened a case again"), (("why", "", _one_of(_WAKINGS)),)),
    "case.sender_believed": (_("Took the warning of a fraud off a message, or put it back"), ()),
    "case.spam_marked": (_("Put a case into the spam folder"), (("reason", "", _spam_reason),)),
    "case.spam_cleared": (_("Took a case out of the spam folder"), (("why", "", _one_of(_SPAM_WAYS)),)),
    "case.status_set": (
        _("Changed the status"),
        (("status", "", _choice(Status)), ("former", _("Before"), _choice(Status))),
    ),
    "case.order_linked": (_("Linked an order"), (_NUMBER, ("reason", "", _one_of(_REASONS)))),
    "case.order_unlinked": (_("Removed an order from a case"), (_NUMBER,)),
    "case.merged": (_("Merged cases"), (_OTHER, ("role", "", _one_of(_MERGES)))),
    "case.message_reread": (_("Had a mail read in another character code"), (("charset", "", _charset),)),
    "case.message_gave_way": (_("A mail could be read after all"), (_OTHER,)),
    "case.split": (_("Split a case"), (_OTHER, ("role", "", _one_of(_SPLITS)))),
    "case.imported": (
        _("Took cases over from another system"),
        (("case_count", _("Cases"), _plain), ("source", "", _plain)),
    ),
    "case.taken_over": (
        _("Took a case over from another system"),
        (_CASE, ("source", "", _plain), ("external_id", _("Number there"), _plain)),
    ),
    "case.due_soon": (_("A deadline is near"), _DEADLINE),
    "case.overdue": (_("A deadline has passed"), _DEADLINE),
    "case.second_contact": (_("The customer wrote about the same matter again"), (_OTHER,)),
    "case.follow_up_planned": (_("Planned a follow-up, or decided against it"), (("on", "", _day),)),
    "case.target_set": (
        _("Changed a service target"),
        (
            *_KIND,
            ("answer_minutes", _("Answer within"), _minutes),
            ("resolution_minutes", _("Solve within"), _minutes),
        ),
    ),
    "case.target_removed": (_("Removed a service target"), _KIND),
    "case.aftercare_set": (
        _("Changed what happens after the end of a case"),
        (
            ("follow_up_days", _("Follow-up after (days)"), _plain),
            ("second_contact_days", _("Second contact (days)"), _plain),
        ),
    ),
    "customer.tagged": (_("Changed the tags of a customer"), _TAGS),
    "customer.address_bounced": (
        _("Mail to a customer came back"),
        (("kind", "", _choice(BounceKind)), ("reach", _("Address"), _choice(Reach))),
    ),
    "customer.address_cleared": (_("An address counts as reachable again"), (("why", "", _choice(Cleared)),)),
    "customer.address_marked_again": (_("Marked an address again"), (("reach", _("Address"), _choice(Reach)),)),
    "order.changed": (_("An order changed"), (_NUMBER, _WHAT)),
    **ORDER_EVENTS,
    "email.mailbox_saved": (_("Saved a mailbox"), ()),
    "email.spam_judge_chosen": (_("Chose whose spam marks count"), ()),
    "email.mailbox_failing": (_("A mailbox stopped working"), ()),
    "email.mailbox_working": (_("A mailbox works again"), ()),
    "email.mailbox_connected": (_("Connected a mailbox"), ()),
    "email.mailbox_disconnected": (_("Disconnected a mailbox"), ()),
    "email.app_registered": (_("Saved the registration with a mail provider"), ()),
    "email.post_address_opened": (_("Opened an address for posted mail"), ()),
    "email.post_address_closed": (_("Closed an address for posted mail"), ()),
    "email.arrival_tried_again": (_("Had a held-back mail taken in again"), ()),
    "email.alert_began": (_("Told owner and manager of trouble with a mailbox"), ()),
    "email.alert_ended": (_("The trouble with a mailbox ended"), ()),
    "email.comparison_asked": (_("Had a mailbox compared with its server"), ()),
    "email.mail_missed": (
        _("A comparison found mail that was missing"),
        (("missing_count", _("Mails"), _plain), ("brought_count", _("Brought in at once"), _plain)),
    ),
    "email.alias_saved": (_("Saved an address to send from"), ()),
    "email.alias_removed": (_("Removed an address to send from"), ()),
    "email.test_mail_sent": (_("Sent a test mail"), (("outcome", "", _plain),)),
    "reply.promise_made": (_("Promised something to a customer"), ()),
    "reply.promise_moved": (_("Moved a promise to another day"), ()),
    "reply.promise_settled": (_("Settled a promise"), (("state", "", _plain),)),
    "reply.promise_due": (_("Reminded of a promise"), ()),
    "reply.promise_late": (_("A promise was not kept in time"), ()),
    "reply.word_saved": (_("Saved a plain word"), (("word", "", _plain), ("plain", "", _plain))),
    "reply.word_removed": (_("Took a plain word out"), (("word", "", _plain),)),
    "reply.macro_saved": (_("Saved a macro"), (("title", "", _plain), ("version", _("Version"), _plain))),
    "reply.macro_archived": (_("Put a macro away"), (("title", "", _plain),)),
    "reply.macro_brought_back": (_("Offered a macro again"), (("title", "", _plain),)),
    "reply.starting_set_added": (_("Added the first macros"), (("macro_count", _("Macros"), _plain),)),
    "shop.opened": (_("Opened the shop"), (("slug", "", _plain),)),
    "shop.staff_invited": (_("Added a member of staff"), (_WHO, _ROLE)),
    "shop.invitation_sent": (_("Sent an invitation"), (_WHO,)),
    "shop.role_granted": (
        _("Changed a role"),
        (_WHO, _ROLE, ("former", _("Before"), _choice(Role))),
    ),
    "shop.approval_set": (_("Changed whose replies need approval"), (_WHO, ("is_needed", _("Needed"), _yes_no))),
    "shop.staff_left": (_("Ended a membership"), (_WHO,)),
    "shop.second_factor_required": (_("Made two-step sign-in a duty"), (("since", _("From"), _moment),)),
    "shop.second_factor_freed": (_("Ended the duty of two-step sign-in"), ()),
    "shop.password_ended": (_("Made a password void"), (_WHO,)),
    "shop.factor_taken": (_("Took a second factor away"), (_WHO,)),
    "shop.account_changed": (_("Changed their own account"), (_WHAT,)),
    "shop.changed": (_("Changed the shop’s settings"), (_WHAT,)),
    "shop.opening_hours_set": (_("Changed the opening hours"), (("days", "", _week),)),
    "shop.holiday_added": (_("Added a holiday"), _HOLIDAY),
    "shop.holiday_removed": (_("Removed a holiday"), _HOLIDAY),
}
EVENTS |= (
    ROUTING_EVENTS | REFUND_EVENTS | VISIT_EVENTS | DELIVERY_EVENTS | SAFETY_EVENTS | SLIP_EVENTS | INTEGRATION_EVENTS
)
EVENTS |= POLICY_EVENTS | RETURN_EVENTS | INSIGHT_EVENTS | PROMOTER_EVENTS | RESTORE_EVENTS
