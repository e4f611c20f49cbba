"""The check of our libraries against advisories: fails on what is known, says what could not be asked."""

import json
import subprocess

import pytest

from anshin.project import advisories

CLEAN = {"dependencies": [{"name": "django", "version": "5.2.8", "vulns": []}], "fixes": []}
KNOWN = {
    "dependencies": [
        {"name": "pillow", "version": "9.0.0", "vulns": [{"id": "PYSEC-2023-175", "fix_versions": ["10.0.1"]}]},
        {"name": "urllib3", "version": "1.0", "vulns": [{"id": "GHSA-1", "fix_versions": []}]},
    ]
}
UNKNOWN = {"dependencies": [{"name": f"lib{number}", "skip_reason": "not found on PyPI"} for number in range(7)]}


def answers(**by_lock):
    """Somebody who answers about each lock."""
    return lambda lock: json.dumps(by_lock.get(lock.stem, CLEAN))


def test_nothing_known_is_well(capsys):
    assert advisories.report(answers())
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("lock", advisories.LOCKS)
def test_what_is_known_fails_whichever_lock_names_it(lock, capsys):
    assert not advisories.report(answers(**{lock: KNOWN}))
    said = capsys.readouterr().err
    assert f"{lock}.lock: pillow 9.0.0: PYSEC-2023-175; mended in 10.0.1. Raise it in the lock." in said
    assert f"{lock}.lock: urllib3 1.0: GHSA-1. Raise it in the lock." in said


def test_what_nobody_answers_is_said_and_does_not_fail(capsys):
    assert advisories.report(answers(run=UNKNOWN))
    assert "run.lock: NOT CHECKED for 7 of 7 libraries" in (said := capsys.readouterr().err)
    assert "lib0, lib1, lib2, lib3, lib4 and 2 more." in said


@pytest.mark.parametrize(
    "trouble",
    [
        OSError("no such program"),
        subprocess.TimeoutExpired(["pip_audit"], 300),
        subprocess.SubprocessError("Failed to resolve"),
    ],
)
def test_a_list_that_cannot_be_asked_is_said_and_does_not_fail(trouble, capsys):
    def ask(lock):
        raise trouble

    assert advisories.report(ask)
    assert capsys.readouterr().err.count("NOT CHECKED, since the list of advisories could not be asked") == 3


def test_an_answer_that_is_none_is_said_and_does_not_fail(capsys):
    assert advisories.report(lambda lock: "<html>a proxy says hello</html>")
    assert advisories.report(lambda lock: '{"message": "no"}')
    assert capsys.readouterr().err.count("NOT CHECKED") == 6


def test_the_question_names_every_locked_library(monkeypatch):
    """The real program reads the real lock; only what would leave the machine is cut off."""
    asked = []

    def run(command, **_how):
        asked.append(command)
        return subprocess.CompletedProcess(command, 1, stdout="", stderr="Traceback\nConnectionError: nobody there")

    monkeypatch.setattr(subprocess, "run", run)
    assert advisories.report()
    assert [command[command.index("--requirement") + 1].rpartition("/")[2] for command in asked] == [
        "run.lock", "machines.lock", "dev.lock",
    ]  # fmt: skip
    assert all("--require-hashes" in command and "--disable-pip" in command for command in asked)
