"""One step for several returns: shown first, done one by one, told one by one; and who may."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.commerce.models import Refund
from anshin.commerce.terms import RefundState
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns import actions
from anshin.returns.models import BulkItem, BulkRun, Return, Settlement
from anshin.returns.terms import Approval, BulkState, BulkVerb, MoneyState, Payer, Verdict
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW
from tests.returns.conftest import arrive, ask, inspected, says, sold  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
LIST = "/s/komorebi/returns/"


@pytest.fixture
def several(ask, sold, says, still):  # noqa: F811
    """As many returns as asked for: each of an order of its own, by default waiting for a person."""

    def make(count, *, verdict=Verdict.NEEDS_PERSON):
        says(verdict, Payer.SHOP)
        begin = Return.objects.count()
        return [ask(sold(f"KM-{n}"), nonce=f"n-{n}") for n in range(begin, begin + count)]

    return make


@pytest.fixture
def to_pay(several, arrive, inspected):  # noqa: F811
    """As many returns as asked for whose refunds wait to be confirmed."""

    def make(count):
        found = several(count, verdict=Verdict.ALLOWED)
        for returned in found:
            arrive(returned, nonce=f"p-{returned.pk}")
            inspected(returned)
        return found

    return make


def words_of(answer):
    """What a reader sees."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def fields_of(answer):
    """The hidden fields of the page that shows what would be done."""
    found = re.findall(r'name="([a-z.0-9]+)" value="([^"]*)"', answer.content.decode())
    return {name: [value for other, value in found if other == name] for name, _value in found} | {"csrf": []}


def chosen(client, do, numbers):
    """Choose in the list and look at the page that follows."""
    return client.post(f"{LIST}chosen", {"do": do, "number": numbers}, follow=True)


def confirmed(client, answer, **more):
    """Press the button of that page."""
    return client.post(f"{LIST}bulk/run", fields_of(answer) | more, follow=True)


def test_several_are_approved_and_each_is_told(client, agent, several):
    several(3)
    client.force_login(agent.person)
    shown = chosen(client, "approve", ["1", "2", "3"])
    assert "3件の返品を承認" in words_of(shown) and "第4条2項" in words_of(shown)
    assert not Return.objects.filter(approval=Approval.APPROVED).exists()
    result = words_of(confirmed(client, shown))
    assert "3件を承認しました。" in result
    assert [each.approval for each in Return.objects.all()] == [Approval.APPROVED] * 3
    begun = JournalEntry.objects.get(event="return.bulk_begun")
    assert (begun.payload["verb"], begun.payload["count"], begun.actor_id) == ("approve", 3, agent.pk)


def test_what_cannot_be_approved_is_told_with_the_reason(client, agent, several):
    several(2)
    client.force_login(agent.person)
    shown = chosen(client, "approve", ["1", "2"])
    actions.refuse(by=agent, return_id=Return.objects.get(number=2).pk, why="期限を過ぎています。", now=NOW)
    result = words_of(confirmed(client, shown))
    assert "1件を承認しました。 1件はできませんでした。" in result
    assert "R-0002" in result and "すでに承認待ちではありません（お断り）。" in result
    assert Return.objects.get(number=2).approval == Approval.REFUSED


def test_what_does_not_fit_stands_apart_before_anything_is_done(client, agent, several):
    several(1)
    several(1, verdict=Verdict.ALLOWED)
    client.force_login(agent.person)
    shown = words_of(chosen(client, "approve", ["1", "2"]))
    assert "1件の返品を承認" in shown
    assert re.search(r"対象外 1 .*R-0002 .*承認: 承認済み", shown), shown


def test_refunds_are_confirmed_with_the_sums_of_the_page(client, agent, to_pay):
    to_pay(2)
    client.force_login(agent.person)
    shown = chosen(client, "confirm", ["1", "2"])
    total = sum(row.total_yen for row in Settlement.objects.filter(is_current=True))
    assert f"2件、¥{total:,}の返金を確定" in words_of(shown)
    result = words_of(confirmed(client, shown))
    assert "2件の返金を確定しました。 うち2件は、2人目の確認を待ってから送金します。" in result
    assert [each.state for each in Refund.objects.all()] == [RefundState.ASKED] * 2


