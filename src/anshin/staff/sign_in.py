"""Sign-in of staff: accounts are made by invitation only, and a session loads the person with their shops at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from anshin.plumbing import clock
from anshin.shops import actions
from anshin.shops.queries import shops_that_want_a_factor, signed_in_person
from anshin.staff.proof import proved_recently
from anshin.staff.sessions import end_others, note_sign_in, remember_device

if TYPE_CHECKING:
    from anshin.shops.models import Person

YEAR_SECONDS = 365 * 24 * 60 * 60
_ENDING = {"password_changed", "password_set", "password_reset", "totp_activated", "webauthn_added"}
"""After these, whoever is signed in elsewhere must sign in anew."""
_SAID = {
    "password_changed.txt": _("The new password is saved."),
    "password_set.txt": _("The new password is saved."),
    "totp_activated.txt": _("Your app is set up. From now on you are asked for its code when you sign in."),
    "totp_deactivated.txt": _("The app is removed."),
    "webauthn_added.txt": _("The passkey is saved."),
    "webauthn_removed.txt": _("The passkey is removed."),
    "account_connected.txt": _("Added. From now on you can sign in through it."),
    "account_connected_updated.txt": _("This account is added already."),
    "account_connected_other.txt": _("This account belongs to another person here. Sign in there with another one."),
    "account_disconnected.txt": _("Removed. Nobody signs in through it any more."),
}


class StaffAccounts(DefaultAccountAdapter):
    """No open sign-up: the owner invites. Mail leaves through the shop's mailbox."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The address or the password is wrong. Check both, or have a code sent."),
        "incorrect_code": _("This is not the code that we sent. Check it, or have a new one sent."),
        "incorrect_password": _("The password is wrong."),
        "enter_current_password": _("This is not your present password."),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, or have a code sent."),
        "rate_limited": _("Too many requests. Wait a minute, then try again."),
        "invalid_password_reset": _("This link is no longer valid. Ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's interface
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand the code or link to the shops room. An unknown address gets nothing: we write to no strangers."""
        what = template_prefix.rpartition("/")[2]
        if what == "login_code":
            actions.send_sign_in_code(mail=email, code=context["code"], now=clock.now())
        elif what == "password_reset_key":
            path = self.get_reset_password_from_key_path(context)
            actions.send_new_password_link(mail=email, link=f"{settings.ANSHIN_ADDRESS}{path}", now=clock.now())

    def get_reset_password_from_key_path(self, context: dict[str, Any]) -> str:
        """The link's path; its host is the installation's own address, never the one that a request claims."""
        address: str = context["password_reset_url"]
        return "/" + address.split("://", 1)[-1].partition("/")[2]

    def add_message(  # noqa: PLR0917  allauth's interface
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002  allauth's interface
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what a person could not see otherwise; "you are signed in" they see."""
        words = message or _SAID.get((message_template or "").rpartition("/")[2])
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        """Failures count for the account alone: the library adds the Host header, whose port a guesser may vary."""
        return str(credentials.get("email", "")).lower()

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Not within five minutes after signing in, when nothing else can have happened to the session."""
        required: bool = super().is_reauthentication_required(app=app, **named)
        return required and not proved_recently(self.request)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,  # noqa: ARG002  the library's interface
        email: str | None = None,  # noqa: ARG002  the library's interface
    ) -> None:
        """Tell a person by mail what changed about their sign-in, and end what was opened without it."""
        what = template_prefix.rpartition("/")[2]
        if what in _ENDING:
            end_others(self.request, user)
        actions.tell_of_change(person=user, what=what, now=clock.now())

    def login(self, request: HttpRequest, user: Person) -> None:
        """All steps are done: from here on this browser is signed in."""
        is_first = user.last_login is None
        super().login(request, user)
        note_sign_in(request, user, is_first=is_first)

    def post_login(self, request: HttpRequest, user: Person, **details: Any) -> HttpResponse:
        """The first page after signing in, in the language that the person has chosen for themselves."""
        response: HttpResponse = super().post_login(request, user, **details)
        if shops_that_want_a_factor(user):
            response = redirect(f"{reverse('factor_needed')}?{urlencode({'next': response['Location']})}")
        return remember_device(request, speak(response, user.language, request))


class StaffBackend(AuthenticationBackend):
    """Signs in by mail address and password; one query brings the person and their memberships."""

    def get_user(self, user_id: int) -> Person | None:
        return signed_in_person(user_id, now=clock.now())


def speak(response: HttpResponse, language: str, request: HttpRequest) -> HttpResponse:
    """The response, after which this browser gets its pages in `language`."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response
