"""What a person sets for themselves: name, language, signature; and the way to their password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from anshin.plumbing import clock
from anshin.routing.queries import is_away
from anshin.shops import actions
from anshin.shops.queries import has_second_factor
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.identities import sign_in_choices
from anshin.staff.settings_forms import AccountForm
from anshin.staff.sign_in import speak

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@desk(Permission.READ_CASES)
def account(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The person's own page; saving it also sets this browser's language."""
    person = by.person
    form = AccountForm(
        request.POST or None,
        initial={
            "name": person.name,
            "name_en": person.name_en,
            "language": person.language,
            "signature": by.signature,
        },
    )
    if request.method == "POST" and form.is_valid():
        actions.change_account(by=by, now=clock.now(), **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your account is saved."))
        return speak(redirect("staff:account", by.shop.slug), form.cleaned_data["language"], request)
    request.desk_section = "account"  # type: ignore[attr-defined]
    context = {
        "form": form,
        "mail": person.email,
        "has_password": person.has_usable_password(),
        "has_factor": has_second_factor(person.pk),
        "services": "・".join(each["name"] for each in sign_in_choices()),
        "is_away": is_away(by, now=clock.now()),
    }
    return render(request, "staff/account.html", context, status=422 if form.errors else 200)
