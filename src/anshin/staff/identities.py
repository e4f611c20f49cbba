"""Signing in through Google, Microsoft or the operator's own OpenID Connect server.

An identity is tied to a person by themselves, while they are signed in, and is known again by issuer and subject. Its
mail address decides nothing: at Microsoft an organisation writes into it what it likes.
Source: OpenID Connect Core 1.0, 5.7 (sub and iss alone identify), read November 2026.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, NoReturn

from allauth.account.decorators import reauthentication_required
from allauth.account.views import LoginView
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import adapter
from allauth.socialaccount.internal.flows import connect as connecting
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views as identity_servers
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from anshin.plumbing import clock
from anshin.plumbing.sessions import ENDED
from anshin.plumbing.web.session import GuardedSession, Refusal

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin

_NONCE = "identity_nonce"
_KEPT = ("sub", "email", "name")
"""What is kept of what the other server says of a person: enough to name the identity on their own page."""


class Identities(adapter.DefaultSocialAccountAdapter):
    """No account is made by signing in, none is found by its address, and what the other server says is not kept."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody has tied this identity to themselves yet."""
        words = _(
            "This %(name)s account belongs to nobody here yet. Sign in with your password or a code, then add it under"
            " “Sign in through another service”."
        ) % {"name": sociallogin.account.get_provider(request).name}
        _back_to_sign_in(request, words)

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the settings; the library would also ask its table, which stays empty."""
        found = super().list_apps(request, provider, client_id) if provider else []
        return [app for app in found if app.pk is None]

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:  # noqa: ARG002  allauth's interface
        return None

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """Called before anything is written: from here on only what is kept of it is there.

        The token must be of the server that the settings name and answer the question of this very browser, and what
        is told besides must be of the same person (OpenID Connect Core 1.0, 3.1.2.1, 3.1.3.7 and 5.3.2).
        """
        told = sociallogin.account.extra_data
        provider = sociallogin.account.get_provider(request)
        token, asked = told.get("id_token") or {}, request.session.pop(_NONCE, "")
        given = told.get("userinfo") or token
        is_theirs = _is_of(str(token.get("iss", "")), provider.app.settings["issuer"])
        if not asked or token.get("nonce") != asked or not is_theirs or given.get("sub") != token.get("sub"):
            self.on_authentication_error(request, provider)
        sociallogin.account.extra_data = {"userinfo": {key: given[key] for key in _KEPT if given.get(key)}}
        return super().populate_user(request, sociallogin, data)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,  # noqa: ARG002  allauth's interface
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  allauth's interface
    ) -> NoReturn:
        """Whoever broke it off, or whose answer was no good, is told so where they can go on."""
        if error == AuthError.CANCELLED:
            _back_to_sign_in(request, _("You broke off signing in with %(name)s.") % {"name": provider.name})
        _back_to_sign_in(request, _no_answer(provider.name))

    def get_requests_session(self) -> GuardedSession:
        return GuardedSession()

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:  # noqa: ARG002
        return "/account/identities/"


class SignIn(LoginView):
    """The sign-in page, with the services that the operator has set up below the password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"services": sign_in_choices(), "has_ended": ENDED in self.request.session}


@require_POST
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The way to the other server, for signing in or, with `connect`, for tying an identity to whoever is signed in.

    A page that leads on, not a redirect: a form may be sent to our own pages only (CSP form-action).
    """
    try:
        provider = adapter.get_adapter().get_provider(request, provider_id)
    except SocialApp.DoesNotExist as unknown:
        raise Http404 from unknown
    connects = bool(request.POST.get("connect")) and request.user.is_authenticated
    request.session[_NONCE] = secrets.token_urlsafe(24)
    onward = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    try:
        answer = provider.redirect(
            request,
            process=AuthProcess.CONNECT if connects else AuthProcess.LOGIN,
            next_url=onward if is_ours and not connects else None,
            auth_params={"nonce": request.session[_NONCE]},
        )
    except (Refusal, OAuth2Error, ValueError, KeyError):
        messages.error(request, _no_answer(provider.name))
        return redirect("socialaccount_connections" if connects else "account_login")
    return render(request, "account/onward.html", {"url": answer["Location"], "name": provider.name})


@never_cache
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What the browser brings back from the other server, which is then asked who that was."""
    try:
        answer: HttpResponse = identity_servers.callback(request, provider_id)
    except (Refusal, ValueError, KeyError):
        answer = redirect("socialaccount_connections" if request.user.is_authenticated else "account_login")
        names = {each["value"]: each["name"] for each in sign_in_choices()}
        messages.error(request, _no_answer(names.get(provider_id, provider_id)))
    return answer


@never_cache
@login_required
def identities(request: HttpRequest) -> HttpResponse:
    """The person's identities elsewhere, and where they can add one."""
    mine = SocialAccount.objects.filter(user_id=request.user.pk).order_by("date_joined", "id")
    names = {each["value"]: each["name"] for each in sign_in_choices()}
    rows = [
        {
            "pk": each.pk,
            "name": names.get(each.provider, each.provider),
            "who": each.extra_data.get("userinfo", {}).get("email", ""),
            "added_at": each.date_joined,
            "used_at": each.last_login,
        }
        for each in mine
    ]
    taken = {each.provider for each in mine}
    offered = [each for each in sign_in_choices() if each["value"] not in taken]
    context = {"rows": rows, "offered": offered, "has_any": bool(names), "now": clock.now()}
    return render(request, "account/identities.html", context)


@require_POST
@login_required
@reauthentication_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Untie an identity; the person signs in with password, code or passkey from then on."""
    found = get_object_or_404(SocialAccount, pk=pk, user_id=request.user.pk)
    connecting.disconnect(request, found)
    return redirect("socialaccount_connections")


def sign_in_choices() -> list[dict[str, str]]:
    """The services that the operator has set up: [{value, name}]. No query."""
    providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    apps = providers["openid_connect"]["APPS"]
    return [{"value": app["provider_id"], "name": app["name"]} for app in apps]


def _is_of(issuer: str, expected: str) -> bool:
    """Whether the issuer is the expected one; one that ends with a slash says only how it begins (Microsoft)."""
    return issuer.startswith(expected) if expected.endswith("/") else issuer.rstrip("/") == expected


def _no_answer(name: str) -> str:
    words = _("%(name)s gave no usable answer. Try again in a few minutes, or sign in with your password or a code.")
    return words % {"name": name}


def _back_to_sign_in(request: HttpRequest, words: str) -> NoReturn:
    messages.error(request, words)
    raise ImmediateHttpResponse(
        redirect("socialaccount_connections" if request.user.is_authenticated else "account_login")
    )
