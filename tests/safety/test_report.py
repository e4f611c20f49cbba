"""How far a notice got: each figure from what was written down, the periods; page, CSV and PDF say the same."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.plumbing import clock
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns.models import Return
from anshin.returns.terms import Approval
from anshin.safety import actions, queries
from anshin.safety.actions import ReasonNeeded, TooManyScrapped
from anshin.safety.models import Acknowledgement, Notice, PageShow, SafetyMail, ScrapEstimate
from anshin.safety.rules import reporting
from anshin.safety.terms import Answer, MailRound, MailState, Standing
from tests.cases.writing import arrive
from tests.connectors.papers.samples import rendered

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(approved, bought, publish_at):
    """Six orders: four by mail (one person with two), one by telephone, one that nothing reaches; one was cancelled."""
    twice = bought(lot="2510", quantity=2).customer
    bought(customer=twice, lot="2510", quantity=1)
    bought(lot="2510", quantity=3)
    bought(lot="2511", quantity=1)
    bought(lot="2510", mail="", phone="0312345678", quantity=1)
    bought(lot="2510", mail="", quantity=2)
    bought(lot="2510", cancelled_at=publish_at - timedelta(days=20))
    actions.release_due(now=publish_at + timedelta(seconds=12))
    actions.announce(approved.pk, now=publish_at + timedelta(seconds=12))
    approved.refresh_from_db()
    return approved


def sent(mails, *, at, state=MailState.SENT):
    SafetyMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(state=state, handed_at=at, sent_at=at)


def says(notice, answer, *, at, remedy_return=None):
    Acknowledgement.objects.create(
        shop_id=notice.shop_id, notice=notice, answer=answer, at=at, remedy_return=remedy_return
    )


def a_return(shop, case, *, number, closed_at, approval=Approval.APPROVED):
    return Return.objects.create(
        shop=shop,
        number=number,
        case=case,
        asked_at=closed_at,
        is_by_customer=True,
        nonce=f"n{number}",
        wish="refund",
        verdict="allowed",
        payer="shop",
        approval=approval,
        waits_for="nobody",
        waits_since=closed_at,
        closed_at=closed_at,
    )


class TestFigures:
    def test_it_says_whom_the_notice_is_for(self, released, publish_at):
        found = queries.report(released, now=publish_at + timedelta(minutes=1))
        assert found.by_standing == {
            Standing.BY_MAIL: 4,
            Standing.BY_PHONE: 1,
            Standing.UNREACHABLE: 1,
            Standing.CANCELLED: 1,
        }
        assert (found.told, found.buyers, found.target) == (6, 5, 10)
        assert (found.first_mails.written, found.first_mails.waiting, found.first_mails.sent) == (3, 3, 0)
        assert (found.reached_seconds, found.first_mail_seconds, found.last_mail_seconds) == (12, None, None)

    def test_a_mail_that_came_back_was_sent_and_did_not_arrive(self, released, publish_at):
        first, second, third = SafetyMail.objects.order_by("pk")
        sent([first], at=publish_at + timedelta(seconds=13))
        sent([second], at=publish_at + timedelta(minutes=4), state=MailState.BOUNCED)
        sent([third], at=None, state=MailState.FAILED)
        found = queries.report(released, now=publish_at + timedelta(hours=1))
        assert (found.first_mails.sent, found.first_mails.in_state(MailState.SENT)) == (2, 1)
        assert (found.first_mail_seconds, found.last_mail_seconds) == (13, 240)
        lost = Notice.objects.filter(mail__in=[second, third]).count()
        assert found.without_working_mail == lost > 0

    def test_reminders_are_told_apart(self, released, publish_at):
        mail = SafetyMail.objects.order_by("pk").first()
        mail.pk, mail.round, mail.turn = None, MailRound.REMINDER, 1
        mail.state, mail.sent_at = MailState.SENT, publish_at + timedelta(days=7)
        mail.save()
        found = queries.report(released, now=publish_at + timedelta(days=8))
        assert (found.first_mails.written, found.mails[MailRound.REMINDER].sent) == (3, 1)
        assert found.last_mail_seconds is None

    def test_the_newest_answer_of_an_order_counts(self, released, publish_at):
        by_quantity = Notice.objects.filter(standing=Standing.BY_MAIL).order_by("-quantity", "pk")
        three = by_quantity.first()
        says(three, Answer.WANTS_REMEDY, at=publish_at + timedelta(days=1))
        says(three, Answer.THREW_AWAY, at=publish_at + timedelta(days=2))
        says(by_quantity.last(), Answer.STOPPED, at=publish_at + timedelta(days=2))
        found = queries.report(released, now=publish_at + timedelta(days=3))
        assert found.answers == {Answer.THREW_AWAY: 1, Answer.STOPPED: 1}
        assert (found.answered, found.done, found.rate, found.remedied) == (2, 3, 30.0, 0)

    def test_where_there_is_no_remedy_it_is_done_when_nobody_uses_it(self, released, publish_at):
        released.remedy = "none"
        says(Notice.objects.get(quantity=3), Answer.STOPPED, at=publish_at + timedelta(days=2))
        assert queries.report(released, now=publish_at + timedelta(days=3)).done == 3

    def test_a_remedy_is_done_when_its_return_is_settled_and_not_when_it_is_refused(self, released, shop, publish_at):
        case = arrive(shop, "a@x", at=publish_at).case
        at = publish_at + timedelta(days=5)
        three, phone = Notice.objects.get(quantity=3), Notice.objects.get(standing=Standing.BY_PHONE)
        says(three, Answer.WANTS_REMEDY, at=at, remedy_return=a_return(shop, case, number=1, closed_at=at))
        refused = a_return(shop, case, number=2, closed_at=at, approval=Approval.REFUSED)
        says(phone, Answer.WANTS_REMEDY, at=at, remedy_return=refused)
        says(three, Answer.STOPPED, at=at + timedelta(days=1))
        found = queries.report(released, now=at + timedelta(days=2))
        assert (found.remedied, found.done, found.answered) == (1, 3, 2)

    def test_nobody_who_has_to_be_told_is_no_rate(self, approved, publish_at):
        actions.release_due(now=publish_at)
        actions.announce(approved.pk, now=publish_at)
        approved.refresh_from_db()
        found = queries.report(approved, now=publish_at)
        assert (found.rate, found.corrected, found.told) == (None, None, 0)

    def test_it_costs_the_same_however_much_there_is(self, released, publish_at, django_assert_num_queries):
        for number, notice in enumerate(Notice.objects.all()):
            for day in range(8):
                says(notice, Answer.STOPPED, at=publish_at + timedelta(days=40 * day + number))
        assert released.shop.zone == "Asia/Tokyo"
        with django_assert_num_queries(7):
            queries.report(released, now=publish_at + timedelta(days=700))


class TestPeriods:
    def test_they_are_three_months_in_the_first_year_and_six_later(self):
        found = reporting.periods(date(2026, 11, 30), until=date(2028, 1, 1))
        assert [(each.first, each.last) for each in found] == [
            (date(2026, 11, 30), date(2027, 2, 27)),
            (date(2027, 2, 28), date(2027, 5, 29)),
            (date(2027, 5, 30), date(2027, 8, 29)),
            (date(2027, 8, 30), date(2027, 11, 29)),
            (date(2027, 11, 30), date(2028, 5, 29)),
        ]
        assert [each.is_over for each in found] == [True] * 4 + [False]

    def test_each_says_what_it_brought_and_the_rates_at_its_end(self, released, manager, publish_at):
        three, two = Notice.objects.get(quantity=3), Notice.objects.filter(quantity=2).first()
        says(three, Answer.THREW_AWAY, at=publish_at + timedelta(days=10))
        says(two, Answer.THREW_AWAY, at=publish_at + timedelta(days=100))
        later = publish_at + timedelta(days=120)
        actions.estimate_scrapped(by=manager, advisory_id=released.pk, items=1, ground="耐用年数から", now=later)
        found = queries.report(released, now=later).periods
        told = [(each.answered, each.done, each.total, each.scrapped, each.rate, each.corrected) for each in found]
        assert told == [(1, 3, 3, 0, 30.0, 30.0), (1, 2, 5, 1, 50.0, 60.0)]

    def test_they_end_with_the_notice(self, released, manager, publish_at):
        closed = publish_at + timedelta(days=10)
        actions.close(by=manager, advisory_id=released.pk, words="全員に届いた", now=closed)
        released.refresh_from_db()
        assert len(queries.report(released, now=publish_at + timedelta(days=900)).periods) == 1

    @pytest.mark.parametrize(
        ("done", "target", "percent"), [(1, 3, 33.3), (2, 3, 66.6), (999, 1000, 99.9), (5, 4, 100)]
    )
    def test_a_rate_is_never_rounded_up(self, done, target, percent):
        assert reporting.rate(done, target) == percent


class TestEstimate:
    def test_it_needs_a_ground_and_leaves_no_more_than_there_are(self, released, manager, publish_at):
        told = {"by": manager, "advisory_id": released.pk, "now": publish_at + timedelta(days=1)}
        for items, ground, error in ((1, " ", ReasonNeeded), (11, "x", TooManyScrapped), (-1, "x", TooManyScrapped)):
            with pytest.raises(error):
                actions.estimate_scrapped(items=items, ground=ground, **told)
        assert not ScrapEstimate.objects.exists()
        assert not JournalEntry.objects.filter(event="advisory.scrap_estimated").exists()

        actions.estimate_scrapped(items=10, ground="x", **told)
        assert JournalEntry.objects.filter(event="advisory.scrap_estimated").count() == 1
        assert queries.report(released, now=publish_at + timedelta(days=2)).corrected == 100.0

    def test_nothing_is_estimated_of_a_sealed_one(self, ready, agent, now):
        with pytest.raises(actions.IllegalStep):
            actions.estimate_scrapped(by=agent, advisory_id=ready.pk, items=0, ground="x", now=now)
        assert not ScrapEstimate.objects.exists()


class TestShown:
    def test_days_are_added_up_and_the_first_moment_stays(self, released, shop, publish_at):
        for minutes, times in ((1, 5), (2, 7), (60 * 30, 1)):
            at = publish_at + timedelta(minutes=minutes)
            actions.count_shown(shop_id=shop.pk, times={released.number: times, 99: 4}, first_at=at)
        assert list(PageShow.objects.order_by("on").values_list("times", flat=True)) == [12, 1]
        found = queries.report(released, now=publish_at + timedelta(days=3))
        assert (found.shown, found.first_shown_at) == (13, publish_at + timedelta(minutes=1))


@pytest.mark.usefixtures("still")
class TestScreens:
    @pytest.fixture
    def now_later(self, monkeypatch, publish_at):
        monkeypatch.setattr(clock, "now", lambda: publish_at + timedelta(days=3))

    @pytest.fixture
    def page(self, signed_in, manager, shop, released, now_later):
        client = signed_in(manager)
        return lambda ending="", **post: (client.post if post else client.get)(
            f"/s/{shop.slug}/safety/{released.key}/report{ending}", *([post] if post else [])
        )

    def test_page_csv_and_paper_say_the_same(self, page, publish_at):
        says(Notice.objects.get(quantity=3), Answer.THREW_AWAY, at=publish_at + timedelta(days=1))
        sent(SafetyMail.objects.all(), at=publish_at + timedelta(seconds=200))
        html = page().content.decode()
        for words in ("リコール実施率", "30.0%", "3分20秒", "12秒", "S-0001", "捨てた", "6件"):
            assert words in html, words
        answer = page(".csv")
        rows = list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
        assert answer["Content-Disposition"] == 'attachment; filename="S-0001-report.csv"'
        assert ["リコール実施率", "30.0%"] in rows
        assert ["知らせる注文", "6", "100.0"] in rows
        assert ["対象数（個）", "10"] in rows
        pdf = page(".pdf")
        assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
        assert rendered(pdf.content, 40).size == (331, 468)

    def test_an_estimate_is_kept_or_refused_beside_its_form(self, page):
        assert page(pieces="二", ground="x").status_code == 422
        refused = page(pieces="11", ground="x")
        assert (refused.status_code, "estimate-error" in refused.content.decode()) == (422, True)
        assert 'value="11"' in refused.content.decode()
        assert "dict_items" not in page().content.decode()
        assert not ScrapEstimate.objects.exists()
        assert page(pieces="４", ground="=SUM(A1)").status_code == 302
        assert ScrapEstimate.objects.get().items == 4
        assert "'=SUM(A1)" in page(".csv").content.decode()

    def test_a_warehouse_hand_reads_it_and_estimates_nothing(self, signed_in, warehouse, shop, released, now_later):
        client, address = signed_in(warehouse), f"/s/{shop.slug}/safety/{released.key}/report"
        assert 'name="pieces"' not in client.get(address).content.decode()
        assert client.post(address, {"pieces": "1", "ground": "x"}).status_code == 403
        assert not ScrapEstimate.objects.exists()

    @pytest.mark.parametrize("ending", ["", ".csv", ".pdf"])
    def test_a_sealed_one_has_none_even_for_its_insiders(self, signed_in, agent, owner, shop, ready, ending):
        for member in (agent, owner):
            found = signed_in(member).get(f"/s/{shop.slug}/safety/{ready.key}/report{ending}")
            nowhere = signed_in(member).get(f"/s/{shop.slug}/safety/nothing-like-this/report{ending}")
            assert (found.status_code, nowhere.status_code) == (404, 404)

    def test_the_page_costs_the_same_however_many_answer(self, page, publish_at, django_assert_num_queries):
        page()
        with CaptureQueriesContext(connection) as few:
            page()
        for notice in Notice.objects.all():
            for day in range(5):
                says(notice, Answer.STOPPED, at=publish_at + timedelta(hours=day))
        with django_assert_num_queries(len(few)):
            page()
