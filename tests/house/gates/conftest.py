"""Two shops with a row in every table, planted once for all tests here and taken away after the last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from anshin.plumbing import clock
from anshin.shops.models import Membership, Person
from tests.house.gates.planting import plant
from tests.house.gates.shapes import NOW, Planted

OURS = Planted("planted-a", 7001, "moremoa")
THEIRS = Planted("planted-b", 8001, "sorosob")
NOBODYS = 7999  # no row has this number


@dataclass(frozen=True)
class House:
    """The shop that outsiders try, another shop, and where the bytes of both lie."""

    ours: Planted
    theirs: Planted
    nobodys: int
    media: Path

    def client(self, person_id: int) -> Client:
        """The browser of a person who is signed in."""
        browser = Client(raise_request_exception=False)
        browser.force_login(Person.objects.get(pk=person_id))
        return browser

    def member(self, planted: Planted, role: str) -> Membership:
        """Another member of staff of a shop."""
        person = Person.objects.create_user(email=f"{role}@outsider.example", password=None, name="Nemo")
        return Membership.objects.create(shop_id=planted.number, person=person, role=role, created_at=NOW)


@pytest.fixture(scope="package")
def _planted(django_db_setup: None, django_db_blocker: object, tmp_path_factory: object) -> Iterator[House]:
    from django.conf import settings

    media = tmp_path_factory.mktemp("planted")
    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, media
    with django_db_blocker.unblock(), transaction.atomic():
        plant(OURS)
        plant(THEIRS)
        settings.MEDIA_ROOT = before
        with django_db_blocker.block():
            yield House(OURS, THEIRS, NOBODYS, media)
        transaction.set_rollback(True)


@pytest.fixture
def house(_planted: House, db: None, settings: object, still_disk: None, monkeypatch: pytest.MonkeyPatch) -> House:
    """The planted shops; whatever a test does to them is taken back."""
    settings.MEDIA_ROOT = _planted.media
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return _planted
