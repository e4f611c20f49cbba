"""The lines about returns for the shop's own order confirmation and thank-you page, asked for by the shop's server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from anshin.portal.pages import Page, outside
from anshin.visits.actions import NotHandedOver, tell_terms
from anshin.visits.terms import HandOverFault

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase


@require_GET
@outside
def order_terms(page: Page) -> HttpResponseBase:
    """Text and version as JSON; without a token that the shop's key signed only a code for what is wrong with it."""
    try:
        told = tell_terms(shop=page.shop, token=page.request.GET.get("token", ""), language=page.language, now=page.now)
    except NotHandedOver as refusal:
        is_missing = refusal.why == HandOverFault.UNKNOWN
        return JsonResponse({"error": refusal.why}, status=404 if is_missing else 403)
    return JsonResponse({"language": page.language, "policy": told.policy, "text": told.text})
