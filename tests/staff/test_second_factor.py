"""The second step of signing in: app, passkey, recovery codes; and what half a sign-in opens, which is nothing."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from anshin.plumbing import secrets
from anshin.plumbing.jobs.inline import run_due_jobs
from tests.cases.writing import arrive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
LOGIN, ENTER, APP = "/account/login/", "/account/factor/enter/", "/account/factor/app/"
PASSWORD = "mizuiro-no-tegami-7"
_KEY = '{"id":"AA","rawId":"AA","type":"public-key","response":%s}'
UNFIT = [
    *("", "5", "[]", "{}", '{"id": 1}'),
    _KEY % '{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"eA"}',
    _KEY % '{"clientDataJSON":"!","attestationObject":"AA"}',
]


@pytest.fixture
def takeuchi(agent):
    agent.person.set_password(PASSWORD)
    agent.person.save()
    return agent.person


@pytest.fixture
def minute(monkeypatch):
    """The moment at which codes of an app are made and checked; it stands still until it is moved."""
    moment = [1_800_000_000.0]
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: moment[0])
    return moment


def who(client):
    return client.session.get("_auth_user_id")


def give_password(client, person):
    return client.post(LOGIN, {"login": person.email, "password": PASSWORD})


def code_of(secret, minute):
    return format_hotp_value(hotp_value(secret, int(minute[0]) // 30))


def set_up(client, person, minute):
    """The secret of the person's app and their recovery codes, set up as they would do it."""
    give_password(client, person)
    page = client.get(APP).content.decode()
    secret = re.search(r'factor-key">(\w+)<', page)[1]
    codes = client.post(APP, {"code": code_of(secret, minute)}, follow=True).content.decode()
    minute[0] += 60
    return secret, [code.replace("-", "") for code in re.findall(r"<li>(\d{4}-\d{4})</li>", codes)]


@pytest.fixture
def app(client, takeuchi, minute):
    secret, codes = set_up(client, takeuchi, minute)
    client.post("/account/logout/")
    assert who(client) is None
    return secret, codes


def test_the_app_is_drawn_here_and_its_secret_lies_sealed(
    client, takeuchi, minute, letters, now, django_capture_on_commit_callbacks
):
    give_password(client, takeuchi)
    page = client.get(APP)
    assert "no-store" in page["Cache-Control"]
    assert "<svg" in page.content.decode()
    assert "http" not in re.search(r"<svg.*?</svg>", page.content.decode(), re.S)[0].replace("http://www.w3.org", "")
    with django_capture_on_commit_callbacks(execute=True):
        secret, codes = set_up(client, takeuchi, minute)
    kept = Authenticator.objects.get(type="totp")
    assert secret not in json.dumps(kept.data)
    assert secrets.unseal(kept.data["secret"]) == secret
    assert len(set(codes)) == 10
    run_due_jobs(now=now)
    assert [letter.subject for letter in letters.left] == ["2段階認証のアプリが設定されました"]


def test_recovery_codes_are_shown_once(client, takeuchi, minute):
    _secret, codes = set_up(client, takeuchi, minute)
    page = client.get("/account/factor/codes/")
    assert "no-store" in page["Cache-Control"]
    assert [code for code in codes if f"{code[:4]}-{code[4:]}" in page.content.decode()] == []
    assert "一度しか表示しません" in page.content.decode()


def test_with_the_password_alone_nothing_opens(client, takeuchi, app, shop, now):
    case = arrive(shop, "a@mail.example", at=now).case
    assert give_password(client, takeuchi).url == ENTER
    assert who(client) is None
    for path in (
        "/",
        "/s/komorebi/inbox/mine",
        f"/s/komorebi/c/{case.number}",
        "/s/komorebi/files/1",
        "/account/factor/",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, LOGIN), path
    assert client.get(APP)["Location"].startswith(LOGIN)
    assert client.post("/account/factor/codes/new/")["Location"].startswith(LOGIN)
    assert Authenticator.objects.count() == 2


