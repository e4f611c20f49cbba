"""The shop's topics: ours with their explanation, its own below them, and what was learnt from its people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases import actions
from anshin.cases.queries import learnings, own_topics
from anshin.language.topics.codes import TOPICS, base_code
from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.topic_words import group_names, topic_name

if TYPE_CHECKING:
    from anshin.cases.models import TopicLearning
    from anshin.shops.models import Membership

_REFUSALS = (actions.NoTopicName, actions.TopicNameTaken, actions.TooManyTopics, actions.NoSuchTopic)


@desk(Permission.EDIT_TOPICS)
def topics(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """All topics by group; a POST adds one of the shop's own."""
    if request.method != "POST":
        return _page(request, by)
    below, name = request.POST.get("below", ""), request.POST.get("name", "")
    try:
        added = actions.add_topic(by=by, below=below, name=name, now=clock.now())
    except _REFUSALS as refusal:
        return _page(request, by, refused={"below": below, "name": name, "words": str(refusal)})
    messages.success(request, _("“%(name)s” can be chosen now.") % {"name": added.name})
    return redirect("staff:settings_topics", by.shop.slug)


@require_POST
@desk(Permission.EDIT_TOPICS)
def rename_topic(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Another name for one of the shop's own."""
    name = request.POST.get("name", "")
    try:
        actions.rename_topic(by=by, topic_id=pk, name=name, now=clock.now())
    except _REFUSALS as refusal:
        return _page(request, by, refused={"topic": pk, "name": name, "words": str(refusal)})
    messages.success(request, _("The name is saved. Cases with this topic show it, too."))
    return redirect("staff:settings_topics", by.shop.slug)


@require_POST
@desk(Permission.EDIT_TOPICS)
def retire_topic(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Out of use; cases that have it keep it."""
    topic = actions.retire_topic(by=by, topic_id=pk, now=clock.now())
    messages.success(request, _("“%(name)s” is out of use. Cases that have it keep it.") % {"name": topic.name})
    return redirect("staff:settings_topics", by.shop.slug)


@require_POST
@desk(Permission.EDIT_TOPICS)
def bring_back_topic(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """In use again."""
    topic = actions.bring_back_topic(by=by, topic_id=pk, now=clock.now())
    messages.success(request, _("“%(name)s” can be chosen now.") % {"name": topic.name})
    return redirect("staff:settings_topics", by.shop.slug)


def _page(request: HttpRequest, by: Membership, *, refused: dict[str, Any] | None = None) -> HttpResponseBase:
    request.desk_section = "topics"  # type: ignore[attr-defined]
    own = own_topics(by.shop)
    is_japanese = (get_language() or "ja") == "ja"
    groups: dict[str, dict[str, Any]] = {
        code: {"label": str(label), "topics": []} for code, label in group_names().items()
    }
    for topic in TOPICS:
        below = [each for each in own if base_code(each.code) == topic.code]
        groups[topic.group]["topics"].append(
            {
                "code": topic.code,
                "label": topic_name(topic.code),
                "words": topic.explanation_ja if is_japanese else topic.explanation_en,
                "example": topic.example,
                "own": [{"pk": each.pk, "name": each.name, "code": each.code} for each in below if not each.retired_at],
                "retired": [{"pk": each.pk, "name": each.name} for each in below if each.retired_at],
                "refused": refused if refused and refused.get("below") == topic.code else None,
            }
        )
    context = {
        "groups": list(groups.values()),
        "refused": refused,
        "nights": [_night(each) for each in learnings(by.shop)],
    }
    return render(request, "staff/settings_topics.html", context, status=422 if refused else 200)


def _night(learning: TopicLearning) -> dict[str, Any]:
    """One night's learning as a line."""
    now, figures = clock.now(), learning.figures
    language = get_language() or "ja"
    held_out = figures.get("held_out", 0)
    return {
        "on": dates.day(timezone.localdate(learning.at), today=timezone.localdate(now), language=language),
        "corrections": learning.correction_count,
        "held_out": held_out,
        "before": figures.get("right_before", 0),
        "after": figures.get("right_after", 0),
        "is_used": learning.is_used,
    }
