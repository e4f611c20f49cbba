"""The pages of rules: written without a script, tried before switched on, taken back, and closed to others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anshin.cases.models import Case
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.routing import actions
from anshin.routing.models import Rule, RuleRun, RuleVersion
from anshin.routing.terms import Effect, Field, Op, Trigger
from tests.cases.writing import arrive
from tests.routing.conftest import definition
from tests.staff.test_query_counts import queries_of

pytestmark = pytest.mark.django_db
BASE = "/s/komorebi/rules"


def written(agent, **more):
    return {
        "name": "領収書は経理へ",
        "trigger": "message",
        "c1-field": "words",
        "c1-op": "is",
        "c1-value": "領収書",
        "d1-effect": "assign",
        "d1-value": str(agent.pk),
        **more,
    }


@pytest.fixture
def desk(signed_in, manager, still):
    return signed_in(manager)


@pytest.fixture
def rule(manager, agent, now):
    return actions.save_rule(
        by=manager,
        name="領収書は経理へ",
        definition=definition(
            (Effect.ASSIGN, str(agent.pk)),
            (Effect.TAG, "経理"),
            trigger=Trigger.MESSAGE,
            conditions=[(Field.WORDS, Op.IS, "領収書"), (Field.OWNER, Op.IS, "nobody")],
        ),
        now=now,
    )


def test_a_rule_is_written_tried_switched_on_and_acts(desk, shop, agent, now):
    past = arrive(shop, "a@x", at=now - timedelta(hours=1), subject="領収書のお願い").case
    arrive(shop, "b@x", at=now - timedelta(hours=1), subject="返品")
    assert desk.post(f"{BASE}/new", written(agent)).status_code == 302
    made = Rule.objects.get()
    page = desk.get(f"{BASE}/{made.pk}").content.decode()
    assert "お客様からメッセージが届いたとき、件名か本文に「領収書」があれば、担当を竹内 涼にする。" in page
    refused = desk.post(f"{BASE}/{made.pk}/on", follow=True)
    assert "先に過去の案件で試してください" in refused.content.decode()

    desk.post(f"{BASE}/{made.pk}/try")
    tried = desk.get(f"{BASE}/{made.pk}").content.decode()
    assert "最近の2件を、いまの状態で見ました。1件には何もしません。" in tried
    assert f"#{past.number}</a>" in tried
    assert Case.objects.get(pk=past.pk).owner_id is None
    assert not RuleRun.objects.exists()

    desk.post(f"{BASE}/{made.pk}/on")
    fresh = arrive(shop, "c@x", at=now, subject="領収書は出ますか").case
    run_due_jobs(now)
    assert Case.objects.get(pk=fresh.pk).owner_id == agent.pk
    case_page = desk.get(f"/s/komorebi/c/{fresh.number}").content.decode()
    assert "ルール「領収書は経理へ」が担当を竹内 涼さんにしました" in case_page
    run = RuleRun.objects.get()
    desk.post(f"{BASE}/runs/{run.pk}/undo")
    assert Case.objects.get(pk=fresh.pk).owner_id is None
    assert "佐伯 みおさんが取り消しました" in desk.get(f"{BASE}/{made.pk}").content.decode()


def test_rows_are_added_and_taken_away_without_a_script(desk, agent):
    added = desk.post(f"{BASE}/new", written(agent, add="condition")).content.decode()
    assert 'name="c2-field"' in added
    assert 'value="領収書"' in added
    less = desk.post(
        f"{BASE}/new", written(agent, **{"c2-field": "tag", "c2-value": "大事", "drop": "c1"})
    ).content.decode()
    assert 'value="大事"' in less
    assert "領収書" not in less.partition("<form")[2].replace("領収書は経理へ", "")
    assert not Rule.objects.exists()


def test_a_script_gets_the_form_only_with_the_choices_that_fit(desk, agent):
    answer = desk.post(
        f"{BASE}/new", written(agent, redraw="1", **{"c1-field": "weekday"}), headers={"HX-Request": "1"}
    )
    part = answer.content.decode()
    assert part.lstrip().startswith("<form")
    assert '<option value="0">月曜日</option>' in part


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "あとで見て分かる名前を付けてください。"),
        ({"c1-value": " 、 "}, "比べる内容を入れてください。"),
        ({"c1-field": "order_total", "c1-value": "五千"}, "整数を入れてください。"),
        ({"d1-effect": "snooze", "d1-value": "0"}, "時間は 1 から 720"),
        ({"d2-effect": "assign_least"}, "同じことがすでに入っています。"),
    ],
)
def test_what_is_wrong_is_said_beside_it(desk, agent, change, words):
    answer = desk.post(f"{BASE}/new", written(agent, **change))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Rule.objects.exists()


def test_somebody_of_another_shop_cannot_be_named(desk, stranger, agent):
    answer = desk.post(f"{BASE}/new", written(agent, **{"d1-value": str(stranger.pk)}))
    assert answer.status_code == 422
    assert not Rule.objects.exists()


def test_rules_of_another_shop_are_not_there(signed_in, stranger, rule, still):
    client = signed_in(stranger)
    assert client.get(f"/s/shiosai/rules/{rule.pk}").status_code in {403, 404}
    assert client.get(f"{BASE}/{rule.pk}").status_code == 404


def test_an_agent_may_not_write_rules(signed_in, agent, rule, still):
    client = signed_in(agent)
    assert client.get(BASE).status_code == 403
    assert client.post(f"{BASE}/{rule.pk}/try").status_code == 403
    assert RuleVersion.objects.get().tried_at is None


def test_rules_change_places_and_come_back_when_removed(desk, manager, rule, now):
    second = actions.save_rule(by=manager, name="二番", definition=definition((Effect.TAG, "x")), now=now)
    desk.post(f"{BASE}/{second.pk}/move", {"to": "up"})
    assert list(Rule.objects.order_by("position").values_list("name", flat=True)) == ["二番", "領収書は経理へ"]
    assert "元に戻す" in desk.post(f"{BASE}/{second.pk}/remove").content.decode()
    assert "二番" not in desk.get(BASE).content.decode()
    desk.post(f"{BASE}/{second.pk}/back")
    assert "二番" in desk.get(BASE).content.decode()


def test_the_lists_cost_the_same_however_long_they_are(desk, shop, manager, rule, now):
    actions.try_rule(by=manager, rule_id=rule.pk, now=now)
    actions.switch_on(by=manager, rule_id=rule.pk, now=now)
    arrive(shop, "a0@x", at=now, subject="領収書 0", text="領収書")
    run_due_jobs(now)
    few = queries_of(desk, BASE), queries_of(desk, f"{BASE}/{rule.pk}")
    for n in range(5):
        actions.save_rule(by=manager, name=f"規則{n}", definition=definition((Effect.TAG, f"t{n}")), now=now)
        arrive(shop, f"b{n}@x", at=now, subject=f"領収書 b{n}", text="領収書")
    run_due_jobs(now)

    assert RuleRun.objects.count() == 6
    assert (queries_of(desk, BASE), queries_of(desk, f"{BASE}/{rule.pk}")) == few
    assert max(few) <= 12
