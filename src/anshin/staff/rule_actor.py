"""Who did something, where it may have been a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from anshin.routing.terms import ACTOR_PREFIX

if TYPE_CHECKING:
    from anshin.plumbing.journal.models import JournalEntry


def who_acted(entry: JournalEntry) -> str:
    """A person or a rule by name, "" for anybody else."""
    if rule := rule_behind(entry):
        return rule_title(rule)
    return entry.actor_name if entry.actor_kind == "staff" else ""


def rule_behind(entry: JournalEntry) -> str:
    """The name of the rule that acted, "" where it was none."""
    is_rule = entry.actor_kind == "system" and entry.actor_name.startswith(ACTOR_PREFIX)
    return entry.actor_name.removeprefix(ACTOR_PREFIX) if is_rule else ""


def rule_title(name: str) -> str:
    """A rule as an actor, "" without a name."""
    return _("Rule “%(name)s”") % {"name": name} if name else ""
