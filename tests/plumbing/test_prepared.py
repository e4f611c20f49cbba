"""Queries that are put together once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from anshin.cases.models import Case, Note
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.prepared import NotPreparable, Prepared, PreparedIn, insert
from anshin.shops.models import Membership
from tests.cases.writing import arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from anshin.shops.models import Shop

pytestmark = pytest.mark.django_db


def test_rows_are_what_the_queryset_would_give(shop: Shop) -> None:
    first, second = arrive(shop, "a@x", at=NOW).case, arrive(shop, "b@x", at=NOW, subject="二").case

    def build(shop: int, since: Any) -> Any:
        rows = Case.objects.filter(shop_id=shop, created_at__gte=since).select_related("customer", "owner__person")
        return rows.order_by("-id")

    found = Prepared(build, shop=int, since=type(NOW)).rows(shop=shop.pk, since=NOW)

    assert found == [second, first]
    assert vars(found[0])["tag_names"] == []
    assert [found[0].created_at, found[0].is_unread, found[0].subject] == [NOW, True, "二"]
    assert found[0].customer == second.customer
    assert found[0].owner is None


def test_each_use_asks_with_its_own_values(shop: Shop, other_shop: Shop) -> None:
    one, other = arrive(shop, "a@x", at=NOW).case, arrive(other_shop, "b@x", at=NOW).case
    query = Prepared(lambda shop: Case.objects.filter(shop_id=shop), shop=int)

    assert query.rows(shop=shop.pk) == [one]
    assert query.rows(shop=other_shop.pk) == [other]
    assert query.first(shop=0) is None


def test_rows_of_any_numbers_are_found_in_portions(shop: Shop, django_assert_num_queries: Any) -> None:
    cases = [arrive(shop, f"{n}@x", at=NOW, subject=f"件 {n}").case.pk for n in range(5)]
    query = PreparedIn(lambda ids: Case.objects.filter(pk__in=ids).order_by("id").values_list("id"), most=2)

    assert query.tuples([]) == []
    assert query.tuples([cases[1]]) == [(cases[1],)]
    with django_assert_num_queries(3):
        assert query.tuples([*reversed(cases)]) == [(cases[n],) for n in (3, 4, 1, 2, 0)]


def test_related_objects_need_no_further_query(owner: Membership, django_assert_num_queries: Any) -> None:
    query = Prepared(lambda shop: Membership.objects.select_related("person", "shop").filter(shop_id=shop), shop=int)
    with django_assert_num_queries(1):
        found = query.rows(shop=owner.shop_id)
        assert (found[0].person.name, found[0].shop.slug) == ("安住 千里", "komorebi")


def test_an_instance_is_in_nothing_different_from_the_querysets(shop: Shop, agent: Membership) -> None:
    case = arrive(shop, "a@x", at=NOW).case
    Case.objects.filter(pk=case.pk).update(owner=agent, tag_names=["返品"])

    def build(shop: int) -> Any:
        return Case.objects.filter(shop_id=shop).select_related("owner__person", "merged_into").defer("subject")

    made = Prepared(build, shop=int).rows(shop=shop.pk)[0]
    django_made = build(shop.pk)[0]

    assert fields_of(made) == fields_of(django_made)
    assert fields_of(made.owner) == fields_of(django_made.owner)
    assert fields_of(made.owner.person) == fields_of(django_made.owner.person)
    assert made.get_deferred_fields() == {"subject"}
    assert made.subject == case.subject
    made.save()  # an UPDATE: it is no new row
    assert Case.objects.count() == 1


def fields_of(row: Any) -> dict[str, object]:
    values = {name: value for name, value in vars(row).items() if name != "_state"}
    return values | {"adding": row._state.adding, "db": row._state.db, "beside": set(row._state.fields_cache)}


def test_a_class_that_is_made_in_its_own_way_is_made_by_django(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive(shop, "a@x", at=NOW)
    asked = []
    made_by_django = Case.from_db.__func__  # type: ignore[attr-defined]

    def from_db(model: Any, *told: Any) -> Any:
        asked.append(model)
        return made_by_django(model, *told)

    monkeypatch.setattr(Case, "from_db", classmethod(from_db))

    assert Prepared(lambda shop: Case.objects.filter(shop_id=shop), shop=int).rows(shop=shop.pk)[0].subject
    assert asked == [Case]


def test_tuples_are_converted_as_values_list_converts(shop: Shop) -> None:
    arrive(shop, "a@x", at=NOW)
    build = Case.objects.filter
    query = Prepared(lambda shop: build(shop_id=shop).values_list("tag_names", "created_at", "is_urgent"), shop=int)

    assert query.tuples(shop=shop.pk) == [([], NOW, False)]


def test_a_value_may_stand_in_several_places(shop: Shop) -> None:
    from django.db.models import Q

    found = arrive(shop, "a@x", at=NOW).case
    query = Prepared(
        lambda at: Case.objects.filter(Q(created_at__lte=at) & (Q(created_at__lt=at) | Q(last_activity_at=at))),
        at=type(NOW),
    )
    assert query.rows(at=NOW) == [found]
    assert query.rows(at=NOW - timedelta(seconds=1)) == []


def test_a_text_cannot_leave_its_place(shop: Shop) -> None:
    query = Prepared(lambda text: Note.objects.filter(text=text), text=str)
    assert query.rows(text="' OR 1=1 --") == []


def test_a_value_of_another_kind_is_refused(shop: Shop) -> None:
    query = Prepared(lambda shop: Case.objects.filter(shop_id=shop), shop=int)
    with pytest.raises(NotPreparable):
        query.rows(shop="1; DROP TABLE cases_case")


def test_a_value_that_the_query_does_not_use_is_refused(shop: Shop) -> None:
    query = Prepared(lambda shop, other: Case.objects.filter(shop_id=shop), shop=int, other=int)
    with pytest.raises(NotPreparable):
        query.rows(shop=1, other=2)


def test_an_inserted_row_is_as_one_saved(shop: Shop) -> None:
    values: dict[str, object] = {
        "shop_id": shop.pk, "at": NOW, "actor_kind": "system", "event": "x", "payload": {"a": ["髙"]},
    }  # fmt: skip
    JournalEntry(**values).save(force_insert=True)
    insert(row := JournalEntry(**values))

    saved, inserted = JournalEntry.objects.filter(event="x").order_by("id").values()
    assert inserted.pop("id") == row.pk == saved.pop("id") + 1
    assert saved == inserted
    assert not row._state.adding
