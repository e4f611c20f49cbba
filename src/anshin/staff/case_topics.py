"""What a case is about, on its page: the chips, the menu to correct them, and the mark that it cannot wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases import actions
from anshin.language.topics.codes import TopicSource
from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.case_page import find_case
from anshin.staff.case_posts import answer
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership


@require_POST
@desk(Permission.TRIAGE)
def topics(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Confirm what was proposed (keep=1), take one away (drop=), or choose one (topic=)."""
    found = find_case(by, number)
    codes = [code for code, _share in found.topics]
    if "drop" in request.POST:
        codes = [code for code in codes if code != request.POST["drop"]]
    elif "topic" in request.POST:
        codes = _chosen(found, codes, request.POST["topic"])
    actions.set_topics(by=by, case_id=found.pk, codes=codes, now=clock.now())
    return answer(request, by, number, _("The topic is set. The desk learns from it at night."))


@require_POST
@desk(Permission.TRIAGE)
def urgent(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Say that the case cannot wait (urgent=1), or that it can."""
    is_urgent = request.POST.get("urgent") == "1"
    actions.set_urgent(by=by, case_id=find_case(by, number).pk, is_urgent=is_urgent, now=clock.now())
    return answer(request, by, number, _("The case is urgent now.") if is_urgent else _("The case is not urgent now."))


def _chosen(found: Case, codes: list[str], code: str) -> list[str]:
    """What is proposed gives way to the first choice; further choices are added; a chosen one again is taken away."""
    if found.topic_source == TopicSource.PERSON:
        return [each for each in codes if each != code] if code in codes else [*codes, code]
    return [code]
