"""What most tests stand on: a shop with its cast, a second shop, a fixed moment, an outbox that behaves."""

from __future__ import annotations

import gc
import shutil
from collections import namedtuple
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.log_watch import LogWatch

if TYPE_CHECKING:
    from anshin.cases.fakes import RecordingOutbox
    from anshin.shops.models import Membership, Shop

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)  # Friday, 14:00 in Tokyo
OBJECTS_BEFORE_A_LOOK = 200_000
ASKING = {"db", "transactional_db", "live_server"}

# How long one example takes says more of who else uses the machine than of the code.
PATIENT = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], database=None)
hypothesis.settings.register_profile("search", PATIENT)
"""Other examples in every run: for those who write."""
hypothesis.settings.register_profile("landing", PATIENT, derandomize=True)
"""The same examples in every run: what lands is not refused for what stood there before (.ci/run)."""
hypothesis.settings.load_profile("search")


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option of ours."""
    parser.addoption(
        "--asking-database", action="store_true", help="Only tests that ask a database, and those of the browser."
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where a second database is tried, leave out what never asks one: two tests of three."""
    if config.getoption("--asking-database"):
        left_out = [item for item in items if not _asks_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _asks_database(item)]


def _asks_database(item: pytest.Item) -> bool:
    has_fixture = not ASKING.isdisjoint(getattr(item, "fixturenames", ()))
    return has_fixture or any(item.get_closest_marker(name) for name in ("django_db", "browser"))


def pytest_collection_finish() -> None:
    """Let Python look for garbage seldom, and never at what was there before the first test: a sixth of a run's CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_A_LOOK, 20, 100)


LOG_WATCH = LogWatch()


def pytest_runtest_call() -> None:
    """Listen to every line for the log."""
    LOG_WATCH.listen()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run whose log would have told of somebody."""
    if LOG_WATCH.found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which lines those were."""
    for test, logger, line in LOG_WATCH.found:
        terminalreporter.write_line(f"The log would tell of somebody ({test}, {logger}): {line[:600]}", red=True)


@pytest.fixture(scope="session", autouse=True)
def _emptied_by_rows() -> Iterator[None]:
    from tests.emptying import by_rows

    with by_rows():
        yield


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def later() -> datetime:
    return NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _files_in_tmp(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _handle: None)  # tests need no protection against a power cut
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]


@pytest.fixture
def still_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """As much room as ever, for tests that compare pages: others write to this machine's disk meanwhile."""
    usage = namedtuple("usage", "total used free")(1000 * 10**9, 400 * 10**9, 600 * 10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)


@pytest.fixture(autouse=True)
def _nothing_kept_in_memory() -> None:
    from django.core.cache import cache

    from anshin.integrations.queries import forget_listeners
    from anshin.plumbing.jobs import holding
    from anshin.plumbing.watching import marks

    marks.end()
    cache.clear()
    forget_listeners(fresh_seconds=3600)
    holding.none_is_open()


@pytest.fixture
def servers_here(settings: object) -> None:
    """Mail servers of tests stand on this machine, which an operator must have allowed."""
    from anshin.plumbing.web.reach import networks_of
    from tests.channels.email.outside.shared_database import THIS_MACHINE

    settings.ANSHIN_INSIDE_NETWORKS = networks_of(THIS_MACHINE)  # type: ignore[attr-defined]


@pytest.fixture
def shop(db: None) -> Shop:
    from anshin.routing.queries.lists import forget_live_rules
    from anshin.shops.actions import open_shop

    forget_live_rules()
    return open_shop(
        slug="komorebi",
        name="こもれび雑貨店",
        contact_mail="support@komorebi.example",
        order_formats=("KM-#####",),
        now=NOW,
    )


@pytest.fixture
def other_shop(db: None) -> Shop:
    from anshin.shops.actions import open_shop

    return open_shop(
        slug="shiosai",
        name="潮騒フーズ",
        contact_mail="support@shiosai.example",
        order_formats=("SF-#####",),
        now=NOW,
    )


def member(shop: Shop, role: str, email: str, name: str) -> Membership:
    """A member of staff of the shop."""
    from anshin.shops.actions import invite_staff
    from anshin.shops.terms import Role

    return invite_staff(shop=shop, email=email, name=name, role=Role(role), by=None, now=NOW)


@pytest.fixture
def owner(shop: Shop) -> Membership:
    return member(shop, "owner", "anju@komorebi.example", "安住 千里")


@pytest.fixture
def manager(shop: Shop) -> Membership:
    return member(shop, "manager", "saeki@komorebi.example", "佐伯 みお")


@pytest.fixture
def agent(shop: Shop) -> Membership:
    return member(shop, "agent", "takeuchi@komorebi.example", "竹内 涼")


@pytest.fixture
def new_agent(shop: Shop) -> Membership:
    return member(shop, "agent", "kogure@komorebi.example", "小暮 あかり")


@pytest.fixture
def limited(shop: Shop) -> Membership:
    """Answers without knowing whom."""
    return member(shop, "limited", "hayakawa@komorebi.example", "早川 透")


@pytest.fixture
def warehouse(shop: Shop) -> Membership:
    return member(shop, "warehouse", "kurata@komorebi.example", "倉田 大地")


@pytest.fixture
def stranger(other_shop: Shop) -> Membership:
    """An agent of the second shop: whoever must never see anything of the first."""
    return member(other_shop, "agent", "isobe@shiosai.example", "磯部 渚")


@pytest.fixture
def post() -> Iterator[RecordingOutbox]:
    """The outbox socket filled with a fake that keeps what left."""
    from anshin.cases.fakes import RecordingOutbox
    from anshin.cases.ports import outbox

    with outbox.filled_with(RecordingOutbox()) as fake:
        yield fake
