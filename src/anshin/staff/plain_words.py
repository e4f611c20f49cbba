"""The shop's dictionary: words of the trade, and what customers understand instead."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anshin.plumbing import clock
from anshin.replies import actions, queries
from anshin.replies.terms import Language
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.shops.models import Membership


class WordForm(forms.Form):
    """A word of the trade with its plain one."""

    word = forms.CharField(label=gettext_lazy("Word of the trade"), max_length=60)
    plain = forms.CharField(label=gettext_lazy("What customers understand"), max_length=120)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices, initial=Language.JA)


@desk(Permission.ANSWER)
def plain_words(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The dictionary by language; a post of those who may writes a word."""
    is_post = request.method == "POST"
    form = WordForm(request.POST if is_post else None)
    if is_post and form.is_valid():
        values = form.cleaned_data
        try:
            actions.save_word(
                by=by, word=values["word"], plain=values["plain"], language=values["language"], now=clock.now()
            )
        except (actions.WrongWord, actions.MissingName) as refusal:
            form.add_error("plain" if isinstance(refusal, actions.WrongWord) else "word", str(refusal))
        else:
            said = _("Whoever writes “%(word)s” is offered “%(plain)s” from now on.")
            messages.success(request, said % {"word": values["word"], "plain": values["plain"]})
            return redirect("staff:plain_words", by.shop.slug)
    request.desk_section = "macros"  # type: ignore[attr-defined]
    context = {"form": form, "groups": _groups(by), "can_edit": may(by, Permission.EDIT_MACROS)}
    return render(request, "staff/plain_words.html", context, status=422 if form.errors else 200)


@require_POST
@desk(Permission.EDIT_MACROS)
def switch_off(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Say nothing of a word of the program any more (word=, language=)."""
    word, language = request.POST.get("word", ""), request.POST.get("language", "")
    actions.save_word(by=by, word=word, plain="", language=language, now=clock.now())
    messages.success(request, _("“%(word)s” may be written without a hint.") % {"word": word})
    return redirect("staff:plain_words", by.shop.slug)


@require_POST
@desk(Permission.EDIT_MACROS)
def remove(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Take the shop's own word out; one of the program is as it came again."""
    actions.remove_word(by=by, word_id=pk, now=clock.now())
    messages.success(request, _("The word is as it was before."))
    return redirect("staff:plain_words", by.shop.slug)


def _groups(by: Membership) -> list[dict[str, Any]]:
    rows = groupby(queries.word_rows(by.shop), key=lambda row: row.language)
    return [{"label": Language(code).label, "code": code, "rows": list(found)} for code, found in rows]
