"""A buyer answers on the page behind the link in their mail, without signing in."""

from __future__ import annotations

import pytest

from anshin.cases.models import Case
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns.models import Return
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


def test_whoever_wants_the_remedy_gets_one_return_without_window_or_postage(client, page, approved):
    """Bought a month ago, in a shop that has no policy at all."""
    for said in ("wants_remedy", "stopped", "wants_remedy"):
        client.post(page, {"answer": said})
    returned = Return.objects.get()
    assert (returned.ground, returned.approval, returned.payer, returned.fault) == (
        "S-0001",
        *("approved", "shop", "shop"),
    )
    assert (returned.wish, returned.parcel, returned.inspection) == ("refund", "not_needed", "not_needed")
    lines = list(returned.lines.values_list("order__number", "quantity", "clause_number", "verdict"))
    assert lines == [("KM-00001", 1, "S-0001", "allowed"), ("KM-00002", 1, "S-0001", "allowed")]
    assert Case.objects.get() == returned.case
    assert answers(approved) == {Answer.WANTS_REMEDY: 2}
    assert set(Acknowledgement.objects.filter(answer="wants_remedy").values_list("remedy_return", flat=True)) == {
        returned.pk
    }
    assert queries.remedies_of(approved) == queries.Remedies(opened=1, done=0)


def test_what_has_to_come_back_is_awaited_at_the_cost_of_the_shop(client, page, approved):
    Advisory.objects.filter(pk=approved.pk).update(must_come_back=True)
    client.post(page, {"answer": "wants_remedy"})
    returned = Return.objects.get()
    assert (returned.parcel, returned.payer, returned.waits_for) == ("awaited", "shop", "customer")


def test_what_is_on_its_way_back_already_is_not_taken_back_twice(client, page, approved):
    client.post(page, {"answer": "wants_remedy"})
    first = Return.objects.get()
    client.post(page, {"answer": "stopped"})
    Return.objects.filter(pk=first.pk).update(nonce="another")
    client.post(page, {"answer": "wants_remedy"})
    assert Return.objects.get() == first
    assert Case.objects.filter(subject__startswith="S-0001").count() == 1  # a person sees to it


def test_withdrawn_and_asked_for_again_it_is_another_return(client, page, approved):
    client.post(page, {"answer": "wants_remedy"})
    Return.objects.update(approval="withdrawn")
    client.post(page, {"answer": "stopped"})
    client.post(page, {"answer": "wants_remedy"})
    assert list(Return.objects.order_by("pk").values_list("approval", flat=True)) == ["withdrawn", "approved"]


def test_a_part_that_is_sent_is_a_case_and_no_return(client, page, approved):
    Advisory.objects.filter(pk=approved.pk).update(remedy="part")
    for said in ("wants_remedy", "stopped", "wants_remedy"):
        client.post(page, {"answer": said})
    case = Case.objects.get()
    assert (case.subject[:6], case.channel) == ("S-0001", "portal")
    assert not Return.objects.exists()


def test_the_return_stands_in_the_list_under_its_notice(client, page, approved, signed_in, agent):
    client.post(page, {"answer": "wants_remedy"})
    desk = signed_in(agent)
    assert "安全のお知らせ S-0001" in desk.get("/s/komorebi/returns/").content.decode()
    shown = desk.get(f"/s/komorebi/returns/{Return.objects.get().number}").content.decode()
    assert "購入からの期間にかかわらず" in shown
    assert "このお知らせによる返品" in desk.get(f"/s/komorebi/safety/{approved.key}").content.decode()


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
