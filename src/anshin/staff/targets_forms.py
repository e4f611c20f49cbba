"""What owner and manager fill in about service levels."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from anshin.cases.terms import Channel, Priority
from anshin.staff.topic_words import choices

_HOURS = forms.NumberInput(attrs={"step": "0.25", "inputmode": "decimal"})


class TargetForm(forms.Form):
    """One target: of which cases it speaks, and within how many hours of opening time what is wanted."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Received by"), required=False, choices=[("", gettext_lazy("Any")), *Channel.choices]
    )
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), required=False, choices=[("", gettext_lazy("Any")), *Priority.choices]
    )
    answer_hours = forms.DecimalField(
        label=gettext_lazy("Answer within (hours)"),
        required=False,
        min_value=Decimal("0.25"),
        max_value=Decimal(720),
        max_digits=5,
        decimal_places=2,
        widget=_HOURS,
    )
    resolution_hours = forms.DecimalField(
        label=gettext_lazy("Solve within (hours)"),
        required=False,
        min_value=Decimal("0.25"),
        max_value=Decimal(720),
        max_digits=5,
        decimal_places=2,
        widget=_HOURS,
    )

    def __init__(self, data: Any = None, *, own: Mapping[str, str], initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        groups = [
            (group["label"], [(topic["code"], topic["label"]) for topic in group["topics"]])
            for group in choices((), own)
        ]
        self.fields["topic"].choices = [("", gettext_lazy("Any")), *groups]  # type: ignore[attr-defined]

    def target(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        values = self.cleaned_data
        minutes = {name: values[f"{name}_hours"] for name in ("answer", "resolution")}
        return {
            "channel": values["channel"],
            "topic": values["topic"],
            "priority": values["priority"],
            **{f"{name}_minutes": int(hours * 60) if hours else None for name, hours in minutes.items()},
        }


class AftercareForm(forms.Form):
    """What happens after the end of a case."""

    follow_up_days = forms.IntegerField(
        label=gettext_lazy("Follow-up after (days)"),
        min_value=0,
        max_value=90,
        help_text=gettext_lazy(
            "Closed cases about defects, injuries, damaged or wrong items and complaints come back then. 0: never."
        ),
    )
    second_contact_days = forms.IntegerField(
        label=gettext_lazy("Second contact within (days)"),
        min_value=0,
        max_value=90,
        help_text=gettext_lazy(
            "Who writes about the same order or topic again within this time moves up, with the first case on top. "
            "0: never."
        ),
    )
