"""What a message's entry says of how its original was read: why it is held, what was odd, as what it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from anshin.cases.terms import HELD_BECAUSE, ONLY_BEGINNING, Channel, Charset, Direction, Remark
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from anshin.cases.models import Message
    from anshin.shops.models import Membership

_URGENT = {Remark.UNPACKS_ENORMOUSLY, Remark.ARCHIVES_INSIDE}


def original_parts(by: Membership, message: Message, *, is_held: bool) -> dict[str, Any]:
    """`held`, `remarks` and `garbled` of a message's entry, as staff/_timeline.html says; {} for an ordinary one."""
    if message.direction != Direction.IN or message.channel != Channel.EMAIL or message.raw_blob_id is None:
        return {}
    found = [(Remark(code), about) for code, about in message.remarks if code in Remark.values]
    why = [remark for remark, _about in found if remark in HELD_BECAUSE] if is_held else []
    rest = [(remark, about) for remark, about in found if remark not in why]
    is_whole = not ONLY_BEGINNING.intersection(remark for remark, _about in found)
    can_act = may(by, Permission.TRIAGE) and is_whole
    parts: dict[str, Any] = {"remarks": [_remark(remark, about) for remark, about in rest]}
    if why:
        again = address("message_again", by.shop.slug, message.pk) if can_act else ""
        parts["held"] = {"words": " ".join(str(remark.label) for remark in why), "again_url": again}
    if can_act:
        parts["garbled"] = {
            "url": address("message_read_as", by.shop.slug, message.pk),
            "words": _reading_words(message),
            "used": message.charset if message.charset_reason == "chosen" else "",
        }
    return parts


def charset_words(charset: str) -> str:
    """The character code in words; an unusual one by its name."""
    return str(Charset(charset).label) if charset in Charset.values else charset.upper()


def _remark(remark: Remark, about: str) -> dict[str, Any]:
    words = str(remark.label)
    return {"words": words % {"about": about} if about else words, "is_urgent": remark in _URGENT}


def _reading_words(message: Message) -> str:
    values = {"charset": charset_words(message.charset)}
    return {
        "guessed": _("Character code guessed: %(charset)s") % values,
        "hinted": _("Character code guessed: %(charset)s") % values,
        "damaged": _("Some characters cannot be read (%(charset)s)") % values,
        "chosen": _("Read as %(charset)s") % values,
    }.get(message.charset_reason, "")
