"""The owner's pages about keys and webhooks."""

import re

import pytest

from anshin.integrations.models import ApiKey, Webhook
from anshin.integrations.queries import find_key
from anshin.plumbing import clock

pytestmark = pytest.mark.django_db
API, HOOKS = "/s/komorebi/settings/api", "/s/komorebi/settings/webhooks"


@pytest.fixture
def desk(client, owner):
    client.force_login(owner.person)
    return client


def test_a_key_is_made_shown_once_and_ended(desk, owner, agent):
    values = {"name": "倉庫", "member": agent.pk, "scopes": ["orders:read", "orders:write"], "expires_on": ""}
    page = desk.post(API, values).content.decode()
    secret = re.search(r'id="new-key">([^<]+)<', page).group(1)
    assert find_key(secret, now=clock.now()).member == agent
    again = desk.get(API).content.decode()
    assert secret not in again and ApiKey.objects.get().prefix in again
    desk.post(f"{API}/{ApiKey.objects.get().pk}/end")
    assert find_key(secret, now=clock.now()) is None


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"scopes": []}, {"member": 0}, {"expires_on": "2020-01-01"}, {"scopes": ["all"]}]
)
def test_a_key_that_cannot_be_is_refused_beside_the_form(desk, owner, change):
    values = {"name": "倉庫", "member": owner.pk, "scopes": ["orders:read"], "expires_on": ""} | change
    assert desk.post(API, values).status_code == 422
    assert not ApiKey.objects.exists()


def test_an_address_is_added_changed_tried_paused_and_removed(desk):
    values = {"name": "在庫", "url": "https://hooks.example/a", "types": ["case.created"]}
    page = desk.post(HOOKS, values).content.decode()
    secret = re.search(r'id="new-secret">([^<]+)<', page).group(1)
    assert secret.startswith("whsec_") and secret not in desk.get(HOOKS).content.decode()
    one = f"{HOOKS}/{Webhook.objects.get().pk}"
    desk.post(one, values | {"do": "change", "types": ["case.closed", "order.changed"]})
    assert Webhook.objects.get().types == ["case.closed", "order.changed"]
    for verb, state in (("test", "active"), ("pause", "paused"), ("resume", "active")):
        assert desk.post(one, {"do": verb}).status_code == 302
        assert Webhook.objects.get().state == state
    assert re.search(r'id="new-secret">whsec_', desk.post(one, {"do": "rotate"}).content.decode())
    assert "webhook.test" in desk.get(one).content.decode()
    assert desk.post(one, {"do": "again", "since": "2026-11-20T00:00"}).status_code == 302
    assert desk.post(one, values | {"do": "change", "url": "http://127.0.0.1/"}).status_code == 422
    desk.post(one, {"do": "remove"})
    assert not Webhook.objects.exists()


def test_pages_cost_a_fixed_number_of_queries(desk, owner, django_assert_max_num_queries):
    desk.post(HOOKS, {"name": "", "url": "https://hooks.example/a", "types": ["case.created"]})
    one = f"{HOOKS}/{Webhook.objects.get().pk}"
    for _each in range(5):
        desk.post(one, {"do": "test"})
    for path in (API, HOOKS, one):
        with django_assert_max_num_queries(14):
            desk.get(path)
