"""Released: a notice for each order, one mail for each address, latest first, each once whatever is killed when."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from anshin.commerce.models import ContactPoint
from anshin.plumbing.jobs.models import Job
from anshin.safety import actions, queries
from anshin.safety.actions import announcing, calling, sending
from anshin.safety.fakes import Killed
from anshin.safety.models import Advisory, Notice, PersonToTell, SafetyMail
from anshin.safety.ports import Handed
from anshin.safety.terms import MailRound, MailState, Standing
from tests.safety.conftest import JA


def released(approved, publish_at):
    actions.release_due(now=publish_at)
    return Advisory.objects.get(pk=approved.pk)


def send(advisory, at):
    return sum(actions.send_mails(advisory.pk, lane, clock=lambda: at) for lane in range(calling.LANES))


def states():
    return Counter(SafetyMail.objects.values_list("state", flat=True))


class TestNotices:
    def test_before_the_time_no_job_knows_of_it(self, approved, bought):
        bought()
        assert not Job.objects.filter(task=calling.ANNOUNCE).exists()

    def test_everybody_is_written_down_with_the_reason_and_only_once(self, approved, bought, publish_at, now):
        bought(is_gift=True, lot="2510"), bought(mail="", place="東京都"), bought(cancelled_at=now)
        advisory = released(approved, publish_at)
        assert Job.objects.filter(task=calling.ANNOUNCE, args=[advisory.pk]).count() == 1
        assert actions.announce(advisory.pk, now=publish_at) == 3 + 1
        found = {each.standing: each for each in Notice.objects.all()}
        assert set(found) == {Standing.BY_MAIL, Standing.BY_LETTER, Standing.CANCELLED}
        assert (found["by_mail"].is_gift, found["by_mail"].is_lot_known) == (True, True)
        assert (found["by_letter"].mail, found["by_mail"].mail) == (None, SafetyMail.objects.get())
        assert Advisory.objects.get(pk=advisory.pk).announced_at == publish_at
        before = list(Notice.objects.values()), list(SafetyMail.objects.values())
        for _again in range(2):
            assert actions.announce(advisory.pk, now=publish_at + timedelta(hours=1)) == 0
        assert (list(Notice.objects.values()), list(SafetyMail.objects.values())) == before

    def test_several_orders_of_one_person_are_one_mail(self, approved, bought, publish_at):
        first = bought()
        bought(customer=first.customer), bought(customer=first.customer)
        advisory = released(approved, publish_at)
        actions.announce(advisory.pk, now=publish_at)
        assert (Notice.objects.count(), SafetyMail.objects.count()) == (3, 1)
        assert SafetyMail.objects.get().notices.count() == 3

    def test_begun_again_after_any_portion_it_adds_the_rest(self, approved, bought, publish_at, monkeypatch, now):
        for number in range(9):
            bought(at=now - timedelta(days=number))
        advisory = released(approved, publish_at)
        monkeypatch.setattr(announcing, "FIRST_PORTION", 2)
        monkeypatch.setattr(announcing, "PORTION", 3)
        whole, written = announcing._write, []

        def dies(work, portion, *, now):
            if len(written) == dies.after:
                raise Killed
            written.append(portion)
            return whole(work, portion, now=now)

        for after in range(4):
            dies.after, written[:] = after, []
            monkeypatch.setattr(announcing, "_write", dies)
            with pytest.raises(Killed):
                actions.announce(advisory.pk, now=publish_at)
            assert Advisory.objects.get(pk=advisory.pk).announced_at is None
        monkeypatch.setattr(announcing, "_write", whole)
        actions.announce(advisory.pk, now=publish_at)
        assert (Notice.objects.count(), SafetyMail.objects.count()) == (9, 9)
        ranks = list(SafetyMail.objects.order_by("pk").values_list("rank", flat=True))
        assert ranks == sorted(ranks, reverse=True)

    def test_one_mail_also_where_the_orders_of_one_person_fall_into_several_portions(
        self, approved, bought, publish_at, monkeypatch, now
    ):
        first = bought(at=now - timedelta(days=1))
        bought(at=now - timedelta(days=2)), bought(at=now - timedelta(days=3), customer=first.customer)
        advisory = released(approved, publish_at)
        monkeypatch.setattr(announcing, "FIRST_PORTION", 1)
        monkeypatch.setattr(announcing, "PORTION", 1)
        assert actions.announce(advisory.pk, now=publish_at) == 3 + 2
        mails = list(SafetyMail.objects.order_by("pk").values_list("customer_id", "rank"))
        assert mails[0] == (first.customer_id, int(first.ordered_at.timestamp()))
        assert Notice.objects.filter(mail__customer=first.customer).count() == 2

    def test_an_address_that_was_forgotten_after_it_was_judged_gets_no_mail(
        self, approved, bought, publish_at, monkeypatch, now
    ):
        kept, forgotten = bought(at=now - timedelta(days=1)), bought(at=now - timedelta(days=2), place="東京都")
        advisory = released(approved, publish_at)
        monkeypatch.setattr(announcing, "FIRST_PORTION", 1)
        whole = announcing._write

        def forgets(work, portion, *, now):
            ContactPoint.objects.filter(customer=forgotten.customer).delete()
            return whole(work, portion, now=now)

        portions = list(announcing._portions(announcing._next_work(advisory.pk)))
        monkeypatch.setattr(announcing, "_portions", lambda _work: iter(portions))
        monkeypatch.setattr(announcing, "_write", forgets)
        actions.announce(advisory.pk, now=publish_at)
        assert [each.customer_id for each in SafetyMail.objects.all()] == [kept.customer_id]
        notice = Notice.objects.get(order=forgotten)
        assert (notice.standing, notice.address_key, notice.mail) == (Standing.BY_LETTER, "", None)
        assert list(PersonToTell.objects.values_list("customer_id", "way")) == [
            (forgotten.customer_id, Standing.BY_LETTER)
        ]

    def test_the_rank_is_the_second_of_the_purchase(self, approved, bought, publish_at, now):
        bought(at=now.replace(microsecond=999_999) - timedelta(days=400))
        advisory = released(approved, publish_at)
        actions.announce(advisory.pk, now=publish_at)
        assert SafetyMail.objects.get().rank == int((now - timedelta(days=400)).timestamp())

    def test_a_withdrawn_one_is_announced_no_further(self, approved, bought, publish_at, manager):
        bought()
        advisory = released(approved, publish_at)
        actions.withdraw(by=manager, advisory_id=advisory.pk, words="公表元が取り下げた", now=publish_at)
        assert actions.announce(advisory.pk, now=publish_at) == 0
        assert not Notice.objects.exists()


class TestSending:
    @pytest.fixture
    def announced(self, approved, bought, publish_at):
        for _each in range(7):
            bought(language="ko")
        advisory = released(approved, publish_at)
        actions.announce(advisory.pk, now=publish_at)
        return advisory

    def test_by_the_jobs_from_the_release_to_the_last_mail(self, approved, bought, publish_at, safe_post, run_at):
        bought(), bought()
        released(approved, publish_at)
        run_at(publish_at)
        assert states() == {MailState.SENT: 2}
        assert {each.to for each in safe_post.left} == set(ContactPoint.objects.values_list("value", flat=True))
        run_at(publish_at + timedelta(days=1))
        assert len(safe_post.left) == 2

    @pytest.mark.parametrize("moment", ["before", "after"])
    @pytest.mark.parametrize("number", [0, 2, 6])
    def test_killed_anywhere_nobody_gets_two_and_what_is_unsure_is_shown(
        self, announced, publish_at, safe_post, moment, number
    ):
        safe_post.dies = (moment, number)
        with pytest.raises(Killed):
            send(announced, publish_at)
        safe_post.dies = None
        send(announced, publish_at + timedelta(minutes=5))
        assert Counter(each.to for each in safe_post.left).most_common(1)[0][1] == 1
        assert len(safe_post.left) == 7
        # the answer to the mail before stands with the next hand-over: it may be unknown, too, and is not sent again
        assert states()[MailState.UNSURE] <= 1
        assert states()[MailState.SENT] + states()[MailState.UNSURE] == 7
        assert states()[MailState.UNSURE] == (1 if moment == "after" else states()[MailState.UNSURE])

    def test_a_bad_address_fails_and_is_marked_and_the_others_go(self, announced, publish_at, safe_post):
        bad = SafetyMail.objects.order_by("pk")[2]
        safe_post.answers[bad.address] = Handed(0, False, "550 5.1.1 no such user", True, False, "unknown_user")
        send(announced, publish_at)
        bad.refresh_from_db()
        assert (bad.state, bad.words) == (MailState.FAILED, "550 5.1.1 no such user")
        assert ContactPoint.objects.get(key=bad.address_key).reach == "unreachable"
        assert states() == {MailState.SENT: 6, MailState.FAILED: 1}

    def test_a_deferred_one_waits_longer_each_time(self, announced, publish_at, safe_post):
        slow = SafetyMail.objects.order_by("pk")[0]
        safe_post.answers[slow.address] = Handed(0, False, "450 greylisted")
        send(announced, publish_at)
        slow.refresh_from_db()
        assert (slow.state, slow.next_try_at) == (MailState.DEFERRED, publish_at + timedelta(minutes=1))
        assert send(announced, publish_at + timedelta(seconds=59)) == 0
        safe_post.answers.clear()
        assert send(announced, publish_at + timedelta(minutes=1)) == 1
        assert [sending.wait_after(tries).total_seconds() for tries in (1, 2, 3, 20)] == [60, 120, 240, 3600]

    def test_a_server_that_takes_no_more_stops_it_visibly_and_it_goes_on_later(
        self, approved, bought, publish_at, safe_post
    ):
        for _each in range(30):
            bought()
        advisory = released(approved, publish_at)
        actions.announce(advisory.pk, now=publish_at)
        safe_post.takes = 9
        send(advisory, publish_at)
        advisory.refresh_from_db()
        assert (len(safe_post.left), states()[MailState.FAILED]) == (9, 0)
        held = queries.sending_of(advisory)
        assert held.held_until_at > publish_at
        assert held.held_words == "554 5.7.0 limit exceeded"
        assert not ContactPoint.objects.exclude(reach="ok").exists()
        assert send(advisory, publish_at + timedelta(seconds=30)) == 0
        for hour in range(1, 15):  # far more often than one mail is tried
            send(advisory, publish_at + timedelta(hours=2 * hour))
        assert states()[MailState.FAILED] == 0
        safe_post.takes = None
        send(advisory, publish_at + timedelta(hours=40))
        advisory.refresh_from_db()
        assert (states(), advisory.held_until_at) == ({MailState.SENT: 30}, None)
        assert len({each.to for each in safe_post.left}) == len(safe_post.left) == 30

    def test_no_mailbox_is_a_state_one_can_see(self, announced, publish_at):
        send(announced, publish_at)  # the real adapter; the shop has no mailbox
        announced.refresh_from_db()
        assert announced.held_words
        assert states()[MailState.WAITING] + states()[MailState.DEFERRED] == 7

    def test_after_a_correction_whoever_was_told_is_told_again_once(
        self, approved, bought, publish_at, safe_post, agent, manager, facts, run_at
    ):
        bought(), bought(lot="2512")
        advisory = released(approved, publish_at)
        run_at(publish_at)
        later = replace(facts, contact_phone="0120-111-111")
        actions.change_facts(by=agent, advisory_id=advisory.pk, facts=later, seen_version=1, now=publish_at)
        actions.word(by=agent, advisory_id=advisory.pk, language="ja", words=JA, now=publish_at)
        actions.approve(by=manager, advisory_id=advisory.pk, seen_version=2, now=publish_at + timedelta(hours=1))
        run_at(publish_at + timedelta(hours=1))
        actions.announce(advisory.pk, now=publish_at + timedelta(hours=2))
        rounds = list(SafetyMail.objects.order_by("pk").values_list("round", "turn", "version", "state"))
        assert rounds == [(MailRound.FIRST, 0, 1, "sent"), (MailRound.CORRECTION, 2, 2, "sent")]
        assert ["訂正" in each.subject for each in safe_post.left] == [False, True]
        assert "0120-111-111" in safe_post.left[1].text
        assert "注文番号 KM-00001" in safe_post.left[1].text


def test_the_word_in_a_link_names_its_mail_and_no_other(shop, approved, bought, publish_at):
    bought()
    advisory = released(approved, publish_at)
    actions.announce(advisory.pk, now=publish_at)
    mail = SafetyMail.objects.get()
    token = queries.link_of(mail, "komorebi").rstrip("/").rpartition("/")[2]
    whose = queries.addressee_of(shop, token)
    assert whose is not None
    assert (whose.advisory.pk, whose.mail) == (advisory.pk, mail.address)
    assert queries.addressee_of(shop, token[:-1] + ("a" if token[-1] != "a" else "b")) is None
