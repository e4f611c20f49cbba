"""Every address of the installation as a limited agent: nothing of a customer, until one is shown, then only that."""

import json
import re
from datetime import timedelta
from functools import partial

import pytest
from django.apps import apps
from django.test import Client
from django.utils.html import escape

from anshin.cases.actions import NoReason, add_note, assign, reveal_customer
from anshin.cases.models import Attachment, Message, Reveal
from anshin.cases.terms import Party
from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.house.gates.walking import desk_routes
from tests.staff.limited import SECRETS, everything_known

pytestmark = pytest.mark.django_db
IN_SHOP = sorted({route.pattern for route in desk_routes()})
DEFAULTS = {
    "shop": "komorebi",
    "slug": "komorebi",
    "view": "all",
    "day": "2026-11-20",
    "kind": "reply",
    "key": "nothing",
}
PLACE = re.compile(r"<(?:\w+:)?(?P<name>\w+)>")


@pytest.fixture
def case(shop, limited, manager, now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=1))
    found = everything_known(shop, now)
    assign(by=manager, case_id=found.pk, owner=limited, now=now)
    add_note(by=manager, case_id=found.pk, text="柏木様へ電話済み 0800-000-1007", now=now)
    run_due_jobs(now)  # the index knows the case
    found.refresh_from_db()
    return found


@pytest.fixture
def desk(limited):
    client = Client()
    client.force_login(limited.person)
    return client


def keys():
    """Every number that a row of business has, so that no address misses what there is."""
    found = {1}
    for model in apps.get_models():
        if model.__module__.startswith("anshin.") and model._meta.pk.get_internal_type() in {
            "BigAutoField",
            "AutoField",
        }:
            found.update(model.objects.order_by("pk").values_list("pk", flat=True)[:2])
    return sorted(found)


def addresses(route, case):
    names = [match["name"] for match in PLACE.finditer(route)]
    many = next((name for name in ("pk", "order_id", "file_id") if name in names), "")
    for key in keys() if many else [1]:
        values = DEFAULTS | {"number": str(case.number)} | ({many: str(key)} if many else {})
        yield "/" + PLACE.sub(partial(_value, values), route).replace("$", "")


def _value(values, match):
    return values.get(match["name"], "1")


