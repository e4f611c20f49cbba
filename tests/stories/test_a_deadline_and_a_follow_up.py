"""A defect is reported, becomes due, is answered late, closed, asked after, and reported a second time."""

import pytest

from anshin.cases.actions import count_stopped_clocks, surface_follow_ups, tell_deadlines
from anshin.cases.models import Case
from anshin.plumbing.journal.models import JournalEntry
from tests.stories.conftest import Customer

pytestmark = pytest.mark.django_db
BROKEN = "届いたカップの取っ手が割れていました。使えないので、交換していただけますか。"


def facts(name):
    return JournalEntry.objects.filter(event=name).count()


def upkeep(time, **much):
    """Time passes, and what runs by the clock has its turn."""
    time.passes(**much)
    tell_deadlines(now=time.now)
    count_stopped_clocks(now=time.now)
    surface_follow_ups(now=time.now)


def test_a_defect_from_its_deadline_to_the_second_contact(time, mailbox, takeuchi, saeki):
    kashiwagi = Customer("柏木 由紀子", "y-kashiwagi@mail.example")
    kashiwagi.writes(mailbox, "カップが割れていました", BROKEN)
    time.passes(seconds=5)
    case = Case.objects.get()
    assert "Received Fri 14:00 → until Tue 14:00: 8 hours of opening time" in takeuchi.sees("clock", 1)
    takeuchi.does("topics", 1, topic="delivery.damaged")

    saeki.does("targets", topic="delivery.damaged", answer_hours="2", resolution_hours="16")
    time.passes(seconds=5)
    assert "Received Fri 14:00 → until Fri 16:00: 2 hours of opening time" in takeuchi.sees("clock", 1)

    upkeep(time, hours=1, minutes=40)
    assert "カップが割れていました" in takeuchi.sees("inbox", "due")
    upkeep(time, hours=1)
    assert (facts("case.due_soon"), facts("case.overdue")) == (1, 1)

    takeuchi.replies(1, "申し訳ございません。新しいカップをお送りします。")
    upkeep(time, hours=1)
    case.refresh_from_db()
    assert (case.first_is_met, case.first_target_minutes) == (False, 120)
    assert case.first_answer_minutes == 160
    assert "カップが割れていました" not in takeuchi.sees("inbox", "due")

    takeuchi.does("close", 1, resolution="replaced", follow_up_offered="1", follow_up="1")
    time.passes(days=3)
    kashiwagi.writes(mailbox, "また割れていました", BROKEN)
    time.passes(seconds=5)
    second = Case.objects.get(number=2)
    assert second.first_case_id == case.pk
    assert "The customer wrote about this a second time. Before:" in takeuchi.sees("case", 2)

    upkeep(time, days=4)
    case.refresh_from_db()
    assert (case.status, case.is_follow_up) == ("open", True)
    assert "Follow-up: the case was closed some days ago." in takeuchi.sees("case", 1)
