"""A session of `requests` for libraries that ask other servers themselves: with the limits of this house."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

import requests

from anshin.plumbing.web.client import ANSWER_SECONDS, CONNECT_SECONDS, LARGEST_ANSWER_BYTES

Refusal = requests.RequestException
"""What such a session raises: no answer, none in time, too large a one, or an address that may not be asked."""
_HERE = {"127.0.0.1", "localhost", "::1"}


class GuardedSession(requests.Session):
    """Verified TLS (plain HTTP to this machine only), no redirects, 20 seconds, 1 MB, nothing from the environment."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = os.environ.get("SSL_CERT_FILE") or True

    def request(self, method: str, url: str | bytes, *args: Any, **named: Any) -> requests.Response:
        """As of `requests`. Raises Refusal."""
        parts = urlsplit(url if isinstance(url, str) else url.decode())
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
            raise Refusal("Only https:// is asked, or this machine itself")
        named |= {"timeout": (CONNECT_SECONDS, ANSWER_SECONDS), "allow_redirects": False, "stream": True}
        response = super().request(method, url, *args, **named)
        body = b""
        for portion in response.iter_content(64 * 1024):
            body += portion
            if len(body) > LARGEST_ANSWER_BYTES:
                response.close()
                raise Refusal(f"{parts.hostname}: the answer is larger than {LARGEST_ANSWER_BYTES} bytes")
        response._content = body
        return response
