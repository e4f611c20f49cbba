"""Where somebody is signed in: listed, ended one by one and all at once; and the mail about a new device."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.shops import actions, rules
from anshin.shops.models import KnownDevice, OpenSession
from anshin.shops.terms import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
PASSWORD, NEW = "mizuiro-no-tegami-7", "kiiro-no-fuutou-8"
PAGE = "/account/sessions/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile/15 Safari/604.1"


@pytest.fixture
def takeuchi(agent):
    agent.person.set_password(PASSWORD)
    agent.person.save()
    return agent.person


def browser(agent=WINDOWS, address="203.0.113.7"):
    return Client(headers={"user-agent": agent}, REMOTE_ADDR=address)


def enter(client, person, password=PASSWORD):
    client.post("/account/login/", {"login": person.email, "password": password})
    return client


def is_in(client):
    return client.get("/s/komorebi/inbox/mine").status_code == 200


def test_the_devices_are_listed_in_words_with_the_address_shortened(takeuchi):
    enter(browser(IPHONE, "2001:db8:12:34::9"), takeuchi)
    page = enter(browser(), takeuchi).get(PAGE).content.decode()
    assert page.index("WindowsのChrome") < page.index("この端末") < page.index("iPhoneのSafari")
    assert "203.0.113.x" in page
    assert "2001:db8:12:x" in page
    assert "203.0.113.7" not in page
    assert not OpenSession.objects.filter(network__contains="113.7").exists()


def test_one_device_is_signed_out(takeuchi):
    lost, mine = enter(browser(IPHONE), takeuchi), enter(browser(), takeuchi)
    mine.post(f"{PAGE}{OpenSession.objects.get(agent=IPHONE).pk}/end/")
    assert (is_in(lost), is_in(mine)) == (False, True)
    assert "iPhone" not in mine.get(PAGE).content.decode()


def test_nobody_ends_the_session_of_somebody_else(takeuchi, manager):
    theirs = enter(browser(), takeuchi)
    other = Client()
    other.force_login(manager.person)
    other.post(f"{PAGE}{OpenSession.objects.get().pk}/end/")
    other.post(f"{PAGE}end/")
    assert is_in(theirs)
    assert Client().post(f"{PAGE}end/").url.startswith("/account/login/")


def test_signing_out_everywhere_else_reaches_sessions_that_nobody_listed(takeuchi):
    unlisted = Client()
    unlisted.force_login(takeuchi)
    lost, mine = enter(browser(IPHONE), takeuchi), enter(browser(), takeuchi)
    mine.post(f"{PAGE}end/")
    assert [is_in(each) for each in (unlisted, lost, mine)] == [False, False, True]
    assert OpenSession.objects.get().key == mine.session.session_key
    mine.post(f"{PAGE}end/")
    assert is_in(mine)


def test_a_new_password_ends_the_other_sessions(takeuchi):
    lost, mine = enter(browser(IPHONE), takeuchi), enter(browser(), takeuchi)
    mine.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert (is_in(lost), is_in(mine)) == (False, True)
    assert OpenSession.objects.get().key == mine.session.session_key


def test_a_removed_members_session_ends_unless_another_shop_needs_it(takeuchi, owner, agent, other_shop, now):
    theirs = enter(browser(), takeuchi)
    actions.invite_staff(shop=other_shop, email=takeuchi.email, name="", role=Role.AGENT, by=None, now=now)
    actions.end_membership(membership=agent, by=owner, now=now)
    assert theirs.get("/s/komorebi/inbox/mine").status_code == 404
    assert theirs.get("/s/shiosai/inbox/mine").status_code == 200
    takeuchi.memberships.update(is_active=False)
    agent.is_active = True
    agent.save()
    actions.end_membership(membership=agent, by=owner, now=now)
    assert theirs.get("/s/shiosai/inbox/mine").url.startswith("/account/login/")
    assert Session.objects.filter(session_key=theirs.cookies["sessionid"].value).count() == 0


def test_a_new_device_is_told_of_once_and_the_first_sign_in_of_all_is_not(takeuchi, letters, now):
    first = enter(browser(), takeuchi)
    run_due_jobs(now=now)
    assert letters.left == []
    first.post("/account/logout/")
    enter(first, takeuchi)  # the same browser, known by its cookie
    enter(browser(IPHONE, "198.51.100.4"), takeuchi)
    run_due_jobs(now=now)
    assert [letter.subject for letter in letters.left] == ["新しい端末からサインインがありました"]
    assert "端末: iPhoneのSafari\n接続元: 198.51.100.x\n日時: 2026年11月20日(金) 14:00" in letters.left[0].text
    assert KnownDevice.objects.count() == 2
    assert "198.51.100.4" not in letters.left[0].text


def test_half_a_sign_in_is_no_new_device(takeuchi, letters, now):
    enter(browser(), takeuchi)
    enter(browser(IPHONE), takeuchi, "falsch-falsch-falsch")
    run_due_jobs(now=now)
    assert (letters.left, KnownDevice.objects.count()) == ([], 1)


def test_use_is_written_every_ten_minutes_only(takeuchi, monkeypatch, now):
    client = enter(browser(), takeuchi)
    for minutes, seen in ((9, 0), (10, 10), (15, 10)):
        monkeypatch.setattr("anshin.plumbing.clock.now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        assert is_in(client)
        assert OpenSession.objects.get().seen_at == now + timedelta(minutes=seen)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.x"),
        ("::ffff:203.0.113.7", "203.0.113.x"),
        ("2001:db8:12:34::9", "2001:db8:12:x"),
        ("::1", "0:0:0:x"),
        ("", ""),
        ("not an address", ""),
    ],
)
def test_an_address_is_kept_without_its_last_part(address, network):
    assert rules.network_of(address) == network
