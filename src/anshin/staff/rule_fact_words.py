"""What a rule did to a case, as one line of its timeline."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def rule_fact_words(event: str, rule: str, values: dict[str, Any]) -> SafeString | None:
    """The sentence, None for what shows itself otherwise (a note, a mail) or is said by another fact."""
    if event == "case.assigned":
        return format_html(_("Rule “{}” gave the case to {}"), rule, values["owner_name"])
    if event == "case.tagged":
        return format_html(_("Rule “{}” added the tag {}"), rule, values["added"])
    if event == "case.snoozed":
        return format_html(_("Rule “{}” put the case away until {}"), rule, values["until"])
    if event == "case.urgency_set":
        words = (
            _("Rule “{}” marked the case as urgent")
            if values["is_urgent"]
            else _("Rule “{}” took the urgent mark away")
        )
        return format_html(words, rule)
    if event == "routing.escalated":
        return format_html(_("Rule “{}” escalated the case to {}"), rule, values["receiver"])
    return None
