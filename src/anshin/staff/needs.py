"""Put the question for what is missing into the draft of a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases import actions
from anshin.cases.queries import case_page
from anshin.language.topics.needs import question
from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.case_page import draw, find_case
from anshin.staff.desk import desk, is_fragment, toast
from anshin.staff.need_facts import needs_of

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@require_POST
@desk(Permission.ANSWER)
def ask_needs(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """One question for everything that is missing, below what is in the draft already, in the customer's language."""
    found = find_case(by, number)
    page = case_page(by, found)
    asked = question(needs_of(page), found.language or "ja")
    draft = page.drafts.get(False)
    text = request.POST.get("text", draft.text if draft else "")  # what is on the screen may be newer than the draft
    if asked and asked not in text:
        actions.save_draft(
            by=by,
            case_id=found.pk,
            is_note=False,
            text=f"{text.rstrip()}\n\n{asked}\n" if text.strip() else f"{asked}\n",
            version=draft.version if draft else 0,
            read_at_version=found.version,
            now=clock.now(),
        )
    if not is_fragment(request):
        return redirect("staff:case", by.shop.slug, number)
    return toast(draw(request, by, find_case(by, number)), _("The question is in the draft."))
