"""The one door for HTTP: verified, short, without following anybody anywhere."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from anshin.plumbing.web import client


class Talk(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        if self.path == "/elsewhere":
            return self._say(302, b"", Location="http://127.0.0.1:1/inside")
        if self.path == "/huge":
            return self._say(200, b"x" * (client.LARGEST_ANSWER_BYTES + 1))
        return self._say(404 if self.path == "/none" else 200, b'{"word": "\xe5\xae\x89\xe5\xbf\x83"}')

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((body.decode(), dict(self.headers)))
        self._say(400, b"[1]")

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
    listener.daemon_threads, listener.asked = True, []
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    listener.url = f"http://127.0.0.1:{listener.server_address[1]}"
    yield listener
    listener.shutdown()
    listener.server_close()
    thread.join(5)


def test_an_answer_is_given_whatever_its_status(server):
    assert client.get(f"{server.url}/").fields == {"word": "安心"}
    assert client.get(f"{server.url}/none").status == 404
    answer = client.post_form(f"{server.url}/token", {"name": "髙橋"})
    assert (answer.status, answer.text, answer.fields) == (400, "[1]", {})
    assert server.asked[-1][0] == "name=%E9%AB%99%E6%A9%8B"


def test_nobody_is_followed_anywhere(server):
    answer = client.get(f"{server.url}/elsewhere")
    assert (answer.status, answer.headers["Location"]) == (302, "http://127.0.0.1:1/inside")
    assert len(server.asked) == 1


def test_too_much_is_not_read(server):
    with pytest.raises(client.Unreachable, match="larger than"):
        client.get(f"{server.url}/huge")


def test_passwords_of_this_machine_are_not_sent_along(server, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login anshin password himitsu\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    client.get(f"{server.url}/")
    assert "Authorization" not in server.asked[0][1]


def test_a_server_that_is_not_there_is_named_without_the_address():
    with pytest.raises(client.Unreachable) as caught:
        client.get("http://127.0.0.1:1/path?secret=himitsu")
    assert str(caught.value) == "127.0.0.1:1: it cannot be reached"


@pytest.mark.parametrize("url", ["http://example.jp/", "ftp://example.jp/", "file:///etc/passwd", "//example.jp/", ""])
def test_only_encrypted_servers_are_asked_and_this_machine(url):
    with pytest.raises(ValueError, match="Only https"):
        client.get(url)
