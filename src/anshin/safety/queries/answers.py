"""What a buyer's page shows, and what buyers answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from anshin.returns.terms import Approval
from anshin.safety.models import Acknowledgement, Advisory, SafetyMail
from anshin.safety.queries.addressees import addressee_of
from anshin.safety.queries.advisories import live_content
from anshin.safety.terms import Answer, Content, MailRound

if TYPE_CHECKING:
    from anshin.shops.models import Shop


@dataclass(frozen=True, slots=True)
class BuyerPage:
    """One buyer's view of a public advisory: what it says now, and what they said last. None: withdrawn meanwhile."""

    number: str
    language: str
    content: Content | None
    last: Answer | None


@dataclass(frozen=True, slots=True)
class Remedies:
    """Returns that were opened under the remedy, and those of them whose buyer has it."""

    opened: int
    done: int


def buyer_page(shop: Shop, token: str) -> BuyerPage | None:
    """The page behind the word in a mail or letter; None for a made-up word or another shop's."""
    whose = addressee_of(shop, token)
    if whose is None:
        return None
    said = Acknowledgement.objects.filter(notice__in=whose.notices.order_by()).order_by("-id")
    last = said.values_list("answer", flat=True).first()
    content = live_content(whose.advisory)
    return BuyerPage(str(whose.advisory), whose.language, content, Answer(last) if last else None)


def answered_among(mails: Sequence[SafetyMail]) -> set[str]:
    """Folded addresses, among those of these mails of one advisory, from which an answer came. One query."""
    if not mails:
        return set()
    first = SafetyMail.objects.filter(advisory_id=mails[0].advisory_id, round=MailRound.FIRST, turn=0)
    first = first.filter(address_key__in=[mail.address_key for mail in mails])
    return set(
        first.filter(Exists(Acknowledgement.objects.filter(notice__mail=OuterRef("pk")))).values_list(
            "address_key", flat=True
        )
    )


def remedies_of(advisory: Advisory) -> Remedies:
    """One query."""
    asked = Acknowledgement.objects.filter(notice__advisory=advisory, remedy_return__isnull=False)
    done = Q(remedy_return__closed_at__isnull=False, remedy_return__approval=Approval.APPROVED)
    found = asked.aggregate(
        opened=Count("remedy_return", distinct=True), done=Count("remedy_return", distinct=True, filter=done)
    )
    return Remedies(found["opened"], found["done"])


def answer_counts(advisory: Advisory) -> dict[Answer, int]:
    """How many notices have which newest answer: one query."""
    later = Acknowledgement.objects.filter(notice=OuterRef("notice"), pk__gt=OuterRef("pk"))
    newest = Acknowledgement.objects.filter(~Exists(later), notice__advisory=advisory).order_by()
    return {Answer(said): count for said, count in newest.values_list("answer").annotate(count=Count("pk"))}
