"""The policy of returns: which version holds, what it says about a line, and how it reads in a language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from anshin.commerce.queries import load_details
from anshin.commerce.queries.products import products_by_skus
from anshin.plumbing.pages.keyset import Page, page_of
from anshin.plumbing.prepared import Prepared
from anshin.returns.models import Policy, PolicyShowing
from anshin.returns.rules import (
    policy_changes,
    policy_checks,
    policy_clauses,
    policy_content,
    policy_documents,
    policy_notice,
)
from anshin.returns.rules.policy_changes import Change
from anshin.returns.rules.policy_checks import Flaw
from anshin.returns.rules.policy_clauses import Article
from anshin.returns.rules.policy_content import PolicyContent
from anshin.returns.rules.policy_documents import Document
from anshin.returns.rules.policy_judging import Asked, Decision
from anshin.returns.rules.policy_judging import judge as decide
from anshin.returns.rules.policy_notice import NoticeFinding
from anshin.returns.rules.policy_sentences import sentences
from anshin.returns.rules.policy_window import day_of
from anshin.returns.terms import Clause, Judged, PolicyCheck, PolicyState, Reason, ShownPlace
from anshin.shops.queries import calendar_of

if TYPE_CHECKING:
    from anshin.commerce.models import Order, OrderLine, Shipment
    from anshin.shops.models import Shop

PAGE_SIZE = 20
_MIND = frozenset({Reason.CHANGED_MIND, Reason.ORDERED_WRONG})

_IN_FORCE = Prepared(
    lambda shop, at: Policy.objects.filter(shop_id=shop, state=PolicyState.PUBLISHED, in_force_at__lte=at).order_by(
        "-in_force_at"
    )[:1],
    shop=int,
    at=datetime,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Since when the terms stand at each of the two places; None: they do not, as far as is known."""

    cart_on: date | None = None
    final_page_on: date | None = None

    def was_complete(self, on: date) -> bool:
        """Whether somebody who ordered on this day saw them at both."""
        return all(since is not None and since <= on for since in (self.cart_on, self.final_page_on))


def policy_at(shop: Shop, at: datetime) -> Policy | None:
    """The version in force at a moment, by which an order of that moment is judged. None before the first."""
    return _IN_FORCE.first(shop=shop.pk, at=at)


def policy_by_id(shop: Shop, policy_id: int) -> Policy | None:
    """A version of this shop, in whatever state."""
    return Policy.objects.select_related("published_by__person").filter(shop=shop, pk=policy_id).first()


def policies(shop: Shop, *, cursor: str = "") -> Page[Policy]:
    """A page of versions, newest first, with who published them. Raises keyset.BadCursor."""
    rows = Policy.objects.select_related("published_by__person", "created_by__person").filter(shop=shop)
    return page_of(rows, order=("-id",), size=PAGE_SIZE, cursor=cursor)


def published_policies(shop: Shop) -> QuerySet[Policy]:
    """Versions that were published, the one that begins last first."""
    return Policy.objects.filter(shop=shop, state=PolicyState.PUBLISHED).order_by("-in_force_at")


def content_of(policy: Policy) -> PolicyContent:
    """What a version says, as values."""
    return policy_content.read(policy.content)


def as_content(values: Mapping[str, Any]) -> PolicyContent:
    """What was filled in, as values; the action does the same before it keeps it."""
    return policy_content.read(values)


def as_stored(content: PolicyContent) -> dict[str, Any]:
    """The content as a form fills itself from it."""
    return policy_content.write(content)


def label_of(policy: Policy, language: str = "ja") -> str:
    """“2026年4月1日版”; "" for a draft."""
    return sentences(language).label(policy.valid_from, policy.place) if policy.valid_from else ""


def articles_of(content: PolicyContent, language: str = "ja") -> list[Article]:
    """The policy as numbered articles."""
    return policy_clauses.articles(content, language)


def clause_of(policy: Policy, code: str, language: str = "ja") -> Clause:
    """One clause, by the code under which a decision cited it. Raises KeyError for a code of no article."""
    return policy_clauses.clause(content_of(policy), code, language)


def check_words(code: str, language: str = "ja") -> str:
    """What a PolicyCheck looked at: 期間内, 未使用 …. Raises KeyError for an unknown code."""
    return sentences(language).say("checks", code)


def shown_of(policy: Policy) -> Shown:
    """Where the terms stand, and since when: one query."""
    since = dict(PolicyShowing.objects.filter(policy=policy).values_list("where", "since_on"))
    return Shown(since.get(ShownPlace.CART), since.get(ShownPlace.FINAL_PAGE))


def showings_of(policy: Policy) -> dict[str, PolicyShowing]:
    """The rows behind `shown_of`, by place."""
    return {each.where: each for each in PolicyShowing.objects.filter(policy=policy)}


