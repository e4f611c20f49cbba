"""What is filled in about a publisher's list, and what its columns mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from anshin.language.folding import fold
from anshin.safety.actions import FeedFacts
from anshin.safety.terms import LANGUAGES, FeedField, FeedKind
from anshin.staff.safety_forms import zones
from anshin.staff.safety_journal_words import LANGUAGE_NAMES

if TYPE_CHECKING:
    from anshin.safety.models import Feed

_EVERY = (
    (15, gettext_lazy("every 15 minutes")),
    (60, gettext_lazy("every hour")),
    (360, gettext_lazy("every 6 hours")),
    (1440, gettext_lazy("once a day")),
    (10_080, gettext_lazy("once a week")),
)


class FeedForm(forms.Form):
    """Where a list is and how it is read."""

    name = forms.CharField(label=gettext_lazy("Name of the list"), max_length=120)
    url = forms.CharField(
        label=gettext_lazy("Address of the list"),
        max_length=1000,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off"}),
        help_text=gettext_lazy("The list itself (RSS, CSV, JSON), not the page that shows it."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Form of the list"), choices=FeedKind.choices)
    agency = forms.CharField(
        label=gettext_lazy("Publisher"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Where its entries do not say."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the list"), choices=[(each, LANGUAGE_NAMES[each]) for each in LANGUAGES]
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone of times without one"),
        required=False,
        choices=[("", gettext_lazy("Not known")), *((each, each) for each in zones())],
    )
    every_minutes = forms.TypedChoiceField(
        label=gettext_lazy("How often it is asked for"), choices=_EVERY, coerce=int, initial=60
    )

    def facts(self, mapping: dict[str, str]) -> FeedFacts:
        """What was filled in."""
        told = self.cleaned_data
        return FeedFacts(
            name=told["name"],
            kind=told["kind"],
            url=told["url"],
            agency=told["agency"],
            language=told["language"],
            zone=told["zone"],
            every_minutes=told["every_minutes"],
            mapping=mapping,
        )


class MappingForm(forms.Form):
    """One choice for each column of the last list that came."""

    def __init__(self, data: Any, *, columns: tuple[tuple[str, str], ...]) -> None:
        super().__init__(data)
        self._columns = {f"column{place}": name for place, (name, _meaning) in enumerate(columns)}
        for (field, name), (_name, meaning) in zip(self._columns.items(), columns, strict=True):
            self.fields[field] = forms.ChoiceField(
                label=name,
                required=False,
                initial=meaning,
                choices=[("", pgettext_lazy("column", "Not used")), *FeedField.choices],
            )

    def meanings(self) -> dict[str, str]:
        """Heading as lists compare it to what it means; only what differs from what is proposed anyway."""
        return {
            heading_key(name): self.cleaned_data[field]
            for field, name in self._columns.items()
            if field in self.data and self.cleaned_data[field] != self.fields[field].initial
        }


def heading_key(heading: str) -> str:
    """The heading folded, without what is written between its words, as connectors of lists compare it."""
    return "".join(each for each in fold(heading) if each not in " \t\n_-:：・")


def initial_of(feed: Feed) -> dict[str, Any]:
    """What stands in the form of a list that is known."""
    names = ("name", "url", "kind", "agency", "language", "zone", "every_minutes")
    return {name: getattr(feed, name) for name in names}


class LimitsForm(forms.Form):
    """From when on the same defect of a product opens an early warning."""

    defect_returns = forms.IntegerField(label=gettext_lazy("Returns for a defect"), min_value=1, max_value=1000)
    defect_percent = forms.IntegerField(label=gettext_lazy("Percent of what was sold"), min_value=1, max_value=100)
    defect_days = forms.IntegerField(label=gettext_lazy("Counted over days"), min_value=7, max_value=730)
