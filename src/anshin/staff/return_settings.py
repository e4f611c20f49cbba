"""How long each step of a return may take, and where returns go."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from anshin.plumbing import clock
from anshin.returns import actions
from anshin.returns.ports import labels
from anshin.returns.queries import label_paper, sample_label, setting_of
from anshin.returns.terms import BarCode, LabelPaper
from anshin.shops.terms import Permission
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_LANGUAGES = {"ja": "日本語", "en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "ko": "한국어"}
_DAYS = forms.NumberInput(attrs={"min": 1, "max": 90, "inputmode": "numeric"})


class ReturnSettingForm(forms.Form):
    """Days are business days, except those in which a customer sends the parcel."""

    days_to_answer = forms.IntegerField(
        label=gettext_lazy("Answer a request within (business days)"), min_value=1, max_value=90, widget=_DAYS
    )
    days_to_send = forms.IntegerField(
        label=gettext_lazy("The customer sends the parcel within (days)"), min_value=1, max_value=90, widget=_DAYS
    )
    days_to_inspect = forms.IntegerField(
        label=gettext_lazy("Inspect what arrived within (business days)"), min_value=1, max_value=90, widget=_DAYS
    )
    days_to_settle = forms.IntegerField(
        label=gettext_lazy("Confirm a refund within (business days)"), min_value=1, max_value=90, widget=_DAYS
    )
    remind_parcel_days = forms.IntegerField(
        label=gettext_lazy("Remind customers whose parcel does not come after (days, 0: never)"),
        min_value=0,
        max_value=60,
        widget=forms.NumberInput(attrs={"min": 0, "max": 60, "inputmode": "numeric"}),
    )
    remind_parcel_most = forms.IntegerField(
        label=gettext_lazy("How often at most"),
        min_value=0,
        max_value=9,
        widget=forms.NumberInput(attrs={"min": 0, "max": 9, "inputmode": "numeric"}),
    )
    improve_returns = forms.IntegerField(
        label=gettext_lazy("Have a product’s page looked at from so many returns for one reason"),
        min_value=2,
        max_value=999,
        widget=forms.NumberInput(attrs={"min": 2, "max": 999, "inputmode": "numeric"}),
    )
    improve_percent = forms.IntegerField(
        label=gettext_lazy("or from so many percent of what was sold"),
        min_value=1,
        max_value=100,
        widget=forms.NumberInput(attrs={"min": 1, "max": 100, "inputmode": "numeric"}),
    )
    improve_days = forms.IntegerField(
        label=gettext_lazy("counted over (days)"),
        min_value=7,
        max_value=365,
        widget=forms.NumberInput(attrs={"min": 7, "max": 365, "inputmode": "numeric"}),
    )
    deduct_missing_percent = forms.IntegerField(
        label=gettext_lazy("Propose to take off for each missing accessory (percent of the price, 0: nothing)"),
        min_value=0,
        max_value=50,
        widget=forms.NumberInput(attrs={"min": 0, "max": 50, "inputmode": "numeric"}),
    )
    product_page = forms.CharField(
        label=gettext_lazy("Address of a product’s page, with {sku} for its number"),
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "https://example.com/items/{sku}", "inputmode": "url"}),
    )
    address_name = forms.CharField(label=gettext_lazy("Returns go to: name"), max_length=200, required=False)
    address_postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=16, required=False)
    address_lines = forms.CharField(label=pgettext_lazy("postal", "Address"), max_length=400, required=False)
    address_phone = forms.CharField(label=gettext_lazy("Phone number"), max_length=40, required=False)
    label_paper = forms.ChoiceField(label=gettext_lazy("Labels are printed on"), choices=LabelPaper.choices)
    label_bar_code = forms.ChoiceField(label=gettext_lazy("Bar code on labels"), choices=BarCode.choices)
    issuer_name = forms.CharField(
        label=gettext_lazy("Name on return invoices (empty: the shop’s name)"), max_length=200, required=False
    )
    registration_number = forms.CharField(
        label=gettext_lazy("Registration number for return invoices (T and 13 digits)"), max_length=20, required=False
    )

    def clean_registration_number(self) -> str:
        """The number without spaces and in half width."""
        typed = str(self.cleaned_data["registration_number"])
        return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()


@desk(Permission.RUN_SHOP)
def settings_returns(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The form; saved, the next step of a return has the new time."""
    request.desk_section = "returns"  # type: ignore[attr-defined]
    setting = setting_of(by.shop)
    initial = {name: getattr(setting, name) for name in ReturnSettingForm.base_fields}
    form = ReturnSettingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_setting(by=by, now=clock.now(), **form.cleaned_data)
        except actions.RegistrationRefused as refusal:
            form.add_error("registration_number", str(refusal))
        except actions.IllegalStep as refusal:  # all numbers are within their limits: only the address is left
            form.add_error("product_page", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:settings_returns", by.shop.slug)
    status = 422 if form.is_bound else 200
    languages = [{"code": code, "name": name} for code, name in _LANGUAGES.items()]
    return render(request, "staff/settings_returns.html", {"form": form, "languages": languages}, status=status)


@require_GET
@desk(Permission.RUN_SHOP)
def label_preview(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """A label of a made-up return, as the saved settings print it."""
    language = request.GET.get("language", "ja")
    if language not in _LANGUAGES:
        raise Http404
    facts = sample_label(by.shop, language=language, today=clock.now().astimezone(ZoneInfo(by.shop.zone)).date())
    content = labels.get().pdf([facts], paper=label_paper(by.shop))
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="label.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