def judge(
    shop: Shop,
    *,
    order: Order,
    line: OrderLine,
    quantity: int,
    reason: str,
    condition: str,
    has_photos: bool,
    accessories_kept: bool | None,
    now: datetime,
    language: str = "ja",
) -> Judged:
    """What the version under which the order was sold says about sending back `quantity` of a line at `now`.

    `accessories_kept` None: nobody asked yet. `language`: of the clause and the details. Up to 6 queries: version,
    where it was shown, parcels, product, and the shop's calendar where the end of a period can move.
    """
    policy = policy_at(shop, order.ordered_at)
    content = content_of(policy) if policy else None
    zone = ZoneInfo(shop.zone)
    ordered_on = day_of(order.ordered_at, zone)
    shipped_on, delivered_on = days_of_parcels(order.shipments.all(), zone)
    asked = Asked(
        reason=reason,
        condition=condition,
        ordered_on=ordered_on,
        asked_on=day_of(now, zone),
        shipped_on=shipped_on,
        delivered_on=delivered_on,
        sku=line.sku,
        tags=tuple(line.product.tags) if line.product else (),
        channel=order.channel,
        amount_yen=quantity * line.unit_price_yen,
        is_gift=order.is_gift,
        has_photos=has_photos,
        accessories_kept=accessories_kept if line.product is None or line.product.accessories else True,
        was_shown=policy is not None and (reason not in _MIND or shown_of(policy).was_complete(ordered_on)),
    )
    moves = content is not None and content.moves_on_holiday
    decision = decide(content, asked, is_closed=closed_days(shop) if moves else None)
    return _judged(policy, content, decision, language)


def closed_days(shop: Shop) -> Callable[[date], bool]:
    """Whether the shop is closed on a day: two queries, however many days are looked at."""
    calendar = calendar_of(shop)
    return lambda day: calendar.is_holiday(day) or (bool(calendar.hours) and day.weekday() not in calendar.hours)


def _judged(policy: Policy | None, content: PolicyContent | None, decision: Decision, language: str) -> Judged:
    return Judged(
        verdict=decision.verdict,
        payer=decision.payer,
        clause=policy_clauses.clause(content, decision.clause, language),
        policy_id=policy.pk if policy else None,
        policy_label=label_of(policy, language) if policy else "",
        checks=checks_in_words(decision, language),
        until=decision.until,
        is_by_law=decision.is_by_law,
        needs_photos=decision.needs_photos,
        fee_yen=decision.fee_yen,
    )


def checks_in_words(decision: Decision, language: str = "ja") -> tuple[PolicyCheck, ...]:
    """The conditions that were looked at, each with its detail in a language."""
    say = sentences(language)
    return tuple(
        PolicyCheck(
            code=each.code,
            ok=each.ok,
            detail=say.say("details", each.detail, date=say.day(each.value) if each.value else "")
            if each.detail
            else "",
        )
        for each in decision.findings
    )


def days_of_parcels(parcels: Iterable[Shipment], zone: ZoneInfo) -> tuple[date | None, date | None]:
    """When the last parcel left and arrived; None while any of them has not, for the line may be in that one."""
    known = [(each.shipped_at, each.delivered_at) for each in parcels]
    return _last_day([shipped for shipped, _at in known], zone), _last_day([at for _shipped, at in known], zone)


def _last_day(moments: Sequence[datetime | None], zone: ZoneInfo) -> date | None:
    known = [moment for moment in moments if moment is not None]
    return day_of(max(known), zone) if known and len(known) == len(moments) else None


def flaws_of(content: PolicyContent, shown: Shown) -> list[Flaw]:
    """What is wrong with a version, as far as the program can see."""
    return policy_checks.flaws(
        content, is_in_cart=shown.cart_on is not None, is_on_final_page=shown.final_page_on is not None
    )


def document_of(content: PolicyContent, kind: str, *, label: str, language: str = "ja") -> Document:
    """One of the texts that tell customers of the policy. Raises KeyError for an unknown kind."""
    return policy_documents.document(content, kind, label=label, language=language)


def look_through(text: str) -> list[NoticeFinding]:
    """What a page of the law, as a shop shows it now, says about returns and what it lacks."""
    return policy_notice.look_through(text)


def changes_between(before: PolicyContent, after: PolicyContent, language: str = "ja") -> list[Change]:
    """What differs between two versions, clause by clause."""
    return policy_changes.changes(before, after, language)


def order_summary(shop: Shop, order: Order, language: str = "ja") -> tuple[str, str]:
    """The lines about returns for the confirmation of an order, stricter terms of its goods first, and the version's
    name. Both "" where no policy was in force. Two queries: version and lines with products.
    """
    lines = list(load_details(order, "lines").lines.all())
    tags = {tag for line in lines if line.product for tag in line.product.tags}
    return _summary(policy_at(shop, order.ordered_at), tags, {line.sku for line in lines if line.sku}, language)


def basket_summary(shop: Shop, skus: Collection[str], *, at: datetime, language: str = "ja") -> tuple[str, str]:
    """The same for goods that somebody is about to order, by the version in force at a moment: two queries."""
    tags = {tag for product in products_by_skus(shop, skus) for tag in product.tags}
    return _summary(policy_at(shop, at), tags, set(skus), language)


def _summary(policy: Policy | None, tags: Collection[str], skus: Collection[str], language: str) -> tuple[str, str]:
    if policy is None:
        return "", ""
    label = label_of(policy, language)
    content = content_of(policy)
    return policy_documents.order_summary(content, label=label, tags=tags, skus=skus, language=language), label
