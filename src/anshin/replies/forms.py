"""What a person fills in to write a macro or a phrase of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anshin.cases.terms import Resolution
from anshin.replies import rules
from anshin.replies.terms import Language, MacroContent, MacroStep

_OFFERED = [each for each in Resolution if each not in {Resolution.DUPLICATE, Resolution.NO_REPLY}]


def text_field(language: str) -> str:
    """The form's name for the text in a language: text_zh_Hans."""
    return f"text_{language.replace('-', '_')}"


class MacroForm(forms.Form):
    """A macro with its texts; `topics` are pairs of code and name in the reader's language."""

    name = forms.CharField(label=_("Name"), max_length=rules.LONGEST_NAME)
    topic = forms.ChoiceField(label=_("Main topic"))
    more_topics = forms.MultipleChoiceField(
        label=_("Also for"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    closes_with = forms.ChoiceField(
        label=_("Offer to close the case"),
        required=False,
        help_text=_("Offered beside the text; whoever writes can take it off."),
    )
    adds_tags = forms.CharField(
        label=_("Offer tags"), required=False, max_length=200, help_text=_("Several with commas between them.")
    )
    steps = forms.MultipleChoiceField(
        label=_("For these steps of a return"),
        choices=MacroStep.choices,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    snooze_days = forms.IntegerField(
        label=_("Offer to put the case away for so many business days"),
        required=False,
        min_value=0,
        max_value=rules.LONGEST_SNOOZE_DAYS,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, topics: list[tuple[str, str]], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        first: list[tuple[str, str | Promise]] = [("", _("Do not close"))]
        self._choices("topic", topics)
        self._choices("more_topics", topics)
        self._choices("closes_with", [*first, *((each.value, each.label) for each in _OFFERED)])
        for language in Language:
            self.fields[text_field(language)] = forms.CharField(
                label=language.label,
                required=False,
                strip=False,
                max_length=rules.LONGEST_TEXT,
                widget=forms.Textarea(attrs={"rows": 12, "lang": language.value, "data-macro-text": ""}),
            )

    def content(self) -> MacroContent:
        """What was written, as far as it is usable."""
        values = self.cleaned_data
        tags = values.get("adds_tags", "").replace("、", ",").split(",")
        return MacroContent(
            name=values.get("name", ""),
            topics=tuple(code for code in (values.get("topic"), *values.get("more_topics", ())) if code),
            texts={each.value: values.get(text_field(each), "") for each in Language},
            closes_with=values.get("closes_with", ""),
            adds_tags=tuple(tags),
            steps=tuple(values.get("steps", ())),
            snooze_days=values.get("snooze_days") or 0,
        )

    @staticmethod
    def as_written(content: MacroContent, version: int) -> dict[str, Any]:
        """The initial values for a macro that is there."""
        return {
            "name": content.name,
            "topic": content.topics[0] if content.topics else "",
            "more_topics": content.topics[1:],
            "closes_with": content.closes_with,
            "adds_tags": "、".join(content.adds_tags),
            "steps": list(content.steps),
            "snooze_days": content.snooze_days or None,
            "version": version,
            **{text_field(code): text for code, text in content.texts.items()},
        }

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class PhraseForm(forms.Form):
    """A phrase of one's own."""

    name = forms.CharField(label=_("Name"), max_length=rules.LONGEST_NAME)
    text = forms.CharField(
        label=_("Text"),
        strip=False,
        max_length=rules.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6, "data-macro-text": ""}),
    )
