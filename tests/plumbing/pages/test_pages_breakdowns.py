"""A page says what broke beneath it: the database is away or busy, or there is no room left."""

import errno
import json
import logging
import sqlite3

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import Client, RequestFactory

from anshin.plumbing.pages.breakdowns import Breakdown, breakdown, is_line_lost
from anshin.plumbing.pages.views import server_error
from anshin.project.sealed_log import DatabaseAway
from anshin.staff import inbox

AWAY = OperationalError("connection to server on socket failed: No such file or directory")
FULL = OperationalError("database or disk is full")


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (AWAY, Breakdown.DATABASE_AWAY),
        (InterfaceError("connection already closed"), Breakdown.DATABASE_AWAY),
        (OperationalError("database is locked"), Breakdown.DATABASE_BUSY),
        (OperationalError("FATAL:  sorry, too many clients already"), Breakdown.DATABASE_BUSY),
        (FULL, Breakdown.NO_ROOM),
        (OperationalError('could not extend file "base/1/2": No space left on device'), Breakdown.NO_ROOM),
        (OSError(errno.ENOSPC, "No space left on device"), Breakdown.NO_ROOM),
        (OSError(errno.EACCES, "Permission denied"), None),
        (IntegrityError("UNIQUE constraint failed"), None),
        (ValueError("a fault of ours"), None),
        (None, None),
    ],
)
def test_what_lies_beneath_an_error_is_recognised(error, found):
    assert breakdown(error) == found


def test_the_cause_behind_another_error_counts():
    try:
        try:
            raise AWAY
        except OperationalError as cause:
            raise RuntimeError("while drawing") from cause
    except RuntimeError as error:
        assert breakdown(error) == Breakdown.DATABASE_AWAY


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "is_lost"),
    [
        (caused(OperationalError("refused"), psycopg.OperationalError("refused")), True),
        (caused(OperationalError("starting up"), psycopg.errors.CannotConnectNow("starting up")), True),
        (caused(InterfaceError("closed"), psycopg.InterfaceError("closed")), True),
        (caused(OperationalError("deadlock detected"), psycopg.errors.DeadlockDetected("deadlock detected")), False),
        (caused(OperationalError("no such table: x"), sqlite3.OperationalError("no such table: x")), False),
        (ValueError("a fault of ours"), False),
        (None, False),
    ],
)
def test_a_lost_line_is_told_from_what_a_traceback_explains(error, is_lost):
    assert is_line_lost(error) == is_lost
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "%s: %s", ("Unavailable", "/x"), None)
    record.exc_info = (type(error), error, None) if error else None
    assert DatabaseAway().filter(record)
    assert (record.exc_info is None) == (is_lost or error is None)
    assert ("the database does not answer" in record.getMessage()) == is_lost
    assert "Unavailable: /x" in record.getMessage()


@pytest.fixture
def visitor(agent, monkeypatch):
    """visitor(error) is a browser of a signed-in person, for whom reading the inbox fails with it."""

    def begin(error):
        def broken(*_given, **_named):
            raise error

        monkeypatch.setattr(inbox, "cases_in_view", broken)
        client = Client(raise_request_exception=False)
        client.force_login(agent.person)
        return client

    return begin


def test_a_page_without_its_database_says_so_and_comes_again_by_itself(visitor, shop):
    answer = visitor(AWAY).get(f"/s/{shop.slug}/inbox/all")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert '<meta http-equiv="refresh" content="10">' in answer.content.decode()
    assert "データベースにつながりません" in answer.content.decode()


def test_a_page_without_room_says_who_has_to_do_something(visitor, shop):
    page = visitor(FULL).get(f"/s/{shop.slug}/inbox/all").content.decode()

    assert "保存場所がいっぱいです" in page
    assert "管理者に空きを作ってもらってください" in page


def test_a_script_is_told_in_one_sentence_and_the_page_stays(visitor, shop):
    answer = visitor(AWAY).get(f"/s/{shop.slug}/inbox/all", headers={"HX-Request": "true"})

    said = json.loads(answer["HX-Trigger"])["toast"]
    assert said["kind"] == "bad"
    assert said["text"].startswith("データベースにつながりません。")
    assert answer["HX-Trigger"].isascii()


@pytest.mark.parametrize(
    ("error", "is_open"),
    [(AWAY, True), (OperationalError("database is locked"), False)],
)
def test_who_was_saving_is_not_told_that_nothing_was_changed_when_nobody_knows(error, is_open):
    asked = RequestFactory().post("/note", headers={"HX-Request": "true"})
    try:
        raise error
    except OperationalError:
        answer = server_error(asked)

    for told in (json.loads(answer["HX-Trigger"])["toast"]["text"], answer.content.decode()):
        assert ("保存が済んでいることもあります" in told) == is_open
        assert ("何も変更されて" in told) != is_open
        assert "書いた内容は残ってい" in told


def test_a_fault_of_ours_stays_a_fault_of_ours(visitor, shop):
    answer = visitor(ValueError("a fault of ours")).get(f"/s/{shop.slug}/inbox/all")

    assert answer.status_code == 500
    assert "Retry-After" not in answer
