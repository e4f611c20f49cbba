"""The authorisation-code flow with PKCE, spoken with a provider; every failure leaves as a MailTrouble.

No database here: values in, tokens out. Who keeps them is keeping.py.
Source: RFC 6749, 4.1, 5 and 6; RFC 7636 (PKCE).
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

from anshin.channels.email.consents.providers import EVERY_TENANT, Provider
from anshin.channels.email.terms import MailTrouble, Trouble
from anshin.plumbing.web import client as web

VERIFIER_CHARACTERS = 96
ASSUMED_SECONDS = 600
"""How long a token counts as good when the provider does not say (RFC 6749, 5.1 lets it)."""
LONGEST_WORDS = 200

_WITHDRAWN = {"invalid_grant", "interaction_required", "consent_required", "login_required", "access_denied"}
_PASSING = {"temporarily_unavailable", "server_error", "slow_down", "missing_token"}  # the last: no answer of theirs


@dataclass(frozen=True, slots=True)
class App:
    """What a provider knows Anshin by; `secret` in clear, for the moment of use only."""

    client_id: str
    secret: str = field(repr=False)
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider gave. `refresh_token` is empty when the former one stays good; `account` when it was not told."""

    access_token: str = field(repr=False)
    ends_after_seconds: int
    refresh_token: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ()
    account: str = ""


def new_verifier() -> str:
    """A secret that ties the answer to the question (RFC 7636, 4.1)."""
    return str(WebApplicationClient("").create_code_verifier(VERIFIER_CHARACTERS))


def authorise_url(
    provider: Provider, app: App, *, redirect_uri: str, state: str, verifier: str, login_hint: str = ""
) -> str:
    """The address at the provider where a person gives consent."""
    challenge = WebApplicationClient(app.client_id).create_code_challenge(verifier, "S256")
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(provider.scopes),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": login_hint,
        **provider.extras,
    }
    return f"{_at(provider.authorise_url, app)}?{urlencode(asked)}"


def exchange(provider: Provider, app: App, *, code: str, redirect_uri: str, verifier: str) -> Tokens:
    """The tokens for the code that came back. Raises MailTrouble."""
    client = WebApplicationClient(app.client_id)
    form = client.prepare_request_body(
        code=code, redirect_uri=redirect_uri, code_verifier=verifier, client_secret=app.secret
    )
    return _ask(client, _at(provider.token_url, app), form)


def refresh(provider: Provider, app: App, refresh_token: str) -> Tokens:
    """New tokens for a consent given earlier. Raises MailTrouble."""
    client = WebApplicationClient(app.client_id)
    form = client.prepare_refresh_body(refresh_token=refresh_token, client_id=app.client_id, client_secret=app.secret)
    return _ask(client, _at(provider.token_url, app), form)


def _at(url: str, app: App) -> str:
    return url.replace("{tenant}", app.tenant or EVERY_TENANT)


def _ask(client: WebApplicationClient, url: str, form: str) -> Tokens:
    try:
        answer = web.post_form(url, form)
    except web.Unreachable as error:
        raise MailTrouble(Trouble.SIGN_IN_DOWN, str(error)) from error
    if answer.status >= 500 or answer.status == 429:
        raise MailTrouble(Trouble.SIGN_IN_DOWN, str(answer.status))
    try:
        said = client.parse_request_body_response(answer.text)
    except OAuth2Error as error:
        raise _trouble(str(error.error or ""), str(error.description or "")) from error
    except (ValueError, TypeError, AttributeError) as error:  # not an answer of a token endpoint at all
        raise MailTrouble(Trouble.SIGN_IN_DOWN, str(answer.status)) from error
    return _tokens(said)


def _tokens(said: Mapping[str, object]) -> Tokens:
    scopes = said.get("scope") or ()
    return Tokens(
        access_token=str(said["access_token"]),
        ends_after_seconds=int(str(said.get("expires_in") or ASSUMED_SECONDS)),
        refresh_token=str(said.get("refresh_token") or ""),
        scopes=tuple(scopes.split() if isinstance(scopes, str) else map(str, scopes)),  # type: ignore[call-overload]
        account=_account(str(said.get("id_token") or "")),
    )


def _account(id_token: str) -> str:
    """The address that the provider names, for showing only. It comes over the verified line to the provider itself,
    so its signature need not be checked (OpenID Connect Core 1.0, 3.1.3.7, 6)."""
    try:
        part = id_token.split(".")[1]
        told = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return str(told.get("email") or told.get("preferred_username") or "")[:320]
    except (IndexError, ValueError, AttributeError):
        return ""


def _trouble(code: str, description: str) -> MailTrouble:
    words = " ".join(f"{code}: {description}".strip(": ").split())[:LONGEST_WORDS]
    if code in _WITHDRAWN:
        return MailTrouble(Trouble.CONSENT_WITHDRAWN, words)
    return MailTrouble(Trouble.SIGN_IN_DOWN if code in _PASSING else Trouble.CLIENT_WRONG, words)
