"""A person's own phrases: short texts that only they are offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.plumbing import clock
from anshin.replies import actions, queries
from anshin.replies.forms import PhraseForm
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.macro_words import placeholder_rows

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_MOST = 200


@desk(Permission.ANSWER)
def phrases(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """All of the person's phrases, and a new one."""
    form = PhraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(by, form, None):
        messages.success(request, _("The phrase is saved."))
        return redirect("staff:phrases", by.shop.slug)
    return _page(request, by, form, editing=None)


@desk(Permission.ANSWER)
def phrase(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Change one of the person's phrases."""
    found = queries.phrase_of(by, pk)
    if found is None:
        raise actions.WrongMacro
    form = PhraseForm(request.POST or None, initial={"name": found.name, "text": found.text})
    if request.method == "POST" and form.is_valid() and _saved(by, form, pk):
        messages.success(request, _("The phrase is saved."))
        return redirect("staff:phrases", by.shop.slug)
    return _page(request, by, form, editing=pk)


@require_POST
@desk(Permission.ANSWER)
def remove(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Throw a phrase away."""
    actions.remove_phrase(by=by, phrase_id=pk)
    messages.success(request, _("The phrase is gone."))
    return redirect("staff:phrases", by.shop.slug)


def _saved(by: Membership, form: PhraseForm, pk: int | None) -> bool:
    values = form.cleaned_data
    try:
        actions.save_phrase(by=by, name=values["name"], text=values["text"], phrase_id=pk, now=clock.now())
    except (actions.WrongPlaceholders, actions.MissingText) as refusal:
        form.add_error("text", str(refusal))
    except actions.MissingName as refusal:
        form.add_error("name", str(refusal))
    else:
        return True
    return False


def _page(request: HttpRequest, by: Membership, form: PhraseForm, *, editing: int | None) -> HttpResponse:
    request.desk_section = "macros"  # type: ignore[attr-defined]
    context = {
        "form": form,
        "editing": editing,
        "phrases": queries.phrases_of(by, most=_MOST),
        "placeholders": placeholder_rows(),
    }
    return render(request, "staff/phrases.html", context, status=422 if form.errors else 200)