def test_with_the_password_alone_no_live_events_come(client, takeuchi, app, monkeypatch):
    from anshin.project.live_gate import _viewer

    monkeypatch.setattr("anshin.project.live_gate.close_old_connections", lambda: None)  # the test's own connection
    give_password(client, takeuchi)
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    scope = {"type": "http", "method": "GET", "path": "/s/komorebi/live", "query_string": b"",
             "headers": [(b"cookie", cookie), (b"host", b"testserver")]}  # fmt: skip
    assert _viewer(scope) is None


@pytest.mark.parametrize("written", ["{}", " {} ", "{wide}"])
def test_the_code_of_the_app_leads_in(client, takeuchi, app, minute, written):
    give_password(client, takeuchi)
    code = code_of(app[0], minute)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert client.post(ENTER, {"code": written.format(code, wide=wide)}).url == "/"
    assert who(client) == str(takeuchi.pk)


def test_a_code_opens_one_door_only_even_while_it_still_fits(client, takeuchi, app, minute):
    code = code_of(app[0], minute)
    give_password(client, takeuchi)
    client.post(ENTER, {"code": code})
    minute[0] += 30  # the clock's tolerance would still let it in
    thief = Client()
    give_password(thief, takeuchi)
    page = thief.post(ENTER, {"code": code}).content.decode()
    assert 'id="id_code_error"' in page
    assert who(thief) is None


def test_a_recovery_code_leads_in_once(client, takeuchi, app):
    for expected in (str(takeuchi.pk), None):
        visitor = Client()
        give_password(visitor, takeuchi)
        visitor.post(ENTER, {"code": app[1][3]})
        assert who(visitor) == expected


def test_guessing_codes_ends_after_five_tries_for_all_browsers(client, takeuchi, app, minute):
    for _try in range(5):
        guesser = Client()
        give_password(guesser, takeuchi)
        guesser.post(ENTER, {"code": "000000"})
    give_password(client, takeuchi)
    page = client.post(ENTER, {"code": code_of(app[0], minute)}).content.decode()
    assert "5分待って" in page
    assert who(client) is None


def test_a_mailed_code_does_not_replace_the_second_step(client, takeuchi, app, letters, now):
    asked = client.post("/account/login/code/", {"email": takeuchi.email})
    run_due_jobs(now=now)
    code = re.search(r"\n    (\S+)\n", letters.left[-1].text)[1]
    assert client.post(asked.url, {"code": code}).url == ENTER
    assert who(client) is None


def test_a_secret_sealed_under_another_key_lets_nobody_in(client, takeuchi, app, minute):
    with_empty_key = code_of("", minute)
    Authenticator.objects.filter(type="totp").update(data={"secret": "gAAAA"})
    give_password(client, takeuchi)
    for code in (code_of(app[0], minute), with_empty_key):
        assert client.post(ENTER, {"code": code}).status_code == 200
    assert who(client) is None


def test_removing_the_app_asks_again_who_it_is_once_some_time_has_passed(client, takeuchi, minute, monkeypatch):
    set_up(client, takeuchi, minute)
    later = time.time() + 301
    monkeypatch.setattr("anshin.staff.proof.time.time", lambda: later)
    assert client.post("/account/factor/app/remove/")["Location"].startswith("/account/reauthenticate/")
    assert Authenticator.objects.filter(type="totp").exists()


@pytest.mark.parametrize("credential", UNFIT)
def test_what_no_browser_would_send_is_refused_in_words(client, takeuchi, credential):
    client.get("/account/factor/passkeys/sign-in/", headers={"accept": "application/json"})
    sign_in = client.post("/account/factor/passkeys/sign-in/", {"credential": credential})
    assert sign_in.status_code in {302, 200}
    assert who(client) is None
    give_password(client, takeuchi)
    client.get("/account/factor/passkeys/new/")
    added = client.post("/account/factor/passkeys/new/", {"name": "a", "credential": credential})
    assert added.status_code == 200
    assert Authenticator.objects.count() == 0


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_of_the_second_factor_is_ours(client, takeuchi, minute, language):
    set_up(client, takeuchi, minute)
    client.cookies["anshin_language"] = language
    for path in ("", "app/remove/", "codes/", "codes/new/", "passkeys/new/", "again/"):
        page = client.get(f"/account/factor/{path}").content.decode()
        assert '<body class="bare"' in page, path
        assert "allauth" not in page
