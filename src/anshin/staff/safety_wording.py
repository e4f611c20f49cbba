"""Writing the words of one language, beside those of the lead language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anshin.plumbing import clock
from anshin.safety import actions, queries
from anshin.safety.terms import LANGUAGES
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.safety import SECTION, looked_at
from anshin.staff.safety_forms import WordsForm
from anshin.staff.safety_page import wordings
from anshin.staff.safety_words import language_name

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@require_http_methods(["GET", "POST"])
@desk(Permission.PREPARE_SAFETY)
def wording(request: HttpRequest, by: Membership, key: str, language: str) -> HttpResponseBase:
    """The words of `language`; saving them makes an approval void."""
    now = clock.now()
    advisory = looked_at(by, key, now)
    if language not in LANGUAGES:
        raise Http404
    written = queries.wordings_of(advisory)
    initial = model_to_dict(written[language], list(WordsForm.base_fields)) if language in written else {}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.word(by=by, advisory_id=advisory.pk, language=language, words=form.words(), now=now)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved: %(language)s.") % {"language": language_name(language)})
            return redirect("staff:safety_page", by.shop.slug, key)
    lead = written.get(advisory.lead_language) if language != advisory.lead_language else None
    request.desk_section = SECTION  # type: ignore[attr-defined]
    context = {
        "advisory": advisory,
        "form": form,
        "language": language,
        "language_name": language_name(language),
        "pairs": [(form[name], getattr(lead, name) if lead else "") for name in WordsForm.base_fields],
        "lead": lead,
        "lead_name": language_name(advisory.lead_language),
        "tabs": wordings(by, advisory),
        "back": address("safety_page", by.shop.slug, key),
    }
    return render(request, "staff/safety_wording.html", context, status=422 if form.is_bound else 200)
