"""The door for addresses that somebody typed in: nothing inside is asked, nothing swells, nothing lasts."""

import gzip
import socket
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from anshin.plumbing.web import guarded, reach
from anshin.plumbing.web.client import Unreachable


class Talk(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        getattr(self, f"say_{self.path.strip('/') or 'plain'}")()

    def say_plain(self):
        self._say(200, b"<rss/>", ETag='"a"')

    def say_zipped(self):
        self._say(200, gzip.compress("安心".encode()), **{"Content-Encoding": "gzip"})

    def say_bomb(self):
        self._say(200, gzip.compress(b"\x00" * 3_000_000), **{"Content-Encoding": "gzip"})

    def say_damaged(self):
        self._say(200, b"not zipped at all", **{"Content-Encoding": "gzip"})

    def say_cut(self):
        self._say(200, gzip.compress(b"x" * 90_000 + bytes(range(256)) * 40)[:-40], **{"Content-Encoding": "gzip"})

    def say_short(self):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"too short")

    def say_endless(self):
        self._say(302, b"", Location="/endless")

    def say_once(self):
        self._say(301, b"", Location="/plain")

    def say_inside(self):
        self._say(302, b"", Location="http://inside.example/latest/meta-data/")

    def say_strange(self):
        self._say(302, b"", Location="file:///etc/passwd")

    def say_huge(self):
        self._say(200, b"x" * 5001)

    def say_drip(self):
        """A header that never ends: one byte at a time until the other side goes."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        try:
            while not self.server.gone.wait(0.02):
                self.wfile.write(b"z")
                self.wfile.flush()
        except OSError:
            return

    def _say(self, status, body, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def server():
    listener = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
    listener.daemon_threads, listener.asked, listener.gone = True, [], threading.Event()
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    yield listener
    listener.gone.set()
    listener.shutdown()
    listener.server_close()
    thread.join(5)


@pytest.fixture
def publisher(server, monkeypatch):
    """feed.example is a public server; inside.example stands inside."""
    public = reach.is_public
    here = {"feed.example": "127.0.0.1", "inside.example": "10.0.0.5"}
    looked_up = []

    def resolve(host, port):
        looked_up.append(host)
        return [here[host]]

    monkeypatch.setattr(reach, "resolve", resolve)
    monkeypatch.setattr(reach, "is_public", lambda each: each == "127.0.0.1" or public(each))
    server.looked_up = looked_up
    server.at = f"http://feed.example:{server.server_address[1]}"
    return server


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200",
        "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.0.0.192", "198.18.0.1",
        "::1", "::", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe", "fec0::1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "not an address", "",
    ],
)  # fmt: skip
def test_what_stands_inside_is_not_public(address):
    assert not reach.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.104.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_what_everybody_reaches_is_public(address):
    assert reach.is_public(address)


def test_this_machine_is_refused_without_being_asked(server):
    for host in ("127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"):
        with pytest.raises(guarded.ForbiddenAddress):
            guarded.fetch(f"http://{host}:{server.server_address[1]}/")
    assert server.asked == []


def test_a_host_with_one_address_inside_is_refused(publisher, monkeypatch):
    monkeypatch.setattr(reach, "resolve", lambda host, port: ["127.0.0.1", "10.0.0.5"])
    with pytest.raises(guarded.ForbiddenAddress, match="not open to everybody"):
        guarded.fetch(publisher.at)
    assert publisher.asked == []


def test_a_host_is_looked_up_once_and_the_connection_goes_there(publisher):
    assert guarded.fetch(publisher.at).body == b"<rss/>"
    assert publisher.looked_up == ["feed.example"]
    assert publisher.asked[0][1]["Host"] == publisher.at.removeprefix("http://")


def test_a_redirect_to_the_inside_is_refused(publisher):
    with pytest.raises(guarded.ForbiddenAddress, match=r"inside\.example"):
        guarded.fetch(f"{publisher.at}/inside")
    with pytest.raises(guarded.ForbiddenAddress, match="https://"):
        guarded.fetch(f"{publisher.at}/strange")
    assert [path for path, _headers in publisher.asked] == ["/inside", "/strange"]


def test_a_redirect_is_followed_and_an_endless_one_is_not(publisher):
    answer = guarded.fetch(f"{publisher.at}/once")
    assert (answer.url, answer.status, answer.asked) == (f"{publisher.at}/plain", 200, 2)
    publisher.asked.clear()
    with pytest.raises(Unreachable, match="without end"):
        guarded.fetch(f"{publisher.at}/endless")
    assert len(publisher.asked) == guarded.MOST_REDIRECTS + 1


def test_https_never_leads_to_http():
    with pytest.raises(guarded.ForbiddenAddress, match="from https:// to http://"):
        guarded._look_at("http://feed.example/", "https://feed.example/")


@pytest.mark.parametrize(
    "url", ["ftp://feed.example/", "//feed.example", "feed.example", "https://a:b@feed.example/", "http://[::1", ""]
)
def test_only_web_addresses_are_asked(url):
    with pytest.raises(guarded.ForbiddenAddress):
        guarded.fetch(url)


def test_zipped_answers_are_unpacked_and_do_not_swell(publisher):
    assert guarded.fetch(f"{publisher.at}/zipped").body.decode() == "安心"
    with pytest.raises(guarded.TooLarge):
        guarded.fetch(f"{publisher.at}/bomb", largest_bytes=100_000)
    with pytest.raises(guarded.TooLarge):
        guarded.fetch(f"{publisher.at}/huge", largest_bytes=5000)
    assert len(guarded.fetch(f"{publisher.at}/huge", largest_bytes=5001).body) == 5001


@pytest.mark.parametrize("path", ["damaged", "cut", "short"])
def test_damaged_answers_are_no_answers(publisher, path):
    with pytest.raises(Unreachable):
        guarded.fetch(f"{publisher.at}/{path}")


def test_a_server_that_drips_is_cut_off(publisher):
    with pytest.raises(guarded.TooSlow, match="longer than 0 seconds"):
        guarded.fetch(f"{publisher.at}/drip", whole_seconds=0.3)


def test_headers_are_sent_and_come_back_in_small_letters(publisher):
    answer = guarded.fetch(publisher.at, headers={"If-None-Match": '"a"'})
    assert publisher.asked[0][1]["If-None-Match"] == '"a"'
    assert answer.headers["etag"] == '"a"'


def test_nobody_listens(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    monkeypatch.setattr(reach, "resolve", lambda host, port: ["127.0.0.1"])
    monkeypatch.setattr(reach, "is_public", lambda each: True)
    with pytest.raises(Unreachable, match="cannot be reached"):
        guarded.fetch(f"http://feed.example:{port}/")


def test_a_name_that_does_not_exist(monkeypatch):
    def unknown(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(reach, "resolve", unknown)
    with pytest.raises(Unreachable, match="cannot be reached"):
        guarded.fetch("https://nowhere.example/")


def test_the_limit_holds_in_the_unpacking_itself():
    """What zlib may give at once is bounded, not only what is kept."""
    assert len(zlib.decompressobj(wbits=47).decompress(gzip.compress(b"\x00" * 10_000), 11)) == 11
