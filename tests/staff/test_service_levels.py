"""Service levels on the desk: the settings page, the list of what presses, the clock behind a case's due time."""

from datetime import timedelta

import pytest
from django.urls import reverse

from anshin.cases import actions
from anshin.cases.models import Aftercare, Case, ServiceTarget
from anshin.cases.terms import Resolution
from tests.cases.writing import MIKUMO, arrive
from tests.conftest import NOW, member

pytestmark = pytest.mark.django_db
URL = "/s/komorebi/targets"
HOUR = timedelta(hours=1)


def address(name, *args):
    return reverse(f"staff:{name}", args=["komorebi", *args])


def text(answer):
    return answer.content.decode()


def test_the_page_shows_what_holds_and_what_it_means(signed_in, manager, still):
    page = text(signed_in(manager).get(URL))
    assert "すべての案件" in page and "8時間" in page and "40時間" in page
    assert "急ぎ" in page and "金 17:40 受付 → 月" not in page  # Monday is a holiday
    assert "金 17:40 受付 → 火 10:40 まで" in page


def test_a_target_is_saved_changed_and_removed(signed_in, manager, still):
    client = signed_in(manager)
    values = {"channel": "phone", "topic": "", "priority": "", "answer_hours": "2", "resolution_hours": ""}
    assert client.post(URL, values)["Location"] == URL
    assert client.post(URL, values | {"answer_hours": "1.5"})["Location"] == URL
    target = ServiceTarget.objects.get()
    assert (target.channel, target.answer_minutes, target.resolution_minutes) == ("phone", 90, None)
    assert "1時間30分" in text(client.get(URL))
    gone = client.post(address("targets_remove", target.pk))
    assert not ServiceTarget.objects.exists()
    again = text(client.get(gone["Location"]))
    assert 'value="1.5"' in again and '<option value="phone" selected>' in again  # saving has it back


def test_the_example_follows_while_it_is_written(signed_in, manager, still):
    page = text(signed_in(manager).post(address("targets_preview"), {"answer_hours": "2"}))
    assert "金 17:40 受付 → 火 11:40 まで" in page
    assert "受付" not in text(signed_in(manager).post(address("targets_preview"), {"answer_hours": ""}))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"channel": "phone"}, "返信か解決のどちらかに"),
        ({"answer_hours": "2"}, "店舗の設定で変えられます"),
        ({"channel": "phone", "answer_hours": "0"}, ""),
        ({"channel": "pigeon", "answer_hours": "1"}, ""),
        ({"topic": "item.nothing", "answer_hours": "1"}, ""),
    ],
)
def test_what_cannot_hold_is_refused_beside_the_form(signed_in, manager, still, values, words):
    answer = signed_in(manager).post(URL, values)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not ServiceTarget.objects.exists()


def test_aftercare_is_saved(signed_in, manager, still):
    client = signed_in(manager)
    client.post(address("targets_aftercare"), {"follow_up_days": "0", "second_contact_days": "14"})
    kept = Aftercare.objects.get()
    assert (kept.follow_up_days, kept.second_contact_days) == (0, 14)
    refused = client.post(address("targets_aftercare"), {"follow_up_days": "-1", "second_contact_days": "14"})
    assert refused.status_code == 422


@pytest.mark.parametrize("role", ["agent", "warehouse"])
def test_clerks_and_warehouse_do_not_set_targets(signed_in, shop, still, role):
    client = signed_in(member(shop, role, "x@komorebi.example", "x"))
    answers = [client.get(URL), client.post(URL, {"channel": "phone", "answer_hours": "2"})]
    answers += [client.post(address("targets_aftercare"), {"follow_up_days": "1", "second_contact_days": "1"})]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not ServiceTarget.objects.exists() and not Aftercare.objects.exists()


def test_another_shops_manager_finds_nothing(signed_in, shop, other_shop, still):
    case = arrive(shop, "a@x", at=NOW).case
    client = signed_in(member(other_shop, "owner", "o@shiosai.example", "o"))
    assert client.get(address("clock", case.number)).status_code == 404
    assert client.post(address("follow_up", case.number), {"on": ""}).status_code == 404
    assert client.get(URL).status_code == 404


def test_the_clock_says_why_a_case_is_due_then(signed_in, agent, shop, still):
    case = arrive(shop, "a@x", at=NOW).case
    page = text(signed_in(agent).get(address("clock", case.number)))
    assert "受付 金 14:00 → 火 14:00 まで：営業時間で8時間" in page
    assert "目標：すべての案件" in page
    assert "金 14:00–18:00" in page and "火 10:00–14:00" in page  # what counted
    assert "月" not in page.split("</dl>")[0].split("<dl")[1]  # Labour Thanksgiving Day did not


def test_the_clock_names_pauses_and_what_was_met(signed_in, agent, shop, still):
    case = arrive(shop, "a@x", at=NOW - 3 * HOUR).case
    Case.objects.filter(pk=case.pk).update(first_is_met=True, first_answer_minutes=42, first_target_minutes=480)
    actions.wait_for_customer(by=agent, case_id=case.pk, now=NOW)
    page = text(signed_in(agent).get(address("clock", case.number)))
    assert "お客様の返事を待つあいだ、時計は止まっています。" in page
    assert "最初の返信: 期限内" in page and "42分で対応" in page and "目標8時間" in page


