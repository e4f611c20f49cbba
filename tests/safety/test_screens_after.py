"""The desk's page of a notice that is public: reminders, the end, and opening it again."""

from __future__ import annotations

import pytest

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