def test_a_sum_that_changed_is_not_paid_and_the_others_are(client, manager, to_pay):
    first, _second = to_pay(2)
    client.force_login(manager.person)
    shown = chosen(client, "confirm", ["1", "2"])
    adjusted = actions.Adjusted(deduction_yen=100, deduction_why="汚れ")
    actions.recalculate(by=manager, return_id=first.pk, adjusted=adjusted, now=NOW)
    result = words_of(confirmed(client, shown))
    assert "1件の返金を確定しました。 1件はできませんでした。" in result
    assert "金額が" in result
    assert [each.money for each in Return.objects.order_by("number")] == [MoneyState.TO_CONFIRM, MoneyState.SENDING]
    assert Refund.objects.count() == 1


def test_above_the_limit_the_second_person_is_asked_in_bulk_too(client, manager, to_pay):
    from anshin.commerce.models import RefundSetting

    to_pay(2)
    RefundSetting.objects.create(shop=manager.shop, second_person_above_yen=1_000)
    client.force_login(manager.person)
    result = words_of(confirmed(client, chosen(client, "confirm", ["1", "2"])))
    assert "うち2件は、2人目の確認を待ってから送金します。" in result
    assert {each.money for each in Return.objects.all()} == {MoneyState.SECOND}


def test_pressed_twice_it_is_one_run(client, agent, several):
    several(2)
    client.force_login(agent.person)
    shown = chosen(client, "approve", ["1", "2"])
    first, second = confirmed(client, shown), confirmed(client, shown)
    assert first.request["PATH_INFO"] == second.request["PATH_INFO"]
    assert BulkRun.objects.count() == 1
    assert JournalEntry.objects.filter(event="return.stepped", payload__state="approved").count() == 2


