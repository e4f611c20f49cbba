"""A server that says who somebody is (OpenID Connect), for tests: it checks what it is asked as a real one would."""

import base64
import hashlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "anshin-desk", "his-word"


class IdentityServer:
    """`person`: whom the next code stands for. `lies`: what the next answers say instead of the truth,
    `besides`: what the answer beside the ID token says."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person = {"sub": "248289761001", "email": "someone@id.example", "name": "誰か"}
        self.lies: dict[str, object] = {}
        self.besides: dict[str, object] = {}
        self.is_down = False
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self, "")

            def do_POST(self):
                outer.answer(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, handler, body):
        parts = urlsplit(handler.path)
        self.asked.append(parts.path)
        asked = {key: values[0] for key, values in parse_qs(body or parts.query).items()}
        status, said = (503, {}) if self.is_down else self._said(parts.path, asked, handler.headers)
        content = json.dumps(said).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _said(self, path, asked, headers):
        if path == "/.well-known/openid-configuration":
            named = {f"{each}_endpoint": f"{self.issuer}/{each}" for each in ("authorization", "token", "userinfo")}
            methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
            return 200, {
                "issuer": self.lies.get("iss", self.issuer),
                "jwks_uri": f"{self.issuer}/jwks",
                **named,
                **methods,
            }
        if path == "/token":
            return self._token(asked)
        if path == "/userinfo" and headers.get("Authorization") == "Bearer let-me":
            return 200, self.person | self.lies | self.besides
        return 404, {}

    def _token(self, asked):
        code = self.codes.pop(asked.get("code", ""), None)
        seen = base64.urlsafe_b64encode(hashlib.sha256(asked.get("code_verifier", "").encode()).digest())
        if (
            code is None
            or asked.get("client_secret") != SECRET
            or asked.get("redirect_uri") != code["redirect_uri"]
            or seen.rstrip(b"=").decode() != code["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        about = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": code["nonce"]}
        claims = about | self.person | self.lies
        token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"})
        return 200, {"access_token": "let-me", "token_type": "Bearer", "expires_in": 60, "id_token": token}

    def consent(self, url):
        """What the browser brings back after the person agreed at `url`."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes) + 1}-{time.monotonic_ns()}"
        self.codes[code] = asked
        return urlsplit(asked["redirect_uri"]).path + "?" + urlencode({"code": code, "state": asked["state"]})


@contextmanager
def running():
    """One that answers on this machine, stopped at the end."""
    here = IdentityServer()
    thread = threading.Thread(target=here.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        here.server.shutdown()
        here.server.server_close()
        thread.join()
