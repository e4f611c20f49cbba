"""A shop with a mailbox, a moment, kept files in a folder of the test, and servers to talk to."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from anshin.channels.email.models import Mailbox
from anshin.channels.email.terms import Security
from anshin.plumbing import secrets
from anshin.plumbing.web import reach
from anshin.shops.models import Membership, Shop
from tests.channels.email.outside import dovecot_server, shared_database

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def kept_files(settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def no_names_outside(servers_here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name of a mail server but this machine's is looked up."""
    ask = reach.resolve

    def resolve(host: str, port: int) -> list[str]:
        if host == "localhost" or host[:1].isdecimal() or ":" in host:
            return ask(host, port)
        raise socket.gaierror(socket.EAI_NONAME, "nobody knows it")

    monkeypatch.setattr(reach, "resolve", resolve)


@pytest.fixture
def shop(db: None) -> Shop:
    return Shop.objects.create(slug="komorebi", name="こもれび", contact_mail="shop@komorebi.example", created_at=NOW)


@pytest.fixture
def other_shop(db: None) -> Shop:
    return Shop.objects.create(slug="tanuki", name="たぬき堂", created_at=NOW)


@pytest.fixture
def mailbox(shop: Shop) -> Mailbox:
    return Mailbox.objects.create(
        shop=shop, address="shop@komorebi.example", display_name="こもれび", created_at=NOW, uidvalidity=0
    )


@pytest.fixture(scope="session")
def dovecot_process() -> Iterator[dovecot_server.Dovecot]:
    if not dovecot_server.is_installed():
        pytest.skip("dovecot-imapd is not installed")
    with dovecot_server.running() as server:
        yield server


@pytest.fixture
def dovecot(dovecot_process: dovecot_server.Dovecot) -> dovecot_server.Dovecot:
    """The server, running, with an empty inbox."""
    if not dovecot_process.is_running:
        dovecot_process.start()
    dovecot_process.empty()
    return dovecot_process


@pytest.fixture
def imap_mailbox(mailbox: Mailbox, dovecot: dovecot_server.Dovecot) -> Mailbox:
    mailbox.imap_host, mailbox.imap_port = "127.0.0.1", dovecot.plain_port
    mailbox.imap_security = Security.PLAIN
    mailbox.imap_user, mailbox.imap_password_sealed = dovecot_server.USER, secrets.seal(dovecot_server.PASSWORD)
    mailbox.save()
    return mailbox


@pytest.fixture
def later(now: datetime) -> datetime:
    return now + timedelta(minutes=1)


@pytest.fixture
def fixed_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Screens see the tests' moment."""
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)


@pytest.fixture
def as_owner(client: Client, owner: Membership) -> Client:
    """The owner at the desk, in English."""
    client.force_login(owner.person, backend="anshin.staff.sign_in.StaffBackend")
    client.cookies["anshin_language"] = "en"
    return client


@pytest.fixture
def folder(transactional_db: None, tmp_path: Path) -> Iterator[Path]:
    """A folder, and a database that other processes see, too."""
    if connection.vendor == "postgresql":
        yield tmp_path
    else:
        yield from shared_database.sqlite_file(tmp_path)
