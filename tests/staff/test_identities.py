"""Signing in through another server: who it is decides its word on the subject, never a mail address."""

import html
import re

import pytest
from allauth.socialaccount.models import SocialAccount

from anshin.project import environment
from anshin.project.identity_apps import identity_apps
from anshin.staff.identities import _is_of
from tests.staff import identity_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
LOGIN, START, BACK = "/account/login/", "/account/with/oidc/", "/account/with/oidc/back/"
MINE = "/account/identities/"
PASSWORD = "mizuiro-no-tegami-7"


@pytest.fixture
def server(settings):
    with identity_server.running() as here:
        app = {
            "provider_id": "oidc",
            "name": "社内ID",
            "client_id": identity_server.CLIENT,
            "secret": identity_server.SECRET,
            "settings": {"server_url": here.issuer, "issuer": here.issuer, "scope": ["openid", "email"]},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield here


@pytest.fixture
def takeuchi(agent):
    agent.person.set_password(PASSWORD)
    agent.person.save()
    return agent.person


def who(client):
    return client.session.get("_auth_user_id")


def onward(client, **given):
    """The address at the other server to which the desk leads."""
    page = client.post(START, given)
    assert page.status_code == 200, page
    return html.unescape(re.search(r'content="0; url=([^"]+)"', page.content.decode())[1])


def sign_in(client, person):
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})


def tie(client, server, person):
    sign_in(client, person)
    client.get(server.consent(onward(client, connect="1")))
    client.post("/account/logout/")


def test_an_identity_that_was_added_signs_its_person_in(client, server, takeuchi):
    tie(client, server, takeuchi)
    assert who(client) is None
    assert "社内IDでサインイン" in client.get(LOGIN).content.decode()
    answer = client.get(server.consent(onward(client, next="/s/komorebi/inbox/mine")))
    assert answer["Location"] == "/s/komorebi/inbox/mine"
    assert who(client) == str(takeuchi.pk)


def test_what_the_other_server_says_is_kept_no_further_than_needed(client, server, takeuchi):
    server.person |= {"picture": "https://id.example/face.jpg", "birthdate": "1990-01-01"}
    tie(client, server, takeuchi)
    assert SocialAccount.objects.get().extra_data == {
        "userinfo": {"sub": "248289761001", "email": "someone@id.example", "name": "誰か"}
    }


def test_an_identity_that_nobody_added_opens_nothing_though_its_address_is_known(client, server, takeuchi):
    server.person |= {"email": takeuchi.email, "email_verified": True}
    answer = client.get(server.consent(onward(client)), follow=True)
    assert who(client) is None
    assert "まだどなたのものでもありません" in answer.content.decode()
    assert not SocialAccount.objects.exists()
    takeuchi.refresh_from_db()
    assert takeuchi.check_password(PASSWORD)


def test_nobody_takes_over_the_identity_of_another(client, server, takeuchi, manager):
    tie(client, server, takeuchi)
    manager.person.set_password(PASSWORD)
    manager.person.save()
    sign_in(client, manager.person)
    answer = client.get(server.consent(onward(client, connect="1")), follow=True)
    assert "別の方のもの" in answer.content.decode()
    assert SocialAccount.objects.get().user_id == takeuchi.pk


@pytest.mark.parametrize(
    "lies", [{"iss": "https://evil.example"}, {"aud": "another"}, {"exp": 1}, {"nonce": "of another"}]
)
def test_a_token_for_somebody_else_is_refused(client, server, takeuchi, lies):
    tie(client, server, takeuchi)
    server.lies = lies
    answer = client.get(server.consent(onward(client)), follow=True)
    assert who(client) is None
    assert "もう一度お試し" in answer.content.decode()


def test_what_is_told_beside_the_token_is_of_the_same_person(client, server, takeuchi):
    tie(client, server, takeuchi)
    server.person = server.person | {"sub": "somebody-else"}
    server.besides = {"sub": "248289761001"}
    client.get(server.consent(onward(client)))
    assert who(client) is None


@pytest.mark.parametrize(
    ("issuer", "expected", "is_it"),
    [
        ("https://id.example", "https://id.example", True),
        ("https://id.example/", "https://id.example", True),
        ("https://id.example.evil.example", "https://id.example", False),
        ("https://login.microsoftonline.com/9188/v2.0", "https://login.microsoftonline.com/", True),
        ("https://login.microsoftonline.com.evil.example/v2.0", "https://login.microsoftonline.com/", False),
        ("", "https://id.example", False),
    ],
)
def test_the_issuer_is_the_one_that_the_settings_name(issuer, expected, is_it):
    assert _is_of(issuer, expected) is is_it


def test_an_answer_that_was_not_asked_for_signs_nobody_in(client, server, takeuchi):
    tie(client, server, takeuchi)
    answer = client.get(BACK, {"code": "stolen", "state": "made-up"}, follow=True)
    assert who(client) is None
    assert answer.redirect_chain[-1][0] == LOGIN


