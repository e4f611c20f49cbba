"""What import contracts cannot see: references between tables, and tables without a shop."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

SRC = Path(__file__).resolve().parents[2] / "src" / "anshin"
STOREYS = [
    "plumbing",
    "language",
    "shops",
    "commerce",
    "cases",
    "replies",
    "satisfaction",
    "delivery",
    "returns",
    "slips",
    "routing",
    "visits",
    "safety",
    "integrations",
    "promoters",
    "insights",
    "channels",
    "connectors",
    "staff",
    "portal",
    "widget",
    "api",
    "project",
]
WITHOUT_SHOP = {
    # plumbing knows no shops: it carries plain numbers
    "Job", "TimetableMark", "Backup", "JournalEntry", "ReactionCursor", "LiveEvent", "Presence", "Blob", "Thumbnail",
    # a part has the shop of its document
    "IndexedPart",
    # people belong to several shops; what belongs to a row has its shop there
    "Person", "Tried", "KnownDevice", "OpenSession", "Shop", "RefusedRow", "RefusedPackingRow",
    # the practice world outside
    "LeftMail", "Switch",
    # how fast a receiver may be served depends on the server that sends, not on the shop
    "SendingLane",
}  # fmt: skip


def own_models():
    return [model for model in apps.get_models() if model.__module__.startswith("anshin.")]


def storey(module: str) -> int:
    return STOREYS.index(module.split(".")[1])


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_foreign_keys_point_down_or_stay_in_the_room(model):
    for field in model._meta.get_fields():
        target = getattr(field, "related_model", None)
        if not isinstance(field, models.ForeignKey) or target is None or not target.__module__.startswith("anshin."):
            continue
        if model._meta.app_label == target._meta.app_label:
            continue
        assert storey(target.__module__) < storey(model.__module__), f"{model.__name__}.{field.name} points up"
        hidden = field.remote_field.related_name
        assert hidden == "+", f"{model.__name__}.{field.name} adds an attribute to another room's model"


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_every_business_row_names_its_shop(model):
    names = {field.name for field in model._meta.get_fields()}
    assert names & {"shop", "shop_id"} or model.__name__ in WITHOUT_SHOP


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_constraints_and_indexes_have_names(model):
    for part in [*model._meta.constraints, *model._meta.indexes]:
        assert part.name


def test_nothing_overrides_save_or_listens_to_model_signals():
    found = []
    for path in SRC.rglob("*.py"):
        text = path.read_text()
        if "django.db.models.signals" in text:
            found.append(f"{path}: signals")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name == "save" and path.name == "models.py":
                found.append(f"{path}: save")
    assert found == []
