"""Who is let in by a key, and how little everybody else learns."""

import json
from datetime import timedelta

import pytest

from anshin.integrations import actions, queries
from anshin.integrations.models import ApiKey
from anshin.integrations.terms import LIMIT, ROLES, Scope
from anshin.plumbing import clock
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.cases.writing import arrive
from tests.conftest import member

pytestmark = pytest.mark.django_db


def told(response):
    assert response["Content-Type"] == "application/problem+json"
    return json.loads(response.content)


def test_only_the_digest_of_a_key_is_kept_and_the_journal_names_it(owner, agent, now):
    key, secret = actions.make_key(
        by=owner, name="倉庫", scopes=[Scope.ORDERS_READ], member=agent, expires_at=None, now=now
    )
    kept = ApiKey.objects.get()
    assert secret.startswith(f"anshin_{kept.prefix}_") and len(secret) == 7 + 8 + 1 + 40
    assert secret.rpartition("_")[2] not in json.dumps([kept.digest, kept.prefix, kept.name])
    entry = JournalEntry.objects.get(event="integration.key_made")
    assert entry.payload["label"] == "倉庫" and entry.payload["scopes"] == "orders:read"
    assert secret.rpartition("_")[2] not in json.dumps(entry.payload)
    assert queries.find_key(secret, now=now).pk == key.pk


@pytest.mark.parametrize(
    "change",
    [
        lambda secret: "",
        lambda secret: "anshin",
        lambda secret: secret[:-1],
        lambda secret: secret[:-1] + ("a" if secret[-1] != "a" else "b"),
        lambda secret: secret[:7] + "zzzzzzzz" + secret[15:],
        lambda secret: secret.upper(),
        lambda secret: secret + "\x00",
        lambda secret: "anshin_" + "あ" * 8 + "_" + "a" * 40,
    ],
)
def test_every_other_word_finds_nothing(owner, now, change):
    _key, secret = actions.make_key(
        by=owner, name="倉庫", scopes=[Scope.ORDERS_READ], member=owner, expires_at=None, now=now
    )
    assert queries.find_key(change(secret), now=now) is None


def test_whoever_has_no_key_a_wrong_one_or_an_ended_one_hears_the_same(program, nobody, owner, agent, shop, now):
    arrive(shop, "a@mail.example", at=now)
    ended, left = program(owner), program(agent, by=owner)
    key = ApiKey.objects.get(member=owner)
    actions.revoke_key(by=owner, key_id=key.pk, now=now)
    type(agent).objects.filter(pk=agent.pk).update(is_active=False)
    nobody_knows = type(nobody)(nobody.client, "anshin_aaaaaaaa_" + "b" * 40)
    answers = [each.get("/cases/1") for each in (nobody, nobody_knows, ended, left)]
    assert {each.status_code for each in answers} == {401}
    assert len({each.content for each in answers}) == 1
    assert all(each["WWW-Authenticate"] == "Bearer" for each in answers)
    assert not any(each.has_header("RateLimit") for each in answers)


def test_a_key_whose_time_is_over_is_none(program, owner, now, monkeypatch):
    asked = program(owner, expires_at=now + timedelta(days=1))
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=23))
    assert asked.get("/shop").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1))
    assert asked.get("/shop").status_code == 401


def test_only_the_owner_makes_and_ends_keys(manager, agent, now):
    with pytest.raises(NotAllowed):
        actions.make_key(by=manager, name="x", scopes=[Scope.CASES_READ], member=agent, expires_at=None, now=now)
    with pytest.raises(NotAllowed):
        actions.revoke_key(by=manager, key_id=1, now=now)
    assert not ApiKey.objects.exists()


def test_a_key_works_only_for_people_of_its_shop(owner, stranger, now):
    with pytest.raises(actions.BadKey):
        actions.make_key(by=owner, name="x", scopes=[Scope.CASES_READ], member=stranger, expires_at=None, now=now)


def test_a_key_ends_with_a_role_that_sees_less(program, owner, agent, now):
    asked = program(agent, by=owner)
    type(agent).objects.filter(pk=agent.pk).update(role="warehouse")
    assert asked.get("/shop").status_code == 200
    made = ApiKey.objects.select_related("member").get(member=agent)
    made.member.role = "limited"
    with pytest.raises(actions.BadKey):
        actions.make_key(by=owner, name="x", scopes=[Scope.CASES_READ], member=made.member, expires_at=None, now=now)
    assert {role.value for role in ROLES} == {"owner", "manager", "agent", "warehouse"}


