"""A reply is held, leaves once, and tells what became of it."""

from datetime import timedelta

import pytest

from anshin.cases import actions
from anshin.cases.models import Attachment, Case, Draft, Message
from anshin.cases.ports import DeliveryRefused, NotYet
from anshin.cases.rules import MOST_DELIVERY_ATTEMPTS
from anshin.cases.terms import Party, Resolution
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.cases.test_receiving import counted
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@mail.example", at=now).case


def answer(agent, case, now, **changes):
    values = {"by": agent, "case_id": case.pk, "text": "お調べします。", "to": [KASHIWAGI], "read_at_version": 1}
    return actions.reply(**(values | {"now": now} | changes))


def nothing_happened(case):
    """No message, no job, no journal entry, the case as it was."""
    before = (case.status, case.version, case.owner_id)
    case.refresh_from_db()
    assert (case.status, case.version, case.owner_id) == before
    assert not Message.objects.filter(direction="out").exists()
    assert not Job.objects.filter(task__endswith="cases.jobs.deliver").exists()
    assert not JournalEntry.objects.filter(event="case.reply_written").exists()


def test_a_reply_is_held_ten_seconds_and_then_leaves_once(case, agent, post, now):
    sent = answer(agent, case, now)
    run_due_jobs(now + timedelta(seconds=9))
    assert post.left == []
    run_due_jobs(now + timedelta(seconds=10))
    run_due_jobs(now + timedelta(seconds=60))
    sent.refresh_from_db()
    assert [message.text for message in post.left] == ["お調べします。"]
    assert (sent.delivery, sent.server_words, sent.attempts) == ("sent", "250 2.0.0 OK", 1)


def test_the_case_waits_for_the_customer_and_belongs_to_the_writer(case, agent, post, now):
    answer(agent, case, now)
    case.refresh_from_db()
    assert (case.status, case.owner, case.waiting_since_at, case.due_at) == ("waiting", agent, None, None)
    assert (case.last_line, case.last_by_customer, case.version) == ("お調べします。", False, 2)
    assert (counted(case.shop, "open"), counted(case.shop, "waiting", agent.pk)) == (0, 1)


def test_the_reply_names_the_customers_mail_as_the_one_it_answers(case, agent, post, now):
    answer(agent, case, now)
    run_due_jobs(now + timedelta(seconds=10))
    left = post.left[0]
    assert (left.in_reply_to, left.references, left.to) == ("a@mail.example", ("a@mail.example",), (KASHIWAGI,))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text": "  \n"}, actions.EmptyText),
        ({"to": []}, actions.NoRecipient),
        ({"to": [Party("柏木", "not an address")]}, actions.NoRecipient),
        ({"cc": [Party("", "also@bad@address")]}, actions.NoRecipient),
        ({"read_at_version": 0}, actions.StaleThread),
    ],
)
def test_refused_and_nothing_happens(case, agent, post, now, changes, refusal):
    with pytest.raises(refusal):
        answer(agent, case, now, **changes)
    nothing_happened(case)


def test_refused_without_a_mailbox(case, agent, post, now):
    post.senders = ()
    with pytest.raises(actions.NoMailbox):
        answer(agent, case, now)
    nothing_happened(case)


def test_refused_for_a_warehouse_clerk(case, warehouse, post, now):
    with pytest.raises(NotAllowed):
        answer(warehouse, case, now)
    nothing_happened(case)


def test_refused_for_another_shops_agent(case, stranger, post, now):
    with pytest.raises(actions.WrongCase):
        answer(stranger, case, now)
    nothing_happened(case)


def test_a_reply_on_a_stale_thread_is_sent_when_confirmed(case, shop, agent, post, now, later):
    arrive(shop, "b@mail.example", at=later, refers_to=("a@mail.example",))
    with pytest.raises(actions.StaleThread) as refused:
        answer(agent, case, later)
    assert answer(agent, case, later, read_at_version=refused.value.version).delivery == "held"


def test_taking_back_gives_the_text_and_the_state_back(case, agent, post, now):
    actions.save_draft(
        by=agent, case_id=case.pk, is_note=False, text="お調べします。", version=0, read_at_version=1, now=now
    )
    sent = answer(agent, case, now)
    assert not Draft.objects.exists()
    draft = actions.take_back(by=agent, message_id=sent.pk, now=now + timedelta(seconds=5))
    run_due_jobs(now + timedelta(seconds=60))
    case.refresh_from_db()
    assert (draft.text, case.status, case.waiting_since_at, post.left) == ("お調べします。", "open", now, [])
    assert case.last_line == "写真では明るい生成りだったのですが、濃い灰色のバッグが届きました。"


def test_a_reply_that_left_cannot_be_taken_back(case, agent, post, now):
    sent = answer(agent, case, now)
    run_due_jobs(now + timedelta(seconds=10))
    with pytest.raises(actions.AlreadyLeft):
        actions.take_back(by=agent, message_id=sent.pk, now=now + timedelta(seconds=11))
    sent.refresh_from_db()
    assert (sent.delivery, Draft.objects.count()) == ("sent", 0)


def test_a_colleague_cannot_take_a_reply_back(case, agent, new_agent, post, now):
    sent = answer(agent, case, now)
    with pytest.raises(actions.AlreadyLeft):
        actions.take_back(by=new_agent, message_id=sent.pk, now=now)
    sent.refresh_from_db()
    assert sent.delivery == "held"


