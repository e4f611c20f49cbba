"""The mails as buyers would get them, before anything is released: looked at in a gallery, or sent to oneself.

A job row would tell of a sealed advisory, so that the mail to oneself leaves at once, after its line in the record.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.safety import events, letters
from anshin.safety.actions.keeping import locked, note
from anshin.safety.actions.mail_facts import picture_of, purchase
from anshin.safety.actions.refusals import NothingToRehearse, RehearsalNotSent, RehearsalReachesTheDesk
from anshin.safety.models import Advisory, Look
from anshin.safety.ports import SafetyLetter, safety_post
from anshin.safety.queries import Example, example_of, last_content, rehearsal_key, working_content
from anshin.safety.terms import LANGUAGES, AdvisoryState, LookedAt, MailRound, Recipient
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.safety.terms import Content
    from anshin.shops.models import Membership


@dataclass(frozen=True, slots=True)
class Sample:
    """Which mail is looked at: to whom, in which language, of which round."""

    language: str
    recipient: Recipient
    which: MailRound


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The finished mail of a sample. `is_made_up`: there is no such buyer, so the order in it is invented."""

    letter: SafetyLetter
    is_made_up: bool
    stands_in: bool  # the words of the lead language stand in


@transaction.atomic
def rehearse(*, by: Membership, advisory_id: int, sample: Sample, link: str, now: datetime) -> Rehearsed:
    """The mail as a buyer of that kind would get it now; `link` stands where each buyer's own link will.

    Raises NotAllowed, UnknownAdvisory, NothingToRehearse (the words of the lead language are missing).
    """
    advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
    if advisory.number is None:
        Look.objects.create(shop_id=advisory.shop_id, advisory=advisory, membership=by, what=LookedAt.MAILS, at=now)
    return _rehearsed(advisory, sample, link, now)


def send_to_myself(*, by: Membership, advisory_id: int, sample: Sample, link: str, now: datetime) -> str:
    """Send the mail of the sample to the address with which `by` signs in, marked as a rehearsal; where it went.

    That somebody did so is written down before it leaves. Raises NotAllowed, UnknownAdvisory, NothingToRehearse,
    RehearsalReachesTheDesk (that address is a mailbox of the shop), RehearsalNotSent.
    """
    to = by.person.email
    if safety_post.get().arrives_here(by.shop_id, to):
        raise RehearsalReachesTheDesk
    with transaction.atomic():
        advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
        letter = _marked(_rehearsed(advisory, sample, link, now).letter, advisory, to=to, name=by.person.name)
        fact = events.AdvisoryRehearsed(
            advisory_id=advisory.pk,
            language=sample.language,
            recipient=str(sample.recipient),
            round=str(sample.which),
        )
        note(advisory, fact, by=by, now=now)
    for handed in safety_post.get().send(by.shop_id, [letter], handing_over=lambda _letters: {letter.mail_id}):
        if handed.is_taken or handed.is_unsure:
            return to
        raise RehearsalNotSent(handed.words)
    raise RehearsalNotSent("")


def _rehearsed(advisory: Advisory, sample: Sample, link: str, now: datetime) -> Rehearsed:
    content = _content(advisory)
    if sample.language not in LANGUAGES or content.facts.lead_language not in content.words:
        raise NothingToRehearse
    example = example_of(advisory, sample.language, sample.recipient)
    facts = _facts(advisory, content, sample, example, link=link, now=now)
    return Rehearsed(letters.safety_letter(facts), example is None, sample.language not in content.words)


def _content(advisory: Advisory) -> Content:
    """What is being written; of what has ended, what was public last."""
    if advisory.state in {AdvisoryState.WITHDRAWN, AdvisoryState.CLOSED}:
        return last_content(advisory) or working_content(advisory)
    return working_content(advisory)


def _facts(
    advisory: Advisory, content: Content, sample: Sample, example: Example | None, *, link: str, now: datetime
) -> letters.MailFacts:
    shop = advisory.shop
    made_up = letters.Purchase(
        now.astimezone(ZoneInfo(shop.zone)).date(), shop.name, "0000", 1, sample.recipient == Recipient.GIFT
    )
    return letters.MailFacts(
        mail_id=0,
        round=sample.which,
        to=example.address if example else "",
        name=example.name if example else "",
        shop=shop.name,
        language=sample.language,
        content=content,
        purchases=tuple(purchase(each, shop) for each in example.bought) if example else (made_up,),
        link=link,
        message_id=f"<{rehearsal_key(secrets.token_hex(8), shop.contact_mail)}>",
        **picture_of(content),
    )


def _marked(letter: SafetyLetter, advisory: Advisory, *, to: str, name: str) -> SafetyLetter:
    """The same mail with a first line and a subject that nobody takes for the real one."""
    if advisory.number is None:
        mark, line = _("[Rehearsal, not public]"), _("Rehearsal. No buyer has got this mail. Do not pass it on.")
    else:
        mark, line = _("[Rehearsal]"), _("Rehearsal. This mail went to you alone.")
    return replace(
        letter,
        to=to,
        name=name,
        reply_to=to,
        subject=f"{mark} {letter.subject}",
        text=f"{line}\n\n{letter.text}",
        html=letter.html.replace("<body>\n", f"<body>\n<p><strong>{escape(line)}</strong></p>\n", 1),
    )
