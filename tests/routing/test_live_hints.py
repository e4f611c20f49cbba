"""Open desks hear of handover notes and escalations by the event stream: whom it concerns, and no texts."""

import asyncio
import json

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction

from anshin.plumbing.live.asgi import LiveApp, Viewer
from anshin.plumbing.live.hub import Hub
from anshin.plumbing.live.models import LiveEvent
from anshin.routing import actions, queries
from tests.cases.writing import arrive
from tests.plumbing.live.conftest import Page

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 10


def heard(member, act, expected):
    """The frames that this member's page gets while `act` happens, without “here”; `expected` of them at least."""

    async def story():
        hub = Hub()

        async def allowed(_scope):
            return Viewer(member.shop_id, member.person_id)

        page = Page()
        scope = {"type": "http", "method": "GET", "query_string": b"", "headers": []}
        stream = asyncio.ensure_future(LiveApp(allowed=allowed, hub=hub)(scope, page.receive, page.send))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not page.frames:
                await asyncio.sleep(0.01)
            await sync_to_async(act)()
            hub.look()
            while len(page.frames) < 1 + expected:
                await asyncio.sleep(0.01)
        page.leaving.set()
        await stream
        return [(event, json.loads(data)) for _id, event, data in page.frames[1:]]

    return async_to_sync(story)()


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@live", at=now, subject="秘密の件名").case


def test_a_note_between_shifts_is_told_to_the_shop_without_its_text(shop, agent, manager, now):
    def act():
        actions.hand_over(by=agent, text="秘密の申し送り", receiver_id=None, on=now.date(), now=now)

    (event, said), *rest = heard(manager, act, 1)
    assert event == "handover.changed" and set(said) == {"handover_id"} and not rest
    note = queries.unread_handovers(manager)[0]
    assert said["handover_id"] == note.pk
    done = heard(agent, lambda: actions.finish_handover(by=manager, handover_id=note.pk, now=now), 1)
    assert done == [("handover.changed", {"handover_id": note.pk})]


def test_who_is_asked_hears_it_by_name_and_the_shop_that_the_case_changed(shop, agent, manager, case, now):
    def act():
        actions.escalate(by=agent, case_id=case.pk, receiver_id=manager.pk, reason="秘密の理由", now=now)

    frames = dict(heard(manager, act, 2))
    found = queries.newest_escalation_for(manager)
    assert frames == {
        "escalation.changed": {"case_id": case.pk, "escalation_id": found.pk},
        "escalation.asked": {"escalation_id": found.pk},
    }
    answered = heard(
        agent, lambda: actions.give_back_escalation(by=manager, escalation_id=found.pk, words="秘密", now=now), 2
    )
    assert sorted(event for event, _said in answered) == ["escalation.answered", "escalation.changed"]
    assert not any("秘密" in json.dumps(event.payload, ensure_ascii=False) for event in LiveEvent.objects.all())


def test_somebody_else_hears_no_name_and_another_shop_nothing(shop, agent, manager, owner, stranger, case, now):
    def act():
        actions.escalate(by=agent, case_id=case.pk, receiver_id=manager.pk, reason="理由", now=now)
        actions.hand_over(by=agent, text="終わり", receiver_id=None, on=now.date(), now=now)

    assert [event for event, _said in heard(owner, act, 2)] == ["escalation.changed", "handover.changed"]

    def theirs():
        actions.hand_over(by=agent, text="二つ目", receiver_id=None, on=now.date(), now=now)
        actions.hand_over(by=stranger, text="よその店", receiver_id=None, on=now.date(), now=now)

    frames = heard(stranger, theirs, 1)
    assert [said["handover_id"] for _event, said in frames] == [
        queries.handovers_of(stranger, day=now.date(), today=now.date()).items[0].pk
    ]


def test_what_is_undone_is_told_to_nobody(shop, agent, manager, case, now):
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.escalate(by=agent, case_id=case.pk, receiver_id=manager.pk, reason="理由", now=now)
        raise RuntimeError
    assert not LiveEvent.objects.filter(kind__startswith="escalation").exists()
