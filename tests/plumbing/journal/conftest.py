"""What the tests of the journal share: a moment, actors, and reactions that exist for one test only."""

from datetime import UTC, datetime

import pytest

from anshin.plumbing.journal import reactions
from anshin.plumbing.journal.actors import Actor


@pytest.fixture
def now():
    return datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def tanaka():
    return Actor.staff(7, "田中 花子")


@pytest.fixture
def react():
    """Registers reactions as `reacts_to` does and takes them out again."""
    names = []

    def register(event, *, name, concerns=None):
        names.append(name)
        return reactions.reacts_to(event, name=name, concerns=concerns)

    yield register
    for name in names:
        reactions.forget(name)
