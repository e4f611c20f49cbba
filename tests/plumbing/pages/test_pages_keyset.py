"""Paging by key, on Django's own table of content types so that this room needs none."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from anshin.plumbing.pages.keyset import BadCursor, beyond, decode, encode, page_of

pytestmark = pytest.mark.django_db
MIXED = ("-app_label", "model")


@pytest.fixture
def types():
    """Seven rows: three labels, two to three models each, in the order of MIXED."""
    ContentType.objects.all().delete()
    names = [("c", "x"), ("c", "y"), ("b", "x"), ("b", "y"), ("b", "z"), ("a", "x"), ("a", "y")]
    ContentType.objects.bulk_create([ContentType(app_label=label, model=model) for label, model in reversed(names)])
    return names


def names_of(page):
    return [(row.app_label, row.model) for row in page.items]


def test_walking_forward_shows_every_row_once_and_ends(types):
    seen, cursor, pages = [], "", 0
    while True:
        page = page_of(ContentType.objects.all(), order=MIXED, size=3, cursor=cursor)
        seen += names_of(page)
        pages += 1
        if not page.next:
            break
        cursor = page.next
    assert seen == types
    assert pages == 3


def test_walking_back_shows_the_same_pages(types):
    first = page_of(ContentType.objects.all(), order=MIXED, size=3)
    second = page_of(ContentType.objects.all(), order=MIXED, size=3, cursor=first.next)
    third = page_of(ContentType.objects.all(), order=MIXED, size=3, cursor=second.next)
    back = page_of(ContentType.objects.all(), order=MIXED, size=3, cursor=third.previous)
    assert names_of(back) == names_of(second) == types[3:6]
    again = page_of(ContentType.objects.all(), order=MIXED, size=3, cursor=back.previous)
    assert names_of(again) == types[:3]
    assert again.previous == ""


def test_the_first_page_has_no_previous_and_a_whole_last_page_no_next(types):
    page = page_of(ContentType.objects.all(), order=MIXED, size=7)
    assert (page.previous, page.next) == ("", "")
    assert names_of(page) == types


def test_an_empty_list_has_no_cursors():
    page = page_of(ContentType.objects.none(), order=MIXED, size=5)
    assert (page.items, page.next, page.previous) == ([], "", "")


def test_a_row_that_arrives_meanwhile_shifts_no_other_row(types):
    first = page_of(ContentType.objects.all(), order=MIXED, size=3)
    ContentType.objects.create(app_label="d", model="x")
    second = page_of(ContentType.objects.all(), order=MIXED, size=3, cursor=first.next)
    assert names_of(second) == types[3:6]


def test_one_page_is_one_query_without_offset(types, django_assert_num_queries):
    first = page_of(ContentType.objects.all(), order=MIXED, size=3)
    with django_assert_num_queries(1) as asked:
        page_of(ContentType.objects.all(), order=MIXED, size=3, cursor=first.next)
    assert "OFFSET" not in asked[0]["sql"].upper()


def test_the_condition_leads_with_a_bound_on_the_first_key():
    assert beyond(("-at", "id"), [5, 7]) == Q(at__lte=5) & (Q(at__lt=5) | Q(id__gt=7))
    assert beyond(("at", "-rank", "-id"), [1, 2, 3]) == Q(at__gte=1) & (
        Q(at__gt=1) | (Q(rank__lte=2) & (Q(rank__lt=2) | Q(id__lt=3)))
    )


def test_a_cursor_keeps_the_types_of_its_values():
    values = [datetime(2026, 11, 22, 5, 5, 1, 999, tzinfo=UTC), date(2026, 11, 22), 7, "返品", True]
    assert decode(encode(True, values), keys=5) == (True, values)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "e30",
        "bnVsbA",
        encode(False, [1]),
        encode(False, [1, 2, 3]),
        "WzIsMSwyXQ",
        "WzAse30sMl0",
        "WzAsbnVsbCwyXQ",
        "日本",
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(cursor):
    with pytest.raises(BadCursor):
        decode(cursor, keys=2)


def test_a_null_in_the_key_is_refused_rather_than_skipped():
    class Row:
        at = None

    with pytest.raises(ValueError, match="NULL"):
        from anshin.plumbing.pages.keyset import key_of

        key_of(Row(), ("-at",))
