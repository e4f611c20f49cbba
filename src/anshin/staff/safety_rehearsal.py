"""The rehearsal of a product-safety notice: each mail as a buyer would get it, the page notice beside it.

One of them can be sent to oneself.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from anshin.plumbing import clock
from anshin.safety import actions, queries
from anshin.safety.terms import LANGUAGES, MailRound, Recipient
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.safety import SECTION
from anshin.staff.safety_page import page_notice
from anshin.staff.safety_posts import found
from anshin.staff.safety_words import language_name, name_of, state_tag

if TYPE_CHECKING:
    from anshin.safety.actions import Rehearsed, Sample
    from anshin.safety.models import Advisory
    from anshin.shops.models import Membership


@never_cache
@require_http_methods(["GET", "POST"])
@desk(Permission.PREPARE_SAFETY)
def rehearsal(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:
    """?language=, ?to= (a kind of buyer) and ?round= choose the mail; a POST sends it to oneself."""
    now = clock.now()
    advisory = found(by, key)
    sample = _sample(request, advisory)
    here = f"{address('safety_rehearsal', by.shop.slug, key)}?{urlencode(_asked(sample))}"
    link = f"{settings.ANSHIN_ADDRESS}{here}"
    request.desk_section = SECTION  # type: ignore[attr-defined]
    error = ""
    if request.method == "POST":
        try:
            to = actions.send_to_myself(by=by, advisory_id=advisory.pk, sample=sample, link=link, now=now)
        except NotAllowed:
            raise
        except actions.UnknownAdvisory as gone:
            raise Http404 from gone
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, _("Sent to you alone: %(mail)s.") % {"mail": to})
            return redirect(here)
    try:
        told: Rehearsed | None = actions.rehearse(by=by, advisory_id=advisory.pk, sample=sample, link=link, now=now)
    except actions.UnknownAdvisory as gone:
        raise Http404 from gone
    except actions.NothingToRehearse as refusal:
        told, error = None, str(refusal)
    context = _context(by, advisory, sample, told, now) | {"error": error}
    status = 422 if error and request.method == "POST" else 200
    return render(request, "staff/safety_rehearsal.html", context, status=status)


def _sample(request: HttpRequest, advisory: Advisory) -> Sample:
    asked = request.GET
    language, to, which = asked.get("language", ""), asked.get("to", ""), asked.get("round", "")
    return actions.Sample(
        language=language if language in LANGUAGES else advisory.lead_language,
        recipient=Recipient(to) if to in Recipient.values else Recipient.SHOP,
        which=MailRound(which) if which in MailRound.values else MailRound.FIRST,
    )


def _asked(sample: Sample, **other: str) -> dict[str, str]:
    return {"language": sample.language, "to": str(sample.recipient), "round": str(sample.which)} | other


def _context(
    by: Membership, advisory: Advisory, sample: Sample, told: Rehearsed | None, now: datetime
) -> dict[str, Any]:
    content = queries.working_content(advisory)
    return {
        "advisory": advisory,
        "name": name_of(advisory),
        "state": state_tag(advisory),
        "is_public": advisory.number is not None,
        "back": address("safety_page", by.shop.slug, advisory.key),
        "rows": _rows(advisory, sample),
        "kinds": [each.label for each in Recipient],
        "rounds": [
            {"label": each.label, "on": each == sample.which, "query": urlencode(_asked(sample, round=str(each)))}
            for each in MailRound
        ],
        "told": told,
        "html": told.letter.html.replace("cid:picture", address("safety_picture", by.shop.slug, advisory.key))
        if told
        else "",
        "to": by.person.email,
        "language_name": language_name(sample.language),
        "recipient": sample.recipient.label,
        "query": urlencode(_asked(sample)),
        "shown": page_notice(advisory, content, sample.language, now),
        "sender": by.shop.name,
    }


def _rows(advisory: Advisory, sample: Sample) -> list[dict[str, Any]]:
    """A row for each language with a cell for each kind of buyer: how many orders, and where its mail is shown."""
    counts = queries.kinds_in(queries.audience(advisory))
    return [
        {
            "code": language,
            "name": language_name(language),
            "cells": [
                {
                    "kind": each.label,
                    "count": None if each == Recipient.SEVERAL else counts.get((language, each), 0),
                    "on": (language, each) == (sample.language, sample.recipient),
                    "query": urlencode(_asked(sample, language=language, to=str(each))),
                }
                for each in Recipient
            ],
        }
        for language in LANGUAGES
    ]
