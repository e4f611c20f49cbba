"""Language, theme, and the pages that say what went wrong."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from anshin.plumbing.pages import views
from anshin.plumbing.pages.context import page
from anshin.plumbing.pages.language_choice import LanguageChoice, chosen_theme


def language_seen(cookie="", **headers):
    seen = []

    def answer(request):
        seen.append(translation.get_language())
        return HttpResponse()

    request = RequestFactory().get("/", headers=headers)
    if cookie:
        request.COOKIES["anshin_language"] = cookie
    LanguageChoice(answer)(request)
    return seen[0]


def test_a_page_is_japanese_unless_english_was_chosen():
    assert language_seen() == "ja"
    assert language_seen(accept_language="en") == "ja"
    assert language_seen(cookie="en") == "en"
    assert language_seen(cookie="tlh") == "ja"


def test_the_language_is_put_back_after_the_request():
    with translation.override("ja"):
        language_seen(cookie="en")
        assert translation.get_language() == "ja"


@pytest.mark.parametrize(("cookie", "theme"), [("", "auto"), ("dark", "dark"), ("light", "light"), ('"><x', "auto")])
def test_the_theme_comes_from_the_cookie_and_only_from_known_words(cookie, theme):
    request = RequestFactory().get("/")
    request.COOKIES["anshin_theme"] = cookie
    assert chosen_theme(request) == theme
    assert page(request)["theme"] == theme


def posted(data, **headers):
    request = RequestFactory().post("/theme", data, headers=headers)
    return views.set_theme(request)


def test_choosing_a_theme_keeps_it_for_a_year_and_goes_back():
    answer = posted({"theme": "dark", "next": "/s/komorebi/inbox/mine"})
    assert (answer.status_code, answer["Location"]) == (302, "/s/komorebi/inbox/mine")
    assert answer.cookies["anshin_theme"].value == "dark"
    assert answer.cookies["anshin_theme"]["max-age"] == 365 * 24 * 60 * 60


def test_choosing_a_theme_never_leads_to_another_site():
    assert posted({"theme": "dark", "next": "https://elsewhere.example/"})["Location"] == "/"
    assert posted({"theme": "dark", "next": "//elsewhere.example/"})["Location"] == "/"


def test_an_unknown_theme_is_refused_and_nothing_is_kept():
    answer = posted({"theme": "pink"})
    assert answer.status_code == 400
    assert "anshin_theme" not in answer.cookies


def test_a_script_gets_no_page_back():
    answer = posted({"theme": "light"}, x_requested_with="fetch")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_theme_is_not_set_by_a_link():
    assert views.set_theme(RequestFactory().get("/theme")).status_code == 405


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (views.bad_request, 400),
        (views.forbidden, 403),
        (views.csrf_failed, 403),
        (views.not_found, 404),
        (views.too_large, 413),
        (views.server_error, 500),
    ],
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_trouble_page_stands_without_a_database_and_says_what_to_do(view, status, language):
    request = RequestFactory().get("/")
    request.LANGUAGE_CODE = language
    with translation.override(language):
        answer = view(request)
    assert answer.status_code == status
    body = answer.content.decode()
    assert f'<html lang="{language}"' in body
    assert "<script" not in body
    assert "style=" not in body


def test_a_missing_page_is_answered_in_japanese(db):
    body = Client().get("/no/such/page").content.decode()
    assert "このページは見つかりません" in body
