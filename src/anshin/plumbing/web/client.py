"""Asks other web servers: short, verified, without following anybody anywhere. For channels and connectors."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
LARGEST_ANSWER_BYTES = 1024 * 1024
_PORTION_BYTES = 64 * 1024
_HERE = {"127.0.0.1", "localhost", "::1"}


class Unreachable(Exception):
    """The server gave no usable answer; trying again later may help. The text names the host, never the address."""

    permanent = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, whatever its status."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """The body as UTF-8; bytes that are not become question marks."""
        return self.body.decode("utf-8", "replace")

    @property
    def fields(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def post_form(url: str, fields: Mapping[str, str] | str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """The answer to a form. Raises Unreachable; ValueError for an address that may not be asked."""
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", **(headers or {})}
    return _ask("POST", url, fields, form)


def get(url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """The answer to a question. Raises Unreachable; ValueError for an address that may not be asked."""
    return _ask("GET", url, None, headers or {})


def _ask(method: str, url: str, data: Mapping[str, str] | str | None, headers: Mapping[str, str]) -> Answer:
    host = _host(url)
    try:
        with requests.Session() as session:
            session.trust_env = False  # no passwords from ~/.netrc
            session.verify = os.environ.get("SSL_CERT_FILE") or True
            with session.request(
                method,
                url,
                data=data,
                headers={"User-Agent": "Anshin", **headers},
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                return Answer(response.status_code, _body(response, host), dict(response.headers))
    except (requests.RequestException, OSError) as error:
        raise Unreachable(f"{host}: {_kind(error)}") from error


def _host(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE):
        return parts.netloc.rpartition("@")[2]
    raise ValueError("Only https:// is asked, or this machine itself")


def _body(response: requests.Response, host: str) -> bytes:
    body = b""
    for portion in response.iter_content(_PORTION_BYTES):
        body += portion
        if len(body) > LARGEST_ANSWER_BYTES:
            raise Unreachable(f"{host}: the answer is larger than {LARGEST_ANSWER_BYTES} bytes")
    return body


def _kind(error: Exception) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not valid"
    if isinstance(error, requests.Timeout):
        return "it does not answer"
    return "it cannot be reached"
