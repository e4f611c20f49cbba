"""A buyer answers on the page behind the link in their mail, without signing in."""

from __future__ import annotations

import pytest

from anshin.cases.models import Case
from anshin.plumbing.journal.models import JournalEntry
from anshin.safety import actions, queries
from anshin.safety.models import Acknowledgement, Advisory, Notice, SafetyMail
from anshin.safety.queries.mails import link_of
from anshin.safety.terms import Answer


@pytest.fixture
def told(approved, bought, publish_at):
    """Somebody with two orders was written to."""
    first = bought()
    bought(customer=first.customer)
    actions.release_due(now=publish_at)
    actions.announce(approved.pk, now=publish_at)
    return SafetyMail.objects.get()


@pytest.fixture
def page(told):
    """The address in the mail, without the host."""
    return "/p/" + link_of(told, "komorebi").partition("/p/")[2]


def answers(advisory):
    return queries.answer_counts(Advisory.objects.get(pk=advisory.pk))


def test_the_page_says_what_the_notice_says_and_opening_it_changes_nothing(client, page):
    shown = client.get(page)
    assert shown.status_code == 200
    assert "使用中に煙が出るおそれがあります。" in shown.content.decode()
    assert not Acknowledgement.objects.exists()
    assert "no-store" in shown.headers["Cache-Control"]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "ko"])
def test_in_every_language_with_what_was_not_translated_in_the_lead_language(client, page, language):
    shown = client.get(page, {"language": language}).content.decode()
    assert "使うのをやめてください" in shown
    assert '<div lang="ja">' in shown


def test_an_answer_is_kept_for_every_order_once(client, page, approved):
    for _twice in range(2):
        assert client.post(page, {"answer": "stopped"}).status_code == 302
    assert Acknowledgement.objects.count() == Notice.objects.count() == 2
    assert answers(approved) == {Answer.STOPPED: 2}
    assert JournalEntry.objects.filter(event="advisory.answered").count() == 2
    assert "お答えを受け取りました" in client.get(page).content.decode()


def test_the_newest_answer_counts(client, page, approved):
    client.post(page, {"answer": "stopped"})
    client.post(page, {"answer": "gave_away"})
    assert answers(approved) == {Answer.GAVE_AWAY: 2}
    assert "お譲りになった方" in client.get(page).content.decode()


def test_whoever_wants_the_remedy_gets_one_case(client, page, approved):
    for said in ("wants_remedy", "stopped", "wants_remedy"):
        client.post(page, {"answer": said})
    case = Case.objects.get()
    assert case.subject.startswith("S-0001")
    assert case.channel == "portal"
    assert answers(approved) == {Answer.WANTS_REMEDY: 2}


@pytest.mark.parametrize("said", ["", "explode", "wants_remedy'"])
def test_no_answer_of_ours_is_said_so(client, page, said):
    shown = client.post(page, {"answer": said})
    assert shown.status_code == 422
    assert not Acknowledgement.objects.exists()


def test_a_made_up_word_and_another_shop_find_nothing(client, page, other_shop):
    assert client.get("/p/komorebi/safety/made-up/").status_code == 404
    assert client.get(page[:-2] + ("x/" if page[-2] != "x" else "y/")).status_code == 404
    assert client.get(page.replace("komorebi", "shiosai")).status_code == 404
    assert client.post(page.replace("komorebi", "shiosai"), {"answer": "stopped"}).status_code == 404


def test_withdrawn_it_says_so_and_takes_no_answer(client, page, approved, manager, publish_at):
    actions.withdraw(by=manager, advisory_id=approved.pk, words="誤りだった", now=publish_at)
    assert "取り下げられました" in client.get(page).content.decode()
    assert "取り下げられました" in client.post(page, {"answer": "stopped"}).content.decode()
    assert not Acknowledgement.objects.exists()


def test_the_page_costs_few_queries(client, page, django_assert_max_num_queries):
    client.get(page)
    with django_assert_max_num_queries(6):
        client.get(page)
