"""Rules for tests, and a desk whose clock stands still."""

from __future__ import annotations

import pytest

from anshin.cases.fakes import RecordingOutbox
from anshin.cases.ports import outbox
from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.routing import actions
from anshin.routing.terms import Condition, Deed, Definition, Trigger


@pytest.fixture
def still(monkeypatch, now):
    """Reactions see the tests' moment."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


@pytest.fixture
def post():
    with outbox.filled_with(RecordingOutbox()) as fake:
        yield fake


@pytest.fixture
def work(still):
    """Runs what is due, as workers would."""

    def _work(at=None):
        return run_due_jobs(at or still)

    return _work


def definition(*deeds, trigger=Trigger.MESSAGE, conditions=(), **more):
    """A definition from pairs (effect, value) and triples (field, op, value)."""
    return Definition(
        trigger=trigger,
        conditions=tuple(Condition(*each) for each in conditions),
        deeds=tuple(Deed(*each) for each in deeds),
        **more,
    )


@pytest.fixture
def live(manager, now):
    """A rule that is tried and switched on."""

    def _live(name, *deeds, **more):
        rule = actions.save_rule(by=manager, name=name, definition=definition(*deeds, **more), now=now)
        actions.try_rule(by=manager, rule_id=rule.pk, now=now)
        return actions.switch_on(by=manager, rule_id=rule.pk, now=now)

    return _live
