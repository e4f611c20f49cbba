"""The owner's page of sign-in: whether a second factor is a duty, who has one, and taking away a lost one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.shops import actions, queries
from anshin.shops.terms import Permission
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from datetime import datetime

    from anshin.shops.models import Membership

GRACE_DAYS = (0, 3, 7, 14, 30)
USUAL_GRACE = 7


@desk(Permission.RUN_SHOP)
def settings_sign_in(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The duty, and everybody with what they have."""
    if request.method == "POST":
        return _set_duty(request, by)
    now, kinds = clock.now(), queries.second_factors_of(by.shop)
    staff = [_member(each, kinds.get(each.person_id, set()), by) for each in queries.staff_of(by.shop)]
    since = by.shop.second_factor_from
    context = {
        "since": since,
        "is_in_force": since is not None and since <= now,
        "graces": [(days, _grace_words(days, now)) for days in GRACE_DAYS],
        "usual": USUAL_GRACE,
        "staff": staff,
        "missing": sum(not each["has_any"] for each in staff),
        "now": now,
    }
    request.desk_section = "sign_in"  # type: ignore[attr-defined]
    return render(request, "staff/settings_sign_in.html", context)


@require_POST
@desk(Permission.RUN_SHOP)
def take_factor(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Take a lost second factor from a colleague."""
    said = _("The second step of %(name)s is taken away. They are signed out and told by mail.")
    return _decide(request, by, pk, actions.take_factor_away, said)


@require_POST
@desk(Permission.RUN_SHOP)
def end_password(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Make the password of a colleague void, on a suspicion."""
    said = _("The password of %(name)s is void. They are signed out, and get a mail with which to set a new one.")
    return _decide(request, by, pk, actions.end_password, said)


def _decide(request: HttpRequest, by: Membership, pk: int, verb: Callable[..., None], said: str) -> HttpResponseBase:
    member = queries.staff_of(by.shop).filter(pk=pk).first()
    if member is None:
        raise Http404
    try:
        verb(by=by, membership=member, now=clock.now())
    except (actions.OwnFactor, actions.FactorElsewhere) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said % {"name": member.person})
    return redirect("staff:settings_sign_in", by.shop.slug)


def _set_duty(request: HttpRequest, by: Membership) -> HttpResponseBase:
    wanted, now = request.POST.get("grace", ""), clock.now()
    if wanted == "none":
        actions.free_of_second_factor(by=by, now=now)
        messages.success(request, _("Two-step sign-in is no duty any more."))
    elif wanted in map(str, GRACE_DAYS):
        since = actions.require_second_factor(by=by, grace_days=int(wanted), now=now)
        at = dates.when(since, now=now, language=get_language() or "ja")
        said = _("From %(at)s on nobody works here without two-step sign-in.")
        messages.success(request, said % {"at": at})
    else:
        raise Http404
    return redirect("staff:settings_sign_in", by.shop.slug)


def _member(each: Membership, kinds: set[str], by: Membership) -> dict[str, Any]:
    words = {"totp": _("App"), "webauthn": _("Passkey")}
    return {
        "pk": each.pk,
        "name": str(each.person),
        "mail": each.person.email,
        "role": each.get_role_display(),
        "has_any": bool(kinds),
        "kinds": _(", ").join(words[kind] for kind in sorted(kinds)),
        "signed_in_at": each.person.last_login,
        "is_me": each.pk == by.pk,
    }


def _grace_words(days: int, now: datetime) -> str:
    if not days:
        return _("At once")
    on = dates.full_day((now + timedelta(days=days)).date(), language=get_language() or "ja", with_year=False)
    return ngettext("In %(days)s day (%(on)s)", "In %(days)s days (%(on)s)", days) % {"days": days, "on": on}
