"""The door at which sending services report what became of a mail: 200 when settled, 404 for whoever proves nothing."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anshin.channels.email.posts.signing import NotProved, Posted
from anshin.channels.email.sending.reports import take_report
from anshin.channels.email.terms import MailTrouble
from anshin.plumbing import clock
from anshin.plumbing.files.store import StorageTrouble
from anshin.plumbing.web.client import Unreachable

log = logging.getLogger(__name__)

LARGEST_REPORT_BYTES = 2 * 1024 * 1024
"""SendGrid puts up to a thousand events into one report."""


@csrf_exempt
@require_POST
def report(request: HttpRequest, token: str) -> HttpResponse:
    """The door itself."""
    body = request.read(LARGEST_REPORT_BYTES + 1)
    if len(body) > LARGEST_REPORT_BYTES:
        return HttpResponse(status=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        take_report(token=token, posted=Posted(headers, body), now=clock.now())
    except NotProved as reason:
        log.info("A report of a sending service was not proved: %s", reason)
        return HttpResponse(status=404)
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    except (DatabaseError, MailTrouble, StorageTrouble, Unreachable, OSError) as trouble:
        log.warning("A report of a sending service could not be kept: %s", trouble)
        return HttpResponse(status=503)
    return HttpResponse(status=200)
