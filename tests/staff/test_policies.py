"""The pages of the policy: writing, checks beside the fields, publishing, comparing, copying; who sees what."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anshin.commerce.models import Order, Shipment
from anshin.plumbing import clock
from anshin.returns.actions import policies as actions
from anshin.returns.models import Policy, PolicyShowing
from anshin.returns.queries import policies
from anshin.returns.rules.policy_content import PolicyContent, write
from anshin.returns.terms import PolicyState, Reason
from anshin.staff.policy_forms import PolicyForms
from tests.returns.conftest import ask, says, sold  # noqa: F401  fixtures
from tests.returns.policy_texts import KOMOREBI

pytestmark = pytest.mark.django_db
LIST = "/s/komorebi/settings/policy"
FILLED = {
    "product_count": "2",
    "defect_days": "14",
    "defect_start": "delivery",
    "defect_ways": ["refund", "exchange"],
    "photo_reasons": ["defect"],
    "accepts": "yes",
    "days": "10",
    "start": "delivery",
    "payer": "customer",
    "excluded_tags": ["food"],
    "wishes": ["refund"],
    "country": "JP",
    "own-sale-days": "5",
    "product-0-value": "KT-01",
    "product-0-name": "琺瑯の片手鍋",
    "product-0-refused": "on",
    "cart": "2026-11-01",
    "cart_proof": "https://komorebi.example/cart",
    "final_page": "2026-11-02",
}


@pytest.fixture(autouse=True)
def _standing_still(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def draft(manager, now):
    policy = actions.start_draft(by=manager, now=now)
    return actions.save_draft(by=manager, policy_id=policy.pk, content=write(KOMOREBI), now=now)


@pytest.fixture
def published(manager, draft, now):
    return actions.publish(by=manager, policy_id=draft.pk, valid_from=date(2026, 4, 1), now=now)


def at(name, policy):
    return reverse(f"staff:{name}", args=["komorebi", policy.pk])


def text_of(answer):
    return answer.content.decode()


def test_without_a_policy_the_list_says_what_the_law_says(client, manager):
    client.force_login(manager.person)
    shown = text_of(client.get(LIST))
    assert "有効な返品規定がありません" in shown and "返品規定はまだありません" in shown


def test_a_draft_is_begun_written_and_published(client, manager):
    client.force_login(manager.person)
    answer = client.post(f"{LIST}/new")
    policy = Policy.objects.get()
    assert answer["Location"] == at("policy", policy)

    answer = client.post(at("policy", policy), FILLED | {"do": "save"})
    assert answer.status_code == 302
    content = policies.content_of(Policy.objects.get())
    assert (content.days, content.accepts, content.excluded_tags) == (10, True, ("food",))
    assert [(each.kind, each.value, each.days, each.refused) for each in content.overrides] == [
        ("tag", "sale", 5, False),
        ("sku", "KT-01", None, True),
    ]
    assert policies.shown_of(policy) == policies.Shown(date(2026, 11, 1), date(2026, 11, 2))

    answer = client.post(at("policy", policy), FILLED | {"do": "publish", "valid_from": "2026-12-01"})
    assert answer.status_code == 302
    shown = text_of(client.get(at("policy", policy)))
    assert "2026年12月1日版" in shown and "到着から10日以内" in shown and "取り下げる" in shown


def test_what_was_written_stands_in_the_form_again(client, manager, draft):
    client.force_login(manager.person)
    form = PolicyForms(policies.as_stored(KOMOREBI))
    sent = {each.html_name: each.value() for part in form.all for each in part if each.value() not in (None, "", False)}
    shown = text_of(client.get(at("policy", draft)))
    assert 'value="琺瑯の片手鍋 18cm"' in shown and 'name="product_count" value="3"' in shown
    answer = client.post(at("policy", draft), sent | {"product_count": "3", "do": "save"})
    assert answer.status_code == 302
    assert policies.content_of(Policy.objects.get()) == KOMOREBI


def test_an_empty_draft_is_not_published_and_says_why_beside_each_part(client, manager):
    client.force_login(manager.person)
    client.post(f"{LIST}/new")
    policy = Policy.objects.get()
    answer = client.post(at("policy", policy), {"product_count": "0", "do": "publish", "valid_from": "2026-12-01"})
    assert answer.status_code == 422
    shown = text_of(answer)
    for sentence in (
        "1が空です",
        "2が空です",
        "3が空です",
        "赤い印のところを先に直してください",
        "カートのボタンの近く",
    ):
        assert sentence in shown
    assert Policy.objects.get().state == PolicyState.DRAFT


def test_the_preview_follows_what_is_typed_and_saves_nothing(client, manager, draft):
    client.force_login(manager.person)
    typed = FILLED | {"start": "", "language": "en", "mind_words": "７日以内にご返送ください。"}
    shown = text_of(client.post(at("policy_preview", draft), typed))
    assert "「10日以内」が、いつから数えるか決まっていません" in shown
    assert "「7日以内」は、いつから数えるかが書かれていません" in shown
    assert "For sale items" in shown and 'hx-swap-oob="true"' in shown
    assert policies.content_of(Policy.objects.get()) == KOMOREBI
    assert not PolicyShowing.objects.exists()


@pytest.mark.parametrize("typed", [{"days": "0"}, {"days": "a"}, {"fee_yen": "-1"}, {"product-0-days": "99999"}])
def test_what_cannot_be_read_is_said_at_the_field(client, manager, draft, typed):
    client.force_login(manager.person)
    answer = client.post(at("policy", draft), FILLED | typed | {"do": "save"})
    assert answer.status_code == 422
    assert "field-error" in text_of(answer)
    assert policies.content_of(Policy.objects.get()) == KOMOREBI
    assert client.post(at("policy_preview", draft), FILLED | typed).status_code == 200


def test_a_day_in_the_past_is_refused_at_the_day(client, manager, published):
    client.force_login(manager.person)
    client.post(f"{LIST}/new", {"source": published.pk})
    policy = Policy.objects.get(state=PolicyState.DRAFT)
    answer = client.post(at("policy", policy), FILLED | {"do": "publish", "valid_from": "2026-11-19"})
    assert answer.status_code == 422
    assert "今日以降の日を選んでください" in text_of(answer)


def test_two_versions_side_by_side(client, manager, published, now):
    client.force_login(manager.person)
    later = actions.start_draft(by=manager, source_id=published.pk, now=now)
    actions.save_draft(by=manager, policy_id=later.pk, content=write(KOMOREBI) | {"days": 7}, now=now)
    shown = text_of(client.get(at("policy_compare", later)))
    assert "1件の条項が変わります" in shown
    assert "<del>お客様のご都合による返品は、到着から14日以内" in shown
    assert "<ins>お客様のご都合による返品は、到着から7日以内" in shown
    assert "比べる版がまだありません" in text_of(client.get(at("policy_compare", published)))


@pytest.mark.parametrize(
    ("kind", "language", "words"),
    [("law", "ja", "■ 返品をお受けできない場合"), ("help", "en", "What cannot be returned?"), ("order", "ko", "판")],
)
def test_texts_to_copy(client, agent, published, kind, language, words):
    client.force_login(agent.person)
    answer = client.get(at("policy_texts", published), {"kind": kind, "language": language})
    assert words in text_of(answer)
    assert client.get(at("policy_texts", published), {"kind": "x"}).status_code == 404


def test_where_a_published_version_stands_is_told_later(client, manager, published):
    client.force_login(manager.person)
    shown = text_of(client.get(at("policy", published)))
    assert "返品の条件がカートのボタンの近くと最終確認画面に表示されていません" in shown
    client.post(at("policy_shown", published), {"cart": "2026-11-10", "final_page": "2026-11-10"})
    assert policies.shown_of(published).was_complete(date(2026, 11, 10))
    assert client.post(at("policy_shown", published), {"cart": "yesterday"}).status_code == 422


def test_a_page_of_the_law_is_looked_through(client, manager):
    client.force_login(manager.person)
    answer = client.post(f"{LIST}/notice", {"text": "販売業者 こもれび雑貨店"})
    assert "返品についての項目を加えてください" in text_of(answer)


def test_an_agent_reads_what_is_published_and_no_draft(client, agent, manager, published, now):
    client.force_login(agent.person)
    shown = text_of(client.get(at("policy", published)))
    assert "第4条" in shown and "この版から新しい版を作る" not in shown
    draft = actions.start_draft(by=manager, source_id=published.pk, now=now)
    assert client.get(at("policy", draft)).status_code == 404
    assert client.post(at("policy", draft), FILLED).status_code == 404
    assert client.get(LIST).status_code == 403
    assert client.post(at("policy_remove", draft)).status_code == 403
    assert Policy.objects.count() == 2


def test_another_shop_finds_nothing(client, stranger, published):
    client.force_login(stranger.person)
    for name in ("policy", "policy_texts"):
        assert client.get(at(name, published)).status_code == 404
        assert client.get(reverse(f"staff:{name}", args=["shiosai", published.pk])).status_code == 404


def test_the_list_costs_the_same_however_many_there_are(client, manager, published, now):
    client.force_login(manager.person)
    client.get(LIST)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(LIST)
        return len(caught)

    few = queries()
    for place in range(5):
        actions.start_draft(by=manager, source_id=published.pk, now=now + timedelta(minutes=place))
    assert queries() == few


def test_an_empty_content_reads_as_nothing_decided(shop, now):
    policy = Policy.objects.create(shop=shop, content={}, created_at=now, changed_at=now)
    assert policies.content_of(policy) == PolicyContent()


def test_terms_are_tried_on_the_past(client, manager, published, sold, ask, post, now):  # noqa: F811
    client.force_login(manager.person)
    assert "返品のお申し出がない" in text_of(client.get(at("policy_simulator", published)))
    for place, days in enumerate((3, 9, 12)):
        order = sold(f"KM-{place}")
        Order.objects.filter(pk=order.pk).update(ordered_at=now - timedelta(days=20))
        Shipment.objects.filter(order=order).update(delivered_at=now - timedelta(days=days))
        ask(order, nonce=str(place), reason=Reason.CHANGED_MIND)
    given = {"days": "10", "payer": "customer", "months": "12", "allows_opened": "on"}
    shown = text_of(client.get(at("policy_simulator", published), given))
    assert "14日→10日なら、過去の3件中1件をお断りしていました。" in shown
    part = client.get(at("policy_simulator", published), given, headers={"HX-Request": "true"})
    assert text_of(part).startswith("<section") and "過去の3件中1件" in text_of(part)
    assert client.get(at("policy_simulator", published), given | {"days": "0"}).status_code == 422
    assert client.get(at("policy_simulator", published), {"days": "10", "months": "12"}).status_code == 200
    assert policies.content_of(Policy.objects.get()) == KOMOREBI
