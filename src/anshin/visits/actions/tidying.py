"""Forgetting what is not needed any more."""

from datetime import datetime, timedelta

from django.db import transaction

from anshin.visits.models import CodeRequest, UsedHandOver, Visit

REQUESTS_KEPT = timedelta(days=7)
VISITS_KEPT = timedelta(days=30)


@transaction.atomic
def prune(*, now: datetime) -> None:
    """In all shops: old code requests, visits that ended long ago, hand-overs that could not be used again anyway."""
    CodeRequest.objects.filter(asked_at__lt=now - REQUESTS_KEPT).delete()
    Visit.objects.filter(seen_at__lt=now - VISITS_KEPT).delete()
    UsedHandOver.objects.filter(ends_at__lt=now).delete()
