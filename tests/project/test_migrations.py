"""The squashed migrations make what the single ones make, and take over wherever a database stands."""

import importlib
import re
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

from anshin.plumbing.tables import CreateTables
from tests.project.former import FormerLoader

BASELINE = 134
"""So many single migrations were there when they were last squashed; later ones stand beside the squashed ones."""

ALONE = {
    ("backups", "0001_initial"),
    ("live", "0001_initial"),
    ("outside", "0001_initial"),
    ("satisfaction", "0001_initial"),
}
"""Rooms with one small migration, of which a squashed one would save nothing."""


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None)


def squashed(loader: MigrationLoader) -> dict:
    return {key: each for key, each in loader.disk_migrations.items() if each.replaces and is_ours(key)}


def is_ours(key: tuple[str, str]) -> bool:
    return apps.get_app_config(key[0]).name.startswith("anshin.")


def test_each_squashed_migration_replaces_all_of_its_room_up_to_its_number(loader):
    replaced = set()
    for (room, name), migration in squashed(loader).items():
        last = name.removeprefix("0001_squashed_")
        former = sorted(key for key in loader.disk_migrations if key[0] == room and "squashed" not in key[1])
        assert list(migration.replaces) == [key for key in former if key[1][:4] <= last], room
        replaced |= set(migration.replaces)
    assert len(replaced | ALONE) == BASELINE


def test_no_room_has_two_ends_and_no_table_lacks_its_migration(loader):
    assert loader.detect_conflicts() == {}
    loader.graph.ensure_not_cyclic()
    with translation.override(None):
        for state in (loader.project_state(), FormerLoader(None).project_state()):
            there = MigrationAutodetector(state, type(state).from_apps(apps))
            assert there.changes(graph=loader.graph, trim_to_apps={app.label for app in ours()}) == {}


def ours() -> list:
    return [app for app in apps.get_app_configs() if app.name.startswith("anshin.")]


def test_both_ways_end_at_the_same_tables_with_columns_in_the_same_order(loader):
    def described(state) -> dict:
        return {
            key: (
                [(name, field.deconstruct()[1:]) for name, field in model.fields.items()],
                {name: as_text(value) for name, value in model.options.items() if value},
                model.bases,
            )
            for key, model in state.models.items()
        }

    assert described(loader.project_state()) == described(FormerLoader(None).project_state())


def as_text(value) -> object:
    return sorted(map(repr, value)) if isinstance(value, list) else repr(value)


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
@pytest.mark.parametrize("room", ["journal", "search"])
def test_triggers_functions_and_the_tables_of_words_are_the_same(loader, room, vendor):
    """The last statement for each object is what stands in the database; what alters a table adds to it, and what
    fills it finds nothing in an empty database."""

    def left_by(keys: list[tuple[str, str]]) -> dict[str, str]:
        left = {}
        for key in keys:
            for operation in loader.disk_migrations[key].operations:
                if hasattr(operation, "code"):
                    operation.code(apps, editor)
        for sql in map(str, said):
            made = re.match(r"(?:CREATE|DROP)(?: OR REPLACE)?(?: VIRTUAL)? (\w+ \w+)", sql)
            object_name = made[1] if made else sql
            left.pop(object_name, None)
            if not sql.startswith(("DROP", "INSERT")):
                left[object_name] = re.sub(r"\s+", " ", sql.replace("CREATE OR REPLACE", "CREATE"))
        return left

    said: list[str] = []
    editor = SimpleNamespace(connection=SimpleNamespace(vendor=vendor), execute=said.append)
    (key,) = (key for key in squashed(loader) if key[0] == room)
    now = left_by([key])
    said.clear()
    assert now == left_by(loader.disk_migrations[key].replaces)
    assert now


def test_what_else_the_single_ones_did_concerned_rows_that_an_empty_database_lacks(loader):
    """Whoever squashes anew sees here which steps by hand were looked at."""
    steps = {
        (room, name)
        for (room, name), migration in FormerLoader(None).disk_migrations.items()
        if is_ours((room, name)) and any(hasattr(each, "code") or hasattr(each, "sql") for each in migration.operations)
    }
    of_rows = {
        ("cases", "0014_topics"),
        ("cases", "0018_start_clocks"),
        ("email", "0018_spam_choice"),
        ("returns", "0006_count_what_was_seen"),
        ("returns", "0007_bulk_and_turns"),
        ("visits", "0004_parts_of_requests"),
    }
    replaced = {key for each in squashed(loader).values() for key in each.replaces}
    carried_over = {key for key in steps & replaced if key[0] in {"journal", "search"}}
    assert steps & replaced == of_rows | carried_over


