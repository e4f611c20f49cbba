"""The customer's page: opened by whoever has the mail, changed by a click only, never another shop's."""

from datetime import timedelta

import pytest

from anshin.plumbing import clock
from anshin.plumbing.journal.models import JournalEntry
from anshin.satisfaction.models import Survey
from tests.satisfaction.conftest import asks, finished, moved  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(asks, finished, moved, now):  # noqa: F811
    finished()
    moved(now + timedelta(days=2))
    return Survey.objects.get()


@pytest.fixture
def page(survey):
    return f"/p/komorebi/survey/{survey.token}"


def test_opening_it_changes_nothing_even_with_a_score_in_the_address(client, survey, page):
    shown = client.get(f"{page}?score=5").content.decode()
    assert "対応はいかがでしたか" in shown
    assert 'value="5" checked' in shown
    assert Survey.objects.get().score is None


def test_an_answer_and_another_one(client, survey, page):
    assert client.post(page, {"score": "2", "comment": " 返事が遅かった "}).status_code == 302
    shown = client.get(page).content.decode()
    assert "責任者が拝読します" in shown
    client.post(page, {"score": "4", "comment": "その後は早かった"})
    survey.refresh_from_db()
    assert (survey.score, survey.comment) == (4, "その後は早かった")
    told = JournalEntry.objects.filter(event="satisfaction.answered").order_by("id")
    assert [(entry.payload["former"], entry.payload["score"]) for entry in told] == [(0, 2), (2, 4)]
    assert all("遅かった" not in str(entry.payload) for entry in told)


def test_the_same_again_is_told_once(client, survey, page):
    for _ in range(3):
        client.post(page, {"score": "4", "comment": ""})
    assert JournalEntry.objects.filter(event="satisfaction.answered").count() == 1


@pytest.mark.parametrize("score", ["", "0", "6", "五", "-1", "99999999999"])
def test_without_one_of_the_five_nothing_is_kept_and_the_words_stay(client, survey, page, score):
    answer = client.post(page, {"score": score, "comment": "書いた言葉"})
    assert answer.status_code == 422
    assert "書いた言葉" in answer.content.decode()
    assert Survey.objects.get().score is None


def test_long_and_odd_words_are_taken(client, survey, page):
    client.post(page, {"score": "1", "comment": "あ\x00い<script>" + "う" * 5000})
    survey.refresh_from_db()
    assert len(survey.comment) == 2000
    assert "<script>" not in client.get(page).content.decode().partition("<main")[2]


def test_too_late(client, survey, page, monkeypatch):
    late = survey.asked_at + timedelta(days=61)
    monkeypatch.setattr(clock, "now", lambda: late)
    client.post(page, {"score": "5"})
    assert Survey.objects.get().score is None
    assert "受付は終わりました" in client.get(page).content.decode()


@pytest.mark.parametrize(
    "path", ["/p/komorebi/survey/{wrong}", "/p/shiosai/survey/{token}", "/p/nowhere/survey/{token}"]
)
def test_who_has_no_such_mail_finds_nothing(client, other_shop, survey, path):
    where = path.format(token=survey.token, wrong=survey.token.swapcase())
    assert client.get(where).status_code == 404
    assert client.post(where, {"score": "5"}).status_code == 404
    assert Survey.objects.get().score is None


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "Very satisfied"), ("zh-Hant", "非常滿意"), ("zh-Hans", "非常满意"), ("ko", "매우 만족")],
)
def test_it_speaks_five_languages(client, page, language, word):
    shown = client.get(f"{page}?language={language}").content.decode()
    assert word in shown
    assert f'<html lang="{language}"' in shown
