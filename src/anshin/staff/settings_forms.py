"""What the owner fills in about the shop, its week and its staff; what everybody fills in about themselves."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.shops.actions import BadOrderFormat, usable_formats
from anshin.shops.terms import Role

LANGUAGES = [("ja", "日本語"), ("en", "English")]
_LONGEST_SIGNATURE = 2000
DAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


class ShopForm(forms.Form):
    """The shop's face, its order numbers, its reply target. `example` is tried, never saved."""

    name = forms.CharField(label=gettext_lazy("Name of the shop"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    contact_mail = forms.EmailField(
        label=gettext_lazy("Contact address"),
        required=False,
        help_text=gettext_lazy("Where customers reach you. Proposed when you add a mailbox."),
    )
    reply_target_hours = forms.DecimalField(
        label=gettext_lazy("Reply within (hours)"),
        min_value=Decimal("0.5"),
        max_value=Decimal(240),
        max_digits=4,
        decimal_places=1,
        help_text=gettext_lazy("Counted in opening hours. Cases show a due time from this."),
        widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
    )
    order_formats = forms.CharField(
        label=gettext_lazy("Shapes of your order numbers"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("One a line. Write # for each digit that changes: KM-##### fits KM-20417."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "characters"}),
    )
    example = forms.CharField(label=gettext_lazy("Try it with a number or a sentence"), required=False, max_length=200)
    signature = forms.CharField(
        label=gettext_lazy("Signature of the shop"),
        required=False,
        max_length=_LONGEST_SIGNATURE,
        strip=False,
        help_text=gettext_lazy("Stands below replies of staff who have none of their own."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_order_formats(self) -> list[str]:
        try:
            return usable_formats(self.cleaned_data["order_formats"].splitlines())
        except BadOrderFormat as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_signature(self) -> str:
        return _with_plain_breaks(self.cleaned_data["signature"])


class HoursForm(forms.Form):
    """One opening and one closing time a weekday; both empty means closed."""

    def __init__(self, data: Any = None, *, week: dict[int, tuple[time, time]] | None = None) -> None:
        first = {
            f"{name}_{day}": moment
            for day, span in (week or {}).items()
            for name, moment in zip(("opens", "closes"), span, strict=True)
        }
        super().__init__(data, initial=first)
        for day, label in enumerate(DAYS):
            self.fields[f"opens_{day}"] = _time_field(_("%(day)s, from") % {"day": label})
            self.fields[f"closes_{day}"] = _time_field(_("%(day)s, to") % {"day": label})

    def clean(self) -> dict[str, Any]:
        for day in range(7):
            opens, closes = self.cleaned_data.get(f"opens_{day}"), self.cleaned_data.get(f"closes_{day}")
            if f"opens_{day}" in self.errors or f"closes_{day}" in self.errors:
                continue
            if (opens is None) != (closes is None):
                self.add_error(f"closes_{day}", _("Fill in both times, or none for a closed day."))
            elif opens and closes and opens >= closes:
                self.add_error(f"closes_{day}", _("The shop must close after it opens."))
        return self.cleaned_data

    def week(self) -> dict[int, tuple[time, time]]:
        """Weekday (0 = Monday) to opening and closing time."""
        return {
            day: (self.cleaned_data[f"opens_{day}"], self.cleaned_data[f"closes_{day}"])
            for day in range(7)
            if self.cleaned_data[f"opens_{day}"]
        }

    def rows(self) -> list[dict[str, Any]]:
        """The days with their two fields, for the template."""
        return [
            {"label": label, "opens": self[f"opens_{day}"], "closes": self[f"closes_{day}"]}
            for day, label in enumerate(DAYS)
        ]


class HolidayForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    name = forms.CharField(label=gettext_lazy("What for"), max_length=80, required=False)


class InviteForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Mail address"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices, initial=Role.AGENT)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)


class AccountForm(forms.Form):
    """What everybody may change of themselves."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=LANGUAGES,
        help_text=gettext_lazy("Used from the next sign-in on every device, and for letters to you."),
    )
    signature = forms.CharField(
        label=gettext_lazy("Your signature in this shop"),
        required=False,
        max_length=_LONGEST_SIGNATURE,
        strip=False,
        help_text=gettext_lazy("Stands below your replies. Empty: the shop’s signature."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_signature(self) -> str:
        return _with_plain_breaks(self.cleaned_data["signature"])


def _time_field(label: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time", "class": "input input-sm", "aria-label": label}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


def _with_plain_breaks(text: str) -> str:
    """Browsers send CRLF; blank lines at the end would only push what follows away."""
    return text.replace("\r\n", "\n").rstrip()
