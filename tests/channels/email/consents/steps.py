"""What the person before the browser does, and what can be seen afterwards."""

import urllib.error
import urllib.request
from datetime import timedelta
from urllib.parse import urlsplit

from django.urls import reverse

from anshin.channels.email.models import Consent
from anshin.plumbing.journal.models import JournalEntry


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def forward(self, **how_far):
        self.now += timedelta(**how_far)


def url(name, *args):
    return reverse(f"email:{name}", args=["komorebi", *args])


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


def agreed(address):
    """A person looks at the provider's page; where the provider sends the browser then."""
    try:
        urllib.request.build_opener(_StayHere).open(address, timeout=5)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.headers["Location"]
    raise AssertionError("the provider sent nobody anywhere")


def come_back(client, box):
    sent_to = client.get(url("connect_go", box.pk))["Location"]
    back = urlsplit(agreed(sent_to))
    return client.get(f"{back.path}?{back.query}", follow=True)


def facts():
    return list(JournalEntry.objects.order_by("id").values_list("event", flat=True))


def nothing_was_given():
    return not Consent.objects.exists() and "email.mailbox_connected" not in facts()
