"""An authorisation server for tests, on 127.0.0.1: authorise, code, PKCE, token, refresh, revoke, introspect.

It behaves: a code is good once, for one client, one redirect address and one verifier; a refresh token that was
rotated or revoked is refused; access tokens end. `moment` is its clock.
"""

import base64
import contextlib
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID, CLIENT_SECRET = "anshin-of-komorebi", "himitsu"
REDIRECT_URI = "http://localhost:8000/mail/consent"


@dataclass
class AuthorisationServer:
    """What it knows, and how it shall behave. `account` is who sits before the browser and agrees."""

    moment: Callable[[], datetime]
    account: str = "shop@komorebi.example"
    agrees: bool = True
    gives_scopes: str = ""
    rotates: bool = True
    lives_seconds: int = 3600
    is_down: bool = False
    port: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    access_tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def revoke(self) -> None:
        """The owner of the account takes the permission back."""
        self.refresh_tokens.clear()
        self.access_tokens.clear()

    def grants(self) -> list[str]:
        """Which kinds of grants were asked for at the token endpoint, in order."""
        return [form["grant_type"] for path, form in self.asked if path == "/token"]

    def authorise(self, asked: dict[str, str]) -> str:
        """Where the browser is sent after the person has looked at the page."""
        if asked.get("client_id") != CLIENT_ID or asked.get("redirect_uri") != REDIRECT_URI:
            raise ValueError("unknown client or redirect address: nobody is sent anywhere")
        if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            answer = {"error": "invalid_request"}
        elif not self.agrees:
            answer = {"error": "access_denied"}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            answer = {"code": code}
        return f"{asked['redirect_uri']}?{urlencode(answer | {'state': asked['state']})}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The answer of the token endpoint."""
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client", "error_description": "The client secret is wrong."}
        if form.get("grant_type") == "authorization_code":
            asked = self.codes.pop(form.get("code", ""), None)
            good = asked is not None and asked["redirect_uri"] == form.get("redirect_uri")
            if not good or _challenge(form.get("code_verifier", "")) != asked["code_challenge"]:
                return 400, {"error": "invalid_grant", "error_description": "Bad code."}
            return 200, self._tokens(self.account, self.gives_scopes or asked["scope"])
        account = self.refresh_tokens.get(form.get("refresh_token", ""))
        if form.get("grant_type") != "refresh_token" or account is None:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        if self.rotates:
            del self.refresh_tokens[form["refresh_token"]]
        return 200, self._tokens(account, "", keeps_refresh_token=not self.rotates)

    def introspect(self, form: dict[str, str]) -> dict[str, Any]:
        """What a mail server is told about a token (RFC 7662)."""
        account, ends_at = self.access_tokens.get(form.get("token", ""), ("", self.moment()))
        return {"active": True, "username": account} if ends_at > self.moment() else {"active": False}

    def _tokens(self, account: str, scope: str, *, keeps_refresh_token: bool = False) -> dict[str, Any]:
        access = secrets.token_urlsafe(24)
        self.access_tokens[access] = (account, self.moment() + timedelta(seconds=self.lives_seconds))
        given = {"access_token": access, "token_type": "Bearer", "expires_in": self.lives_seconds}
        if not keeps_refresh_token:
            refresh = secrets.token_urlsafe(24)
            self.refresh_tokens[refresh] = account
            given["refresh_token"] = refresh
        claims = base64.urlsafe_b64encode(json.dumps({"email": account}).encode()).decode().rstrip("=")
        return given | ({"scope": scope, "id_token": f"e30.{claims}.x"} if scope else {})


@contextlib.contextmanager
def running(moment: Callable[[], datetime]) -> Iterator[AuthorisationServer]:
    """The server, listening."""
    server = AuthorisationServer(moment)

    class Talk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            try:
                to = server.authorise(asked)
            except ValueError as error:
                return self._say(400, {"error": str(error)})
            self.send_response(302)
            self.send_header("Location", to)
            self.end_headers()
            return None

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            path = urlsplit(self.path).path
            server.asked.append((path, form))
            if server.is_down:
                return self._say(503, {"error": "maintenance"})
            if path == "/introspect":
                return self._say(200, server.introspect(form))
            return self._say(*server.token(form))

        def _say(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
    listener.daemon_threads = True
    server.port = listener.server_address[1]
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join(5)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
