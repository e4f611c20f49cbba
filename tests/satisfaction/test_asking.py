"""A customer is asked once, hours after the end, and only where asking is decent."""

from datetime import timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Case, Message
from anshin.cases.terms import Direction, Party, Resolution, Status
from anshin.plumbing.journal.models import JournalEntry
from anshin.satisfaction import actions, rules
from anshin.satisfaction.models import Survey
from anshin.shops.actions import NotAllowed
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def reasons():
    return [entry.payload["why"] for entry in JournalEntry.objects.filter(event="satisfaction.not_asked")]


def test_a_day_after_the_end_one_mail_leaves(asks, finished, moved, post, now):
    case_id = finished()
    moved(now + DAY - timedelta(minutes=5))
    assert not Survey.objects.exists()

    moved(now + DAY + timedelta(minutes=5))
    survey = Survey.objects.get()
    message = Message.objects.get(pk=survey.message_id)
    assert (survey.case_id, survey.language, message.is_automatic) == (case_id, "ja", True)
    assert survey.token in message.text
    assert message.text.startswith("柏木 由紀子 様")
    assert post.left[-1].message_id == message.pk
    assert Case.objects.get(pk=case_id).status == Status.CLOSED


def test_never_twice_about_a_case(shop, agent, asks, finished, moved, now):
    case_id = finished()
    moved(now + 2 * DAY)
    actions.ask(shop=shop, case_id=case_id, now=now + 2 * DAY)
    cases.reopen(by=agent, case_id=case_id, now=now + 40 * DAY)
    cases.close(by=agent, case_id=case_id, resolution=Resolution.ANSWERED, now=now + 40 * DAY)
    moved(now + 42 * DAY)
    assert Survey.objects.count() == 1
    assert Message.objects.filter(is_automatic=True, direction=Direction.OUT).count() == 1


def test_a_case_that_is_open_again_is_asked_about_after_its_next_end(agent, asks, finished, moved, now):
    case_id = finished()
    cases.reopen(by=agent, case_id=case_id, now=now + timedelta(hours=1))
    moved(now + 2 * DAY)
    assert (Survey.objects.count(), reasons()) == (0, ["not_finished"])

    cases.close(by=agent, case_id=case_id, resolution=Resolution.ANSWERED, now=now + 3 * DAY)
    moved(now + 5 * DAY)
    assert Survey.objects.count() == 1


def test_nobody_is_asked_by_a_shop_that_does_not_ask(shop, finished, moved, now):
    finished()
    moved(now + 2 * DAY)
    assert not Survey.objects.exists()
    assert reasons() == []


def test_switched_off_in_between(manager, asks, finished, moved, now):
    finished()
    moved(now + timedelta(minutes=5))
    actions.set_survey(by=manager, is_on=False, hours=24, now=now)
    moved(now + 2 * DAY)
    assert (Survey.objects.count(), reasons()) == (0, ["switched_off"])


def test_the_same_customer_is_not_asked_again_within_a_month(asks, finished, moved, now):
    finished("a@x")
    moved(now + 2 * DAY)
    finished("b@x", at=now + 3 * DAY)
    moved(now + 5 * DAY)
    assert (Survey.objects.count(), reasons()) == (1, ["asked_lately"])


def test_a_case_that_nobody_answered_is_not_asked_about(shop, agent, asks, moved, now):
    case = arrive(shop, "a@x", at=now).case
    cases.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    moved(now + 2 * DAY)
    assert reasons() == ["no_answer"]


def test_an_english_customer_is_asked_in_english(asks, finished, moved, now):
    words = "Hello, the bag that I received has a different colour from the picture. Could you please exchange it?"
    finished(sender=Party("Ngozi Okafor", "ngozi@mail.example"), text=words)
    moved(now + 2 * DAY)
    survey = Survey.objects.select_related("message").get()
    assert survey.language == "en"
    assert survey.message.text.startswith("Dear Ngozi Okafor,")


def test_only_who_may_sets_it(agent, manager, now):
    with pytest.raises(NotAllowed):
        actions.set_survey(by=agent, is_on=True, hours=24, now=now)
    for hours in (-1, 24 * 15):
        with pytest.raises(actions.WrongHours):
            actions.set_survey(by=manager, is_on=True, hours=hours, now=now)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"status": "open"}, "not_finished"),
        ({"resolution": "duplicate"}, "unfit"),
        ({"resolution": "no_reply"}, "unfit"),
        ({"topic": "item.injury"}, "unfit"),
        ({"topic": "order.not_mine/3"}, "unfit"),
        ({"was_answered": False}, "no_answer"),
        ({"mail": ""}, "no_address"),
        ({"mail_arrives": False}, "no_address"),
    ],
)
def test_whom_one_does_not_ask(now, changes, why):
    case = {
        "status": "closed",
        "resolution": "answered",
        "topic": "item.defect",
        "was_answered": True,
        "mail": "a@mail.example",
        "mail_arrives": True,
        "asked_last_at": None,
    }
    assert rules.why_not(rules.Finished(**(case | changes)), now=now) == why


def test_satisfied_are_four_and_five():
    assert rules.satisfied_percent({1: 1, 3: 1, 4: 1, 5: 3}) == 67
    assert rules.satisfied_percent({}) is None


def test_a_question_that_comes_back_does_not_open_the_case_again(shop, asks, finished, moved, now):
    from anshin.cases.terms import Delivery, IncomingBounce
    from anshin.commerce.terms import BounceKind

    case_id = finished()
    moved(now + 2 * DAY)
    message = Message.objects.get(is_automatic=True)
    bounce = IncomingBounce(
        message_keys=(message.message_key,),
        address=KASHIWAGI.mail,
        kind=BounceKind.UNKNOWN_USER,
        given_up=True,
        words="550 5.1.1 user unknown",
        at=now + 2 * DAY,
    )
    cases.record_bounce(shop=shop, bounce=bounce, now=now + 2 * DAY)
    message.refresh_from_db()
    case = Case.objects.get(pk=case_id)
    assert (message.delivery, case.status, case.resolution) == (Delivery.BOUNCED, Status.CLOSED, Resolution.ANSWERED)
