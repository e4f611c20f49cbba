"""What a person has as a second factor, and where they set up more."""

from __future__ import annotations

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from anshin.plumbing import clock


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
