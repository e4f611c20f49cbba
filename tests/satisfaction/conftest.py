"""A finished case whose customer was answered, in a shop that asks."""

from datetime import timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Case
from anshin.cases.terms import Resolution
from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.satisfaction import actions
from tests.cases.writing import KASHIWAGI, arrive


@pytest.fixture
def asks(manager, now):
    """The shop asks a day after the end."""
    return actions.set_survey(by=manager, is_on=True, hours=24, now=now)


@pytest.fixture
def moved(monkeypatch):
    """Let jobs run until a moment."""

    def to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        run_due_jobs(moment)

    return to


@pytest.fixture
def finished(shop, agent, post, moved, now):
    """Make a finished case; its id."""

    def make(key="a@x", *, at=now, sender=KASHIWAGI, resolution=Resolution.ANSWERED, text="袋の色が違います。", **more):
        case = arrive(shop, key, at=at, sender=sender, text=text, subject=f"件 {key}", **more).case
        moved(at)
        case = Case.objects.get(pk=case.pk)
        cases.reply(by=agent, case_id=case.pk, text="お調べします。", to=[sender], read_at_version=case.version, now=at)
        moved(at + timedelta(minutes=1))
        cases.close(by=agent, case_id=case.pk, resolution=resolution, now=at + timedelta(minutes=2))
        return case.pk

    return make
