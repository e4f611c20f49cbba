"""`anshin serve` refuses an installation that is not safe or not ready, in words and with exit code 2."""

import argparse

import pytest

from anshin.project.cli import serve
from tests.project.test_setup import command

GOOD = "k3Jd9sLq0ZxVbN7mWe5RtYu1IoPaHgFc8QzXsDv2"


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.mark.parametrize(
    ("secret", "mode", "debug", "words"),
    [
        ("not-set-up", "production", False, "There is no secret key yet. Run ./anshin setup"),
        ("short", "production", False, "The secret key can be guessed"),
        (GOOD[:39], "production", False, "The secret key can be guessed"),
        ("a" * 60, "production", False, "The secret key can be guessed"),
        ("not-set-up", "demo", False, "There is no secret key yet."),
        (GOOD, "production", True, "DEBUG is on outside development"),
        (GOOD, "demo", True, "DEBUG is on outside development"),
    ],
)
def test_an_unsafe_installation_is_named(secret, mode, debug, words):
    assert serve.unsafe(secret, mode=mode, debug=debug).startswith(words)


@pytest.mark.parametrize(
    ("secret", "mode", "debug"),
    [(GOOD, "production", False), (GOOD, "demo", False), ("not-set-up", "development", True)],
)
def test_a_safe_one_has_nothing_against_it(secret, mode, debug):
    assert serve.unsafe(secret, mode=mode, debug=debug) == ""


def test_a_database_with_all_its_tables_is_fine(db):
    assert serve.database_trouble() == ""


def test_tables_of_an_older_version_lead_to_setup(db, monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["one that is missing"])
    assert "Run ./anshin setup" in serve.database_trouble()


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("SECRET_KEY", "not-set-up", "Not served: There is no secret key yet."),
        ("SECRET_KEY", "x" * 60, "Not served: The secret key can be guessed"),
        ("DEBUG", True, "Not served: DEBUG is on outside development"),
    ],
)
def test_the_command_exits_with_2_and_serves_nothing(settings, monkeypatch, capsys, setting, value, words):
    served = []
    monkeypatch.setattr(serve, "serve", lambda **where: served.append(where))
    settings.SECRET_KEY, settings.ANSHIN_MODE = GOOD, "production"
    setattr(settings, setting, value)
    assert serve.run(argparse.Namespace(host="127.0.0.1", port=0)) == 2
    assert capsys.readouterr().err.startswith(words)
    assert served == []


def test_the_command_serves_when_all_is_well(db, settings, monkeypatch):
    served = []
    monkeypatch.setattr(serve, "serve", lambda **where: served.append(where))
    settings.SECRET_KEY, settings.ANSHIN_MODE = GOOD, "production"
    assert serve.run(argparse.Namespace(host="127.0.0.1", port=8123)) == 0
    assert served == [{"host": "127.0.0.1", "port": 8123}]


def test_a_real_process_without_tables_or_database_exits_with_2(tmp_path):
    (tmp_path / "data").mkdir()
    bare = command(tmp_path, "serve", "--port", "0", ANSHIN_SECRET_KEY=GOOD)
    assert (bare.returncode, "Run ./anshin setup" in bare.stderr) == (2, True)
    unreachable = "postgres://nobody@127.0.0.1:1/nothing"
    lost = command(tmp_path, "serve", "--port", "0", ANSHIN_SECRET_KEY=GOOD, DATABASE_URL=unreachable)
    assert (lost.returncode, "The database cannot be used" in lost.stderr) == (2, True)


def test_more_pages_may_be_open_than_the_server_allows_by_itself(monkeypatch):
    """Each open page holds a request; at Granian's own limit of 1,024 nobody else was answered any more."""
    given = {}

    class Server:
        def __init__(self, _target, **options):
            given.update(options)

        def serve(self):
            given["served"] = True

    monkeypatch.setattr("granian.Granian", Server)
    serve.serve(host="127.0.0.1", port=8123)
    assert given["served"] is True
    assert min(given["backpressure"], given["backlog"]) >= 4096
