"""Reasons by product, and the one task that a product's page gets, however many returns there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.commerce.terms import IncomingLine
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns import actions, queries
from anshin.returns.models import ImprovementTask, ReturnLine
from anshin.returns.rules.improving import FEWEST, PAGE_REASONS, Figure, Limits, over_limit
from anshin.returns.terms import Approval, Condition, ImprovementState, Reason, SubReason, Wish
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW

YEAR = timedelta(days=365)
EARTH = {"coupon_yen": 0, "points_used": 0, "discount_yen": 0}


@pytest.fixture
def back(shop, sold, says):
    """So many orders of a product, one of each sent back for a reason."""

    def make(count, *, first=1, reason=Reason.NOT_AS_PICTURED, sub=SubReason.COLOUR, sku="TB-M", at=NOW):
        made = []
        for each in range(first, first + count):
            lines = (IncomingLine("帆布トート", 1, 6_600, sku),)
            order = sold(f"{sku}-{each}", lines=lines, mail=f"c{each}@mail.example", **EARTH)
            asked = actions.Asked(order.pk, 1, 1, reason, Condition.UNUSED, sub)
            returned = actions.request(
                shop=shop, customer=order.customer, asked=[asked], wish=Wish.REFUND, words=f"声{each}",
                nonce=f"{sku}-{each}", now=at,
            )  # fmt: skip
            actions.watch_products(shop_id=shop.pk, return_id=returned.pk, now=at)
            made.append(returned)
        return made

    return make


def limits(by, **values):
    actions.change_setting(by=by, now=NOW, **values)


def test_five_returns_for_the_colour_are_one_task(back, owner, shop):
    limits(owner, improve_percent=100)
    back(4, reason=Reason.DEFECT, sub="", sku="OTHER")
    assert back(4)
    sold_more(shop)
    first = ImprovementTask.objects.all()
    assert [task.name for task in first] == ["帆布トート"]  # three of three sold: the rate
    back(3, first=5)
    task = ImprovementTask.objects.get()
    assert (task.reason, task.state) == (Reason.NOT_AS_PICTURED, ImprovementState.OPEN)
    assert JournalEntry.objects.filter(event="return.page_task_opened").count() == 1


def sold_more(shop):
    assert queries.reasons_by_product(shop, since=NOW - YEAR, until=NOW + YEAR).items


def test_exactly_five_open_it_when_much_is_sold(back, owner, sold):
    sold("MANY", lines=(IncomingLine("帆布トート", 900, 10, "TB-M"),), mail="m@mail.example", **EARTH)
    back(4)
    assert not ImprovementTask.objects.exists()
    returned = back(1, first=5)[0]
    task = ImprovementTask.objects.get()
    assert (task.returns, task.sold) == (5, 905)
    assert actions.watch_products(shop_id=returned.shop_id, return_id=returned.pk, now=NOW) == []


def test_reasons_that_no_page_prevents_open_none(back):
    back(6, reason=Reason.DEFECT, sub="")
    assert not ImprovementTask.objects.exists()


def test_by_the_reaction(back, moved):
    ImprovementTask.objects.all().delete()
    back(5)
    ImprovementTask.objects.all().delete()
    moved(NOW + timedelta(minutes=1))
    assert ImprovementTask.objects.count() == 1


def test_done_it_counts_anew_and_opens_again_if_it_goes_on(back, agent, sold, shop):
    back(5)
    task = ImprovementTask.objects.get()
    with pytest.raises(actions.ChangeNeeded):
        actions.finish_improvement(by=agent, task_id=task.pk, state=ImprovementState.DONE, what=" ", now=NOW)
    changed = NOW - timedelta(days=30)  # all orders of the fixture are from six days ago: after the change
    actions.finish_improvement(by=agent, task_id=task.pk, state=ImprovementState.DONE, what="写真を撮り直した", now=NOW)
    with pytest.raises(actions.IllegalStep):
        actions.finish_improvement(by=agent, task_id=task.pk, state=ImprovementState.DONE, what="x", now=NOW)
    back(5, first=6)  # ordered before the change: they saw the old page
    task.refresh_from_db()
    assert task.state == ImprovementState.DONE
    ImprovementTask.objects.update(counts_from=changed)
    back(1, first=11)
    task.refresh_from_db()
    assert (task.state, task.outcomes.count()) == (ImprovementState.OPEN, 1)
    assert [each.what for each in queries.improvement_outcomes(task)] == ["写真を撮り直した"]
    assert JournalEntry.objects.filter(event="return.page_task_opened").order_by("id").last().payload["again"]


def test_words_and_photos_are_gathered(back, shop, django_assert_num_queries):
    back(5)
    task = ImprovementTask.objects.get()
    with django_assert_num_queries(2):
        page = queries.improvement_voices(task, size=3)
        assert [line.returned.words for line in page.items] == ["声5", "声4", "声3"]
        assert [list(line.returned.photos.all()) for line in page.items] == [[], [], []]
    assert [line.returned.words for line in queries.improvement_voices(task, size=3, cursor=page.next).items] == [
        "声2",
        "声1",
    ]


def test_ranked_with_rate_and_parts_page_by_page(back, shop, django_assert_num_queries):
    back(3)
    back(2, sku="KT", reason=Reason.CHANGED_MIND, sub="")
    back(1, sku="ZZ", reason=Reason.DEFECT, sub="")
    actions.withdraw(shop=shop, customer=back(1, sku="WW")[0].customer, number=7, now=NOW)
    since, until = NOW - YEAR, NOW + timedelta(seconds=1)
    with django_assert_num_queries(4):
        page = queries.reasons_by_product(shop, since=since, until=until, size=2)
    assert [(row.sku, row.returns, row.sold, row.percent) for row in page.items] == [
        ("TB-M", 3, 3, 100.0),
        ("KT", 2, 2, 100.0),
    ]
    assert [(each.sub_reason, each.returns) for each in page.items[0].reasons] == [("colour", 3)]
    later = queries.reasons_by_product(shop, since=since, until=until, size=2, cursor=page.next)
    assert [row.sku for row in later.items] == ["ZZ"]
    back_again = queries.reasons_by_product(shop, since=since, until=until, size=2, cursor=later.previous)
    assert [row.sku for row in back_again.items] == ["TB-M", "KT"]
    assert ReturnLine.objects.filter(returned__approval=Approval.WITHDRAWN).count() == 1


def test_nobody_elses(back, stranger, warehouse, agent):
    back(5)
    task = ImprovementTask.objects.get()
    values = {"task_id": task.pk, "state": ImprovementState.DONE, "what": "x", "now": NOW}
    with pytest.raises(NotAllowed):
        actions.finish_improvement(by=warehouse, **values)
    with pytest.raises(actions.UnknownTask):
        actions.finish_improvement(by=stranger, **values)
    assert queries.improvement_by_id(stranger.shop, task.pk) is None
    assert not queries.reasons_by_product(stranger.shop, since=NOW - YEAR, until=NOW + YEAR).items


@pytest.mark.parametrize("bad", ["javascript:alert(1){sku}", "https://a.example/", "ftp://a/{sku}"])
def test_an_address_that_is_none_is_refused(owner, bad):
    with pytest.raises(actions.IllegalStep):
        limits(owner, product_page=bad)


figures = st.lists(
    st.builds(Figure, st.sampled_from([str(each) for each in Reason]), st.integers(0, 9), st.integers(0, 30)),
    max_size=5,
    unique_by=lambda each: each.reason,
)


@given(figures, st.integers(0, 300), st.integers(2, 9), st.integers(1, 100))
def test_a_limit_is_passed_by_count_or_by_rate_and_only_for_reasons_of_the_page(found, sold, returns, percent):
    over = over_limit(found, sold, Limits(returns, percent))
    passing = {
        each
        for each in found
        if each.reason in PAGE_REASONS
        and (each.returns >= returns or (each.returns >= FEWEST and sold and each.pieces / sold >= percent / 100))
    }
    assert (over is None) == (not passing)
    assert over is None or over.returns == max(each.returns for each in passing)
