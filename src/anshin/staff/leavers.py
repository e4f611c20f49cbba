"""Letting somebody go: their access ends, and what they had under way goes to whoever is chosen, in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anshin.cases import actions as cases
from anshin.cases.queries import work_of
from anshin.integrations.actions import revoke_keys_of
from anshin.integrations.queries import keys_of
from anshin.plumbing import clock
from anshin.replies.actions import hand_promises_on
from anshin.replies.queries import open_promise_count
from anshin.shops import actions
from anshin.shops.queries import staff_of
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.people import NOBODY, owner_from, people

if TYPE_CHECKING:
    from datetime import datetime

    from anshin.shops.models import Membership


@desk(Permission.RUN_SHOP)
def end_membership(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """What the colleague has under way and who takes it over; POST lets them go. Whoever lets themselves go leaves."""
    member = staff_of(by.shop).filter(pk=pk).first()
    if member is None:
        raise Http404
    now = clock.now()
    if request.method != "POST":
        return _page(request, by, member, now=now)
    to = owner_from(by, request.POST.get("to", NOBODY))
    try:
        said = _let_go(by, member, to, now=now)
    except (actions.LastOwner, cases.WrongCase) as refusal:
        messages.error(request, str(refusal))
        return redirect("staff:settings_staff", by.shop.slug)
    if member.pk == by.pk:
        return redirect("staff:home")
    messages.success(request, said)
    return redirect("staff:settings_staff", by.shop.slug)


@transaction.atomic
def _let_go(by: Membership, member: Membership, to: Membership | None, *, now: datetime) -> str:
    """All or nothing; what to say of it. The access ends last: until then the rest can be asked of whoever goes."""
    handed = cases.hand_on(by=by, leaving=member, to=to, now=now)
    promises = hand_promises_on(by=by, leaving=member, to=to)
    keys = revoke_keys_of(by=by, member=member, now=now)
    actions.end_membership(membership=member, by=by, now=now)
    words = [_("%(name)s can no longer see this shop. Below you can undo this.") % {"name": member.person}]
    if handed.cases or promises or handed.drafts:
        words.append(
            _("%(cases)s cases, %(promises)s promises and %(drafts)s drafts went to %(to)s.")
            % {
                "cases": handed.cases,
                "promises": promises,
                "drafts": handed.drafts,
                "to": to.person if to else _("nobody: they wait under “Unassigned”"),
            }
        )
    if keys:
        words.append(_("%(count)s API keys have ended.") % {"count": keys})
    return " ".join(words)


def _page(request: HttpRequest, by: Membership, member: Membership, *, now: datetime) -> HttpResponseBase:
    work = work_of(member, now=now)
    others = [each for each in staff_of(by.shop) if each.pk != member.pk]
    request.desk_section = "staff"  # type: ignore[attr-defined]
    context = {
        "member": member,
        "is_me": member.pk == by.pk,
        "work": work,
        "promises": open_promise_count(by.shop, member),
        "keys": sum(1 for key in keys_of(by.shop) if key.member_id == member.pk and key.revoked_at is None),
        "choices": [{**each, "on": each["value"] == NOBODY} for each in people(by, others)],
    }
    return render(request, "staff/settings_end.html", context)