def told(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode("utf-8", "replace")
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    cookies = answer.cookies.output()
    decoded = text.encode().decode("unicode_escape", "replace") if "\\u" in text else ""
    return "\n".join([text, headers, json.dumps(cookies), decoded, answer.get("HX-Trigger", "")])


def leaks(answer):
    said = told(answer)
    trigger = answer.get("HX-Trigger")
    said += str(json.loads(trigger)) if trigger else ""
    return [secret for secret in SECRETS if secret in said or str(escape(secret)) in said]


@pytest.mark.parametrize("route", IN_SHOP)
def test_no_address_tells_who_the_customer_is(desk, case, route):
    for url in addresses(route, case):
        for answer in (desk.get(url), desk.get(url, headers={"HX-Request": "true"}), desk.post(url),
                       desk.post(url, headers={"HX-Request": "true"})):  # fmt: skip
            assert leaks(answer) == [], f"{url} {answer.status_code}"


def test_the_walk_would_notice(case, agent, desk):
    client = Client()
    client.force_login(agent.person)
    page = client.get(f"/s/komorebi/c/{case.number}")
    assert {"柏木", "y-kashiwagi", "0800-000-1007", "吉祥寺"} <= set(leaks(page))
    assert desk.get(f"/s/komorebi/c/{case.number}").status_code == 200


@pytest.mark.parametrize("typed", [*SECRETS, "返品 -柏木", "バッグ -柏木"])
def test_a_search_for_what_is_hidden_finds_nothing(desk, case, typed):
    for url in ("/s/komorebi/search", "/s/komorebi/palette"):
        page = desk.get(url, {"q": typed}).content.decode()
        if " -" not in typed:
            assert f"/c/{case.number}" not in page, url
    with_minus = desk.get("/s/komorebi/search", {"q": "バッグ -柏木"}).content.decode()
    assert f"/c/{case.number}" in with_minus


def test_a_search_for_what_is_shown_finds_the_case(desk, case):
    for typed in ("バッグ", f"#{case.number}", "KM-20417"):
        page = desk.get("/s/komorebi/search", {"q": typed})
        assert f"/c/{case.number}" in page.content.decode(), typed


def test_exactly_the_case_that_was_asked_for_is_shown_and_for_ten_minutes(desk, shop, case, limited, now, monkeypatch):
    other = everything_known(shop, now, key="other@mail.example", number="KM-20418", phone="0800-000-1008",
                             sender=Party("三雲 達也", "mikumo@mail.example"))  # fmt: skip
    url, reason = f"/s/komorebi/c/{case.number}", "宅配業者に電話で住所を伝える"
    assert desk.post(f"{url}/reveal", {"reason": " "}).status_code == 422
    assert Reveal.objects.count() == 0
    assert desk.post(f"{url}/reveal", {"reason": reason}).status_code == 302
    assert {"柏木", "y-kashiwagi", "吉祥寺"} <= set(leaks(desk.get(url)))
    file = Attachment.objects.get(message__case=case)
    assert desk.get(f"/s/komorebi/files/{file.pk}").status_code == 200
    elsewhere = Attachment.objects.get(message__case=other)
    assert desk.get(f"/s/komorebi/files/{elsewhere.pk}").status_code == 403
    assert "mikumo" not in desk.get(f"/s/komorebi/c/{other.number}").content.decode()
    assert leaks(desk.get("/s/komorebi/inbox/all")) == []
    entry = JournalEntry.objects.get(event="case.personal_shown")
    assert (entry.case_id, entry.payload["reason"], entry.actor_name) == (case.pk, reason, "早川 透")
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=11))
    assert leaks(desk.get(url)) == []
    assert desk.get(f"/s/komorebi/files/{file.pk}").status_code == 403


def test_a_role_without_answering_is_shown_nobody(case, warehouse, limited, now):
    with pytest.raises(NotAllowed):
        reveal_customer(by=warehouse, case_id=case.pk, reason="x", now=now)
    with pytest.raises(NoReason):
        reveal_customer(by=limited, case_id=case.pk, reason="", now=now)
    assert (Reveal.objects.count(), JournalEntry.objects.filter(event="case.personal_shown").count()) == (0, 0)


def test_a_reply_goes_to_the_real_address_with_the_real_name(desk, case, post):
    page = desk.get(f"/s/komorebi/c/{case.number}").content.decode()
    to = re.search(r'<select[^>]*name="to".*?<option value="([0-9a-f]{20})"', page, re.DOTALL)[1]
    answer = {"text": "{{customer.name}} 様\n確認します。", "to": to, "subject": "", "seen": "99"}
    assert desk.post(f"/s/komorebi/c/{case.number}/reply", answer).status_code == 302
    sent = Message.objects.get(direction="out")
    assert sent.text.startswith("柏木 由紀子 様\n確認します。")
    assert sent.to == [["柏木 由紀子", "y-kashiwagi@mail.example"]]


@pytest.mark.parametrize("written", [{"to": "me@home.example"}, {"cc": "me@home.example"}, {"text": "●● 様"}])
def test_nothing_leaves_for_elsewhere_or_with_marks(desk, case, post, written):
    page = desk.get(f"/s/komorebi/c/{case.number}").content.decode()
    to = re.search(r'<select[^>]*name="to".*?<option value="([0-9a-f]{20})"', page, re.DOTALL)[1]
    answer = {"text": "確認します。", "to": to, "seen": "99"} | written
    refused = desk.post(f"/s/komorebi/c/{case.number}/reply", answer)
    assert (refused.status_code, leaks(refused)) == (422, [])
    assert not Message.objects.filter(direction="out").exists()
