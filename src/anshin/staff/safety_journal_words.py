"""What the safety room's facts mean: for the journal's page once they are public, for the insiders before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anshin.commerce.terms import BounceKind
from anshin.plumbing.pages import dates
from anshin.safety.terms import (
    Answer,
    AsideReason,
    MailRound,
    MatchState,
    Origin,
    Outcome,
    Recipient,
    SignKind,
    WarningState,
)

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]
_REASONS: dict[str, Words] = {
    "facts": _("Facts were changed"),
    "words": _("Words were changed"),
    "time": _("The publication time was moved to an earlier one"),
    "products": _("The products that are meant were changed"),
    "sent_back": _("The second person sent it back"),
}
TELL_LISTS: dict[str, Words] = {
    "phone": _("To call"),
    "letter": _("To write to"),
    "none": _("No way known"),
    "told": pgettext_lazy("tell list", "Told"),
}
"""Lists of those whom no mail reaches, by the name in their address."""
LANGUAGE_NAMES = {"ja": "日本語", "en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "ko": "한국어"}


def _plain(value: Any) -> Words:
    return str(value)


def _number(value: Any) -> Words:
    return f"S-{int(value):04}"


def _origin(value: Any) -> Words:
    return Origin(value).label if value in Origin.values else str(value)


def _answer(value: Any) -> Words:
    return Answer(value).label if value in Answer.values else str(value)


def _outcome(value: Any) -> Words:
    return Outcome(value).label if value in Outcome.values else str(value)


def _list(value: Any) -> Words:
    return TELL_LISTS.get(str(value), str(value))


def _recipient(value: Any) -> Words:
    return Recipient(value).label if value in Recipient.values else str(value)


def _bounce(value: Any) -> Words:
    return BounceKind(value).label if value in BounceKind.values else str(value)


def _round(value: Any) -> Words:
    return MailRound(value).label if value in MailRound.values else str(value)


def _reason(value: Any) -> Words:
    return _REASONS.get(str(value), str(value))


def _language(value: Any) -> Words:
    return LANGUAGE_NAMES.get(str(value), str(value))


def _moment(value: Any) -> Words:
    at = datetime.fromisoformat(value)
    return dates.exactly(at.astimezone(timezone.get_current_timezone()), language=get_language() or "ja")


def _match(value: Any) -> Words:
    return MatchState(value).label if value in MatchState.values else str(value)


def _aside(value: Any) -> Words:
    return AsideReason(value).label if value in AsideReason.values else str(value)


def _sign(value: Any) -> Words:
    return SignKind(value).label if value in SignKind.values else str(value)


def _warning(value: Any) -> Words:
    return WarningState(value).label if value in WarningState.values else str(value)


def _yes_no(value: Any) -> Words:
    return _("Yes") if value else _("No")


SAFETY_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "advisory.drafted": (_("Began a product-safety notice"), (("origin", "", _origin),)),
    "advisory.facts_changed": (_("Changed facts of a product-safety notice"), (("version", _("Version"), _plain),)),
    "advisory.worded": (_("Wrote the words of a product-safety notice"), (("language", "", _language),)),
    "advisory.named": (
        _("Changed who may see a sealed product-safety notice"),
        (("is_named", _("May see it"), _yes_no),),
    ),
    "advisory.wide_confirmed": (
        _("Confirmed again that half of the catalogue is meant"),
        (("products", _("Products"), _plain),),
    ),
    "advisory.matched": (_("Said which product a safety notice is about"), (("state", "", _match),)),
    "advisory.approved": (_("Approved a product-safety notice"), (("version", _("Version"), _plain),)),
    "advisory.approval_withdrawn": (
        _("The approval of a product-safety notice is void"),
        (("reason", "", _reason),),
    ),
    "advisory.time_moved": (
        _("Moved the publication time of a product-safety notice"),
        (("former", _("Former time"), _moment), ("publish_at", _("New time"), _moment)),
    ),
    "advisory.released": (
        _("A product-safety notice was made public"),
        (("number", "", _number), ("late_seconds", _("Seconds late"), _plain)),
    ),
    "advisory.corrected": (_("A product-safety notice was corrected"), (("number", "", _number),)),
    "advisory.withdrawn": (
        _("A product-safety notice was withdrawn"),
        (("was_public", _("Was public"), _yes_no),),
    ),
    "advisory.closed": (_("A product-safety notice was closed"), (("number", "", _number),)),
    "advisory.rehearsed": (
        _("Sent a mail of a product-safety notice to themselves"),
        (("language", "", _language), ("recipient", "", _recipient), ("round", "", _round)),
    ),
    "advisory.mail_bounced": (
        _("A mail of a product-safety notice came back"),
        (("number", "", _number), ("kind", "", _bounce)),
    ),
    "advisory.reopened": (_("A closed product-safety notice was opened again"), (("number", "", _number),)),
    "advisory.reminders_set": (
        _("Set how often buyers are reminded of a product-safety notice"),
        (("every_days", _("Every so many days"), _plain), ("most", _("At most so often"), _plain)),
    ),
    "advisory.reminded": (
        _("Buyers were reminded of a product-safety notice"),
        (("number", "", _number), ("turn", _("Turn"), _plain), ("mails", _("Mails"), _plain)),
    ),
    "advisory.answered": (
        _("A buyer answered a product-safety notice"),
        (("number", "", _number), ("answer", "", _answer)),
    ),
    "advisory.approached": (
        _("Called or wrote to a buyer about a product-safety notice"),
        (("number", "", _number), ("outcome", "", _outcome)),
    ),
    "advisory.letters_printed": (
        _("Printed letters of a product-safety notice"),
        (("number", "", _number), ("bundle", _("Bundle"), _plain), ("letters", _("Letters"), _plain)),
    ),
    "advisory.letters_posted": (
        _("Posted letters of a product-safety notice"),
        (("number", "", _number), ("bundle", _("Bundle"), _plain), ("letters", _("Letters"), _plain)),
    ),
    "advisory.tell_list_taken": (
        _("Took out a list of buyers to be told of a product-safety notice"),
        (("number", "", _number), ("which", "", _list)),
    ),
    "advisory.scrap_estimated": (
        _("Estimated how many affected items are thrown away"),
        (("number", "", _number), ("items", _("Items"), _plain)),
    ),
    "advisory.sign_seen": (_("A sign of an accident was seen"), (("kind", "", _sign),)),
    "advisory.warning_decided": (_("Judged an early warning"), (("state", "", _warning),)),
    "feed.added": (_("Added a publisher’s list"), (("feed", "", _plain),)),
    "feed.changed": (_("Changed how a publisher’s list is read"), (("feed", "", _plain),)),
    "feed.switched": (
        _("Switched a publisher’s list on or off"),
        (("feed", "", _plain), ("is_on", _("Is read"), _yes_no)),
    ),
    "feed.item_put_aside": (
        _("Put an entry of a publisher’s list aside"),
        (("source", "", _plain), ("reason", "", _aside)),
    ),
    "feed.item_taken_up": (_("Took up an entry of a publisher’s list again"), (("source", "", _plain),)),
}
