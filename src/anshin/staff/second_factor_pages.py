"""What a person has as a second factor, and where they set up more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from anshin.plumbing import clock
from anshin.shops import queries

if TYPE_CHECKING:
    from anshin.shops.models import Person


@never_cache
@login_required
def factors(request: HttpRequest) -> HttpResponse:
    """The person's app, passkeys and recovery codes."""
    found = list(Authenticator.objects.filter(user_id=request.user.pk).order_by("created_at", "id"))
    codes = next((each for each in found if each.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "app": next((each for each in found if each.type == Authenticator.Type.TOTP), None),
        "passkeys": [
            {"pk": each.pk, "name": each.wrap().name, "created_at": each.created_at, "used_at": each.last_used_at}
            for each in found
            if each.type == Authenticator.Type.WEBAUTHN
        ],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "codes_all": app_settings.RECOVERY_CODE_COUNT,
        "has_any": any(each.type != Authenticator.Type.RECOVERY_CODES for each in found),
        "now": clock.now(),
    }
    return render(request, "mfa/index.html", context)


@never_cache
@login_required
def needed(request: HttpRequest) -> HttpResponse:
    """Which of the person's shops want a second factor, and until when they can work without one."""
    person: Person = request.user  # type: ignore[assignment]
    now, wanting = clock.now(), queries.shops_that_want_a_factor(person)
    if not wanting:
        return redirect("staff:home")
    onward = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    context = {
        "shops": [
            {"name": shop.name, "since": shop.second_factor_from, "is_shut": shop.second_factor_from <= now}
            for shop in wanting
            if shop.second_factor_from
        ],
        "later_url": onward if is_ours else "/",
        "can_wait": bool(getattr(person, "desk_memberships", ())),
        "now": now,
    }
    return render(request, "mfa/needed.html", context)
