"""Each index is written with every row: none is kept that another one makes needless."""

from django.apps import apps
from django.db import models


def _starts(model: type[models.Model]) -> set[str]:
    """The columns with which an index over several columns, or a constraint that has one, begins."""
    lists = [index.fields for index in model._meta.indexes if index.condition is None]
    unique = [each for each in model._meta.constraints if isinstance(each, models.UniqueConstraint)]
    lists += [list(each.fields) for each in unique if each.condition is None]
    return {fields[0].lstrip("-") for fields in lists if fields}


def test_no_foreign_key_has_an_index_with_which_another_begins() -> None:
    needless = [
        f"{model._meta.label}.{field.name}: db_index=False"
        for model in apps.get_models()
        if model.__module__.startswith("anshin.")
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.db_index and not field.unique
        if field.name in _starts(model)
    ]
    assert needless == []
