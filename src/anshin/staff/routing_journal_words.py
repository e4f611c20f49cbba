"""What the routing room's facts mean, for the journal's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anshin.cases.terms import Channel
from anshin.routing.terms import Effect, EscalationState, PathStep

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]


def _plain(value: Any) -> Words:
    return str(value)


def _effects(value: Any) -> Words:
    return "、".join(str(Effect(code).label) for code in str(value).split(", ") if code in Effect.values)


def _step(value: Any) -> Words:
    return PathStep(value).label if value in PathStep.values else str(value)


_RULE: Piece = ("rule", "", _plain)
_VERSION: Piece = ("version", _("Version"), _plain)
ROUTING_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "routing.rule_saved": (_("A rule was written or changed"), (_RULE, _VERSION)),
    "routing.rule_tried": (
        _("A rule was tried on past cases"),
        (_RULE, _VERSION, ("case_count", _("Cases"), _plain), ("hit_count", _("Would have acted"), _plain)),
    ),
    "routing.rule_switched": (_("A rule was switched on or off"), (_RULE, _VERSION)),
    "routing.rules_ordered": (_("A rule changed its place"), (_RULE, ("position", _("Place"), _plain))),
    "routing.rule_removed": (_("A rule was removed"), (_RULE,)),
    "routing.rule_ran": (_("A rule acted"), (_RULE, ("did", "", _effects))),
    "routing.run_undone": (_("What a rule did was taken back"), (_RULE,)),
    "routing.went_away": (_("Somebody went away"), ()),
    "routing.came_back": (_("Somebody is back"), ()),
    "routing.skills_set": (
        _("Somebody’s skills were set"),
        (("who", "", _plain), ("skills", _("Skills"), _plain)),
    ),
    "routing.answer_text_set": (_("The text of automatic answers was changed"), (("language", "", _plain),)),
    "routing.night_called": (_("Those on call were told"), (("who", "", _plain),)),
    "routing.escalated": (
        _("A case was escalated"),
        (("receiver", _("To"), _plain), ("reason", _("Why"), _plain)),
    ),
    "routing.escalation_answered": (
        _("An escalation was answered"),
        (
            ("state", "", lambda value: EscalationState(value).label if value in EscalationState.values else value),
            ("words", "", _plain),
        ),
    ),
    "routing.path_set": (
        _("An escalation path was set"),
        (
            ("channel", "", lambda value: Channel(value).label if value in Channel.values else value),
            ("soon", _("Near"), _step),
            ("overdue", _("Past"), _step),
        ),
    ),
    "routing.path_told": (_("Somebody was told of a deadline"), (("receiver", "", _plain),)),
    "routing.handed_over": (_("A handover note was written"), (("receiver", _("For"), _plain),)),
    "routing.handover_done": (
        _("A handover note was done or opened again"),
        (("is_done", _("Done"), lambda value: _("Yes") if value else _("No")),),
    ),
    "routing.on_call_set": (
        _("Who is called at night was set"),
        (("who", "", _plain), ("is_on_call", _("On call"), lambda value: _("Yes") if value else _("No"))),
    ),
}
