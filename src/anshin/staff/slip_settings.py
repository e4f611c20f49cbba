"""The shop's contracts with carriers: customer codes, kind of slip, and the sender of what the shop sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.slips import actions, queries
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.shops.models import Membership
    from anshin.slips.models import CarrierAccount


class AccountForm(forms.Form):
    """One contract. What a program does not know stays empty."""

    format = forms.ChoiceField(label=gettext_lazy("Program"))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("How you call it, such as the warehouse it belongs to."),
    )
    customer_code = forms.CharField(
        label=gettext_lazy("Customer code"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("B2クラウド: 請求先顧客コード. e飛伝Ⅲ: お客様コード."),
    )
    freight_number = forms.CharField(
        label=gettext_lazy("Freight number"),
        max_length=2,
        required=False,
        help_text=gettext_lazy("B2クラウド only: 運賃管理番号, mostly 01."),
    )
    slip_kind = forms.CharField(
        label=gettext_lazy("Kind of slip"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("ゆうプリR only: 送り状種別, by the paper in use."),
    )
    sender_name = forms.CharField(
        label=gettext_lazy("Sender: name"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Of what the shop sends. Empty: where returns go."),
    )
    sender_postcode = forms.CharField(label=gettext_lazy("Sender: postcode"), max_length=16, required=False)
    sender_lines = forms.CharField(label=gettext_lazy("Sender: address"), max_length=400, required=False)
    sender_phone = forms.CharField(label=gettext_lazy("Sender: phone number"), max_length=40, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(code, known.name) for code, known in queries.formats().items()]
        self.fields["format"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@desk(Permission.RUN_SHOP)
def settings_slips(request: HttpRequest, by: Membership, pk: int | None = None) -> HttpResponseBase:
    """The contracts in use, and the form for a new one or for `pk`."""
    request.desk_section = "slip_accounts"  # type: ignore[attr-defined]
    account = _account(by, pk) if pk else None
    form = AccountForm(request.POST or None, initial=_initial(account))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            actions.save_account(by=by, account_id=pk, format=values.pop("format"), values=values, now=clock.now())
        except actions.AccountRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:settings_slips", by.shop.slug)
    known = queries.formats()
    context = {
        "form": form,
        "account": account,
        "accounts": [
            {"account": each, "program": known[each.format].name if each.format in known else each.format}
            for each in queries.accounts_of(by.shop)
        ],
    }
    return render(request, "staff/settings_slips.html", context, status=422 if form.is_bound else 200)


@require_POST
@desk(Permission.RUN_SHOP)
def retire(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Take a contract out of use."""
    _account(by, pk)
    actions.retire_account(by=by, account_id=pk, now=clock.now())
    messages.success(request, _("Taken out of use. Files written with it stay."))
    return redirect("staff:settings_slips", by.shop.slug)


def _account(by: Membership, pk: int) -> CarrierAccount:
    found = queries.account_by_id(by.shop, pk)
    if found is None:
        raise Http404
    return found


def _initial(account: CarrierAccount | None) -> dict[str, str]:
    return {name: getattr(account, name) for name in AccountForm.base_fields} if account else {"freight_number": "01"}
