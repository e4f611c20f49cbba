"""A mailbox at Google, an authorisation server that is really asked, and a clock that can be moved."""

import dataclasses

import pytest

from anshin.channels.email.actions import MailboxSettings, save_mailbox
from anshin.channels.email.consents import keeping
from anshin.channels.email.consents.keeping import MailboxBearer
from anshin.channels.email.consents.providers import PROVIDERS
from anshin.channels.email.models import Mailbox
from anshin.channels.email.terms import SignIn
from tests.channels.email.consents.steps import Clock, come_back
from tests.channels.email.outside import authorisation_server
from tests.channels.email.outside.authorisation_server import CLIENT_ID, CLIENT_SECRET


@pytest.fixture
def clock(now, monkeypatch):
    moving = Clock(now)
    monkeypatch.setattr("anshin.plumbing.clock.now", moving)
    monkeypatch.setattr(MailboxBearer.__init__, "__defaults__", (moving,))
    return moving


@pytest.fixture
def server(clock, monkeypatch):
    with authorisation_server.running(clock) as running_one:
        for sign_in in (SignIn.GOOGLE, SignIn.MICROSOFT):
            here = {"authorise_url": f"{running_one.url}/authorize", "token_url": f"{running_one.url}/token"}
            monkeypatch.setitem(PROVIDERS, sign_in, dataclasses.replace(PROVIDERS[sign_in], **here))
        yield running_one


@pytest.fixture
def box(shop, clock):
    settings = MailboxSettings(address="shop@komorebi.example", sign_in=SignIn.GOOGLE)
    return save_mailbox(shop=shop, settings=settings, by=None, now=clock.now)


@pytest.fixture
def registered(shop, owner, box, clock):
    stated = keeping.RegistrationSettings(CLIENT_ID, CLIENT_SECRET)
    return keeping.save_registration(shop=shop, provider=SignIn.GOOGLE, settings=stated, by=owner, now=clock.now)


@pytest.fixture
def connected(server, as_owner, box, registered):
    come_back(as_owner, box)
    return Mailbox.objects.get()
