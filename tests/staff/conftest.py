"""A desk whose clock stands still, and clients of people who are signed in."""

import pytest
from django.core.cache import cache
from django.test import Client

from anshin.plumbing import clock
from anshin.shops.fakes import RecordingPostbox
from anshin.shops.ports import postbox


@pytest.fixture
def still(monkeypatch, now):
    """Screens see the tests' moment."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


@pytest.fixture
def letters():
    """The postbox as a fake that keeps what left."""
    with postbox.filled_with(RecordingPostbox()) as fake:
        yield fake


@pytest.fixture
def fresh_limits():
    """Rate limits count from zero."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def signed_in():
    """A client of a member of staff."""

    def client_of(member):
        client = Client()
        client.force_login(member.person)
        return client

    return client_of