def test_what_presses_stands_in_a_list_of_its_own(signed_in, agent, shop, still):
    near = arrive(shop, "a@x", at=NOW - 23 * HOUR, subject="急いでいます").case
    arrive(shop, "b@x", at=NOW, sender=MIKUMO, subject="まだ大丈夫")
    actions.tell_deadlines(now=NOW)
    page = text(signed_in(agent).get(address("inbox", "due")))
    assert "急いでいます" in page and "まだ大丈夫" not in page
    assert "期限間近・超過" in page and "1件" in page
    assert "最初の返信：期限が近づきました" in text(signed_in(agent).get(address("case", near.number)))


def test_the_inbox_begins_with_what_presses_most(signed_in, agent, shop, still):
    for number, at in enumerate((NOW - 30 * HOUR, NOW - 2 * HOUR, NOW)):
        arrive(shop, f"{number}@x", at=at, subject=f"件名{number}")
    urgent = Case.objects.order_by("id").last()
    actions.set_urgent(by=agent, case_id=urgent.pk, is_urgent=True, now=NOW)
    page = signed_in(agent).get(address("inbox", "open"))
    assert [row.subject for row in page.context["rows"]] == ["件名2", "件名0", "件名1"]


def test_a_second_contact_shows_the_first_case_with_how_it_ended(signed_in, agent, shop, still):
    first = arrive(shop, "a@x", at=NOW - 48 * HOUR).case
    actions.close(by=agent, case_id=first.pk, resolution=Resolution.REPLACED, now=NOW - 24 * HOUR)
    second = arrive(shop, "b@x", at=NOW, subject="また壊れました").case
    Case.objects.filter(pk=second.pk).update(first_case=first)
    page = text(signed_in(agent).get(address("case", second.number)))
    assert "2回目のご連絡です。前回：" in page
    assert f"#{first.number}" in page and "代わりの品を送った・交換した" in page
    assert "2回目" in text(signed_in(agent).get(address("inbox", "open")))


def test_a_follow_up_is_waived_at_closing_or_later(signed_in, agent, shop, still):
    client, case = signed_in(agent), arrive(shop, "a@x", at=NOW).case
    actions.set_topics(by=agent, case_id=case.pk, codes=["item.defect"], now=NOW)
    assert "後日フォローアップする" in text(client.get(address("case", case.number)))
    client.post(address("close", case.number), {"resolution": "replaced", "follow_up_offered": "1"})
    assert Case.objects.get(pk=case.pk).follow_up_at is None
    client.post(address("reopen", case.number))
    client.post(address("close", case.number), {"resolution": "replaced", "follow_up_offered": "1", "follow_up": "1"})
    assert Case.objects.get(pk=case.pk).follow_up_at is not None
    assert "フォローアップします" in text(client.get(address("case", case.number)))
    client.post(address("follow_up", case.number), {"on": ""})
    assert Case.objects.get(pk=case.pk).follow_up_at is None
    assert client.post(address("follow_up", case.number), {"on": "soon"}).status_code == 404


def test_escalation_paths_are_shown_saved_and_refused(signed_in, manager, agent, stranger, still):
    from anshin.routing import queries
    from anshin.routing.terms import EscalationSteps

    client = signed_in(manager)
    page = text(client.get(URL))
    assert '<option value="manager" selected>責任者に相談する' in page
    values = {
        f"{channel}_{name}": "nobody" for channel in queries.paths_of(manager.shop) for name in ("soon", "overdue")
    }
    assert client.post(address("targets_paths"), values | {"email_overdue": str(agent.pk)})["Location"] == URL
    assert queries.paths_of(manager.shop)["email"] == EscalationSteps("nobody", str(agent.pk))
    assert f'<option value="{agent.pk}" selected>竹内 涼' in text(client.get(URL))

    for wrong in ("everybody", str(stranger.pk), ""):
        assert client.post(address("targets_paths"), values | {"email_overdue": wrong}).status_code == 422
    assert signed_in(agent).post(address("targets_paths"), values).status_code == 403
    assert queries.paths_of(manager.shop)["email"] == EscalationSteps("nobody", str(agent.pk))


def test_the_clock_says_who_will_know_and_who_knew(signed_in, shop, manager, agent, still):
    from anshin.routing.actions import follow_path
    from anshin.routing.terms import Trigger

    made = arrive(shop, "a@x", at=NOW).case
    actions.assign(by=agent, case_id=made.pk, owner=agent, now=NOW)
    found = Case.objects.get(pk=made.pk)
    client = signed_in(agent)
    page = text(client.get(address("clock", found.number)))
    assert "期限が近づいたら、竹内 涼さんに知らせます" in page
    assert "期限を過ぎたら、佐伯 みおさんに相談します" in page

    follow_path(
        shop_id=shop.pk, case_id=found.pk, moment=Trigger.DUE_SOON, due_at=found.due_at, entry_id=1, now=NOW + HOUR
    )
    Case.objects.filter(pk=found.pk).update(due_state="soon")
    page = text(client.get(address("clock", found.number)))
    assert "15:00 竹内 涼さんに知らせました" in page
    assert "近づいたら" not in page and "期限を過ぎたら、佐伯 みおさんに相談します" in page
    assert "竹内 涼さんに期限を知らせました" in text(client.get(address("case", found.number)))
