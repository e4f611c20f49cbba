"""Automatic answers: the customer hears at once that the message has arrived, and until when an answer comes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases.actions import Refused, answer_automatically
from anshin.cases.queries import Subject, automatic_answers_since
from anshin.cases.terms import Channel, Party
from anshin.commerce.queries import marked_address
from anshin.language.detect import guess_language
from anshin.language.mails import looks_like_mail
from anshin.plumbing.journal.actions import record
from anshin.routing import events, letters, queries, rules
from anshin.routing.actions.refusals import RuleRefused
from anshin.routing.models import AnswerText
from anshin.routing.queries.facts import own_words
from anshin.routing.terms import LANGUAGES, AnswerLetter
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.plumbing.journal.actors import Actor
    from anshin.shops.models import Membership, Shop

_ANSWERED = frozenset({Channel.EMAIL, Channel.WEB_FORM})
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def answer(shop: Shop, subject: Subject, *, by: Actor, now: datetime) -> bool:
    """Send the answer, unless a machine wrote, somebody answered before, or it would be one too many; whether it goes.

    Source: RFC 3834, sections 2 and 3.1.8 (whom not to answer, how often, Auto-Submitted).
    """
    if not may_be_answered(shop, subject, now=now):
        return False
    message, case = subject.message, subject.case
    if message is None or case.due_at is None:
        return False
    language = letters.language_for(case.language or guess_language(own_words(message)).language)
    letter = letters.filled(
        answer_texts(shop)[language],
        language,
        name=message.sender_name.strip(),
        number=case.number,
        due_at=case.due_at.astimezone(ZoneInfo(shop.zone)),
        shop=shop.name if language == "ja" else shop.name_en or shop.name,
        signature=shop.signature.strip(),
        offset_minutes=message.utc_offset_minutes,
    )
    to = Party(message.sender_name, message.sender_mail)
    try:
        answer_automatically(
            shop=shop, case_id=case.pk, by=by, to=to, subject=letter.subject, text=letter.text, now=now
        )
    except Refused:  # answered before, closed since, no mailbox
        return False
    return True


def may_be_answered(shop: Shop, subject: Subject, *, now: datetime) -> bool:
    """Whether a machine may write to whoever wrote."""
    message, case = subject.message, subject.case
    if message is None or message.is_automatic or message.sender_warnings or message.channel not in _ANSWERED:
        return False
    if now - message.at > rules.TOO_OLD_TO_ANSWER or case.due_at is None:
        return False
    mail = message.sender_mail
    if not looks_like_mail(mail) or rules.is_robot(mail) or marked_address(shop, mail):
        return False
    if automatic_answers_since(shop, since=now - _HOUR) >= rules.MOST_ANSWERS_AN_HOUR:
        return False
    customer_id = case.customer_id
    if customer_id is None:
        return True
    return automatic_answers_since(shop, since=now - _DAY, customer_id=customer_id) < rules.MOST_ANSWERS_A_DAY


def answer_texts(shop: Shop) -> dict[str, AnswerLetter]:
    """By language, the shop's own text or the one that comes with Anshin: one query."""
    own = queries.own_answers(shop)
    return {language: own.get(language) or letters.standard(language) for language in LANGUAGES}


@transaction.atomic
def set_answer_text(*, by: Membership, language: str, subject: str, text: str, now: datetime) -> None:
    """Let the shop's automatic answers say this; empty, or the text that comes with Anshin: that again.

    Raises NotAllowed, RuleRefused.
    """
    require(by, Permission.MAKE_RULES)
    if language not in LANGUAGES:
        raise RuleRefused(_("This choice does not exist. Choose again."))
    letter = AnswerLetter(" ".join(subject.split())[:200], text.replace("\r\n", "\n").strip()[:4000])
    rows = AnswerText.objects.filter(shop_id=by.shop_id, language=language)
    if not letter.text or not letter.subject or letter == letters.standard(language):
        changed = rows.delete()[0]
    else:
        try:
            letters.check(letter)
        except letters.BadText as error:
            words = _("“%(what)s” is no placeholder. Use the ones below, or write $$ for a dollar sign.")
            raise RuleRefused(words % {"what": error.what}, part=language) from error
        present = rows.first()
        changed = present is None or (present.subject, present.text) != (letter.subject, letter.text)
        AnswerText.objects.update_or_create(
            shop_id=by.shop_id, language=language, defaults={"subject": letter.subject, "text": letter.text}
        )
    if changed:
        record(events.AnswerTextSet(language=language), shop_id=by.shop_id, by=shops.actor(by), now=now)
