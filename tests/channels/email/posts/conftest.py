"""Doors that are open, a provider that knocks, and Amazon's certificate."""

import pytest
from django.urls import reverse

from anshin.channels.email.posts import doors
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.web import client as web
from tests.channels.email.outside import posting


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch, now):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)


@pytest.fixture
def opened(mailbox, owner, now):
    def open_one(poster, given=""):
        found = doors.open_address(mailbox=mailbox, poster=poster, given=given, by=owner, now=now)
        Job.objects.all().delete()
        return found

    return open_one


@pytest.fixture
def amazon(monkeypatch):
    """Amazon as it answers; what was asked of it."""
    made = posting.Amazon()
    made.asked, made.answer = [], web.Answer(200, made.certificate, {})

    def get(url, **_options):
        made.asked.append(url)
        if made.answer is None:
            raise web.Unreachable("sns.ap-northeast-1.amazonaws.com: it cannot be reached")
        return made.answer

    monkeypatch.setattr(web, "get", get)
    return made


@pytest.fixture
def knock(client):
    def post(address, content_type, body, **headers):
        where = reverse("mail:post", args=[address.address.key, address.address.poster])
        return client.post(where, data=body, content_type=content_type, **headers)

    return post