@pytest.mark.django_db
def test_a_database_from_before_goes_on_without_running_anything(loader):
    keys = squashed(loader)
    recorder = MigrationRecorder(connection)
    for room, name in keys:
        recorder.record_unapplied(room, name)

    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    call_command("migrate", verbosity=0)
    assert set(keys) <= set(recorder.applied_migrations())


FIRST_SQUASH = {"jobs": 1, "files": 2, "journal": 3, "search": 3, "shops": 4, "commerce": 11, "cases": 21} | {
    "email": 20, "web_form": 2, "routing": 3, "returns": 4, "visits": 3, "delivery": 1, "replies": 1
}  # fmt: skip
"""Where the rooms stood that had been squashed a first time, on 2026-11-26 (docs/decisions/0021)."""

LATER_ROOMS = dict.fromkeys(["safety", "slips", "integrations", "insights"], 0)
"""Rooms that came after that."""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "stand",
    [
        {"cases": 13, "email": 17, "commerce": 5, "satisfaction": 0}
        | dict.fromkeys(["routing", "returns", "visits", "delivery", "replies"], 0)
        | LATER_ROOMS,
        {"commerce": 9, "visits": 0, "returns": 1, "cases": 21, "email": 20, "routing": 3, "delivery": 1} | LATER_ROOMS,
        dict.fromkeys(["cases", "email", "web_form", "routing", "returns", "delivery", "replies", "satisfaction"], 0)
        | LATER_ROOMS,
        {"search": 1, "journal": 2},
        FIRST_SQUASH | LATER_ROOMS,
        FIRST_SQUASH | {"shops": 6, "commerce": 17, "cases": 24, "returns": 12, "safety": 8, "integrations": 0},
        {"insights": 0, "safety": 3, "email": 21},
    ],
)
def test_a_database_that_stands_between_takes_the_single_steps_that_it_lacks(loader, stand):
    """A room of which some are done goes on one by one; one of which none are done is made at once."""
    recorder = MigrationRecorder(connection)
    lacking = later(loader)
    for key in lacking:
        recorder.record_unapplied(*key)
    for (room, name), migration in squashed(loader).items():
        last = stand.get(room)
        if last is None:
            continue
        recorder.record_unapplied(room, name)
        missing = [key for key in migration.replaces if int(key[1][:4]) > last]
        for key in missing:
            recorder.record_unapplied(*key)
        lacking |= set(missing) if last else {(room, name)}
    if stand.get("satisfaction") == 0:
        recorder.record_unapplied("satisfaction", "0001_initial")
        lacking.add(("satisfaction", "0001_initial"))

    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    assert {(step.app_label, step.name) for step, _backwards in plan} == lacking


def later(loader: MigrationLoader) -> set[tuple[str, str]]:
    """What came after the baseline."""
    known = {key for each in squashed(loader).values() for key in each.replaces} | ALONE
    return {key for key in FormerLoader(None).disk_migrations if is_ours(key)} - known


@pytest.mark.django_db(transaction=True)
def test_tables_made_together_can_be_unmade(loader):
    """Only rooms nobody builds on: of these the operation is walked backwards, and forwards again."""
    executor = MigrationExecutor(connection)
    here = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "visits"]
    before = set(connection.introspection.table_names())
    executor.migrate([("visits", None)])
    assert not {name for name in connection.introspection.table_names() if name.startswith("visits_")}
    executor = MigrationExecutor(connection)
    executor.migrate(here)
    assert set(connection.introspection.table_names()) == before


def test_it_is_said_what_a_step_makes(loader):
    tables = loader.disk_migrations["files", "0001_squashed_0002"].operations[0]
    assert isinstance(tables, CreateTables)
    assert tables.describe() == "Create model Blob; Create model Thumbnail"
    assert tables.references_model("Blob", "files")
    assert importlib.import_module("anshin.plumbing.files.migrations.0001_squashed_0002").Migration.initial
