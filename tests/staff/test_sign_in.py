"""Getting in: password, code by mail, new password; and who stays outside."""

import re

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import NoReverseMatch, clear_url_caches, reverse

from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.shops.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits", "still")]
LOGIN = "/account/login/"
CODE = "/account/login/code/"
PASSWORD = "mizuiro-no-tegami-7"


@pytest.fixture
def takeuchi(agent):
    agent.person.set_password(PASSWORD)
    agent.person.save()
    return agent.person


def who(client):
    return client.session.get("_auth_user_id")


def sign_in(client, password=PASSWORD, mail="takeuchi@komorebi.example"):
    return client.post(LOGIN, {"login": mail, "password": password})


def ask_for_code(client, letters, now, mail="takeuchi@komorebi.example"):
    answer = client.post(CODE, {"email": mail})
    run_due_jobs(now=now)
    return answer, re.search(r"\n    (\S+)\n", letters.left[-1].text)[1] if letters.left else ""


def test_the_right_password_leads_to_the_inbox(client, takeuchi):
    assert sign_in(client).url == "/"
    assert client.get("/").url == "/s/komorebi/inbox/mine"
    assert who(client) == str(takeuchi.pk)


def test_the_address_may_be_written_in_capitals(client, takeuchi):
    sign_in(client, mail=" Takeuchi@Komorebi.EXAMPLE ")
    assert who(client) == str(takeuchi.pk)


def test_a_wrong_password_is_said_beside_the_field(client, takeuchi):
    page = sign_in(client, "falsch-falsch-falsch").content.decode()
    assert 'id="id_password_error"' in page
    assert "メールアドレスかパスワードが違います" in page
    assert who(client) is None


def test_an_unknown_address_is_answered_like_a_wrong_password(client, takeuchi):
    wrong = sign_in(client, "falsch-falsch-falsch").content.decode()
    unknown = sign_in(client, "falsch-falsch-falsch", mail="nobody@komorebi.example").content.decode()
    token = re.compile(r'(value|content)="\w{64}"|[\w.]+@komorebi\.example')
    assert token.sub("", unknown) == token.sub("", wrong)


def test_after_five_failures_the_right_password_waits(client, takeuchi):
    for _attempt in range(5):
        sign_in(client, "falsch-falsch-falsch")
    page = sign_in(client).content.decode()
    assert "5分待つ" in page
    assert who(client) is None


def test_failures_count_however_the_desk_is_called(client, takeuchi):
    for port in range(5):
        wrong = {"login": takeuchi.email, "password": "falsch-falsch-falsch"}
        client.post(LOGIN, wrong, headers={"host": f"localhost:{port}"})
    assert "5分待つ" in sign_in(client).content.decode()
    assert who(client) is None


def test_failures_count_for_all_processes_together(client, takeuchi):
    for _attempt in range(5):
        sign_in(client, "falsch-falsch-falsch")
        cache.clear()  # the next process knows nothing of what lies in this one's memory
    assert "5分待つ" in sign_in(client).content.decode()
    assert who(client) is None


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (LOGIN, lambda mail: {"login": mail, "password": "falsch-falsch-falsch"}),
        (CODE, lambda mail: {"email": mail}),
        ("/account/password/reset/", lambda mail: {"email": mail}),
    ],
)
def test_asking_again_and_again_tells_nothing_about_an_account(takeuchi, path, asked):
    def answers(mail):
        address = "203.0.113.7" if mail == takeuchi.email else "198.51.100.4"
        said = [Client(REMOTE_ADDR=address).post(path, asked(mail)) for _attempt in range(7)]
        changing = re.compile(r'(value|content)="[\w.:-]{20,}"|data-now="\d+"|[\w.]+@komorebi\.example')
        return [(each.status_code, each.get("Location"), changing.sub("", each.content.decode())) for each in said]

    known, unknown = answers(takeuchi.email), answers("nobody@komorebi.example")
    assert known == unknown
    assert any("待" in words for _status, _location, words in known)


