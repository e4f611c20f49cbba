"""What the owner sets: the shop, its week and holidays, its staff."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings as installation
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.language.order_numbers import compile_formats
from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.shops import actions, queries
from anshin.shops.terms import Permission, Role
from anshin.staff.desk import desk
from anshin.staff.settings_forms import HolidayForm, HoursForm, InviteForm, ShopForm

if TYPE_CHECKING:
    from datetime import date

    from anshin.shops.models import Membership, Shop


@desk(Permission.RUN_SHOP)
def shop_settings(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The shop's face, order numbers, reply target and signature."""
    if request.method != "POST":
        return _shop_page(request, ShopForm(initial=_as_written(by.shop)))
    form = ShopForm(request.POST)
    if not form.is_valid() or "check" in request.POST:
        return _shop_page(request, form)
    values = form.cleaned_data
    actions.change_shop(
        by=by,
        name=values["name"],
        name_en=values["name_en"],
        contact_mail=values["contact_mail"],
        order_formats=values["order_formats"],
        reply_target_minutes=int(values["reply_target_hours"] * 60),
        signature=values["signature"],
        now=clock.now(),
    )
    return _said(request, "settings", by, _("The settings are saved."))


@require_POST
@desk(Permission.RUN_SHOP)
def check_numbers(request: HttpRequest, by: Membership) -> HttpResponseBase:  # noqa: ARG001  a view
    """What the shapes find in the example, while both are being written."""
    form = ShopForm(request.POST)
    form.is_valid()
    return render(request, "staff/_number_check.html", {"check": _number_check(form)})


