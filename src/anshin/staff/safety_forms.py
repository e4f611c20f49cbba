"""What is filled in about a product-safety notice: its facts, the products as the publisher names them, its words."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from anshin.safety.queries import trouble_with
from anshin.safety.terms import (
    LANGUAGES,
    Affected,
    Facts,
    HazardClass,
    HazardType,
    ProductTrouble,
    RemedyKind,
    Severity,
    Words,
)
from anshin.staff.safety_journal_words import LANGUAGE_NAMES
from anshin.staff.safety_words import lots_text

MOST_PRODUCTS: Final = 50
ZONES_FIRST: Final = ("Asia/Tokyo", "UTC", "Europe/Brussels", "America/New_York", "Asia/Seoul", "Asia/Shanghai")
_PARTS = re.compile(r"[、,，\n;；]+")
_RANGE = re.compile(r"[〜～~]")
_BESIDE = {ProductTrouble.GTIN: "gtin", ProductTrouble.DAYS: "sold_to", ProductTrouble.LOTS: "lots"}


def zones() -> list[str]:
    """The time zones, the usual ones first."""
    return [*ZONES_FIRST, *sorted(available_timezones() - set(ZONES_FIRST))]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FactsForm(forms.Form):
    """What is so. The time of publication is asked for only when a notice is begun; later it is moved on its page."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("For us only: what it is, and what may happen."),
    )
    agency = forms.CharField(label=gettext_lazy("Publisher"), max_length=120)
    source_url = forms.CharField(
        label=gettext_lazy("Web address of the publication"),
        max_length=1000,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off"}),
    )
    source_read_on = forms.DateField(label=gettext_lazy("Read there on"), widget=_day())
    hazard_class = forms.ChoiceField(label=gettext_lazy("Hazard"), choices=HazardClass.choices)
    hazard_type = forms.ChoiceField(label=gettext_lazy("What happens"), choices=HazardType.choices)
    severity = forms.ChoiceField(label=gettext_lazy("How bad"), choices=Severity.choices)
    stop_using = forms.BooleanField(label=gettext_lazy("Buyers have to stop using it"), required=False, initial=True)
    remedy = forms.ChoiceField(label=gettext_lazy("Remedy"), choices=RemedyKind.choices)
    must_come_back = forms.BooleanField(
        label=gettext_lazy("The item has to be sent back for the remedy"), required=False
    )
    photo = forms.FileField(
        label=gettext_lazy("Picture of the product"),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/heic"}),
        help_text=gettext_lazy("In the mails and on the product page. JPEG, PNG, WebP or HEIC, up to 20 MB."),
    )
    without_photo = forms.BooleanField(label=gettext_lazy("Show no picture"), required=False)
    contact_name = forms.CharField(label=gettext_lazy("Who answers questions"), max_length=120, required=False)
    contact_phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    contact_mail = forms.EmailField(label=gettext_lazy("Mail address"), max_length=320, required=False)
    contact_hours = forms.CharField(label=gettext_lazy("Hours"), max_length=120, required=False)
    lead_language = forms.ChoiceField(
        label=gettext_lazy("Lead language"),
        choices=[(each, LANGUAGE_NAMES[each]) for each in LANGUAGES],
        help_text=gettext_lazy("Its words stand in where a translation is missing."),
    )

    def __init__(self, *args: Any, needs_source: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_source:
            for name in ("agency", "source_url", "source_read_on"):
                self.fields[name].required = False

    def facts(
        self,
        products: tuple[Affected, ...],
        *,
        publish_at: datetime | None,
        publish_zone: str,
        picture: int | None = None,
    ) -> Facts:
        """What was filled in."""
        told = self.cleaned_data
        return Facts(
            title=told["title"],
            hazard_class=HazardClass(told["hazard_class"]),
            hazard_type=HazardType(told["hazard_type"]),
            severity=Severity(told["severity"]),
            agency=told["agency"],
            source_url=told["source_url"],
            source_read_on=told["source_read_on"],
            products=products,
            stop_using=told["stop_using"],
            must_come_back=told["must_come_back"],
            remedy=RemedyKind(told["remedy"]),
            contact_name=told["contact_name"],
            contact_phone=told["contact_phone"],
            contact_mail=told["contact_mail"],
            contact_hours=told["contact_hours"],
            publish_at=publish_at,
            publish_zone=publish_zone,
            lead_language=told["lead_language"],
            picture=picture,
        )


class TimeForm(forms.Form):
    """When it becomes public; told in a zone, since a time without one may mean several moments."""

    publish_at = forms.DateTimeField(
        label=gettext_lazy("Publication time"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text=gettext_lazy("Leave it empty while the publisher has not told it."),
    )
    publish_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=[(each, each) for each in zones()])
    is_published = forms.BooleanField(
        label=gettext_lazy("The publisher has published it already"),
        required=False,
        help_text=gettext_lazy("Only then may the time lie in the past."),
    )

    def moment(self) -> datetime | None:
        """The time as a moment of its zone, whatever zone the desk is read in."""
        at: datetime | None = self.cleaned_data["publish_at"]
        return at.replace(tzinfo=ZoneInfo(self.cleaned_data["publish_zone"])) if at else None


class ProductForm(forms.Form):
    """One product as the publisher names it; a row left empty is none."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=300, required=False)
    model_number = forms.CharField(label=gettext_lazy("Model number"), max_length=120, required=False)
    gtin = forms.CharField(
        label=gettext_lazy("GTIN (JAN)"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    sku = forms.CharField(label=gettext_lazy("Product number"), max_length=80, required=False)
    lots = forms.CharField(
        label=gettext_lazy("Lots"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("For example 2509〜2511, 2603; empty when all are meant."),
    )
    sold_from = forms.DateField(label=gettext_lazy("Sold from"), required=False, widget=_day())
    sold_to = forms.DateField(label=pgettext_lazy("days of sale", "to"), required=False, widget=_day())

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if self.has_changed() and not self.errors and (trouble := trouble_with(self.affected())):
            self.add_error(_BESIDE.get(trouble, "name"), str(trouble.label))
        return told

    def affected(self) -> Affected:
        """The row as the room takes it."""
        told = self.cleaned_data
        return Affected(
            name=told["name"],
            gtin=told["gtin"],
            sku=told["sku"],
            model_number=told["model_number"],
            lots=_lots(told["lots"]),
            sold_from=told["sold_from"],
            sold_to=told["sold_to"],
        )

    @property
    def is_filled(self) -> bool:
        """Whether the row names anything."""
        return any(self.cleaned_data.get(name) for name in self.fields)


ProductForms = forms.formset_factory(
    ProductForm, extra=1, max_num=MOST_PRODUCTS, absolute_max=MOST_PRODUCTS, validate_max=True
)


class WordsForm(forms.Form):
    """How it is said in one language. Nothing here softens what the publisher said."""

    product = forms.CharField(
        label=gettext_lazy("Product"), max_length=200, help_text=gettext_lazy("As people call it.")
    )
    heading = forms.CharField(
        label=gettext_lazy("Heading"), max_length=200, help_text=gettext_lazy("The first thing to do: “Stop using it”.")
    )
    hazard = forms.CharField(
        label=gettext_lazy("What happens"),
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("As the publisher says it, without softening words."),
    )
    affected = forms.CharField(
        label=gettext_lazy("How to see whether one has it"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    what_to_do = forms.CharField(label=gettext_lazy("What to do"), max_length=4000, widget=forms.Textarea({"rows": 3}))
    remedy = forms.CharField(
        label=gettext_lazy("Remedy"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def words(self) -> Words:
        """What was written."""
        return Words(**self.cleaned_data)


def facts_initial(facts: Facts) -> dict[str, Any]:
    """What a form of the present facts begins with."""
    return {name: getattr(facts, name) for name in FactsForm.base_fields if hasattr(facts, name)}


def products_initial(facts: Facts) -> list[dict[str, Any]]:
    """The rows of the present products."""
    return [
        {
            "name": each.name,
            "model_number": each.model_number,
            "gtin": each.gtin.lstrip("0"),
            "sku": each.sku,
            "lots": lots_text(each.lots),
            "sold_from": each.sold_from,
            "sold_to": each.sold_to,
        }
        for each in facts.products
    ]


def _lots(told: str) -> tuple[tuple[str, str], ...]:
    ranges = [_RANGE.split(part.strip(), maxsplit=1) for part in _PARTS.split(told) if part.strip()]
    return tuple((each[0].strip(), each[-1].strip()) for each in ranges)
