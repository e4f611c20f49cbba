"""The desk's page of a notice that is public: reminders, the end, and opening it again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anshin.plumbing import clock
from anshin.plumbing.journal.models import JournalEntry
from anshin.safety import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


class TestAfterTheRelease:
    @pytest.fixture
    def public(self, approved, publish_at):
        actions.release_due(now=publish_at)
        approved.refresh_from_db()
        return approved

    def page(self, advisory, what=""):
        return f"/s/komorebi/safety/{advisory.key}{what}"

    def test_a_manager_sets_the_interval(self, public, manager, signed_in):
        desk = signed_in(manager)
        shown = desk.post(self.page(public, "/remind"), {"every": "7", "most": "2"})
        assert shown.status_code == 302
        public.refresh_from_db()
        assert (public.remind_every_days, public.remind_most) == (7, 2)

    @pytest.mark.parametrize(("every", "most"), [("400", "2"), ("7", "99")])
    def test_what_is_no_interval_is_said_beside_the_form(self, public, manager, signed_in, every, most):
        shown = signed_in(manager).post(self.page(public, "/remind"), {"every": every, "most": most})
        assert shown.status_code == 422
        assert "remind-error" in shown.content.decode()
        public.refresh_from_db()
        assert (public.remind_every_days, public.remind_most) == (14, 3)

    def test_a_clerk_sees_the_interval_and_cannot_set_it(self, public, agent, signed_in):
        desk = signed_in(agent)
        assert 'name="every"' not in desk.get(self.page(public)).content.decode()
        assert desk.post(self.page(public, "/remind"), {"every": "7", "most": "2"}).status_code == 403

    def test_closed_it_can_be_opened_again_with_a_reason(self, public, manager, signed_in):
        desk = signed_in(manager)
        desk.post(self.page(public, "/close"), {"words": "事故が止まった"})
        assert desk.post(self.page(public, "/reopen"), {"words": ""}).status_code == 422
        assert desk.post(self.page(public, "/reopen"), {"words": "また起きた"}).status_code == 302
        shown = desk.get(self.page(public)).content.decode()
        assert "また起きた" in shown
        assert "事故が止まった" in shown


class TestByHand:
    """The publication time is over, and the clockwork stands still."""

    def at(self, advisory, what=""):
        return f"/s/komorebi/safety/{advisory.key}{what}"

    def test_early_it_is_refused_with_a_sentence(self, approved, manager, agent, signed_in):
        desk = signed_in(manager)
        assert "/release" not in desk.get(self.at(approved)).content.decode()
        shown = desk.post(self.at(approved, "/release"))
        assert shown.status_code == 422
        assert "公表日時より前には公表できません" in shown.content.decode()
        assert signed_in(agent).post(self.at(approved, "/release")).status_code == 403
        approved.refresh_from_db()
        assert (approved.state, approved.number) == ("approved", None)

    def test_late_one_press_makes_it_public_and_two_do_no_more(
        self, approved, manager, signed_in, publish_at, monkeypatch
    ):
        late = publish_at + timedelta(minutes=7)
        monkeypatch.setattr(clock, "now", lambda: late)
        monkeypatch.setattr(clock, "ahead_of_database", lambda: timedelta(0))
        desk = signed_in(manager)
        assert "公表日時を7分過ぎましたが" in desk.get(self.at(approved)).content.decode()
        for _twice in range(2):
            assert desk.post(self.at(approved, "/release")).status_code == 302
        approved.refresh_from_db()
        assert (approved.state, approved.released_at) == ("released", late)
        entry = JournalEntry.objects.get(event="advisory.released")
        assert (entry.actor_name, entry.payload["late_seconds"]) == (str(manager.person), 420)

    def test_what_is_not_approved_is_not_released_by_hand(self, ready, manager, publish_at):
        with pytest.raises(actions.IllegalStep):
            actions.release_by_hand(by=manager, advisory_id=ready.pk, now=publish_at)

    def test_the_clock_that_is_behind_decides(self, approved, manager, publish_at):
        with pytest.raises(actions.NeverEarly):
            actions.release_by_hand(by=manager, advisory_id=approved.pk, now=publish_at, ahead=timedelta(seconds=2))
