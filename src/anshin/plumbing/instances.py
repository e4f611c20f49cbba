"""Model instances from the tuples of a query: what Django's `from_db` gives, in a third of its time.

`from_db` goes through `__init__`, which sets field after field and tells signals. A row of a query needs none of that:
its fields go into the instance's dictionary at once. Classes for which that would not be the same (an `__init__` or a
`from_db` of their own, signals at their making) are made by Django.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model, signals
from django.db.models.base import ModelState
from django.db.models.query import RelatedPopulator

Fields = dict[str, Any]


class Instances:
    """Makes instances of one model, with their related objects, of rows in which its columns begin at `start`."""

    def __init__(
        self, model: type[Model], names: Sequence[str], start: int, related: Sequence[Any], database: str
    ) -> None:
        self.model, self.names, self.database = model, tuple(names), database
        self.start, self.end = start, start + len(names)
        self.related = [_Related(each, database) for each in related]
        self.make = self._fill if _is_plain(model) else self._ask_django

    def __call__(self, row: Sequence[Any]) -> Model:
        made = self.make(row[self.start : self.end])
        for related in self.related:
            related.attach(row, made)
        return made

    def _fill(self, values: Sequence[Any]) -> Model:
        state = ModelState()
        state.adding, state.db = False, self.database
        made = self.model.__new__(self.model)
        fields: Fields = made.__dict__
        fields["_state"] = state
        fields.update(zip(self.names, values, strict=True))
        return made

    def _ask_django(self, values: Sequence[Any]) -> Model:
        return self.model.from_db(self.database, self.names, values)


class _Related:
    """What `select_related` puts beside an instance."""

    def __init__(self, told: RelatedPopulator, database: str) -> None:
        self.instances = Instances(told.model_cls, told.init_list, told.cols_start, told.related_populators, database)
        self.key = told.cols_start + told.pk_idx
        self.set_here: Callable[[Model, Model | None], None] = told.local_setter
        self.set_there: Callable[[Model, Model], None] = told.remote_setter

    def attach(self, row: Sequence[Any], to: Model) -> None:
        made = None if row[self.key] is None else self.instances(row)
        self.set_here(to, made)
        if made is not None:
            self.set_there(made, to)


def _is_plain(model: type[Model]) -> bool:
    own_ways = model.__init__ is not Model.__init__ or model.from_db.__func__ is not Model.from_db.__func__  # type: ignore[attr-defined]
    return not own_ways and not signals.pre_init.has_listeners(model) and not signals.post_init.has_listeners(model)
