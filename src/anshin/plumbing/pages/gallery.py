"""Shows every component in both languages, both themes and all states: for whoever builds or judges a screen.

Only wired in development and demo (`/dev/components`).
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from anshin.plumbing import clock


class Sample(forms.Form):
    """A form in which something is wrong, to see the errors."""

    subject = forms.CharField(label=_("Subject"), help_text=_("One line that says what it is about."))
    email = forms.EmailField(label=_("E-mail address"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("a", _("Return")), ("b", _("Delivery"))])
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label=_("Tell me when it is done"), required=False)


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """The gallery; each of the four variants is drawn by the same template."""
    variants = []
    for language, theme in (("ja", "light"), ("ja", "dark"), ("en", "light"), ("en", "dark")):
        with translation.override(language):
            context = _sample(language, theme)
            drawn = render_to_string("gallery/_samples.html", context, request)
        variants.append(mark_safe(drawn))  # noqa: S308  our own template
    return render(request, "gallery/components.html", {"variants": variants})


def _sample(language: str, theme: str) -> dict[str, Any]:
    form = Sample({"subject": "", "email": "yui@", "kind": "a"}, auto_id=f"{language}_{theme}_%s")
    return {
        "v": f"{language}-{theme}",
        "language": language,
        "theme": theme,
        "now": clock.now(),
        "form": form,
        "stages": [
            {"label": _("File"), "state": "done"},
            {"label": _("Columns"), "state": "now"},
            {"label": _("Result"), "state": "todo"},
        ],
        "kinds": ["", "good", "info", "warn", "bad", "accent", "note", "plain"],
    }