@desk(Permission.RUN_SHOP)
def hours(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The week as times, and the days on which the shop is closed beside it."""
    form = HoursForm(request.POST or None, week=queries.week_of(by.shop))
    if request.method == "POST" and form.is_valid():
        actions.set_opening_hours(by=by, hours=form.week(), now=clock.now())
        return _said(request, "settings_hours", by, _("The opening hours are saved."))
    return _hours_page(request, by, form, HolidayForm())


@require_POST
@desk(Permission.RUN_SHOP)
def add_holiday(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Close the shop on a day."""
    form = HolidayForm(request.POST)
    if form.is_valid():
        try:
            actions.add_holiday(by=by, on=form.cleaned_data["on"], name=form.cleaned_data["name"], now=clock.now())
        except actions.HolidayKnown as refusal:
            form.add_error("on", str(refusal))
        else:
            return _said(request, "settings_hours", by, _("The holiday is saved."))
    return _hours_page(request, by, HoursForm(week=queries.week_of(by.shop)), form)


@require_POST
@desk(Permission.RUN_SHOP)
def remove_holiday(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Open the shop again on a day."""
    actions.remove_holiday(by=by, holiday_id=pk, now=clock.now())
    return _said(request, "settings_hours", by, _("The holiday is removed."))


@desk(Permission.RUN_SHOP)
def staff(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Who works here, and inviting somebody new."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            invited = actions.invite_by_mail(
                by=by,
                email=values["email"],
                name=values["name"],
                role=Role(values["role"]),
                language=values["language"],
                link=sign_in_link(),
                now=clock.now(),
            )
        except actions.AlreadyHere as refusal:
            form.add_error("email", str(refusal))
        else:
            said = _("The invitation to %(mail)s is on its way.") % {"mail": invited.person.email}
            return _said(request, "settings_staff", by, said)
    return _staff_page(request, by, form)


@require_POST
@desk(Permission.RUN_SHOP)
def change_role(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Give a colleague another role."""
    wanted = request.POST.get("role", "")
    if wanted not in Role.values:
        raise Http404
    member = _colleague(by, pk)
    try:
        actions.grant_role(membership=member, role=Role(wanted), by=by, now=clock.now())
    except actions.LastOwner as refusal:
        return _refused(request, "settings_staff", by, refusal)
    said = _("%(name)s now has the role “%(role)s”.") % {"name": member.person, "role": Role(wanted).label}
    return _said(request, "settings_staff", by, said)


@require_POST
@desk(Permission.RUN_SHOP)
def let_back_in(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Open the shop again to somebody who left, with the role they had."""
    former = _colleague(by, pk)
    person = former.person
    actions.invite_staff(
        shop=by.shop, email=person.email, name=person.name, role=Role(former.role), by=by, now=clock.now()
    )
    return _said(request, "settings_staff", by, _("%(name)s can see this shop again.") % {"name": person})


@require_POST
@desk(Permission.RUN_SHOP)
def invite_again(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Send the invitation once more."""
    member = _colleague(by, pk)
    actions.send_invitation(by=by, membership=member, link=sign_in_link(), now=clock.now())
    said = _("The invitation to %(mail)s is on its way.") % {"mail": member.person.email}
    return _said(request, "settings_staff", by, said)


def sign_in_link() -> str:
    """The page on which somebody asks for a code, as written in letters."""
    return f"{installation.ANSHIN_ADDRESS}{reverse('account_request_login_code')}"


def _colleague(by: Membership, pk: int) -> Membership:
    found = queries.everybody_of(by.shop).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _as_written(shop: Shop) -> dict[str, Any]:
    hours = Decimal(shop.reply_target_minutes) / 60
    return {
        "name": shop.name,
        "name_en": shop.name_en,
        "contact_mail": shop.contact_mail,
        "reply_target_hours": hours.quantize(Decimal("0.1")).normalize().to_eng_string(),
        "order_formats": "\n".join(shop.order_formats),
        "signature": shop.signature,
    }


def _number_check(form: ShopForm) -> dict[str, Any] | None:
    """What is found in the example; None while there is nothing to try or a shape is wrong."""
    formats = form.cleaned_data.get("order_formats") if form.is_bound else None
    example = form.cleaned_data.get("example", "") if form.is_bound else ""
    if not formats or not example:
        return None
    return {
        "found": [{"number": each.number, "format": each.format} for each in compile_formats(formats).find(example)]
    }


def _shop_page(request: HttpRequest, form: ShopForm) -> HttpResponseBase:
    request.desk_section = "shop"  # type: ignore[attr-defined]
    context = {"form": form, "check": _number_check(form)}
    return render(request, "staff/settings.html", context, status=422 if form.errors else 200)


def _hours_page(request: HttpRequest, by: Membership, form: HoursForm, holiday: HolidayForm) -> HttpResponseBase:
    today, language = timezone.localtime(clock.now()).date(), get_language() or "ja"

    def day_words(day: date) -> str:
        return dates.full_day(day, language=language, with_year=day.year != today.year)

    own = queries.holidays_of(by.shop, since=today)
    national = queries.next_national_holidays(today, language=language)
    request.desk_section = "hours"  # type: ignore[attr-defined]
    context = {
        "form": form,
        "holiday": holiday,
        "holidays": [{"pk": each.pk, "day": day_words(each.on), "name": each.name} for each in own],
        "national": [(day_words(day), name) for day, name in national],
    }
    return render(request, "staff/settings_hours.html", context, status=422 if form.errors or holiday.errors else 200)


def _staff_page(request: HttpRequest, by: Membership, form: InviteForm) -> HttpResponseBase:
    everybody = list(queries.everybody_of(by.shop))
    request.desk_section = "staff"  # type: ignore[attr-defined]
    context = {
        "form": form,
        "roles": Role.choices,
        "rights": queries.rights(),
        "me": by.pk,
        "present": [member for member in everybody if member.is_active],
        "former": [member for member in everybody if not member.is_active],
    }
    return render(request, "staff/settings_staff.html", context, status=422 if form.errors else 200)


def _said(request: HttpRequest, page: str, by: Membership, words: str) -> HttpResponseBase:
    messages.success(request, words)
    return redirect(f"staff:{page}", by.shop.slug)


def _refused(request: HttpRequest, page: str, by: Membership, refusal: actions.Refused) -> HttpResponseBase:
    messages.error(request, str(refusal))
    return redirect(f"staff:{page}", by.shop.slug)
