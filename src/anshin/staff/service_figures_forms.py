"""Which cases the figures of service levels speak of: what is chosen above them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.cases.queries import NO_TOPIC, Span
from anshin.cases.terms import Channel, Priority
from anshin.staff.topic_words import choices

MOST_DAYS = 731
_DAY = forms.DateInput(attrs={"type": "date"})


class FiguresForm(forms.Form):
    """From when to when, and of which cases. Without days: the last 30."""

    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=_DAY)
    until = forms.DateField(label=gettext_lazy("Up to and including"), required=False, widget=_DAY)
    channel = forms.ChoiceField(
        label=gettext_lazy("Received by"), required=False, choices=[("", gettext_lazy("Any")), *Channel.choices]
    )
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), required=False, choices=[("", gettext_lazy("Any")), *Priority.choices]
    )

    def __init__(self, data: Any, *, own: Mapping[str, str], today: date) -> None:
        given = {name: data.get(name, "") for name in self.base_fields}
        super().__init__({"since": str(today - timedelta(days=29)), "until": str(today)} | _filled(given))
        self.today = today
        groups = [
            (group["label"], [(topic["code"], topic["label"]) for topic in group["topics"]])
            for group in choices((), own)
        ]
        wanted: list[Any] = [("", gettext_lazy("Any")), (NO_TOPIC, gettext_lazy("Without a topic")), *groups]
        self.fields["topic"].choices = wanted  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("since"), values.get("until")
        if first and last and first > last:
            self.add_error("until", _("The last day lies before the first. Choose a later one."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("since", _("Choose two years at most."))
        return values

    def span(self) -> Span:
        """What was chosen; the form must be valid."""
        values, zone = self.cleaned_data, timezone.get_current_timezone()
        first, last = values["since"], values["until"]
        return Span(
            since=datetime.combine(first, time(), zone),
            until=datetime.combine(last + timedelta(days=1), time(), zone),
            channel=values["channel"],
            topic=values["topic"],
            priority=values["priority"],
        )

    def query(self, **other: str) -> str:
        """This choice as an address has it, with something changed; "" leaves a part out."""
        values = {name: str(value) for name, value in self.cleaned_data.items() if value}
        return urlencode({name: value for name, value in (values | other).items() if value})


def _filled(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}