def test_few_labels_come_at_once_in_one_pdf_and_the_rest_is_told(client, agent, several):
    several(2, verdict=Verdict.ALLOWED)
    several(1)
    client.force_login(agent.person)
    result = chosen(client, "labels", ["1", "2", "3"])
    assert "2件のラベルができました。 1件はできませんでした。" in words_of(result)
    pdf = client.get(f"{LIST}bulk/{BulkRun.objects.get().pk}/labels")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_many_labels_are_a_job_that_shows_how_far_it_is(client, agent, several):
    several(21, verdict=Verdict.ALLOWED)
    client.force_login(agent.person)
    waiting = chosen(client, "labels", [str(n) for n in range(1, 22)])
    assert "21件のうち0件が終わりました" in words_of(waiting)
    run = BulkRun.objects.get()
    assert f"{LIST}bulk/{run.pk}/progress" in waiting.content.decode()
    run_due_jobs(NOW)
    answer = client.get(f"{LIST}bulk/{run.pk}/progress", headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"
    assert "21件のラベルができました。" in words_of(client.get(f"{LIST}bulk/{run.pk}"))
    run.refresh_from_db()
    assert read_bytes(run.file).startswith(b"%PDF-")


def test_a_run_that_was_cut_off_goes_on_and_does_nothing_twice(agent, several, monkeypatch):
    found = several(3)
    real, calls = actions.bulk._do_one, []

    def dies(run, item_id, now):
        if len(calls) == 1:
            raise KeyboardInterrupt
        calls.append(item_id)
        real(run, item_id, now)

    monkeypatch.setattr(actions.bulk, "_do_one", dies)
    picked = [actions.Picked(each.pk) for each in found]
    with pytest.raises(KeyboardInterrupt):
        actions.begin_bulk(by=agent, verb=BulkVerb.APPROVE, picked=picked, nonce="n", language="ja", now=NOW)
    assert list(BulkItem.objects.values_list("state", flat=True)) == [BulkState.DONE, *[BulkState.WAITING] * 2]
    monkeypatch.setattr(actions.bulk, "_do_one", real)
    run_due_jobs(NOW + timedelta(minutes=2))
    assert set(BulkItem.objects.values_list("state", flat=True)) == {BulkState.DONE}
    assert JournalEntry.objects.filter(event="return.stepped", payload__state="approved").count() == 3
    assert BulkRun.objects.get().done_at is not None


def test_nothing_chosen_is_said(client, agent, several):
    several(1)
    client.force_login(agent.person)
    assert "返品を1件以上選んでください。" in words_of(chosen(client, "approve", []))
    assert not BulkRun.objects.exists()


def test_labels_are_forgotten_after_a_day_and_with_their_customer(client, agent, several):
    several(1, verdict=Verdict.ALLOWED)
    client.force_login(agent.person)
    chosen(client, "labels", ["1"])
    run = BulkRun.objects.get()
    actions.forget_bulk(now=NOW + timedelta(hours=23))
    run.refresh_from_db()
    assert run.file is not None
    actions.forget_bulk(now=NOW + timedelta(hours=25))
    run.refresh_from_db()
    assert run.file is None
    assert "まとめて作ったラベルは1日で消えます" in words_of(client.get(f"{LIST}bulk/{run.pk}"))
    assert client.get(f"{LIST}bulk/{run.pk}/labels").status_code == 404
    chosen(client, "labels", ["1"])
    message_ids = tuple(Return.objects.get().case.messages.values_list("pk", flat=True))
    freed = actions.ReturnKeeper().erase(shop_id=agent.shop_id, message_ids=message_ids, mail_keys=(), now=NOW)
    assert Blob.objects.get(pk__in=freed).kind == "application/pdf"
    assert not BulkRun.objects.filter(file__isnull=False).exists()


def test_the_warehouse_and_another_shop_get_nothing(client, warehouse, stranger, agent, several):
    found = several(2)
    client.force_login(warehouse.person)
    assert 'name="number"' not in client.get(LIST).content.decode()
    assert client.post(f"{LIST}chosen", {"do": "approve", "number": "1"}).status_code == 403
    assert client.post(f"{LIST}bulk/run", {"do": "approve", "number": "1"}).status_code == 403
    with pytest.raises(NotAllowed):
        picked = [actions.Picked(found[0].pk)]
        actions.begin_bulk(by=warehouse, verb=BulkVerb.APPROVE, picked=picked, nonce="n", language="ja", now=NOW)
    with pytest.raises(actions.UnknownReturn):
        picked = [actions.Picked(found[0].pk)]
        actions.begin_bulk(by=stranger, verb=BulkVerb.APPROVE, picked=picked, nonce="n", language="ja", now=NOW)
    client.force_login(agent.person)
    chosen(client, "labels", ["1"])
    run = BulkRun.objects.get()
    client.force_login(stranger.person)
    for address in (f"bulk/{run.pk}", f"bulk/{run.pk}/progress", f"bulk/{run.pk}/labels", "bulk?do=approve&n=1"):
        assert client.get(f"/s/shiosai/returns/{address}").status_code == 404
    client.post("/s/shiosai/returns/bulk/run", {"do": "approve", "number": "1"})
    assert {each.approval for each in Return.objects.all()} == {Approval.ASKED}


def test_what_is_shown_first_takes_as_many_queries_for_many_as_for_one(client, agent, to_pay):
    to_pay(1)
    client.force_login(agent.person)
    few = _queries(client, f"{LIST}bulk?do=confirm&n=1")
    to_pay(6)
    assert _queries(client, f"{LIST}bulk?do=confirm&n=1,2,3,4,5,6,7") == few <= 18


def test_the_result_takes_as_many_queries_for_many_as_for_one(client, agent, several):
    several(1, verdict=Verdict.ALLOWED)
    client.force_login(agent.person)
    chosen(client, "labels", ["1"])
    few = _queries(client, f"{LIST}bulk/{BulkRun.objects.get().pk}")
    several(7, verdict=Verdict.ALLOWED)
    chosen(client, "labels", [str(n) for n in range(1, 9)])
    assert _queries(client, f"{LIST}bulk/{BulkRun.objects.latest('pk').pk}") == few <= 12


def test_all_on_the_page_are_chosen_without_a_script(client, agent, several):
    several(3)
    client.force_login(agent.person)
    assert client.get(LIST).content.decode().count('name="number" value=') == 3
    boxes = re.findall(r'<input class="checkbox[^>]*>', client.get(f"{LIST}?pick=all").content.decode())
    assert len(boxes) == 3 and all(" checked" in box for box in boxes)


@pytest.mark.parametrize("query", ["do=nonsense&n=1", "do=labels&n=1", "do=approve&n=", "do=approve&n=99,x"])
def test_nonsense_in_the_address_is_not_found(client, agent, several, query):
    several(1)
    client.force_login(agent.person)
    assert client.get(f"{LIST}bulk?{query}").status_code == 404


def test_more_than_a_run_takes_is_refused(agent, several):
    returned = several(1)[0]
    picked = [actions.Picked(returned.pk)] * (actions.MOST_AT_ONCE + 1)
    with pytest.raises(actions.TooManyAtOnce):
        actions.begin_bulk(by=agent, verb=BulkVerb.APPROVE, picked=picked, nonce="n", language="ja", now=NOW)
    assert not BulkRun.objects.exists() and not Job.objects.filter(task__endswith="run_bulk").exists()


def _queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)
