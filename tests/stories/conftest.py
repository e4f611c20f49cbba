"""The stage of the stories: a shop with its mailbox, a clock that moves, people who act through public doors only.

A clerk uses the desk's pages. A customer writes mails, which enter through the practice post office like every mail.
Whatever is due is worked off when time passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from anshin.cases.ports import outbox
from anshin.channels.email.models import Mailbox
from anshin.channels.email.ports import transport
from anshin.channels.email.sending.adapter import EmailOutbox
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.project.outside.models import Behaviour, LeftMail
from anshin.project.outside.post_office import OutsidePostOffice
from tests.conftest import NOW

if TYPE_CHECKING:
    from django.http import HttpResponse

    from anshin.shops.models import Membership, Shop

RAKUTEN_NUMBERS = "######-########-##########"


class Time:
    """The moment at which the story stands."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def passes(self, **much: float) -> None:
        """Let time pass, e.g. `minutes=5`, and work off what is due then."""
        self.now += timedelta(**much)
        run_due_jobs(self.now)


class Clerk:
    """A member of staff at the desk of one shop, in English."""

    def __init__(self, membership: Membership) -> None:
        self.membership = membership
        self.browser = Client()
        self.browser.cookies["anshin_language"] = "en"
        self.browser.force_login(membership.person)

    def address(self, name: str, *arguments: Any, shop: str = "") -> str:
        return reverse(f"staff:{name}", args=[shop or self.membership.shop.slug, *arguments])

    def sees(self, name: str, *arguments: Any, shop: str = "") -> str:
        """The words of a page, which must be there."""
        page = self.browser.get(self.address(name, *arguments, shop=shop))
        assert page.status_code == 200, f"{name} answered {page.status_code}"
        return page.content.decode()

    def does(self, name: str, /, *arguments: Any, **fields: Any) -> HttpResponse:
        """Press a button; what the desk answers."""
        return self.browser.post(self.address(name, *arguments), fields)

    def replies(self, number: int, text: str, **fields: Any) -> HttpResponse:
        """Answer with what the open page offers: its recipient, and what it had seen."""
        page = self.sees("case", number)
        offered = {"to": _offered(page, "to"), "seen": _offered(page, "seen")}
        return self.does("reply", number, text=text, **(offered | fields))


class Customer:
    """Somebody who buys and writes."""

    def __init__(self, name: str, mail: str) -> None:
        self.name, self.mail = name, mail
        self.browser = Client()
        self.browser.cookies["anshin_language"] = "en"

    def writes(self, mailbox: Mailbox, subject: str, body: str, *, answers: LeftMail | None = None) -> None:
        """Send a mail to the shop; it lies before the desk afterwards, not yet read."""
        fields = {"to": mailbox.pk, "name": self.name, "mail": self.mail, "subject": subject, "body": body}
        if answers is not None:
            fields["answers"] = answers.pk
        assert self.browser.post(reverse("outside:write"), fields).status_code == 302

    def mails(self) -> list[LeftMail]:
        """What arrived in the customer's own mailbox, oldest first."""
        return [left for left in LeftMail.objects.order_by("id") if self.mail in left.recipients]


def mail_server(behaviour: Behaviour) -> None:
    """Let the mail server of the outside world behave like this from now on."""
    assert Client().post(reverse("outside:switch"), {"behaviour": behaviour.value}).status_code == 302


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    time = Time(NOW)
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: time.now)
    office = OutsidePostOffice(moment=lambda: time.now)
    with outbox.filled_with(EmailOutbox(moment=lambda: time.now)), transport.filled_with(office):
        yield time


@pytest.fixture
def shop(db: None) -> Shop:
    """こもれび雑貨店, which also sells on Rakuten."""
    from anshin.shops.actions import open_shop

    return open_shop(
        slug="komorebi",
        name="こもれび雑貨店",
        contact_mail="support@komorebi.example",
        order_formats=("KM-#####", RAKUTEN_NUMBERS),
        now=NOW,
    )


@pytest.fixture
def mailbox(shop: Shop) -> Mailbox:
    return _mailbox(shop, "support@komorebi.example")


@pytest.fixture
def other_mailbox(other_shop: Shop) -> Mailbox:
    return _mailbox(other_shop, "support@shiosai.example")


@pytest.fixture
def takeuchi(agent: Membership) -> Clerk:
    return Clerk(agent)


@pytest.fixture
def saeki(manager: Membership) -> Clerk:
    return Clerk(manager)


@pytest.fixture
def isobe(stranger: Membership) -> Clerk:
    """A clerk of 潮騒フーズ."""
    return Clerk(stranger)


@pytest.fixture
def misaki() -> Customer:
    return Customer("髙橋 美咲", "misaki@mail.example")


def _mailbox(shop: Shop, address: str) -> Mailbox:
    return Mailbox.objects.create(
        shop=shop, address=address, display_name=shop.name, takes_plus_addresses=True, created_at=NOW
    )


def _offered(page: str, field: str) -> str:
    """What the reply's form on a case page holds in one field."""
    form = page[page.index('id="write-reply"') :]
    chosen = re.search(rf'<select[^>]*name="{field}".*?<option value="([^"]*)"[^>]* selected', form, re.DOTALL)
    found = chosen or re.search(rf'name="{field}" value="([^"]*)"', form)
    assert found, f"the page offers no {field}"
    return found.group(1)
