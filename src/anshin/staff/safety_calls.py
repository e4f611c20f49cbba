"""Lists of whom to call that follow what colleagues do: one person's row, the counts, and “I am calling now”."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from anshin.plumbing import clock
from anshin.safety import actions, queries
from anshin.shops.terms import Permission
from anshin.staff import safety_telling_words as words
from anshin.staff.desk import desk, is_fragment
from anshin.staff.safety_telling import back_to_list, is_open_notice, public_notice

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.shops.models import Membership


@never_cache
@require_GET
@desk(Permission.ANSWER)
def row(request: HttpRequest, by: Membership, key: str, pk: int) -> HttpResponseBase:
    """One person as the list ?list= shows them now; without a script the list itself."""
    advisory, which = public_notice(by, key), _list(request.GET.get("list", ""))
    if not is_fragment(request):
        return redirect(back_to_list(advisory, which))
    return _row(request, by, advisory, which, pk)


@never_cache
@require_GET
@desk(Permission.ANSWER)
def counts(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:
    """How many are on each list now, and how many came onto ?list= after the person of the number ?newest=."""
    advisory, which = public_notice(by, key), _list(request.GET.get("list", ""))
    if not is_fragment(request):
        return redirect(back_to_list(advisory, which))
    told = request.GET.get("newest", "")
    newest = int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else 0
    context = {
        "advisory": advisory,
        "which": which,
        "tabs": words.tabs(advisory, queries.told_by_hand(advisory), which),
        "newest": newest,
        "came": queries.came_since(advisory, which, newest),
    }
    return render(request, "staff/_safety_tell_tabs.html", context)


@require_POST
@desk(Permission.ANSWER)
def call(request: HttpRequest, by: Membership, key: str, pk: int) -> HttpResponseBase:
    """“I am calling now”, or do=release: not after all."""
    advisory, which, now = public_notice(by, key), _list(request.POST.get("list", "")), clock.now()
    try:
        if request.POST.get("do") == "release":
            actions.release_call(by=by, advisory_id=advisory.pk, person_id=pk, now=now)
        else:
            actions.claim_call(by=by, advisory_id=advisory.pk, person_id=pk, now=now)
    except actions.NoSuchPerson as gone:
        raise Http404 from gone
    if is_fragment(request):
        return _row(request, by, advisory, which, pk)
    return redirect(f"{back_to_list(advisory, which)}#p{pk}")


def _row(request: HttpRequest, by: Membership, advisory: Advisory, which: str, pk: int) -> HttpResponse:
    person = queries.person_in(advisory, pk)
    if person is None:
        raise Http404
    now, has_left = clock.now(), not queries.is_on(person, which)
    (shown,) = queries.listed(advisory, [person])
    context = {
        "row": words.row(by, shown, now=now, has_left=has_left),
        "which": which,
        "choices": words.choices(advisory, which) if is_open_notice(advisory) else [],
        "next_tries": words.next_tries(),
        "advisory": advisory,
        "now": now,
    }
    return render(request, "staff/_safety_tell_row.html", context)


def _list(told: str) -> str:
    told = told or "phone"  # what the page shows to who asks for no list, as long as it holds somebody
    if told not in queries.LISTS:
        raise Http404
    return told
