"""The address at which Stripe posts its notices: proved, kept, and only then answered."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anshin.commerce.actions import keep_notice
from anshin.commerce.queries import account_of_notices
from anshin.commerce.terms import PaymentProvider
from anshin.connectors.payments.notices import NotProved, proved
from anshin.plumbing import clock, secrets

log = logging.getLogger(__name__)
LARGEST_NOTICE_BYTES = 256 * 1024


@csrf_exempt
@require_POST
def stripe_notice(request: HttpRequest, shop: str) -> HttpResponse:
    """200 once a notice is kept, or was before; 400 for whatever is not Stripe's, also of shops that do not exist.

    503 where we could not keep it or could not read our own secret: Stripe then comes again for three days, and a
    notice about money is not lost over a mistake of ours. Source: docs.stripe.com/webhooks, “Event delivery behaviors”.
    """
    body = request.read(LARGEST_NOTICE_BYTES + 1)
    if len(body) > LARGEST_NOTICE_BYTES:
        return HttpResponse(status=413)
    now = clock.now()
    try:
        account = account_of_notices(shop, PaymentProvider.STRIPE)
        secret = secrets.unseal(account.notice_secret_sealed) if account else ""
        number = proved(secret, request.headers.get("Stripe-Signature", ""), body, now=now)
        if account is not None:
            keep_notice(shop_id=account.shop_id, provider=PaymentProvider.STRIPE, number=number, body=body, now=now)
    except NotProved as reason:
        log.info("A notice at Stripe’s address was not proved: %s", reason)
        return HttpResponse(status=400)
    except (DatabaseError, secrets.Unreadable) as trouble:
        log.warning("A notice of Stripe’s could not be kept: %s", trouble)
        return HttpResponse(status=503)
    return HttpResponse(status=200)
