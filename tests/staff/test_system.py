"""The owner's page about the installation, and what probes ask."""

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import translation

from anshin.plumbing import clock
from anshin.plumbing.jobs.models import TimetableMark
from anshin.plumbing.jobs.queue import enqueue
from anshin.project import health
from anshin.staff import system_checks

pytestmark = pytest.mark.django_db
URL = "/s/komorebi/settings/system"
Usage = namedtuple("Usage", "total used free")


def state(shop, now, title: str) -> str:
    with translation.override("en"):
        return next(check.state for check in system_checks.checks(shop, now=now) if check.title == title)


def test_each_part_stands_there_with_what_to_do(signed_in, owner, still, django_assert_max_num_queries):
    client = signed_in(owner)
    client.get(URL)
    with django_assert_max_num_queries(14):
        page = client.get(URL).content.decode()
    for words in (
        "メールボックスがありません",
        "毎晩のバックアップが設定されていません",
        "GBが空いています",
        "時計は合っています",
    ):
        assert words in page
    assert signed_in(owner).get(URL, headers={"host": "localhost"}).status_code == 200


def test_only_the_owner_opens_it(signed_in, manager):
    assert signed_in(manager).get(URL).status_code == 403


def test_work_that_nobody_does_is_bad(shop, now):
    assert state(shop, now, "Background work") == "good"
    enqueue("anshin.plumbing.files.jobs.remove_leftovers", now=now)
    assert state(shop, now + timedelta(minutes=4), "Background work") == "good"
    assert state(shop, now + timedelta(minutes=6), "Background work") == "bad"


def test_a_clockwork_that_stands_still_is_bad(shop, now):
    TimetableMark.objects.create(name="cases.wake", slot_at=now - timedelta(minutes=11))
    assert state(shop, now, "Background work") == "bad"


@pytest.mark.parametrize(("free", "expected"), [(400, "good"), (100, "warn"), (40, "bad"), (0.9, "bad")])
def test_a_disk_that_fills_is_told(shop, now, monkeypatch, free, expected):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1000 * 10**9, 0, int(free * 10**9)))
    assert state(shop, now, "Disk") == expected


@pytest.mark.parametrize(("days", "expected"), [(60, "good"), (10, "warn"), (1, "bad"), (None, "warn")])
@override_settings(ANSHIN_ADDRESS="https://desk.example.jp")
def test_a_certificate_that_ends_is_told(shop, now, monkeypatch, days, expected):
    monkeypatch.setattr(system_checks, "certificate_days", lambda _host, _port, now: days)
    assert state(shop, now, "Certificate") == expected


def test_clocks_that_differ_are_told(shop, now, monkeypatch):
    monkeypatch.setattr(clock, "ahead_of_database", lambda: timedelta(seconds=-3))
    assert state(shop, now, "Clock") == "warn"


def test_probes_are_answered_under_any_name_and_learn_nothing(monkeypatch):
    client = Client(headers={"host": "10.2.3.4:8000"})
    assert client.get("/health/live").content == b"ok"
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "migrations": True})
    monkeypatch.setattr(health, "has_all_migrations", lambda: False)
    assert client.get("/health/ready").status_code == 503