def test_a_code_is_used_once(client, server, takeuchi):
    tie(client, server, takeuchi)
    back = server.consent(onward(client))
    client.get(back)
    assert who(client)
    client.post("/account/logout/")
    client.get(back)
    assert who(client) is None


def test_whoever_breaks_it_off_is_back_at_the_sign_in_page(client, server):
    url = onward(client)
    state = re.search(r"state=(\w+)", url)[1]
    answer = client.get(BACK, {"error": "access_denied", "state": state}, follow=True)
    assert answer.redirect_chain[-1][0] == LOGIN
    assert "取りやめ" in answer.content.decode()


def test_a_server_that_does_not_answer_is_told_of(client, server, takeuchi):
    url = onward(client)
    server.is_down = True
    assert "もう一度お試し" in client.post(START, follow=True).content.decode()
    assert "もう一度お試し" in client.get(server.consent(url), follow=True).content.decode()


def test_the_way_out_leads_to_our_own_pages_only(client, server, takeuchi):
    tie(client, server, takeuchi)
    answer = client.get(server.consent(onward(client, next="https://evil.example/")))
    assert answer["Location"] == "/"


def test_it_begins_with_a_click_of_our_own_page(client, server):
    assert client.get(START).status_code == 405
    assert client.post("/account/with/unknown/").status_code == 404


def test_the_person_sees_their_identities_and_removes_them(client, server, takeuchi, mailoutbox):
    sign_in(client, takeuchi)
    assert "社内IDを追加" in client.get(MINE).content.decode()
    page = client.get(server.consent(onward(client, connect="1")), follow=True).content.decode()
    assert "someone@id.example" in page
    assert "社内IDを追加" not in page
    found = SocialAccount.objects.get()
    page = client.post(f"/account/identities/{found.pk}/remove/", follow=True).content.decode()
    assert "外しました" in page
    assert not SocialAccount.objects.exists()


def test_a_long_time_after_signing_in_proof_is_asked_for_before_one_is_removed(client, server, takeuchi):
    sign_in(client, takeuchi)
    client.get(server.consent(onward(client, connect="1")))
    session = client.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 24 * 60 * 60
    session.save()
    path = f"/account/identities/{SocialAccount.objects.get().pk}/remove/"
    answer = client.post(path)
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert SocialAccount.objects.exists()
    answer = client.post(answer["Location"], {"password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert not SocialAccount.objects.exists()


def test_nobody_removes_the_identity_of_another(client, server, takeuchi, manager):
    tie(client, server, takeuchi)
    manager.person.set_password(PASSWORD)
    manager.person.save()
    sign_in(client, manager.person)
    found = SocialAccount.objects.get()
    assert client.post(f"/account/identities/{found.pk}/remove/").status_code == 404
    assert SocialAccount.objects.exists()
    assert "someone@id.example" not in client.get(MINE).content.decode()


def test_a_second_step_is_asked_for_all_the_same(client, server, takeuchi):
    from allauth.mfa.totp.internal.auth import TOTP

    tie(client, server, takeuchi)
    TOTP.activate(takeuchi, "JBSWY3DPEHPK3PXP")
    answer = client.get(server.consent(onward(client)))
    assert answer["Location"].startswith("/account/factor/enter/")
    assert who(client) is None


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"ANSHIN_SIGN_IN_WITH": "yahoo"}, "knows google"),
        ({"ANSHIN_SIGN_IN_WITH": "google"}, "ANSHIN_GOOGLE_CLIENT_ID"),
        ({"ANSHIN_SIGN_IN_WITH": "microsoft", "ANSHIN_MICROSOFT_CLIENT_ID": "x"}, "ANSHIN_MICROSOFT_TENANT"),
        ({"ANSHIN_SIGN_IN_WITH": "oidc", "ANSHIN_OIDC_CLIENT_ID": "x"}, "ANSHIN_OIDC_ISSUER"),
    ],
)
def test_what_the_operator_left_out_is_named(monkeypatch, given, missing):
    monkeypatch.setattr(environment, "read", lambda name: given.get(name, ""))
    with pytest.raises(environment.BadSetting, match=missing):
        identity_apps()


def test_the_operator_names_services(monkeypatch):
    given = {
        "ANSHIN_SIGN_IN_WITH": "google, microsoft",
        "ANSHIN_GOOGLE_CLIENT_ID": "g",
        "ANSHIN_MICROSOFT_CLIENT_ID": "m",
        "ANSHIN_MICROSOFT_TENANT": "komorebi.example",
    }
    monkeypatch.setattr(environment, "read", lambda name: given.get(name, ""))
    apps = identity_apps()
    assert [app["name"] for app in apps] == ["Google", "Microsoft"]
    assert apps[1]["settings"]["server_url"] == "https://login.microsoftonline.com/komorebi.example/v2.0"
