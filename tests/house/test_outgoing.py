"""Whatever can open a connection to somebody else stands in docs/operators/outgoing.md, and nothing else does."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "anshin"
PAGE = ROOT / "docs" / "operators" / "outgoing.md"
MEANS = {
    "aiohttp", "aiosmtpd", "anymail", "asyncio", "asyncore", "boto3", "botocore", "celery", "dns", "feedparser",
    "ftplib", "granian", "grpc", "http", "httpcore", "httpx", "imapclient", "imaplib", "kombu", "minio",
    "multiprocessing",
    "nntplib", "paramiko", "poplib", "psycopg", "psycopg_pool", "pycurl", "redis", "requests", "smtplib", "socket",
    "socketserver", "ssl", "subprocess", "telnetlib", "urllib3", "webbrowser", "websocket", "websockets", "wsgiref",
    "xmlrpc",
}  # fmt: skip
"""What can open a line, listen, or start a program that does."""
MEANS_BY_NAME = {"urllib.request", "anshin.plumbing.web", "django.core.mail", "multiprocessing.connection"}
HARMLESS = {"multiprocessing.util"}
CALLS = {
    "create_connection",
    "open_connection",
    "open_unix_connection",
    "urlopen",
    "urlretrieve",
    "create_datagram_endpoint",
}


def imported(tree: ast.AST) -> set[str]:
    """Every module that is imported anywhere, with each name taken from it behind a dot."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def means_of(source: str) -> set[str]:
    """By what a module could reach somebody else."""
    tree = ast.parse(source)
    names = {
        name for name in imported(tree) if not any(name == each or name.startswith(f"{each}.") for each in HARMLESS)
    }
    found = {name for name in names if name.partition(".")[0] in MEANS and name not in {"multiprocessing"}}
    found |= {name for name in names for each in MEANS_BY_NAME if name == each or name.startswith(f"{each}.")}
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & CALLS
    return found | called


def listed() -> list[str]:
    """The modules in the first column of the page's tables."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return [path for row in rows for path in re.findall(r"`([\w/]+\.py)`", row.split("|")[1])]


def test_every_module_that_could_ask_somebody_else_is_on_the_operators_page():
    able = {
        str(path.relative_to(SRC)): means
        for path in sorted(SRC.rglob("*.py"))
        if "migrations" not in path.parts and (means := means_of(path.read_text(encoding="utf-8")))
    }
    on_page = listed()
    assert {path: means for path, means in able.items() if path not in on_page} == {}
    assert sorted(set(on_page) - set(able)) == [], "these open nothing (any more)"
    assert len(on_page) == len(set(on_page))


def test_what_opens_a_line_is_found():
    assert means_of("import socket") == {"socket"}
    assert means_of("def f():\n    from http.client import HTTPConnection") == {
        "http.client",
        "http.client.HTTPConnection",
    }
    assert means_of("from anshin.plumbing.web import client") == {"anshin.plumbing.web", "anshin.plumbing.web.client"}
    assert means_of("loop.create_connection(f, host, port)") == {"create_connection"}
    assert means_of("from urllib.parse import quote") == set()
    assert "urllib.request" in means_of("import urllib.request")


def test_three_modules_open_a_socket_themselves_and_no_other():
    """The rest goes through libraries to addresses that are fixed or an operator's: see the page."""
    opens = {
        str(path.relative_to(SRC))
        for path in SRC.rglob("*.py")
        if any(f"{call}(" in path.read_text(encoding="utf-8") for call in CALLS)
    }
    assert opens == {"plumbing/web/reach.py", "channels/email/servers/lines.py", "staff/system_checks.py"}
