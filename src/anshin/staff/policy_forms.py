"""What owner and manager fill in about the policy of returns, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from anshin.commerce.terms import ProductTag, SalesChannel
from anshin.returns.terms import Payer, Reason, ShownPlace, StartEvent, Wish

_SPARE_PRODUCTS = 2
_MOST_PRODUCTS = 50
_DAYS = forms.NumberInput(attrs={"min": 1, "max": 3650, "inputmode": "numeric"})
_YEN = forms.NumberInput(attrs={"min": 0, "max": 1_000_000, "inputmode": "numeric"})
_CHOOSE = ("", gettext_lazy("Please choose"))
_SAME = ("", gettext_lazy("As for other goods"))
_YES_NO = (_CHOOSE, ("yes", gettext_lazy("We accept them")), ("no", gettext_lazy("We do not accept them")))


def _days(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=3650, required=False, widget=_DAYS)


def _yen(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=1_000_000, required=False, widget=_YEN)


def _words(label: Any, hint: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 2, "class": "w-full"})
    return forms.CharField(label=label, max_length=1000, required=False, widget=area, help_text=hint)


def _boxes(label: Any, choices: Iterable[tuple[Any, Any]]) -> forms.MultipleChoiceField:
    boxes = forms.CheckboxSelectMultiple(attrs={"class": "checkbox checkbox-sm"})
    return forms.MultipleChoiceField(label=label, choices=list(choices), required=False, widget=boxes)


class PolicyForm(forms.Form):
    """A whole version. Nothing is required here: a draft may be saved half written, and the checks say what lacks."""

    defect_days = _days(gettext_lazy("Tell us within (days)"))
    defect_start = forms.ChoiceField(
        label=gettext_lazy("Counted from"), choices=[_CHOOSE, *StartEvent.choices], required=False
    )
    defect_ways = _boxes(gettext_lazy("What we do then"), [each for each in Wish.choices if each[0] != Wish.KEEP])
    photo_reasons = _boxes(gettext_lazy("Ask for photos when the reason is"), Reason.choices)
    defect_words = _words(gettext_lazy("In your own words"))

    accepts = forms.ChoiceField(
        label=gettext_lazy("Returns because the customer changed their mind"), choices=_YES_NO, required=False
    )
    days = _days(gettext_lazy("Within (days)"))
    start = forms.ChoiceField(
        label=gettext_lazy("Counted from"), choices=[_CHOOSE, *StartEvent.choices], required=False
    )
    moves_on_holiday = forms.BooleanField(
        label=gettext_lazy("If the last day is a day off, the next open day still counts"), required=False
    )
    allows_opened = forms.BooleanField(label=gettext_lazy("Opened is fine if it was not used"), required=False)
    allows_used = forms.BooleanField(label=gettext_lazy("Tried or used is fine, too"), required=False)
    needs_package = forms.BooleanField(label=gettext_lazy("The original box or bag must come back"), required=False)
    needs_accessories = forms.BooleanField(label=gettext_lazy("All accessories must come back"), required=False)
    payer = forms.ChoiceField(
        label=gettext_lazy("Postage of the return is paid by"), choices=[_CHOOSE, *Payer.choices], required=False
    )
    fee_yen = _yen(gettext_lazy("Return fee (yen)"))
    mind_words = _words(gettext_lazy("In your own words"))

    excludes_nothing = forms.BooleanField(label=gettext_lazy("Nothing is excluded"), required=False)
    excluded_tags = _boxes(gettext_lazy("These goods cannot come back"), ProductTag.choices)
    excludes_opened = forms.BooleanField(label=gettext_lazy("Opened items cannot come back"), required=False)
    excludes_used = forms.BooleanField(label=gettext_lazy("Used items cannot come back"), required=False)
    excluded_words = _words(gettext_lazy("In your own words"))

    country = forms.ChoiceField(
        label=gettext_lazy("Law that holds"),
        choices=[("JP", gettext_lazy("Japan")), ("OTHER", gettext_lazy("Another country"))],
        required=False,
    )
    law_words = _words(gettext_lazy("Anything about the law, in your own words"))
    wishes = _boxes(gettext_lazy("What customers may ask for"), Wish.choices)
    person_reasons = _boxes(
        gettext_lazy("A person always looks when the reason is"),
        [each for each in Reason.choices if each[0] in {Reason.CHANGED_MIND, Reason.ORDERED_WRONG}],
    )
    person_channels = _boxes(gettext_lazy("A person always looks at orders from"), SalesChannel.choices)
    person_above_yen = forms.IntegerField(
        label=gettext_lazy("A person always looks above (yen)"),
        min_value=0,
        max_value=100_000_000,
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "inputmode": "numeric"}),
    )

    def values(self) -> dict[str, Any]:
        """What was filled in, as the action takes it. Only after is_valid()."""
        given = self.cleaned_data
        accepts = {"yes": True, "no": False}.get(given["accepts"])
        numbers = {"fee_yen": given["fee_yen"] or 0, "person_above_yen": given["person_above_yen"] or 0}
        return {**given, **numbers, "accepts": accepts, "country": given["country"] or "JP"}


class OwnTermsForm(forms.Form):
    """What one kind of goods has of its own; empty means as for other goods."""

    refused = forms.BooleanField(label=gettext_lazy("Cannot come back"), required=False)
    days = _days(gettext_lazy("Within (days)"))
    payer = forms.ChoiceField(
        label=gettext_lazy("Postage of the return is paid by"), choices=[_SAME, *Payer.choices], required=False
    )
    fee_yen = _yen(gettext_lazy("Return fee (yen)"))
    defect_days = _days(gettext_lazy("Defects within (days)"))

    def says_something(self) -> bool:
        """Whether anything was filled in."""
        given = self.cleaned_data
        return (
            given["refused"]
            or bool(given["payer"])
            or any(given[name] is not None for name in ("days", "fee_yen", "defect_days"))
        )


class OwnProductForm(OwnTermsForm):
    """The same for one product."""

    value = forms.CharField(label=gettext_lazy("Product number"), max_length=80, required=False)
    name = forms.CharField(label=gettext_lazy("Name customers read"), max_length=120, required=False)

    def says_something(self) -> bool:
        """A product without a number is an empty row."""
        return bool(self.cleaned_data["value"].strip())


class PolicyForms:
    """The form of a version with a row for each kind of goods and for each product that has terms of its own."""

    def __init__(self, content: Mapping[str, Any], data: Any = None) -> None:
        accepts = {True: "yes", False: "no"}.get(content["accepts"], "")
        blank = {"person_above_yen": content["person_above_yen"] or None, "fee_yen": content["fee_yen"] or None}
        self.main = PolicyForm(data, initial={**content, **blank, "accepts": accepts})
        own = {(each["kind"], each["value"]): each for each in content["overrides"]}
        self.kinds = [
            (tag, OwnTermsForm(data, prefix=f"own-{tag.value}", initial=own.get(("tag", tag.value), {})))
            for tag in ProductTag
        ]
        known = [each for (kind, _value), each in own.items() if kind == "sku"]
        count = _count(data) if data is not None else len(known) + _SPARE_PRODUCTS
        rows = [*known, *({} for _each in range(count))][:count]
        self.products = [OwnProductForm(data, prefix=f"product-{place}", initial=row) for place, row in enumerate(rows)]

    def mark_wanted(self) -> None:
        """Do not call optional what has to be filled in before the version is published. Only for showing."""
        for name in ("defect_days", "defect_start", "accepts", "days", "start", "payer"):
            self.main.fields[name].required = True

    @property
    def all(self) -> list[forms.Form]:
        """Every part."""
        return [self.main, *(form for _tag, form in self.kinds), *self.products]

    def is_valid(self) -> bool:
        """Whether each part can be read."""
        found = [form.is_valid() for form in self.all]  # each of them, so that each shows what is wrong
        return all(found)

    def content(self) -> dict[str, Any]:
        """The whole version as the action takes it. Only after is_valid()."""
        kinds = [
            {"kind": "tag", "value": tag.value, **form.cleaned_data}
            for tag, form in self.kinds
            if form.says_something()
        ]
        products = [
            {"kind": "sku", **form.cleaned_data, "value": form.cleaned_data["value"].strip()}
            for form in self.products
            if form.says_something()
        ]
        return {**self.main.values(), "overrides": [*kinds, *products]}


class ShownForm(forms.Form):
    """Since when the terms stand at the two places; empty: they do not."""

    cart = forms.DateField(label=ShownPlace.CART.label, required=False)
    cart_proof = forms.CharField(label=gettext_lazy("Proof (address or note)"), max_length=400, required=False)
    final_page = forms.DateField(label=ShownPlace.FINAL_PAGE.label, required=False)
    final_page_proof = forms.CharField(label=gettext_lazy("Proof (address or note)"), max_length=400, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ShownPlace.values:
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name].widget.input_type = "date"

    def told(self) -> list[tuple[str, date | None, str]]:
        """Place, day and proof of each. Only after is_valid()."""
        given = self.cleaned_data
        return [(place, given[place], given[f"{place}_proof"]) for place in ShownPlace.values]


class PublishForm(forms.Form):
    """From which day on."""

    valid_from = forms.DateField(
        label=pgettext_lazy("policy", "In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class NoticeForm(forms.Form):
    """A page of the shop as it stands there now."""

    text = forms.CharField(
        label=gettext_lazy("Text of your page"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "class": "w-full"}),
    )


def _count(data: Mapping[str, Any]) -> int:
    given = str(data.get("product_count", ""))
    return min(int(given), _MOST_PRODUCTS) if given.isdecimal() else 0
