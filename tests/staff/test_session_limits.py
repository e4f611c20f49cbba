"""A session ends without use, and after a time in any case; signing in again leads back to where somebody was."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from anshin.plumbing.sessions import BEGAN
from anshin.shops.models import OpenSession
from anshin.shops.queries import open_sessions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
PASSWORD = "mizuiro-no-tegami-7"
PAGE = "/s/komorebi/inbox/mine"
SAYS = "サインインが終わりました。もう一度サインインすると、元の画面に戻ります。"


@pytest.fixture
def takeuchi(agent):
    agent.person.set_password(PASSWORD)
    agent.person.save()
    return agent.person


@pytest.fixture
def wait(monkeypatch, now):
    """Let so much time pass since the beginning."""
    return lambda **span: monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now + timedelta(**span))


def entered(person, to="/"):
    client = Client()
    return client, client.post("/account/login/", {"login": person.email, "password": PASSWORD, "next": to})


def is_in(client, **headers):
    return client.get(PAGE, headers=headers).status_code == 200


def test_what_nobody_uses_ends_and_what_is_used_goes_on(takeuchi, wait, settings):
    settings.SESSION_IDLE_SECONDS = 3600
    client, _answer = entered(takeuchi)
    for minutes in (50, 100, 150):
        wait(minutes=minutes)
        assert is_in(client)
    wait(minutes=209)
    assert is_in(client)
    wait(minutes=209 + 60)
    assert not is_in(client)


def test_what_a_page_fetches_by_itself_is_no_use(takeuchi, wait, settings):
    settings.SESSION_IDLE_SECONDS = 3600
    client, _answer = entered(takeuchi)
    for minutes in (30, 59):
        wait(minutes=minutes)
        assert is_in(client, x_unasked="1", hx_request="true")
    wait(minutes=60)
    assert not is_in(client, x_unasked="1", hx_request="true")


def test_the_longest_time_ends_it_however_much_it_is_used(takeuchi, wait, settings):
    settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE = 3600, 2 * 3600
    client, _answer = entered(takeuchi)
    for minutes in (50, 100, 119):
        wait(minutes=minutes)
        assert is_in(client)
    wait(minutes=120)
    assert not is_in(client)


def test_a_session_of_before_gets_an_end_with_its_next_use(takeuchi, wait, settings, now):
    client, _answer = entered(takeuchi)
    session = client.session
    del session[BEGAN]
    session.save()
    wait(minutes=11)
    assert is_in(client)
    assert client.session[BEGAN] == (now + timedelta(minutes=11)).timestamp()


def test_the_sign_in_page_says_why_and_leads_back(takeuchi, wait):
    client, _answer = entered(takeuchi)
    wait(hours=12)
    asked = client.get(f"{PAGE}?sort=due")
    assert asked.url == f"/account/login/?next={quote(f'{PAGE}?sort=due')}"
    assert SAYS in client.get(asked.url).content.decode()
    assert client.get("/account/sessions/").url.startswith("/account/login/")
    again = client.post("/account/login/", {"login": takeuchi.email, "password": PASSWORD, "next": f"{PAGE}?sort=due"})
    assert again.url == f"{PAGE}?sort=due"
    assert is_in(client)
    assert SAYS not in Client().get("/account/login/").content.decode()


def test_nothing_of_the_ended_session_is_left_in_the_next_one(takeuchi, wait, manager):
    client, _answer = entered(takeuchi)
    session = client.session
    session["secret"] = "of takeuchi"
    session.save()
    wait(hours=12)
    client.get("/account/login/")
    client.post("/account/login/", {"login": takeuchi.email, "password": PASSWORD})
    assert "secret" not in client.session
    assert "anshin_ended" not in client.session


def test_an_ended_session_is_not_listed_as_a_device(takeuchi, wait, now):
    entered(takeuchi)
    assert len(open_sessions(takeuchi, now=now)) == 1
    assert open_sessions(takeuchi, now=now + timedelta(hours=12)) == []
    OpenSession.objects.update(seen_at=now + timedelta(days=7))
    assert open_sessions(takeuchi, now=now + timedelta(days=7)) == []


def test_a_script_is_told_the_way_and_gets_no_page(takeuchi, wait):
    client, _answer = entered(takeuchi)
    wait(hours=12)
    here = {"HX-Current-URL": "http://testserver/s/komorebi/c/7?a=1"}
    for asked in (
        client.get(PAGE, headers={"HX-Request": "true", **here}),
        client.post(
            reverse("staff:reply_draft", args=["komorebi", 7]),
            headers={"X-CSRFToken": "x", "Referer": here["HX-Current-URL"]},
        ),
    ):
        assert (asked.status_code, asked.content) == (401, b"")
        assert asked.headers["HX-Redirect"] == f"/account/login/?next={quote('/s/komorebi/c/7?a=1', safe='')}"
    elsewhere = client.get(PAGE, headers={"HX-Request": "true", "HX-Current-URL": "https://rogue.example/s/komorebi/"})
    assert elsewhere.headers["HX-Redirect"] == "/account/login/?next=%2F"


def test_a_form_that_was_posted_too_late_leads_back_to_its_page(takeuchi, wait):
    client, _answer = entered(takeuchi)
    wait(hours=12)
    posted = client.post(
        reverse("staff:handover_read", args=["komorebi"]), headers={"Referer": "http://testserver/s/komorebi/handover"}
    )
    assert posted.url == f"/account/login/?next={quote('/s/komorebi/handover', safe='')}"


def test_signing_out_clears_what_the_browser_kept_and_leaves_its_cookies(takeuchi):
    client, _answer = entered(takeuchi)
    left = client.post("/account/logout/")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client)
    assert "anshin_device" in client.cookies


def test_the_eleventh_device_signs_out_the_one_unused_for_longest(takeuchi, wait):
    devices = []
    for minutes in range(10):
        wait(minutes=minutes)
        devices.append(entered(takeuchi)[0])
    wait(minutes=30)
    assert all(is_in(client) for client in devices)
    is_in(devices[0])  # used last, though it came first
    wait(minutes=41)
    assert is_in(devices[0])
    entered(takeuchi)
    assert [is_in(client) for client in devices] == [True, False, *[True] * 8]
    assert OpenSession.objects.filter(person=takeuchi).count() == 10
