"""Those whom no mail reaches: called or written to, and what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anshin.cases.models import Case
from anshin.commerce.terms import Recipient
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns.models import Return
from anshin.safety import actions, queries
from anshin.safety.actions.listing import tell_anew
from anshin.safety.models import Acknowledgement, Approach, LetterBundle, PersonToTell, SafetyMail
from anshin.safety.rules.telling import place_for
from anshin.safety.terms import Answer, CameBack, MailRound, Outcome, Standing, TellState
from anshin.shops.actions import NotAllowed

OWN = Recipient("柏木 由紀", "150-0001", "東京都渋谷区神宮前99-2-3")
WIDE = Recipient("柏木　由紀", "2", "自宅")
OTHER = Recipient("髙﨑 守", "060-0001", "札幌市中央区北一条西99")


@pytest.mark.parametrize(
    ("own", "gifts", "known", "to"),
    [
        ([OWN], [OTHER], [], OWN),
        ([Recipient("", "150-0001", "渋谷区")], [], [], Recipient("柏木 由紀", "150-0001", "渋谷区")),
        ([], [OTHER], [OWN], OWN),
        (
            [Recipient("会社", "1", "受付")],
            [],
            [Recipient("柏木　由紀", "2", "自宅")],
            Recipient("柏木　由紀", "2", "自宅"),
        ),
        ([], [OTHER], [], OTHER),
        ([Recipient("柏木 由紀")], [], [], Recipient("柏木 由紀")),
    ],
)
def test_a_letter_goes_where_the_buyer_lives_or_else_where_the_thing_is(own, gifts, known, to):
    assert place_for("柏木 由紀", own, gifts, known) == to


@pytest.fixture
def public(approved, publish_at):
    """Released; nobody was told yet."""
    actions.release_due(now=publish_at)
    approved.refresh_from_db()
    return approved


def announced(advisory, at):
    actions.announce(advisory.pk, now=at)
    return {each.customer.name: each for each in PersonToTell.objects.select_related("customer")}


def lists(advisory):
    return dict(queries.told_by_hand(advisory).on)


def seen(person):
    return Approach.objects.filter(person=person).order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.mark.django_db
class TestWhoIsListed:
    def test_everybody_without_a_mail_address_once_on_the_best_way(self, public, bought, publish_at):
        bought(name="電話", mail="", phone="090-0000-0001")
        two = bought(name="手紙", mail="")
        bought(customer=two.customer, place="東京都台東区1-2")
        bought(name="なし", mail="", channel="rakuten")
        bought(name="メール")
        bought(name="取消", mail="", cancelled_at=publish_at)
        people = announced(public, publish_at)
        assert {name: each.way for name, each in people.items()} == {
            "電話": Standing.BY_PHONE,
            "手紙": Standing.BY_LETTER,
            "なし": Standing.UNREACHABLE,
        }
        assert lists(public) == {"phone": 1, "letter": 1, "none": 1, "told": 0}
        actions.announce(public.pk, now=publish_at + timedelta(hours=1))
        assert PersonToTell.objects.count() == 3

    def test_whose_mail_came_back_is_called_unless_they_have_answered(self, public, bought, shop, publish_at):
        bought(name="戻り", phone="090-0000-0001")
        bought(name="答え", phone="090-0000-0002")
        announced(public, publish_at)
        for mail in SafetyMail.objects.all():
            SafetyMail.objects.filter(pk=mail.pk).update(state="sent", message_id=f"<{mail.pk}@x>")
        answered = SafetyMail.objects.get(customer__name="答え")
        token = queries.link_of(answered, "komorebi").rstrip("/").rpartition("/")[2]
        actions.answer(shop=shop, token=token, said=Answer.STOPPED, now=publish_at)
        for mail in SafetyMail.objects.all():
            report = CameBack((f"{mail.pk}@x",), mail.address, "unknown", is_final=True, words="550", at=publish_at)
            for _twice in range(2):
                actions.take_bounce(shop=shop, came_back=report, now=publish_at)
        person = PersonToTell.objects.get()
        assert (person.customer.name, person.way, person.has_lost_mail) == ("戻り", Standing.BY_PHONE, True)

    def test_nobody_is_on_a_list_before_the_release(self, approved, bought, agent, publish_at):
        bought(mail="", phone="090-0000-0001")
        assert actions.announce(approved.pk, now=publish_at) == 0
        assert lists(approved) == {"phone": 0, "letter": 0, "none": 0, "told": 0}
        with pytest.raises(actions.UnknownAdvisory):
            actions.print_letters(by=agent, advisory_id=approved.pk, now=publish_at)


@pytest.mark.django_db
class TestCalls:
    @pytest.fixture
    def person(self, public, bought, publish_at):
        bought(name="電話", mail="", phone="090-0000-0001", place="東京都台東区1-2")
        return announced(public, publish_at)["電話"]

    def call(self, by, person, at, **told):
        told = {"outcome": Outcome.TOLD, "seen": seen(person)} | told
        return actions.approach(by=by, advisory_id=person.advisory_id, person_id=person.pk, now=at, **told)

    def test_nobody_picks_up_then_somebody_answers_and_leaves_the_list(self, public, person, agent, publish_at):
        self.call(agent, person, publish_at, outcome=Outcome.NO_ONE)
        assert lists(public)["phone"] == 1
        self.call(agent, person, publish_at, said=Answer.STOPPED, words="夜にかけてほしい")
        assert lists(public) == {"phone": 0, "letter": 0, "none": 0, "told": 1}
        assert list(Approach.objects.order_by("pk").values_list("outcome", "answer", "words")) == [
            ("no_one", "", ""),
            ("answered", "stopped", "夜にかけてほしい"),
        ]
        kept = Acknowledgement.objects.get()
        assert (kept.answer, kept.is_by_staff, kept.notice.customer) == ("stopped", True, person.customer)
        entry = JournalEntry.objects.get(event="advisory.answered")
        assert (entry.actor_kind, entry.actor_name) == ("staff", str(agent.person))
        assert JournalEntry.objects.filter(event="advisory.approached").count() == 2

    def test_who_wants_the_remedy_gets_the_return(self, public, person, agent, publish_at):
        self.call(agent, person, publish_at, said=Answer.WANTS_REMEDY)
        returned = Return.objects.get()
        assert (returned.ground, returned.customer, returned.approval) == ("S-0001", person.customer, "approved")
        assert Case.objects.get() == returned.case

    @pytest.mark.parametrize("seconds", [0, 30])
    def test_the_same_twice_is_once_and_somebody_elses_is_said(self, person, agent, manager, publish_at, seconds):
        later = publish_at + timedelta(seconds=seconds)
        for at in (publish_at, later):
            self.call(agent, person, at, outcome=Outcome.NO_ONE, seen=0)
        with pytest.raises(actions.ToldMeanwhile):
            self.call(manager, person, later, outcome=Outcome.TOLD, seen=0)
        assert Approach.objects.count() == 1
        person.refresh_from_db()
        assert (person.state, person.tries) == (TellState.OPEN, 1)

    def test_a_wrong_number_goes_to_the_letters_and_then_to_those_without_a_way(
        self, public, person, agent, publish_at
    ):
        self.call(agent, person, publish_at, outcome=Outcome.WRONG)
        assert lists(public) == {"phone": 0, "letter": 1, "none": 0, "told": 0}
        bundle = actions.print_letters(by=agent, advisory_id=public.pk, now=publish_at)
        for _twice in range(2):
            actions.post_letters(by=agent, advisory_id=public.pk, number=bundle.number, now=publish_at)
        assert (lists(public)["told"], Approach.objects.filter(outcome="posted").count()) == (1, 1)
        self.call(agent, person, publish_at, outcome=Outcome.RETURNED)
        assert lists(public) == {"phone": 0, "letter": 0, "none": 1, "told": 0}

    def test_who_does_not_talk_to_customers_writes_nothing_down(self, person, warehouse, publish_at):
        with pytest.raises(NotAllowed):
            self.call(warehouse, person, publish_at)
        assert not Approach.objects.exists()

    def test_another_shops_staff_finds_nobody(self, person, stranger, publish_at):
        with pytest.raises(actions.UnknownAdvisory):
            self.call(stranger, person, publish_at)

    def test_who_answers_behind_the_letters_link_leaves_the_list(self, public, person, shop, publish_at):
        token = queries.link_in_letter(person, "komorebi").rstrip("/").rpartition("/")[2]
        actions.answer(shop=shop, token=token, said=Answer.NEVER_GOT, now=publish_at)
        assert lists(public)["told"] == 1
        assert Acknowledgement.objects.get().is_by_staff is False

    def test_after_a_correction_and_a_withdrawal_they_are_told_again(self, public, person, agent, manager, publish_at):
        self.call(agent, person, publish_at)
        PersonToTell.objects.update(version=1)
        assert tell_anew(public, version=2) == 1
        person.refresh_from_db()
        assert (person.state, person.round) == (TellState.OPEN, MailRound.CORRECTION)
        actions.withdraw(by=manager, advisory_id=public.pk, words="誤報", now=publish_at)
        for _twice in range(2):
            actions.announce(public.pk, now=publish_at)
        person.refresh_from_db()
        assert (person.state, person.round) == (TellState.OPEN, MailRound.WITHDRAWAL)

    def test_who_was_not_told_need_not_hear_of_the_withdrawal(self, public, person, manager, publish_at):
        actions.withdraw(by=manager, advisory_id=public.pk, words="誤報", now=publish_at)
        actions.announce(public.pk, now=publish_at)
        assert PersonToTell.objects.get().state == TellState.DROPPED


@pytest.mark.django_db
def test_lists_are_read_at_the_same_cost_however_long(public, bought, publish_at, django_assert_num_queries):
    for number in range(6):
        bought(mail="", phone=f"090-0000-000{number}", at=publish_at - timedelta(days=number + 1))
    announced(public, publish_at)
    with django_assert_num_queries(6):
        page = queries.people_page(public, "phone")
        shown = queries.listed(public, page.items)
    assert [each.phones for each in shown] == [(f"090-0000-000{number}",) for number in range(6)]
    assert [each.person.pk for each in queries.every_listed(public, "phone")] == [each.person.pk for each in shown]


@pytest.mark.django_db
def test_letters_are_printed_in_portions(public, bought, agent, publish_at, monkeypatch):
    monkeypatch.setattr("anshin.safety.actions.telling.BUNDLE", 2)
    for number in range(3):
        bought(mail="", place=f"東京都台東区{number}")
    announced(public, publish_at)
    made = [actions.print_letters(by=agent, advisory_id=public.pk, now=publish_at) for _each in range(2)]
    assert [(each.number, each.letters) for each in made] == [(1, 2), (2, 1)]
    with pytest.raises(actions.NothingToPrint):
        actions.print_letters(by=agent, advisory_id=public.pk, now=publish_at)
    assert LetterBundle.objects.count() == 2
    assert queries.told_by_hand(public).printed == 3
