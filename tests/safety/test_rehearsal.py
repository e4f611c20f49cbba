"""The rehearsal: every mail as a buyer would get it, looked at by insiders, sent to nobody but oneself."""

from __future__ import annotations

import pytest

from anshin.channels.email.models import Mailbox
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.project.safety_post import SafetyMailPost
from anshin.safety import actions, queries
from anshin.safety.fakes import RecordingPost
from anshin.safety.models import Look, SafetyMail, SealedFact
from anshin.safety.ports import safety_post
from anshin.safety.terms import LANGUAGES, LookedAt, MailRound, Recipient
from tests.safety.conftest import EN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def at(advisory, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"/s/komorebi/safety/{advisory.key}/rehearsal?{query}"


def text(answer):
    return answer.content.decode()


@pytest.fixture
def buyers(bought):
    """One of each kind, and one with two orders."""
    bought(name="店の客")
    bought(name="楽天の客", channel="rakuten")
    bought(name="贈る客", is_gift=True)
    twice = bought(name="二度の客")
    bought(customer=twice.customer)
    return twice


def rehearsed(by, advisory, now, language="ja", recipient=Recipient.SHOP, which=MailRound.FIRST):
    sample = actions.Sample(language, recipient, which)
    return actions.rehearse(by=by, advisory_id=advisory.pk, sample=sample, link="https://desk.example/", now=now)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("recipient", list(Recipient))
def test_every_mail_is_there_in_both_forms(ready, agent, buyers, signed_in, language, recipient):
    shown = signed_in(agent).get(at(ready, language=language, to=recipient))
    assert shown.status_code == 200
    letter = shown.context["told"].letter
    assert letter.language == language
    assert shown.context["told"].is_made_up == (language != "ja")
    assert letter.text.strip().split("\n")[-1] in text(shown).replace("&#x27;", "'")
    assert "srcdoc=" in text(shown)


def test_it_is_the_mail_of_a_real_buyer_of_that_kind(ready, agent, buyers, now):
    names = {each: rehearsed(agent, ready, now, recipient=each).letter.name for each in Recipient}
    assert names[Recipient.MARKET] == "楽天の客"
    assert names[Recipient.GIFT] == "贈る客"
    several = rehearsed(agent, ready, now, recipient=Recipient.SEVERAL).letter
    assert several.name == "二度の客"
    assert several.text.count("注文番号") == 2
    assert "贈りもの" in rehearsed(agent, ready, now, recipient=Recipient.GIFT).letter.text


def test_orders_by_language_and_kind_are_counted(ready, buyers):
    counts = queries.kinds_in(queries.audience(ready))
    assert counts == {("ja", Recipient.SHOP): 3, ("ja", Recipient.MARKET): 1, ("ja", Recipient.GIFT): 1}


@pytest.mark.parametrize("which", list(MailRound))
def test_every_round_can_be_looked_at(ready, agent, buyers, signed_in, which):
    shown = signed_in(agent).get(at(ready, round=which))
    assert shown.context["told"].letter.subject.startswith("【")
    assert len({rehearsed(agent, ready, ready.created_at, which=each).letter.subject for each in MailRound}) == 4


def test_the_page_notice_stands_beside_it_in_that_language(ready, agent, signed_in, now):
    actions.word(by=agent, advisory_id=ready.pk, language="en", words=EN, now=now)
    desk = signed_in(agent)
    assert "Unplug it and stop using it." in text(desk.get(at(ready, language="en")))
    assert desk.get(at(ready, language="ko")).context["shown"]["stands_in"] is True


def test_a_look_is_written_down(ready, agent, signed_in):
    signed_in(agent).get(at(ready))
    assert Look.objects.filter(advisory=ready, what=LookedAt.MAILS).count() == 1


def test_without_words_it_says_what_to_write_first(sealed, agent, signed_in):
    shown = signed_in(agent).get(at(sealed))
    assert shown.status_code == 200
    assert shown.context["told"] is None
    assert "<iframe" not in text(shown)


class TestToMyself:
    @pytest.fixture
    def post(self):
        with safety_post.filled_with(RecordingPost()) as fake:
            yield fake

    def test_it_goes_to_my_address_alone_and_is_marked_and_written_down(self, ready, agent, buyers, signed_in, post):
        shown = signed_in(agent).post(at(ready, to="gift"))
        assert shown.status_code == 302
        (letter,) = post.left
        assert letter.to == letter.reply_to == agent.person.email
        assert letter.subject.startswith("【予行・公表前】")
        assert letter.text.startswith("予行です。")
        assert "予行です。" in letter.html
        assert "贈りもの" in letter.text
        assert "/p/komorebi/safety/" not in letter.text  # no buyer's own link
        fact = SealedFact.objects.get(event="advisory.rehearsed")
        assert (fact.by, fact.payload["recipient"]) == (agent, "gift")
        assert not SafetyMail.objects.exists()

    def test_nothing_of_it_stands_where_others_read(self, ready, agent, buyers, signed_in, post):
        jobs = Job.objects.count()
        signed_in(agent).post(at(ready))
        assert Job.objects.count() == jobs
        assert not JournalEntry.objects.filter(event__startswith="advisory.").exists()

    def test_never_to_a_mailbox_of_the_shop(self, ready, agent, signed_in, post):
        post.own.add((ready.shop_id, agent.person.email))
        shown = signed_in(agent).post(at(ready))
        assert shown.status_code == 422
        assert (post.left, SealedFact.objects.filter(event="advisory.rehearsed").count()) == ([], 0)

    def test_a_refusal_of_the_server_is_said(self, ready, agent, signed_in, post):
        post.takes = 0
        shown = signed_in(agent).post(at(ready))
        assert shown.status_code == 422
        assert "554 5.7.0 limit exceeded" in text(shown)

    def test_whoever_is_not_named_finds_nothing(self, ready, owner, signed_in, post):
        for answer in (signed_in(owner).get(at(ready)), signed_in(owner).post(at(ready))):
            assert answer.status_code == 404
        assert (post.left, Look.objects.count()) == ([], 0)

    def test_the_real_post_knows_the_mailboxes_of_the_shop(self, shop, now):
        Mailbox.objects.create(shop=shop, address="Shop@komorebi.example", created_at=now)
        assert SafetyMailPost().arrives_here(shop.pk, "shop@KOMOREBI.example")
        assert not SafetyMailPost().arrives_here(shop.pk, "other@komorebi.example")


def test_only_a_key_of_ours_is_a_rehearsal():
    key = queries.rehearsal_key("abc", "shop@komorebi.example")
    assert queries.is_rehearsal(key)
    assert not queries.is_rehearsal(key.replace("abc", "abd"))
    assert not queries.is_rehearsal("safety.12.abc@komorebi.example")