def test_a_temporary_refusal_is_tried_again_and_keeps_the_servers_words(case, agent, post, now):
    post.refusals = [DeliveryRefused("450 4.2.0 Greylisted", permanent=False)]
    sent = answer(agent, case, now)
    run_due_jobs(now + timedelta(seconds=10))
    sent.refresh_from_db()
    assert (sent.delivery, sent.server_words) == ("deferred", "450 4.2.0 Greylisted")
    run_due_jobs(now + timedelta(minutes=5))
    sent.refresh_from_db()
    assert (sent.delivery, len(post.left)) == ("sent", 1)


def test_a_permanent_refusal_gives_the_case_back_and_can_be_retried(case, agent, post, now):
    post.refusals = [DeliveryRefused("550 5.1.1 user unknown", permanent=True)]
    sent = answer(agent, case, now)
    run_due_jobs(now + timedelta(seconds=10))
    sent.refresh_from_db()
    case.refresh_from_db()
    assert (sent.delivery, case.status, post.left) == ("failed", "open", [])
    actions.retry_delivery(by=agent, message_id=sent.pk, now=now + timedelta(minutes=1))
    run_due_jobs(now + timedelta(minutes=1))
    sent.refresh_from_db()
    assert (sent.delivery, len(post.left)) == ("sent", 1)


def test_the_last_try_ends_as_could_not_be_sent(case, agent, post, now):
    post.refusals = [DeliveryRefused("450 busy", permanent=False)]
    sent = answer(agent, case, now)
    Message.objects.filter(pk=sent.pk).update(attempts=MOST_DELIVERY_ATTEMPTS - 1)
    run_due_jobs(now + timedelta(seconds=10))
    sent.refresh_from_db()
    assert sent.delivery == "failed"


def test_a_lost_answer_is_not_sent_again_by_itself(case, agent, post, now):
    post.refusals = [DeliveryRefused("connection lost after the text", permanent=False, unsure=True)]
    sent = answer(agent, case, now)
    run_due_jobs(now + timedelta(seconds=10))
    run_due_jobs(now + timedelta(hours=5))
    sent.refresh_from_db()
    assert (sent.delivery, post.left) == ("unsure", [])
    actions.confirm_left(by=agent, message_id=sent.pk, now=now + timedelta(hours=6))
    sent.refresh_from_db()
    assert sent.delivery == "sent"


def test_files_of_the_draft_travel_with_the_reply(case, agent, post, now):
    from io import BytesIO

    actions.add_draft_file(by=agent, case_id=case.pk, name="../説明書.pdf", content=BytesIO(b"%PDF-1.4"), now=now)
    answer(agent, case, now)
    run_due_jobs(now + timedelta(seconds=10))
    assert [file.name for file in post.left[0].files] == ["説明書.pdf"]
    assert Attachment.objects.get().message.file_count == 1


def test_a_reply_to_a_closed_case_opens_the_conversation_again(case, agent, post, now, later):
    actions.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    answer(agent, case, later)
    assert Case.objects.get().status == "waiting"


def test_the_writers_signature_stands_below_the_text_and_not_in_the_draft_again(case, agent, post, now):
    type(agent).objects.filter(pk=agent.pk).update(signature="こもれび雑貨店 竹内")
    agent.refresh_from_db()
    sent = answer(agent, case, now)
    assert (sent.text, sent.quoted_from) == ("お調べします。\n\nこもれび雑貨店 竹内", len("お調べします。"))
    assert actions.take_back(by=agent, message_id=sent.pk, now=now).text == "お調べします。"


@pytest.mark.parametrize(
    ("asked", "sent_as"),
    [
        ("", "Re: 届いたバッグの色が写真と違います"),
        ("バッグの件", "バッグの件"),
        ("  ", "Re: 届いたバッグの色が写真と違います"),
    ],
)
def test_the_subject_is_the_writers_or_re_the_cases(case, agent, post, now, asked, sent_as):
    assert answer(agent, case, now, subject=asked).subject == sent_as


def test_a_reply_whose_turn_is_later_says_why_and_leaves_then(case, agent, post, now):
    sent = answer(agent, case, now)
    turn = now + timedelta(minutes=3)
    post.refusals.append(NotYet("docomo宛ては順番に送っています。", until_at=turn))

    run_due_jobs(now + timedelta(seconds=10))
    sent.refresh_from_db()
    waiting = (sent.delivery, sent.server_words, sent.leaves_at, sent.attempts)
    assert (post.left, waiting) == ([], ("queued", "docomo宛ては順番に送っています。", turn, 0))
    assert not JournalEntry.objects.filter(event="case.delivery_changed").exists()

    run_due_jobs(turn - timedelta(seconds=1))
    assert post.left == []
    run_due_jobs(turn)
    sent.refresh_from_db()
    assert (len(post.left), sent.delivery, sent.attempts) == (1, "sent", 1)


def test_a_reply_that_waits_for_its_turn_cannot_be_taken_back_any_more(case, agent, post, now):
    sent = answer(agent, case, now)
    post.refusals.append(NotYet("順番に送っています。", until_at=now + timedelta(minutes=3)))
    run_due_jobs(now + timedelta(seconds=10))
    with pytest.raises(actions.AlreadyLeft):
        actions.take_back(by=agent, message_id=sent.pk, now=now + timedelta(seconds=20))


def test_waiting_for_turns_uses_up_no_attempts(case, agent, post, now):
    sent = answer(agent, case, now)
    for number in range(1, MOST_DELIVERY_ATTEMPTS + 5):
        post.refusals.append(NotYet("順番に送っています。", until_at=now + timedelta(minutes=number)))
    for number in range(MOST_DELIVERY_ATTEMPTS + 5):
        run_due_jobs(now + timedelta(minutes=number, seconds=10))
    sent.refresh_from_db()
    assert (len(post.left), sent.delivery, sent.attempts) == (1, "sent", 1)
