"""A ledger of consultations: kept, read, counted by fiscal year; what cannot be read is explained."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from anshin.insights import actions, queries
from anshin.insights.models import Consultation, LedgerFile, LedgerGap, Occasion
from anshin.plumbing.files.models import Blob
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW, member
from tests.insights.conftest import HEADINGS, ledger

pytestmark = pytest.mark.django_db
TODAY = date(2019, 5, 1)


def read(by, text, encoding="cp932", name="台帳.csv"):
    return actions.read_ledger(by=by, content=text.encode(encoding), file_name=name, now=NOW)


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-8"])
def test_the_published_figures_come_out_of_the_file(manager, shop, encoding):
    found = read(manager, ledger(), encoding)
    assert (found.row_count, found.taken_count, found.refused_count, found.refusal) == (12, 12, 0, "")
    before, year = queries.years_of(shop, today=TODAY).years[:2]
    assert (before.year, before.total, before.change) == (2017, 454, None)
    assert (year.year, year.total, year.change.percent) == (2018, 461, Decimal("1.5"))
    assert year.branches == {"customers": 250, "other": 211}
    assert before.branches == {"customers": 189, "other": 265}
    assert {code: each.percent for code, each in year.branch_changes.items()} == {
        "customers": Decimal("32.3"),
        "other": Decimal("-20.4"),
    }
    assert before.requesters == {"member": 279, "non_member": 175}
    assert year.requesters == {"member": 361, "non_member": 100}


def test_the_rank_marks_three_steep_categories_and_the_headline_is_the_first(manager, shop):
    read(manager, ledger())
    found = queries.years_of(shop, today=TODAY)
    assert found.chosen == 2018
    steep = {each.category: each.change.percent for each in found.ranked if each.change.is_steep}
    assert steep == {"過剰要求": Decimal("68.8"), "個人情報管理": Decimal("40.0"), "悪質顧客対応": Decimal("48.0")}
    assert [each.category for each in found.ranked][:3] == ["法規制情報", "返品・交換", "物流"]
    top = found.headline
    assert (top.category, top.change.before, top.change.now) == ("過剰要求", 48, 81)
    assert (top.change.percent, top.change.whole_percent) == (Decimal("68.8"), 69)


def test_the_running_year_is_shown_and_not_compared(manager, shop):
    read(manager, ledger("2019-9,2019-04-01,会員,顧客対応,過剰要求,3"))
    found = queries.years_of(shop, today=TODAY)
    last = found.years[-1]
    assert (last.year, last.total, last.is_running, last.change) == (2019, 3, True, None)
    assert found.chosen == 2018


def test_years_of_are_one_query(manager, shop, django_assert_num_queries):
    read(manager, ledger())
    with django_assert_num_queries(1):
        queries.years_of(shop, today=TODAY)


def test_the_same_file_again_changes_nothing(manager):
    first = read(manager, ledger())
    entries = JournalEntry.objects.count()
    assert read(manager, ledger(), name="copy.csv").pk == first.pk
    assert (Consultation.objects.count(), LedgerFile.objects.count()) == (12, 1)
    assert JournalEntry.objects.count() == entries


def test_known_numbers_are_not_counted_twice_and_other_facts_are_a_gap(manager, shop):
    read(manager, ledger())
    again = ledger("new,2018-05-01,会員,顧客対応,過剰要求,1", "2017-0,2017-04-01,会員,顧客対応,過剰要求,49")
    found = read(manager, again)
    assert (found.row_count, found.taken_count, found.known_count, found.refused_count) == (14, 1, 12, 1)
    gap = LedgerGap.objects.get()
    assert gap.row == 15 and "2017-0" in gap.reason
    assert sum(each.total for each in queries.years_of(shop, today=TODAY).years) == 454 + 461 + 1


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("x,2018-05-01,一般,顧客対応,過剰要求,1", "会員でも非会員でもありません"),
        ("x,2018-05-01,会員,苦情,過剰要求,1", "顧客対応以外でもありません"),
        ("x,2018-13-01,会員,顧客対応,過剰要求,1", "2018-13-01"),
        ("x,,会員,顧客対応,過剰要求,1", "日付がありません"),
        ("x,2018-05-01,会員,顧客対応,,1", "小分類"),
        ("x,2018-05-01,会員,顧客対応,過剰要求,0", "1以上の件数"),
        ("x,2018-05-01,会員", "大分類|顧客対応"),
    ],
)
def test_a_bad_row_is_explained_and_the_others_are_taken_in(manager, shop, row, word):
    found = read(manager, ledger(row))
    assert (found.taken_count, found.refused_count) == (12, 1)
    gap = queries.gaps_of(found).items[0]
    assert gap.row == 14 and any(each in gap.reason for each in word.split("|")) and "x" in gap.cells


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 x", "日付,題名\n2018-01-01,x\n".encode(), f"{HEADINGS}\n".encode()]
)
def test_what_is_no_ledger_is_kept_with_its_reason(manager, shop, content):
    found = actions.read_ledger(by=manager, content=content, file_name="x.csv", now=NOW)
    assert found.refusal and not Consultation.objects.exists()
    assert Blob.objects.filter(shop_id=shop.pk).count() == (1 if content else 0)


def test_an_agent_may_not_read_one_in_and_nothing_is_kept(agent, shop):
    with pytest.raises(NotAllowed):
        read(agent, ledger())
    assert not Blob.objects.filter(shop_id=shop.pk).exists() and not LedgerFile.objects.exists()


def test_figures_of_another_shop_stay_there(manager, other_shop):
    read(manager, ledger())
    theirs = member(other_shop, "manager", "m@shiosai.example", "汐見 守")
    assert queries.years_of(other_shop, today=TODAY).years == []
    assert read(theirs, ledger()).taken_count == 12
    assert queries.ledger_by_id(other_shop, LedgerFile.objects.get(shop=manager.shop).pk) is None


def test_an_occasion_stands_once_and_goes(manager, shop, stranger):
    values = {"happened_on": date(2018, 6, 1), "kind": "law", "title": " 改正法の 施行 ", "now": NOW}
    found = actions.note_occasion(by=manager, **values)
    assert actions.note_occasion(by=manager, **values).pk == found.pk
    assert [each.title for each in queries.occasions_of(shop, first=2018, last=2018)] == ["改正法の 施行"]
    assert queries.occasions_of(shop, first=2019, last=2020) == []
    other = member(stranger.shop, "manager", "m@shiosai.example", "汐見 守")
    actions.remove_occasion(by=other, occasion_id=found.pk, now=NOW)
    assert Occasion.objects.count() == 1
    actions.remove_occasion(by=manager, occasion_id=found.pk, now=NOW)
    actions.remove_occasion(by=manager, occasion_id=found.pk, now=NOW)
    assert not Occasion.objects.exists()
    names = JournalEntry.objects.filter(shop_id=shop.pk, event__startswith="insights.").order_by("id")
    assert list(names.values_list("event", flat=True)) == ["insights.occasion_noted", "insights.occasion_removed"]


@pytest.mark.parametrize("wrong", [{"title": " "}, {"title": "長" * 81}, {"kind": "party"}])
def test_an_occasion_without_sense_is_refused(manager, wrong):
    values = {"happened_on": date(2018, 6, 1), "kind": "law", "title": "施行", "now": NOW} | wrong
    with pytest.raises(actions.OccasionRefused):
        actions.note_occasion(by=manager, **values)
    assert not Occasion.objects.exists()


def test_the_database_refuses_a_count_of_none(manager):
    found = read(manager, ledger())
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(ledger=found).update(count=0)


def test_a_wrong_ledger_is_taken_back_and_read_in_again(manager, shop):
    found = read(manager, ledger("x,2018-05-01,一般,顧客対応,過剰要求,1"))
    assert actions.take_back_ledger(by=manager, ledger_id=found.pk, now=NOW) == []
    found.refresh_from_db()
    assert (found.taken_back_by, found.taken_back_at, found.taken_count) == (manager, NOW, 12)
    assert not Consultation.objects.exists() and not LedgerGap.objects.exists()
    assert queries.years_of(shop, today=TODAY).years == []
    entry = JournalEntry.objects.get(event="insights.ledger_taken_back")
    assert entry.payload == {"file_id": found.pk, "rows": 12}
    actions.take_back_ledger(by=manager, ledger_id=found.pk, now=NOW)
    assert JournalEntry.objects.filter(event="insights.ledger_taken_back").count() == 1
    again = actions.read_ledger_again(by=manager, ledger_id=found.pk, now=NOW)
    assert again.pk != found.pk and (again.taken_count, again.refused_count) == (12, 1)
    assert sum(each.total for each in queries.years_of(shop, today=TODAY).years) == 454 + 461


def test_the_same_file_brought_after_a_take_back_is_read(manager):
    found = read(manager, ledger())
    actions.take_back_ledger(by=manager, ledger_id=found.pk, now=NOW)
    assert read(manager, ledger()).pk != found.pk
    assert Consultation.objects.count() == 12


def test_the_database_keeps_one_live_ledger_a_file(manager):
    found = read(manager, ledger())
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerFile.objects.create(shop=found.shop, file=found.file, file_name="x", read_at=NOW)


def test_taking_back_names_later_files_that_held_the_same_rows_and_takes_no_others(manager, shop):
    first = read(manager, ledger())
    later = read(manager, ledger("new,2018-05-01,会員,顧客対応,過剰要求,1"))
    assert actions.take_back_ledger(by=manager, ledger_id=first.pk, now=NOW) == [later]
    assert Consultation.objects.get().ledger == later
    actions.take_back_ledger(by=manager, ledger_id=later.pk, now=NOW)
    actions.read_ledger_again(by=manager, ledger_id=later.pk, now=NOW)
    assert sum(each.total for each in queries.years_of(shop, today=TODAY).years) == 454 + 461 + 1


def test_what_was_never_read_is_not_taken_back_and_what_counts_is_not_read_again(manager, agent, other_shop):
    refused = actions.read_ledger(by=manager, content=b"%PDF-1.7 x", file_name="x.pdf", now=NOW)
    counted = read(manager, ledger())
    theirs = member(other_shop, "manager", "m@shiosai.example", "汐見 守")
    for by, pk in ((manager, refused.pk), (theirs, counted.pk)):
        with pytest.raises(actions.LedgerRefused):
            actions.take_back_ledger(by=by, ledger_id=pk, now=NOW)
    with pytest.raises(actions.LedgerRefused):
        actions.read_ledger_again(by=manager, ledger_id=counted.pk, now=NOW)
    for do in (actions.take_back_ledger, actions.read_ledger_again):
        with pytest.raises(NotAllowed):
            do(by=agent, ledger_id=counted.pk, now=NOW)
    assert Consultation.objects.count() == 12


@pytest.mark.parametrize(
    ("content", "word"), [(b"", ""), (b"%PDF-1.7 x", "相談台帳をCSVで"), (b"\xff\xfea", "もとの相談台帳")]
)
def test_a_refusal_speaks_of_the_ledger_and_not_of_orders(manager, content, word):
    found = actions.read_ledger(by=manager, content=content, file_name="x", now=NOW)
    assert word in found.refusal and "販売システム" not in found.refusal and "注文" not in found.refusal
