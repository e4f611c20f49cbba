"""/metrics for Prometheus: what this process has counted, and how the installation stands now.

Read by whoever has ANSHIN_METRICS_TOKEN; without one only from this machine itself and not through a proxy, for then
everybody would come from this machine.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from anshin.channels.email.queries import mailboxes_to_fetch
from anshin.plumbing import clock
from anshin.plumbing.jobs.queries import by_task
from anshin.plumbing.live.hub import process_hub
from anshin.plumbing.watching import counts

log = logging.getLogger(__name__)
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_VIA")


def metrics(request: HttpRequest) -> HttpResponse:
    """The page in Prometheus' text form; for everybody else there is no such page."""
    if not may_read(request.META):
        raise Http404
    now_registry = CollectorRegistry()
    now_registry.register(Installation(clock.now()))
    text = generate_latest(counts.REGISTRY) + generate_latest(now_registry)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def may_read(environ: Mapping[str, Any]) -> bool:
    """Whether the caller may read figures; `environ` as in WSGI."""
    token = settings.ANSHIN_METRICS_TOKEN
    if token:
        given = str(environ.get("HTTP_AUTHORIZATION", "")).removeprefix("Bearer ").strip()
        return hmac.compare_digest(given.encode(), token.encode())
    if any(environ.get(name) for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(str(environ.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False


class Installation(Collector):
    """How jobs, mailboxes, open pages and the database stand at a moment. Every process says the same but of pages."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def describe(self) -> list[Metric]:
        """Nothing beforehand, so that registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        yield _one("anshin_live_listeners", "Pages that follow changes, of this process.", process_hub.listeners())
        try:
            found = [*self._jobs(), *self._mailboxes(), _one("anshin_database_bytes", "Size.", database_bytes())]
        except Error as error:
            log.warning("No figures of the installation: %s", type(error).__name__)
            found = []
        yield _one("anshin_database_up", "Whether the database answered just now.", int(bool(found)))
        yield from found

    def _jobs(self) -> Iterator[Metric]:
        due, running, stuck = (
            GaugeMetricFamily(f"anshin_jobs_{name}", words, labels=["task"])
            for name, words in (
                ("due", "Jobs that are due and wait for a worker."),
                ("running", "Jobs that run now."),
                ("stuck", "Jobs that failed and wait for a person."),
            )
        )
        oldest = GaugeMetricFamily("anshin_jobs_oldest_due_seconds", "How long the oldest waits.", labels=["task"])
        for row in by_task(now=self._now):
            for family, value in ((due, row.due), (running, row.running), (stuck, row.stuck)):
                if value:
                    family.add_metric([row.task], value)
            if row.oldest_due_at:
                oldest.add_metric([row.task], (self._now - row.oldest_due_at).total_seconds())
        yield from (due, running, stuck, oldest)

    def _mailboxes(self) -> Iterator[Metric]:
        age = GaugeMetricFamily(
            "anshin_mailbox_look_age_seconds", "Since a mailbox was last looked into.", labels=["mailbox"]
        )
        failing = GaugeMetricFamily("anshin_mailbox_failing", "Whether fetching it fails.", labels=["mailbox"])
        for box in mailboxes_to_fetch():
            looked_at = box.last_checked_at or box.created_at
            age.add_metric([str(box.pk)], max(0.0, (self._now - looked_at).total_seconds()))
            failing.add_metric([str(box.pk)], int(box.failing_since_at is not None))
        yield from (age, failing)


def database_bytes() -> int:
    """How large the database is, on SQLite with what is written beside it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    path = Path(str(connection.settings_dict["NAME"]))
    files = (path, path.with_name(path.name + "-wal"))
    return sum(each.stat().st_size for each in files if each.exists())


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
