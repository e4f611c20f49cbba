"""Forgetting what is not needed any more."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from anshin.plumbing.files.removal import let_go
from anshin.visits.models import CodeRequest, DraftPhoto, ReturnDraft, UsedHandOver, Visit
from anshin.visits.terms import DRAFT_KEPT

REQUESTS_KEPT = timedelta(days=7)
VISITS_KEPT = timedelta(days=30)


@transaction.atomic
def prune(*, now: datetime) -> None:
    """In all shops: old code requests, ended visits, drafts, and hand-overs that could not be used again anyway."""
    CodeRequest.objects.filter(asked_at__lt=now - REQUESTS_KEPT).delete()
    Visit.objects.filter(seen_at__lt=now - VISITS_KEPT).delete()
    UsedHandOver.objects.filter(ends_at__lt=now).delete()
    _forget_drafts(ReturnDraft.objects.filter(changed_at__lt=now - DRAFT_KEPT), now)


@transaction.atomic
def forget_drafts_of(*, shop_id: int, customer_id: int, now: datetime) -> None:
    """A customer was erased: what they had begun to fill in goes, and their visits end."""
    _forget_drafts(ReturnDraft.objects.filter(shop_id=shop_id, customer_id=customer_id), now)
    Visit.objects.filter(shop_id=shop_id, customer_id=customer_id).delete()


def _forget_drafts(drafts: QuerySet[ReturnDraft], now: datetime) -> None:
    photos = DraftPhoto.objects.filter(draft__in=drafts)
    by_shop: dict[int, list[int]] = {}
    for shop_id, blob_id in photos.values_list("shop_id", "blob_id"):
        by_shop.setdefault(shop_id, []).append(blob_id)
    drafts.delete()
    for shop_id, blob_ids in by_shop.items():
        let_go(blob_ids, shop_id=shop_id, now=now)
