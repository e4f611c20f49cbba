"""The settings of refunds: rules, the account from which the shop transfers, the payment provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings as installation
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.commerce import actions, queries
from anshin.commerce.terms import AccountKind, PaymentProvider
from anshin.language.zengin_letters import shown
from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.return_words import when_of

if TYPE_CHECKING:
    from datetime import datetime

    from anshin.commerce.models import RefundSetting
    from anshin.shops.models import Membership


NOTICE_EVENTS = (
    "refund.updated",
    "refund.failed",
    "charge.refund.updated",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
)


class RulesForm(forms.Form):
    """Second person, and how long accounts are kept."""

    second_person_above_yen = forms.IntegerField(
        label=gettext_lazy("A second person confirms above (yen)"),
        min_value=0,
        help_text=gettext_lazy("Counted over all refunds of an order. 0: every refund."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    purge_days = forms.IntegerField(
        label=gettext_lazy("Forget customers’ bank accounts after (days)"),
        min_value=1,
        help_text=gettext_lazy("Counted from the day on which the money arrived."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class DebtorForm(forms.Form):
    """The account from which the shop transfers."""

    client_code = forms.CharField(label=gettext_lazy("Client code (委託者コード)"), max_length=10)
    client_name = forms.CharField(
        label=gettext_lazy("Name in katakana"),
        max_length=80,
        help_text=gettext_lazy("As your bank has it. It is changed to the letters that banks exchange."),
    )
    bank_code = forms.CharField(label=gettext_lazy("Number of the bank (4 digits)"), max_length=4)
    branch_code = forms.CharField(label=gettext_lazy("Number of the branch (3 digits)"), max_length=3)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of account"), choices=AccountKind.choices)
    number = forms.CharField(
        label=gettext_lazy("Account number"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("Leave it empty to keep the one that is known."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    has_line_ends = forms.BooleanField(label=gettext_lazy("A new line after each record (CR LF)"), required=False)


class TimesForm(forms.Form):
    """Until when the shop's bank takes a file of transfers."""

    transfer_cut_off = forms.TimeField(
        label=gettext_lazy("The bank takes files until"),
        help_text=gettext_lazy("As the contract with your bank says; on bank days."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    transfer_lead_days = forms.IntegerField(
        label=gettext_lazy("Bank days from the file to the transfer"),
        min_value=1,
        max_value=10,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class ProviderForm(forms.Form):
    """The payment provider and its secret key."""

    provider = forms.ChoiceField(
        label=gettext_lazy("Who takes the payments"),
        choices=[
            (each.value, each.label)
            for each in PaymentProvider
            if each != PaymentProvider.PRACTICE or installation.ANSHIN_OUTSIDE
        ],
    )
    key = forms.CharField(
        label=gettext_lazy("Secret key"),
        max_length=300,
        help_text=gettext_lazy("Kept encrypted and never shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class NoticesForm(forms.Form):
    """With what the provider signs what it reports."""

    secret = forms.CharField(
        label=gettext_lazy("Signing secret (whsec_…)"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Stripe shows it once the address is registered. Kept encrypted and never shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


@desk(Permission.RUN_SHOP)
def settings_refunds(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Forms on one page; each is saved by itself."""
    request.desk_section = "refunds"  # type: ignore[attr-defined]
    part = request.POST.get("part", "") if request.method == "POST" else ""
    setting = queries.refund_setting(by.shop_id)
    rules = RulesForm(request.POST if part == "rules" else None, initial=_rules(setting))
    debtor = DebtorForm(request.POST if part == "debtor" else None, initial=_debtor(setting))
    times = TimesForm(request.POST if part == "times" else None, initial=_times(setting))
    provider = ProviderForm(request.POST if part == "provider" else None)
    notices = NoticesForm(request.POST if part == "notices" else None)
    forms_of_page = {"rules": rules, "debtor": debtor, "times": times, "provider": provider, "notices": notices}
    asked = forms_of_page.get(part)
    if part == "no_provider":
        actions.remove_payment_account(by=by, now=clock.now())
        return _saved(request, by)
    if asked is not None and asked.is_valid() and _is_set(by, part, asked):
        return _saved(request, by)
    page = forms_of_page | {
        "setting": setting,
        "client_name": shown(setting.client_name),
        **_provider(by, clock.now()),
    }
    return render(request, "staff/settings_refunds.html", page, status=422 if part else 200)


def _is_set(by: Membership, part: str, form: forms.Form) -> bool:
    change = {
        "rules": actions.set_refund_rules,
        "debtor": actions.set_debtor,
        "times": actions.set_transfer_times,
        "provider": actions.set_payment_account,
        "notices": actions.set_notice_secret,
    }[part]
    try:
        change(by=by, now=clock.now(), **form.cleaned_data)  # type: ignore[operator]
    except actions.SettingRefused as refusal:
        form.add_error(refusal.field, str(refusal))
        return False
    return True


def _provider(by: Membership, now: datetime) -> dict[str, object]:
    """The provider's account, and where and since when it reports by itself; only Stripe does."""
    account = queries.payment_account(by.shop_id)
    if account is None or account.provider != PaymentProvider.STRIPE:
        return {"account": account}
    newest = queries.newest_notice(by.shop_id)
    return {
        "account": account,
        "notice_url": installation.ANSHIN_ADDRESS + reverse("payments:stripe", args=[by.shop.slug]),
        "notice_events": NOTICE_EVENTS,
        "newest_notice": when_of(newest.came_at, now) if newest else "",
    }


def _saved(request: HttpRequest, by: Membership) -> HttpResponseBase:
    messages.success(request, _("Saved."))
    return redirect("staff:settings_refunds", by.shop.slug)


def _rules(setting: RefundSetting) -> dict[str, object]:
    return {"second_person_above_yen": setting.second_person_above_yen, "purge_days": setting.purge_days}


def _times(setting: RefundSetting) -> dict[str, object]:
    return {"transfer_lead_days": setting.transfer_lead_days, "transfer_cut_off": setting.transfer_cut_off}


def _debtor(setting: RefundSetting) -> dict[str, object]:
    names = ("client_code", "bank_code", "branch_code", "kind", "has_line_ends")
    return {name: getattr(setting, name) for name in names} | {"client_name": shown(setting.client_name)}
