"""The demo's way in: the sign-in page shows the cast as cards, and one click takes a person's place.

Wired only where ANSHIN_MODE is demo or test; elsewhere these addresses do not exist.
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from anshin.project.demo_shop.shape import Person
from anshin.project.demo_shop.story import read_cast
from anshin.shops.queries import people_with_mails
from anshin.shops.terms import Role
from anshin.staff.identities import SignIn
from anshin.staff.proof import note_proof
from anshin.staff.sessions import note_sign_in, remember_device

BACKEND = "anshin.staff.sign_in.StaffBackend"


class SignInWithCast(SignIn):
    """The ordinary sign-in page, with the cast above it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"cast": cast_cards(), "cast_url": reverse("sign_in_as")}


def cast_cards() -> list[dict[str, str]]:
    """Everybody of the story who has an account here, as the sign-in page shows them."""
    known = people_with_mails([person.mail for person in _cast()])
    is_english = get_language() == "en"
    return [_card(person, is_english=is_english) for person in _cast() if person.mail in known]


@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """Take the place of somebody of the cast. The browser keeps the language it has."""
    wanted = request.POST.get("person", "")
    told = next((person for person in _cast() if person.key == wanted), None)
    person = people_with_mails([told.mail]).get(told.mail) if told else None
    if person is None:
        raise Http404
    is_first = person.last_login is None
    login(request, person, backend=BACKEND)
    note_proof(request)
    note_sign_in(request, person, is_first=is_first)
    onward = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return remember_device(request, redirect(onward if is_ours else settings.LOGIN_REDIRECT_URL))


def _card(person: Person, *, is_english: bool) -> dict[str, str]:
    role = str(Role(person.memberships[0].role).label)
    return {
        "value": person.key,
        "name": person.name_en if is_english else person.name,
        "role": role,
        "words": person.who_en if is_english else person.who,
    }


@cache
def _cast() -> tuple[Person, ...]:
    return read_cast()
