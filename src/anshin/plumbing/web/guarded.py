"""Asks addresses that somebody typed in: only what everybody can reach, never what stands inside.

Which addresses those are, and that a connection goes where was looked at, is the business of `reach`; redirects go
through the same door.
"""

import os
import socket
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, ReadTimeoutError

from anshin.plumbing.web import reach
from anshin.plumbing.web.client import Unreachable
from anshin.plumbing.web.reach import Inside

CONNECT_SECONDS: Final = 10.0
SILENCE_SECONDS: Final = 20.0
WHOLE_SECONDS: Final = 60.0
MOST_REDIRECTS: Final = 5
LARGEST_BYTES: Final = 20 * 1024 * 1024
_PORTION_BYTES: Final = 64 * 1024
_MOVED: Final = frozenset({301, 302, 303, 307, 308})


class ForbiddenAddress(Unreachable):
    """The address, or one to which it leads, is not open to everybody."""

    permanent = True


class TooLarge(Unreachable):
    """The answer is larger than was allowed."""


class TooSlow(Unreachable):
    """The answer did not come in time."""


class BadCertificate(Unreachable):
    """The server could not show that it is the one that was asked."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server said, whatever its status; names of headers are in small letters. `url`: where it was in the end,
    `asked`: how many servers were asked on the way."""

    status: int
    url: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str]
    asked: int = 1


def fetch(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    largest_bytes: int = LARGEST_BYTES,
    whole_seconds: float = WHOLE_SECONDS,
) -> Fetched:
    """The answer to a question, after redirects. `whole_seconds` is the time for each server on the way.

    Raises ForbiddenAddress, TooLarge, TooSlow, BadCertificate, Unreachable; their text names the host only.
    """
    former = ""
    for asked in range(1, MOST_REDIRECTS + 2):
        _look_at(url, former)
        answer = _ask(url, headers or {}, largest_bytes, whole_seconds, asked)
        target = answer.headers.get("location", "")
        if answer.status not in _MOVED or not target:
            return answer
        former, url = url, urljoin(url, target)
    raise Unreachable(f"{_host(url)}: it leads from one address to the next without end")


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    answer_bytes: int = 2000,
    whole_seconds: float = 20.0,
) -> Fetched:
    """The answer to what is brought to an address, its body cut after so many bytes. Redirects are not followed.

    Raises ForbiddenAddress, TooSlow, BadCertificate, Unreachable; their text names the host only.
    """
    _look_at(url, "")
    return _ask(url, {"Accept-Encoding": "identity", **headers}, answer_bytes, whole_seconds, 1, brought=body)


def _look_at(url: str, former: str) -> None:
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in {"https", "http"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise ForbiddenAddress("the address makes no sense") from error
    if not is_web or parts.username or parts.password:
        raise ForbiddenAddress(f"{_host(url)}: only https:// and http:// are asked, without a password")
    if former.startswith("https:") and parts.scheme != "https":
        raise ForbiddenAddress(f"{_host(url)}: it leads from https:// to http://")


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2][:120]


def _ask(
    url: str, headers: Mapping[str, str], largest: int, seconds: float, asked: int, *, brought: bytes | None = None
) -> Fetched:
    host = _host(url)
    cord = _Cord(seconds)
    try:
        with requests.Session() as session, cord.held():
            session.trust_env = False
            session.verify = os.environ.get("SSL_CERT_FILE") or True
            for scheme in ("https://", "http://"):
                session.mount(scheme, _Guarded(cord))
            with session.request(
                "GET" if brought is None else "POST",
                url,
                data=brought,
                headers={"User-Agent": "Anshin", "Accept-Encoding": "gzip", **headers},
                timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                told = {name.lower(): value for name, value in response.headers.items()}
                if brought is None:
                    body = _body(response, told.get("content-encoding", ""), host, largest)
                else:
                    body = _first(response, largest)
                if cord.is_pulled:
                    raise TooSlow(f"{host}: the answer takes longer than {int(seconds)} seconds")
                return Fetched(response.status_code, url, body, told, asked)
    except Unreachable:
        raise
    except (requests.RequestException, HTTPError, zlib.error, OSError, ValueError) as error:
        raise _trouble(error, host, cord, seconds) from error


def _body(response: requests.Response, coding: str, host: str, largest: int) -> bytes:
    """Unpacked here, so that a small answer cannot swell without limit."""
    plain = bytearray()
    zipped = zlib.decompressobj(wbits=47) if coding.strip().lower() in {"gzip", "x-gzip", "deflate"} else None
    while portion := response.raw.read1(_PORTION_BYTES, decode_content=False):
        room = largest - len(plain) + 1
        plain += zipped.decompress(portion, room) if zipped else portion
        if len(plain) > largest:
            raise TooLarge(f"{host}: the answer is larger than {largest} bytes")
    if zipped and not zipped.eof and plain:
        raise Unreachable(f"{host}: the answer breaks off")
    return bytes(plain)


def _first(response: requests.Response, most: int) -> bytes:
    """As it came, unpacked or not; the rest stays where it is."""
    begun = bytearray()
    while len(begun) < most and (portion := response.raw.read1(most - len(begun), decode_content=False)):
        begun += portion
    return bytes(begun)


def _trouble(error: Exception, host: str, cord: "_Cord", seconds: float) -> Unreachable:
    inner = _forbidden_in(error)
    if inner is not None:
        return ForbiddenAddress(f"{host}: {inner}")
    if cord.is_pulled:
        return TooSlow(f"{host}: the answer takes longer than {int(seconds)} seconds")
    if isinstance(error, requests.exceptions.SSLError):
        return BadCertificate(f"{host}: its certificate is not valid")
    if isinstance(error, requests.Timeout | ReadTimeoutError | TimeoutError):
        return TooSlow(f"{host}: it does not answer")
    return Unreachable(f"{host}: it cannot be reached")


def _forbidden_in(error: BaseException | None) -> Inside | None:
    """What our own door said, however deep the libraries have wrapped it."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        if isinstance(each, Inside):
            return each
        seen.add(id(each))
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
    return None


class _Cord:
    """Ends a connection when its time is over, whatever the server is doing."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends: list[socket.socket] = []
        self.is_pulled = False

    def tie(self, made: socket.socket) -> None:
        """Hold the other end of this connection; the TLS layer takes the first one over."""
        self._ends.append(socket.socket(fileno=os.dup(made.fileno())))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Pulled when the block takes too long."""
        timer = threading.Timer(self._seconds, self._pull)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            for end in self._ends:
                end.close()

    def _pull(self) -> None:
        self.is_pulled = True
        for end in self._ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:  # it was over already
                continue


def _connected(host: str, port: int, timeout: Any, options: Any, cord: _Cord) -> socket.socket:
    """A connection to one of the host's addresses, all of which are public. Raises OSError."""
    made = reach.connected(host, port, seconds=timeout, options=options or ())
    cord.tie(made)
    return made


class _Guarded(HTTPAdapter):
    """Connects through `_connected` only."""

    def __init__(self, cord: _Cord) -> None:
        self._cord = cord
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        cord = self._cord

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _connected(self.host, self.port or 80, self.timeout, self.socket_options, cord)

        class Sealed(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _connected(self.host, self.port or 443, self.timeout, self.socket_options, cord)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SealedPool(HTTPSConnectionPool):
            ConnectionCls = Sealed

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SealedPool}