def test_behind_a_proxy_one_persons_failures_hold_up_nobody_else(client, takeuchi, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(12):
        client.post(
            LOGIN,
            {"login": f"guess{number}@mail.example", "password": PASSWORD},
            headers={"x-forwarded-for": "203.0.113.7"},
        )
    right = {"login": takeuchi.email, "password": PASSWORD}
    client.post(LOGIN, right, headers={"x-forwarded-for": "203.0.113.7"})
    assert who(client) is None
    client.post(LOGIN, right, headers={"x-forwarded-for": "198.51.100.4"})
    assert who(client) == str(takeuchi.pk)


def test_a_closed_account_does_not_get_in(client, takeuchi):
    takeuchi.is_active = False
    takeuchi.save()
    sign_in(client)
    assert who(client) is None


def test_signing_in_brings_the_persons_own_language(client, takeuchi):
    takeuchi.language = "en"
    takeuchi.save()
    assert sign_in(client).cookies["anshin_language"].value == "en"
    assert "Waiting for us" in client.get("/s/komorebi/inbox/mine").content.decode()


def test_a_code_by_mail_leads_in(client, takeuchi, letters, now):
    asked, code = ask_for_code(client, letters, now)
    assert asked.url == "/account/login/code/confirm/"
    assert "takeuchi@komorebi.example" in client.get(asked.url).content.decode()
    client.post(asked.url, {"code": code})
    assert who(client) == str(takeuchi.pk)


def test_a_code_typed_in_full_width_letters_counts(client, takeuchi, letters, now):
    asked, code = ask_for_code(client, letters, now)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    client.post(asked.url, {"code": wide})
    assert who(client) == str(takeuchi.pk)


def test_a_wrong_code_is_said_beside_the_field(client, takeuchi, letters, now):
    asked, _code = ask_for_code(client, letters, now)
    page = client.post(asked.url, {"code": "AAAA-AA"}).content.decode()
    assert 'id="id_code_error"' in page
    assert who(client) is None


def test_after_three_wrong_codes_the_right_one_is_worth_nothing(client, takeuchi, letters, now):
    asked, code = ask_for_code(client, letters, now)
    for _attempt in range(3):
        client.post(asked.url, {"code": "AAAA-AA"})
    client.post(asked.url, {"code": code})
    assert who(client) is None


def test_an_unknown_address_is_answered_alike_and_gets_no_mail(client, letters, now):
    asked, _code = ask_for_code(client, letters, now, mail="nobody@komorebi.example")
    assert asked.url == "/account/login/code/confirm/"
    assert (letters.left, Job.objects.count()) == ([], 0)


def test_a_forgotten_password_is_replaced_through_the_mailed_link(client, takeuchi, letters, now):
    client.post("/account/password/reset/", {"email": takeuchi.email})
    run_due_jobs(now=now)
    link = re.search(r"http://\S+", letters.left[0].text)[0]
    form = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    new = "kiiro-no-fuutou-8"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    client.logout()
    sign_in(client, new)
    assert who(client) == str(takeuchi.pk)


def test_the_mailed_link_keeps_the_installations_address(client, takeuchi, letters, now, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/account/password/reset/", {"email": takeuchi.email}, HTTP_HOST="thief.example")
    run_due_jobs(now=now)
    assert "http://localhost:8000/account/password/reset/key/" in letters.left[0].text
    assert "thief.example" not in letters.left[0].text


def test_a_short_password_is_refused_in_words(client, takeuchi):
    client.force_login(takeuchi)
    short = {"oldpassword": PASSWORD, "password1": "kiiro-8", "password2": "kiiro-8"}
    page = client.post("/account/password/change/", short).content.decode()
    assert 'id="id_password1_error"' in page
    assert "12文字以上" in page
    takeuchi.refresh_from_db()
    assert takeuchi.check_password(PASSWORD)


@pytest.mark.parametrize(
    "known",
    [
        "1q2w3e4r5t6y",  # on the list of breached ones
        "1Q2W3E4R5T6Y",
        "１ｑ２ｗ３ｅ４ｒ５ｔ６ｙ",
        "Password2026!",  # a common word with what everybody adds
        "sunshinesunshine",
    ],
)
def test_a_password_from_stolen_lists_is_refused_with_what_to_do(client, takeuchi, known):
    client.force_login(takeuchi)
    page = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": known, "password2": known})
    assert "盗まれたパスワードの一覧" in page.content.decode()
    takeuchi.refresh_from_db()
    assert takeuchi.check_password(PASSWORD)


def test_a_row_of_words_is_taken(client, takeuchi):
    client.force_login(takeuchi)
    new = "kiiro-no-fuutou-8"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    takeuchi.refresh_from_db()
    assert takeuchi.check_password(new)


def test_there_is_no_open_sign_up(client, db):
    page = client.post("/account/signup/", {"email": "me@mail.example", "password1": PASSWORD})
    assert "アカウントは招待制です" in page.content.decode()
    assert Person.objects.count() == 0


def test_nobody_changes_the_address_of_an_account_by_themselves(client, takeuchi):
    client.force_login(takeuchi)
    with pytest.raises(NoReverseMatch):
        reverse("account_email")
    assert client.get("/account/email/").status_code == 404


def test_a_person_without_a_shop_is_told_what_to_do(client, takeuchi, agent):
    agent.is_active = False
    agent.save()
    sign_in(client)
    answer = client.get("/")
    assert answer.status_code == 403
    assert "招待" in answer.content.decode()


def test_signing_out_needs_a_click_and_ends_the_session(client, takeuchi):
    client.force_login(takeuchi)
    client.get("/account/logout/")
    assert who(client) == str(takeuchi.pk)
    client.post("/account/logout/")
    assert who(client) is None


def test_switching_shops_is_remembered(client, agent, other_shop, now):
    from anshin.shops.actions import invite_staff
    from anshin.shops.terms import Role

    invite_staff(shop=other_shop, email=agent.person.email, name="", role=Role.AGENT, by=None, now=now)
    client.force_login(agent.person)
    assert client.post("/switch", {"shop": "shiosai"}).url == "/s/shiosai/inbox/mine"
    assert client.get("/").url == "/s/shiosai/inbox/mine"
    assert client.post("/switch", {"shop": "unknown"}).status_code == 404


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "path",
    [
        LOGIN,
        CODE,
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/signup/",
        "/account/inactive/",
    ],
)
def test_every_page_outside_is_ours(client, db, path, language):
    client.cookies["anshin_language"] = language
    page = client.get(path).content.decode()
    assert '<body class="bare"' in page


@pytest.mark.parametrize("path", ["/account/password/change/", "/account/password/set/", "/account/logout/"])
def test_every_page_of_ones_own_account_is_ours(client, takeuchi, agent, path):
    if path.endswith("/set/"):
        takeuchi.set_unusable_password()
        takeuchi.save()
    client.force_login(takeuchi)
    assert '<body class="bare"' in client.get(path).content.decode()


def test_the_casts_cards_show_who_has_an_account(client, agent):
    page = client.get(LOGIN).content.decode()
    assert page.count("cast-card") == 1
    assert "込み入った返品や配送の相談" in page
    client.cookies["anshin_language"] = "en"
    assert "Takeuchi Ryo" in client.get(LOGIN).content.decode()


def test_a_card_takes_the_persons_place_and_keeps_the_language(client, agent):
    client.cookies["anshin_language"] = "en"
    answer = client.post("/dev/sign-in", {"person": "takeuchi", "next": "https://thief.example/"})
    assert (answer.url, who(client)) == ("/", str(agent.person_id))
    assert "anshin_language" not in answer.cookies


@pytest.mark.parametrize("person", ["", "nobody", "saeki"])
def test_a_card_of_nobody_leads_nowhere(client, agent, person):
    assert client.post("/dev/sign-in", {"person": person}).status_code == 404
    assert who(client) is None


def test_the_cards_are_protected_against_foreign_forms(agent):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/dev/sign-in", {"person": "takeuchi"}).status_code == 403
    assert who(strict) is None


@pytest.mark.parametrize("mode", ["production", "development"])
def test_the_cards_exist_in_the_demo_only(client, agent, mode):
    import importlib

    from anshin.project import urls

    with override_settings(ANSHIN_MODE=mode, ANSHIN_OUTSIDE=False):
        importlib.reload(urls)
        clear_url_caches()
        try:
            assert client.post("/dev/sign-in", {"person": "takeuchi"}).status_code == 404
            assert "cast-card" not in client.get(LOGIN).content.decode()
        finally:
            with override_settings(ANSHIN_MODE="test", ANSHIN_OUTSIDE=True):
                importlib.reload(urls)
                clear_url_caches()
