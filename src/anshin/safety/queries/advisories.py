"""Advisories for those who may know of them, the content of each, and which are to be released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from anshin.plumbing.jobs.holding import open_holds
from anshin.plumbing.pages.keyset import Page, page_of
from anshin.safety.models import (
    Advisory,
    AdvisoryWording,
    AffectedProduct,
    Edition,
    Insider,
    Look,
    Preparation,
    ProductMatch,
    SealedFact,
)
from anshin.safety.rules import content
from anshin.safety.terms import (
    AdvisoryState,
    Affected,
    Content,
    Facts,
    HazardClass,
    HazardType,
    MatchState,
    RemedyKind,
    Severity,
    Words,
)

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

PAGE = 50


@dataclass(frozen=True, slots=True)
class Approval:
    """What stands in the way of a release, in the order in which it is done. All empty: it may be approved."""

    has_time: bool
    has_source: bool
    has_products: bool
    open_matches: int
    has_lead_words: bool
    unwritten: tuple[str, ...]  # languages without words for the present facts; these do not stand in the way

    @property
    def is_ready(self) -> bool:
        """Whether a second person may approve."""
        return self.has_time and self.has_source and self.has_products and not self.open_matches and self.has_lead_words


def advisories(by: Membership) -> QuerySet[Advisory]:
    """Those of the shop that this member of staff may know of: what was made public, and what names them."""
    named = Insider.objects.filter(advisory=OuterRef("pk"), membership=by, removed_at=None)
    return Advisory.objects.filter(Q(number__isnull=False) | Exists(named), shop_id=by.shop_id)


def sealed_page(by: Membership, *, cursor: str = "") -> Page[Advisory]:
    """The advisories that `by` may know of, newest first. Raises BadCursor."""
    found = advisories(by).select_related("author__person", "approved_by__person")
    return page_of(found, order=("-id",), size=PAGE, cursor=cursor)


def advisory_by_key(by: Membership, key: str) -> Advisory | None:
    """The advisory behind an address of the desk; None for one that does not exist, or not for this person."""
    return advisories(by).select_related("shop", "author__person", "approved_by__person").filter(key=key).first()


def find_public(shop: Shop, number: int) -> Advisory | None:
    """An advisory that was made public."""
    return Advisory.objects.filter(shop=shop, number=number).first()


def is_insider(by: Membership, advisory_id: int) -> bool:
    """Whether the advisory names this member of staff."""
    return Insider.objects.filter(shop_id=by.shop_id, advisory_id=advisory_id, membership=by, removed_at=None).exists()


def insiders_of(advisory: Advisory) -> list[Insider]:
    """Those for whom it exists, in the order in which they were named."""
    found = advisory.insiders.filter(removed_at=None).select_related("membership__person")
    return list(found.order_by("named_at", "pk"))


def looks_of(advisory: Advisory, *, cursor: str = "") -> Page[Look]:
    """Who looked at what, newest first. Raises BadCursor."""
    found = advisory.looks.select_related("membership__person")
    return page_of(found, order=("-id",), size=PAGE, cursor=cursor)


def sealed_facts_of(advisory: Advisory, *, cursor: str = "") -> Page[SealedFact]:
    """What was done to it under the seal, newest first. Raises BadCursor."""
    return page_of(advisory.facts.select_related("by__person"), order=("-id",), size=PAGE, cursor=cursor)


def last_looks(advisory: Advisory) -> dict[int, datetime]:
    """Membership to when they last looked at anything of it under the seal."""
    found = Look.objects.filter(advisory=advisory).values_list("membership_id").annotate(last=Max("at"))
    return dict(found.values_list("membership_id", "last"))


def wordings_of(advisory: Advisory) -> dict[str, AdvisoryWording]:
    """Language to its words, stale or not."""
    found = AdvisoryWording.objects.filter(advisory=advisory).select_related("written_by__person")
    return {each.language: each for each in found}


def waiting_for(by: Membership) -> QuerySet[Advisory]:
    """Sealed ones that name `by`, were written by another, lack nothing and were not sent back: theirs to approve.

    Whether `by` may approve at all is not asked here.
    """
    named = Insider.objects.filter(advisory=OuterRef("pk"), membership=by, removed_at=None)
    products = AffectedProduct.objects.filter(advisory=OuterRef("pk"))
    undecided = ProductMatch.objects.filter(affected__advisory=OuterRef("pk"), state=MatchState.PROPOSED)
    words = AdvisoryWording.objects.filter(
        advisory=OuterRef("pk"), language=OuterRef("lead_language"), version=OuterRef("facts_version")
    )
    return (
        Advisory.objects.filter(
            Exists(named),
            Exists(products),
            ~Exists(undecided),
            Exists(words),
            shop_id=by.shop_id,
            state=AdvisoryState.DRAFT,
            publish_at__isnull=False,
            source_read_on__isnull=False,
            sent_back_words="",
        )
        .exclude(author=by)
        .exclude(agency="")
        .exclude(source_url="")
    )


def preparations_of(advisory: Advisory) -> list[Preparation]:
    """What is to be done before the publication, in order."""
    return list(advisory.preparations.select_related("done_by__person").order_by("position"))


def facts_of(advisory: Advisory) -> Facts:
    """The facts as they stand now, approved or not."""
    return Facts(
        title=advisory.title,
        hazard_class=HazardClass(advisory.hazard_class),
        hazard_type=HazardType(advisory.hazard_type),
        severity=Severity(advisory.severity),
        agency=advisory.agency,
        source_url=advisory.source_url,
        source_read_on=advisory.source_read_on,
        products=tuple(_affected(each) for each in advisory.products.order_by("position")),
        stop_using=advisory.stop_using,
        must_come_back=advisory.must_come_back,
        remedy=RemedyKind(advisory.remedy),
        contact_name=advisory.contact_name,
        contact_phone=advisory.contact_phone,
        contact_mail=advisory.contact_mail,
        contact_hours=advisory.contact_hours,
        publish_at=advisory.publish_at,
        publish_zone=advisory.publish_zone,
        lead_language=advisory.lead_language,
        picture=advisory.picture_id,
    )


def working_content(advisory: Advisory) -> Content:
    """Facts and words as they stand now; words for older facts are left out, except those of the lead language."""
    written = AdvisoryWording.objects.filter(advisory=advisory)
    words = {
        each.language: Words(
            product=each.product,
            heading=each.heading,
            hazard=each.hazard,
            what_to_do=each.what_to_do,
            affected=each.affected,
            remedy=each.remedy,
        )
        for each in written
        if each.version == advisory.facts_version or each.language == advisory.lead_language
    }
    return Content(advisory.facts_version, facts_of(advisory), words)


def live_content(advisory: Advisory) -> Content | None:
    """What is public now: the newest live edition. None while sealed, or after a withdrawal."""
    if advisory.state not in {AdvisoryState.RELEASED, AdvisoryState.CLOSED}:
        return None
    return last_content(advisory)


def last_content(advisory: Advisory) -> Content | None:
    """What is public, or was last before a withdrawal. None for what never was."""
    found = Edition.objects.filter(advisory=advisory, live_at__isnull=False).order_by("-id").first()
    return content.from_json(found.content) if found else None


def live_version(advisory: Advisory) -> int:
    """Version of the facts that are public, or were last before a withdrawal; 0 for what never was."""
    found = Edition.objects.filter(advisory=advisory, live_at__isnull=False).order_by("-id")
    return found.values_list("version", flat=True).first() or 0


def standing_in_the_way(advisory: Advisory) -> Approval:
    """What is missing before a second person may approve: three queries."""
    products = list(AffectedProduct.objects.filter(advisory=advisory).prefetch_related("matches"))
    written = dict(AdvisoryWording.objects.filter(advisory=advisory).values_list("language", "version"))
    unwritten = content.unwritten(written, version=advisory.facts_version)
    return Approval(
        has_time=advisory.publish_at is not None,
        has_source=bool(advisory.agency and advisory.source_url and advisory.source_read_on),
        has_products=bool(products),
        open_matches=sum(match.is_open for product in products for match in product.matches.all()),
        has_lead_words=advisory.lead_language not in unwritten,
        unwritten=unwritten,
    )


def to_release(now: datetime) -> list[int]:
    """Ids of approved advisories whose time has come, of all shops, the earliest first; without those that may have
    been released already (`may_be_public`)."""
    found = Advisory.objects.filter(state=AdvisoryState.APPROVED, publish_at__lte=now)
    for shop_id, restored_at in open_holds().items():
        found = found.exclude(shop_id=shop_id, publish_at__lte=restored_at)
    return list(found.order_by("publish_at", "pk").values_list("pk", flat=True))


def may_be_public(advisory: Advisory) -> bool:
    """Whether its time came between a backup and its restore, so that it may have been released and told already: then
    the clockwork leaves it until the shop goes on, and its insiders look."""
    restored_at = open_holds().get(advisory.shop_id)
    if restored_at is None or advisory.publish_at is None:
        return False
    return advisory.state == AdvisoryState.APPROVED and advisory.publish_at <= restored_at


def next_release_at() -> datetime | None:
    """When the next approved advisory of any shop is due; for the clockwork only."""
    found = Advisory.objects.filter(state=AdvisoryState.APPROVED).order_by("publish_at")
    return found.values_list("publish_at", flat=True).first()


def _affected(product: AffectedProduct) -> Affected:
    return Affected(
        name=product.name,
        gtin=product.gtin,
        sku=product.sku,
        model_number=product.model_number,
        lots=tuple((start, end) for start, end in product.lots),
        sold_from=product.sold_from,
        sold_to=product.sold_to,
    )