def test_another_shops_things_answer_like_what_does_not_exist(program, owner, shop, other_shop, now):
    ours = arrive(shop, "a@mail.example", at=now).case
    foreign = program(member(other_shop, "owner", "kai@shiosai.example", "甲斐 誠"))
    asked = {
        "/cases/1": "/cases/999999",
        "/cases/1/messages": "/cases/999999/messages",
        f"/customers/{ours.customer_id}": "/customers/999999",
        "/orders/1": "/orders/999999",
        "/orders/imports/1": "/orders/imports/999999",
    }
    for theirs, nothing in asked.items():
        one, other = foreign.get(theirs), foreign.get(nothing)
        assert one.status_code == other.status_code == 404, theirs
        assert one.content == other.content
    for path, body in {
        "/cases/1/notes": {"text": "x"},
        "/cases/1/messages": {"text": "x", "read_at_version": 1},
    }.items():
        assert foreign.post(path, body).status_code == 404
    assert foreign.patch("/cases/1", {"is_urgent": True}).status_code == 404
    assert foreign.patch(f"/customers/{ours.customer_id}", {"tags": ["x"]}).status_code == 404
    assert foreign.get("/customers", mail="y-kashiwagi@mail.example").json()["items"] == []
    assert foreign.get("/cases").json()["items"] == []
    ours.refresh_from_db()
    assert not ours.is_urgent and "こもれび" not in foreign.get("/shop").content.decode()


@pytest.mark.parametrize("scope", list(Scope))
def test_a_scope_opens_its_own_operations_and_no_other(program, owner, shop, now, scope):
    case = arrive(shop, "a@mail.example", at=now).case
    asked = program(owner, [scope])
    answers = {
        Scope.CASES_READ: asked.get("/cases/1"),
        Scope.CASES_WRITE: asked.patch("/cases/1", {}),
        Scope.MESSAGES_READ: asked.get("/cases/1/messages"),
        Scope.MESSAGES_WRITE: asked.post("/cases/1/notes", {"text": "x"}),
        Scope.CUSTOMERS_READ: asked.get(f"/customers/{case.customer_id}"),
        Scope.CUSTOMERS_WRITE: asked.patch(f"/customers/{case.customer_id}", {}),
        Scope.ORDERS_READ: asked.get("/orders"),
        Scope.ORDERS_WRITE: asked.post("/orders/imports", {}),
    }
    for each, answer in answers.items():
        if each == scope:
            assert answer.status_code in {200, 201, 422}
        elif each != Scope.ORDERS_WRITE:
            assert answer.status_code == 403 and told(answer)["code"] == "scope", each


def test_a_key_may_do_no_more_than_the_member_of_staff(program, owner, warehouse, shop, now):
    arrive(shop, "a@mail.example", at=now)
    asked = program(warehouse, by=owner)
    assert asked.get("/cases/1").status_code == 200
    answer = asked.post("/cases/1/messages", {"text": "x", "read_at_version": 1})
    assert answer.status_code == 403 and told(answer)["code"] == "role"
    assert asked.patch("/cases/1", {"is_urgent": True}).status_code == 403


def test_the_name_of_a_customer_needs_its_own_scope(program, owner, shop, now):
    arrive(shop, "a@mail.example", at=now)
    assert program(owner, [Scope.CASES_READ]).get("/cases/1").json()["customer"]["name"] is None
    both = program(owner, [Scope.CASES_READ, Scope.CUSTOMERS_READ])
    assert both.get("/cases/1").json()["customer"]["name"] == "柏木 由紀子"


def test_every_answer_says_what_is_left_and_too_many_are_refused(program, owner, now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)
    asked = program(owner)
    first = asked.get("/shop")
    assert first["RateLimit-Policy"] == f'"key";q={LIMIT};w=60'
    assert first["RateLimit"] == f'"key";r={LIMIT - 1};t=60'
    ApiKey.objects.update(window_count=LIMIT)
    refused = asked.get("/shop")
    assert refused.status_code == 429 and told(refused)["code"] == "too-many"
    assert refused["Retry-After"] == "60" and refused["RateLimit"] == '"key";r=0;t=60'
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=60))
    assert asked.get("/shop").status_code == 200
    assert ApiKey.objects.get().last_used_at == now + timedelta(seconds=60)


def test_no_other_site_may_read_answers(program, owner):
    answer = program(owner).client.get("/api/v1/openapi.json", HTTP_ORIGIN="https://elsewhere.example")
    assert not answer.has_header("Access-Control-Allow-Origin")
    assert program(owner).get("/shop")["Cache-Control"] == "no-store"


def test_the_journal_names_person_and_key(program, owner, shop, now):
    arrive(shop, "a@mail.example", at=now)
    program(owner, name="倉庫の連携").post("/cases/1/notes", {"text": "x"})
    assert JournalEntry.objects.get(event="case.note_added").actor_name == "安住 千里 · 倉庫の連携"
