"""Those whom no mail reaches: the lists to call and to write by, what came of it, the letters for the printer.

Only for whoever talks to customers; a list leaves the program as a file only by the hand of those who may export.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.safety import actions, queries
from anshin.safety.terms import AdvisoryState, Answer, Outcome
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff import safety_telling_words as words
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.safety import SECTION
from anshin.staff.safety_posts import number
from anshin.staff.safety_words import name_of

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.shops.models import Membership


@never_cache
@require_GET
@desk(Permission.ANSWER)
def tell(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:
    """?list= phone, letter, none or told; ?page="""
    return _drawn(request, by, public_notice(by, key), request.GET.get("list", ""))


@require_POST
@desk(Permission.ANSWER)
def approach(request: HttpRequest, by: Membership, key: str, pk: int) -> HttpResponseBase:
    """result= what came of it ("said:" and an answer, or an outcome), words=, seen=, list= to come back to."""
    advisory, now = public_notice(by, key), clock.now()
    which, result = request.POST.get("list", ""), request.POST.get("result", "")
    said = result.removeprefix("said:") if result.startswith("said:") else ""
    if not (said in Answer.values if said else result in Outcome.values) and result:
        raise Http404
    try:
        if not result:
            raise Refused(_("Choose what came of it."))
        actions.approach(
            by=by,
            advisory_id=advisory.pk,
            person_id=pk,
            outcome=Outcome.ANSWERED if said else Outcome(result),
            seen=number(request, "seen"),
            said=Answer(said) if said else None,
            words=request.POST.get("words", ""),
            next_try_at=words.next_try(request.POST.get("again", ""), zone=by.shop.zone, now=now),
            now=now,
        )
    except NotAllowed:
        raise
    except (actions.UnknownAdvisory, actions.NoSuchPerson) as gone:
        raise Http404 from gone
    except Refused as refusal:
        return _drawn(request, by, advisory, which, error=(pk, str(refusal)))
    messages.success(request, _("Written down."))
    return redirect(back_to_list(advisory, which))


@never_cache
@require_GET
@desk(Permission.EXPORT)
def tell_csv(request: HttpRequest, by: Membership, key: str, which: str) -> HttpResponseBase:  # noqa: ARG001
    """One list for a spreadsheet; who took it is in the journal."""
    advisory = public_notice(by, key)
    if which not in queries.LISTS:
        raise Http404
    actions.take_list(by=by, advisory_id=advisory.pk, which=which, now=clock.now())
    lines = words.as_csv(by.shop.zone, queries.every_listed(advisory, which))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name_of(advisory)}-{which}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@desk(Permission.ANSWER)
def letters(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:
    """Put the next letters together for the printer."""
    advisory = public_notice(by, key)
    try:
        made = actions.print_letters(by=by, advisory_id=advisory.pk, now=clock.now())
    except actions.NothingToPrint as refusal:
        return _drawn(request, by, advisory, "letter", error=(0, str(refusal)))
    messages.success(
        request,
        _("Bundle %(number)s is ready: print the PDF, then say when it is posted.") % {"number": made.number},
    )
    return redirect(back_to_list(advisory, "letter"))


@never_cache
@require_GET
@desk(Permission.ANSWER)
def letters_pdf(request: HttpRequest, by: Membership, key: str, bundle: int) -> HttpResponseBase:
    """The letters of a bundle."""
    advisory = public_notice(by, key)
    try:
        pdf = actions.bundle_pdf(by=by, advisory_id=advisory.pk, number=bundle)
    except actions.UnknownAdvisory as gone:
        raise Http404 from gone
    except actions.NothingToPrint as refusal:
        return _drawn(request, by, advisory, "letter", error=(0, str(refusal)))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name_of(advisory)}-letters-{bundle}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@desk(Permission.ANSWER)
def letters_posted(request: HttpRequest, by: Membership, key: str, bundle: int) -> HttpResponseBase:
    """They are with the post: their readers leave the list."""
    advisory = public_notice(by, key)
    try:
        actions.post_letters(by=by, advisory_id=advisory.pk, number=bundle, now=clock.now())
    except actions.UnknownAdvisory as gone:
        raise Http404 from gone
    messages.success(request, _("Written down: bundle %(number)s is posted.") % {"number": bundle})
    return redirect(back_to_list(advisory, "letter"))


def public_notice(by: Membership, key: str) -> Advisory:
    """A notice that was made public. Raises Http404, for a sealed one too: nobody is told before."""
    found = queries.advisory_by_key(by, key)
    if found is None or found.number is None:
        raise Http404
    return found


def is_open_notice(advisory: Advisory) -> bool:
    """Whether calls and letters can still be written down."""
    return advisory.state in {AdvisoryState.RELEASED, AdvisoryState.WITHDRAWN}


def back_to_list(advisory: Advisory, which: str) -> str:
    """Address of a list."""
    base = address("safety_tell", advisory.shop.slug, advisory.key)
    return f"{base}?list={which}" if which in queries.LISTS else base


def _drawn(
    request: HttpRequest, by: Membership, advisory: Advisory, which: str, *, error: tuple[int, str] | None = None
) -> HttpResponseBase:
    counts = queries.told_by_hand(advisory)
    if which not in queries.LISTS:
        which = next((code for code, count in counts.on.items() if count), "phone")
    try:
        page = queries.people_page(advisory, which, cursor=request.GET.get("page", ""))
    except BadCursor as bad:
        raise Http404 from bad
    is_open, now = is_open_notice(advisory), clock.now()
    request.desk_section = SECTION  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "advisory": advisory,
        "name": name_of(advisory),
        "counts": counts,
        "which": which,
        "tabs": words.tabs(advisory, counts, which),
        "rows": [words.row(by, each, now=now) for each in queries.listed(advisory, page.items)],
        "choices": words.choices(advisory, which) if is_open else [],
        "next_tries": words.next_tries(),
        "newest": queries.newest_person(advisory),
        "bundles": [words.bundle_row(by, each) for each in queries.bundles_of(advisory)] if which == "letter" else [],
        "next_letters": min(counts.unprinted, actions.BUNDLE) if is_open and which == "letter" else 0,
        "may_export": may(by, Permission.EXPORT),
        "page": page,
        "query": f"list={which}&",
        "error_at": error[0] if error else None,
        "error": error[1] if error else "",
        "typed": request.POST if error else {},
        "now": now,
    }
    return render(request, "staff/safety_tell.html", context, status=422 if error else 200)
