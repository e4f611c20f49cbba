"""Styles, scripts and fonts leave with the header that forbids guessing, and nothing else leaves with them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from anshin.plumbing import pages
from anshin.plumbing.pages.static_files import StaticApp

FOLDER = Path(pages.__file__).parent / "static"


def asked(path, method="GET", headers=()):
    """Status, headers and body of an answer."""
    said = []

    async def send(message):
        said.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": list(headers)}
    assert StaticApp.serves(scope)
    with ThreadPoolExecutor(1) as apart:  # a browser that another test left open keeps a loop in this thread
        apart.submit(lambda: asyncio.run(StaticApp(FOLDER)(scope, None, send))).result()
    head = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], head, said[1]["body"]


def test_every_kind_of_file_says_what_it_is_and_is_not_guessed():
    kinds = {
        "app.css": "text/css; charset=utf-8",
        "app.js": "text/javascript; charset=utf-8",
        "icons.svg": "image/svg+xml",
    }
    for name, kind in kinds.items():
        status, head, body = asked(f"/static/anshin/{name}")
        assert (status, head["content-type"], head["x-content-type-options"]) == (200, kind, "nosniff")
        assert body == (FOLDER / "anshin" / name).read_bytes()
        assert head["content-length"] == str(len(body))
        assert head["cache-control"] == "public, max-age=86400"


def test_what_the_browser_has_is_not_sent_again():
    _status, head, _body = asked("/static/anshin/app.css")
    status, again, body = asked("/static/anshin/app.css", headers=[(b"if-none-match", head["etag"].encode())])
    assert (status, body, again["x-content-type-options"]) == (304, b"", "nosniff")
    status, head, body = asked("/static/anshin/app.css", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(head["content-length"]) > 1000


def test_no_path_leads_out_of_the_folder():
    for path in ("../static_files.py", "/etc/passwd", "anshin/../../views.py", "anshin", "anshin/", "", "nothing.css"):
        assert asked(f"/static/{path}")[0] == 404
    assert asked("/static/anshin/app.css", method="POST")[0] == 405
