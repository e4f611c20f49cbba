"""A macro goes into a draft, and with it into a reply; what it offers is done when the writer left it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from anshin.cases.actions import close, reply, set_tags, snooze
from anshin.cases.terms import Delivery, Party, Resolution
from anshin.language.promises import promises_in
from anshin.replies import rules
from anshin.replies.actions.promises import keep_promises, note_promises
from anshin.replies.actions.refusals import WrongMacro
from anshin.replies.models import Macro, MacroUse, MacroVersion
from anshin.replies.queries.promises import open_promises
from anshin.replies.terms import Sending
from anshin.shops.actions import require
from anshin.shops.queries import calendar_of
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.cases.models import Case, Message
    from anshin.shops.models import Membership


@transaction.atomic
def use_macro(*, by: Membership, case: Case, macro_id: int, language: str = "", now: datetime) -> MacroUse:
    """The macro for this person's draft in the case, in the customer's language or the one asked for.

    Twice is once: the later language counts. Raises NotAllowed, WrongMacro.
    """
    require(by, Permission.ANSWER)
    macro = Macro.objects.filter(shop_id=by.shop_id, pk=macro_id, archived_at=None).first()
    if macro is None or case.shop_id != by.shop_id:
        raise WrongMacro
    chosen = language if language in macro.texts else rules.version_for(list(macro.texts), case.language or "ja")
    use, _created = MacroUse.objects.update_or_create(
        shop_id=by.shop_id,
        case_id=case.pk,
        by=by,
        macro=macro,
        message=None,
        defaults={"version": macro.version, "language": chosen, "at": now},
    )
    use.macro = macro
    return use


@transaction.atomic
def drop_use(*, by: Membership, use_id: int) -> None:
    """Forget that a macro was put into the person's draft. Its words stay where they are."""
    MacroUse.objects.filter(pk=use_id, by=by, message=None).delete()


def send(
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
    sending: Sending,
    now: datetime,
) -> Message:
    """`cases.reply`, with what belongs to the macros in it: their figures, and the tags and the closing that the
    writer left on. All of it or nothing. Raises as `reply`, `set_tags` and `close` do."""
    write = partial(
        reply,
        by=by,
        case_id=case_id,
        text=text,
        to=to,
        cc=cc,
        subject=subject,
        sender_mail=sender_mail,
        read_at_version=read_at_version,
        leave_at=leave_at,
        despite=sending.despite,
        now=now,
    )
    if _is_plain(by, case_id, text, sending, now):
        return write()  # one transaction, no savepoint in it
    with transaction.atomic():
        message = write()
        keep_promises(message, by=by, choices=sending.promises, now=now)
        note_promises(message, by=by, text=text, choices=sending.promises, now=now)
        _note_uses(message, by, sending.uses, text=text.replace("\r\n", "\n"), now=now)
        if sending.tags:
            set_tags(by=by, case_id=case_id, names=[*message.case.tag_names, *sending.tags], now=now)
        if sending.closes_with and message.delivery == Delivery.HELD:  # what waits for approval keeps its case open
            close(by=by, case_id=case_id, resolution=Resolution(sending.closes_with), now=now)
        elif sending.snooze_days and message.delivery == Delivery.HELD:
            snooze(by=by, case_id=case_id, until=_back_at(by, sending.snooze_days, now), now=now)
    return message


def _is_plain(by: Membership, case_id: int, text: str, sending: Sending, now: datetime) -> bool:
    """Whether nothing belongs to the reply but itself: at most one query, none where the screen said so."""
    if replace(sending, promises=None, despite="") != Sending() or promises_in(text, today=now.date()):
        return False
    if sending.promises is not None:
        return not sending.promises.kept
    return not open_promises(by.shop, case_id)


def _back_at(by: Membership, days: int, now: datetime) -> datetime:
    """The morning of the so-manieth business day from now."""
    zone = ZoneInfo(by.shop.zone)
    day = calendar_of(by.shop).closing(now, days).astimezone(zone).date()
    return datetime.combine(day, rules.MORNING, zone)


def _note_uses(message: Message, by: Membership, ids: Sequence[int], *, text: str, now: datetime) -> None:
    """Which macros this reply was written with, and whether their words were left as they are."""
    uses = MacroUse.objects.filter(pk__in=ids, case_id=message.case_id, by=by, message=None).order_by("macro_id")
    for use in uses:
        saved = MacroVersion.objects.get(macro_id=use.macro_id, number=use.version)
        use.message, use.at = message, now
        use.was_unchanged = rules.is_as_written(text, saved.content["texts"].get(use.language, ""))
        use.save(update_fields=["message", "at", "was_unchanged"])
        unchanged = F("unchanged_count") + int(use.was_unchanged)
        Macro.objects.filter(pk=use.macro_id).update(sent_count=F("sent_count") + 1, unchanged_count=unchanged)
