"""Screens of replies that have not left: later ones, stopped ones, those that wait for approval."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.cases import actions
from anshin.cases.models import Draft, Message, Note
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.replies import actions as replies
from anshin.shops.actions import set_approval, set_opening_hours
from tests.cases.writing import KASHIWAGI, arrive
from tests.replies.writing import content

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_HX_REQUEST": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@x", at=now).case


@pytest.fixture
def learner(new_agent, manager, now):
    set_approval(membership=new_agent, is_needed=True, by=manager, now=now)
    return new_agent


def url(case):
    return f"/s/komorebi/c/{case.number}"


def reply(client, case, **more):
    return client.post(
        f"{url(case)}/reply", {"text": "お送りします。", "to": KASHIWAGI.mail, "seen": "9"} | more, **SCRIPT
    )


def page(client, case):
    return client.get(url(case)).content.decode()


def test_the_menu_offers_when_the_shop_opens_next(signed_in, agent, owner, still):
    from datetime import time

    week = {day: (time(9, 30), time(18)) for day in (0, 1, 2, 3, 4)}
    set_opening_hours(by=owner, hours=week, now=still)
    menu = signed_in(agent).get("/s/komorebi/send-times").content.decode()
    # Friday, 20 November 2026; Monday the 23rd is a national holiday
    assert menu.count('name="leave_at"') == 1
    assert "11月24日(火) 9:30 に送る" in menu
    assert 'value="2026-11-24T09:30:00+09:00"' in menu


def test_a_reply_for_later_is_said_shown_moved_and_taken_back(signed_in, agent, case, post, still):
    client = signed_in(agent)
    answer = reply(client, case, leave_at="2026-11-21T09:00:00+09:00")
    assert "%E" not in answer["HX-Trigger"]
    message = Message.objects.get(direction="out")
    shown = page(client, case)
    assert "送信予約 明日 9:00" in shown
    moved = client.post(f"/s/komorebi/messages/{message.pk}/schedule", {"leave_on": "2026-11-22T10:15"}, **SCRIPT)
    assert "送信予約 11月22日(日) 10:15" in moved.content.decode()
    client.post(f"/s/komorebi/messages/{message.pk}/undo")
    assert Draft.objects.get().text == "お送りします。"
    run_due_jobs(still + 9 * DAY)
    assert post.left == []


def test_a_reply_that_leaves_after_the_answer_is_due_says_so_and_the_head_keeps_the_deadline(
    signed_in, agent, case, post, still
):
    client = signed_in(agent)
    case.refresh_from_db()
    assert case.answer_due_at
    late = (case.answer_due_at + DAY).isoformat()
    reply(client, case, leave_at=late)
    shown = page(client, case)
    assert "返信の期限は" in shown
    assert 'aria-describedby="clock-said">期限 ' in shown
    run_due_jobs(case.answer_due_at + 2 * DAY)
    shown = page(client, case)
    assert "返信の期限は" not in shown
    assert 'aria-describedby="clock-said">お客様待ち' in shown


def test_an_own_time_is_on_the_shops_clock(signed_in, agent, case, post, still):
    reply(signed_in(agent), case, leave_at="at", leave_on="2026-11-21T09:00")
    assert Message.objects.get(direction="out").leaves_at.isoformat() == "2026-11-21T00:00:00+00:00"


@pytest.mark.parametrize(
    "fields", [{"leave_at": "at", "leave_on": "2026-11-01T09:00"}, {"leave_at": "2030-01-01T00:00+09:00"}]
)
def test_a_time_that_cannot_be_is_refused_and_the_text_stays(signed_in, agent, case, post, still, fields):
    answer = reply(signed_in(agent), case, **fields)
    assert answer.status_code == 422
    assert "これから1年以内の日時を選んでください" in answer.content.decode()
    assert Draft.objects.get().text == "お送りします。"
    assert not Message.objects.filter(direction="out").exists()


def test_the_clerk_is_told_when_the_customer_writes_first(signed_in, agent, case, shop, post, still):
    client = signed_in(agent)
    reply(client, case, leave_at="2026-11-21T09:00:00+09:00")
    arrive(shop, "b@x", at=still + timedelta(minutes=1), refers_to=("a@x",))
    assert "このままでは送信しません" in page(client, case)
    run_due_jobs(still + DAY)
    assert "お客様から先に連絡がありました" in page(client, case)
    message = Message.objects.get(direction="out")
    client.post(f"/s/komorebi/messages/{message.pk}/schedule", {"now": "1"}, **SCRIPT)
    run_due_jobs(still + DAY)
    assert len(post.left) == 1


def test_a_learners_button_and_words_say_approval(signed_in, learner, case, post, still):
    client = signed_in(learner)
    assert "承認に回す" in page(client, case)
    reply(client, case)
    shown = page(client, case)
    assert "責任者が確認してから送信します" in shown
    assert "承認して送る" not in shown


def test_a_manager_sees_it_listed_and_approves(signed_in, learner, manager, case, post, still):
    reply(signed_in(learner), case)
    client = signed_in(manager)
    listed = client.get("/s/komorebi/approvals").content.decode()
    assert "小暮 あかり" in listed
    assert "届いたバッグの色が写真と違います" in listed
    assert "承認して送る" in page(client, case)
    message = Message.objects.get(direction="out")
    client.post(f"/s/komorebi/messages/{message.pk}/approve", **SCRIPT)
    run_due_jobs(still + timedelta(days=30))
    assert [each.text for each in post.left] == ["お送りします。"]
    assert "佐伯 みおさんが返信を承認しました" in page(client, case)


def test_a_manager_sees_what_differs_from_the_macro(signed_in, learner, manager, case, post, still, now):
    texts = {"ja": "{{customer.name}} 様\nお調べします。\n少々お待ちください。"}
    macro = replies.save_macro(by=manager, content=content(texts=texts), now=now)
    use = replies.use_macro(by=learner, case=case, macro_id=macro.pk, now=now)
    reply(signed_in(learner), case, text="柏木 由紀子 様\nお調べします。\n明日まで<b>お待ち</b>ください。", use=use.pk)
    shown = page(signed_in(manager), case)
    assert "定型文「配送の遅れ: お調べします」との違い" in shown
    assert "<del>少々お待ちください。</del>" in shown
    assert "<ins>明日まで&lt;b&gt;お待ち&lt;/b&gt;ください。</ins>" in shown


def test_sent_back_with_a_remark(signed_in, learner, manager, case, post, still):
    reply(signed_in(learner), case)
    message = Message.objects.get(direction="out")
    back = f"/s/komorebi/messages/{message.pk}/send-back"
    assert signed_in(manager).post(back, {"remark": " "}, **SCRIPT).status_code == 422
    signed_in(manager).post(back, {"remark": "日付を入れてください。"}, **SCRIPT)
    assert (Draft.objects.get().author, Note.objects.get().text) == (learner, "@小暮 あかり 日付を入れてください。")


def test_whose_replies_need_approval_is_set_on_the_page(signed_in, manager, new_agent, agent, stranger, still):
    client = signed_in(manager)
    client.post(f"/s/komorebi/approvals/{new_agent.pk}", {"needed": "1"})
    new_agent.refresh_from_db()
    assert new_agent.needs_approval
    assert client.post(f"/s/komorebi/approvals/{stranger.pk}", {"needed": "1"}).status_code == 404
    assert client.post(f"/s/komorebi/approvals/{manager.pk}", {"needed": "1"}).status_code == 403
    assert signed_in(agent).get("/s/komorebi/approvals").status_code == 403


def test_the_list_of_what_waits_costs_the_same_however_long(signed_in, learner, manager, shop, post, still, now):
    def wait(n):
        case = arrive(shop, f"m{n}@x", at=now, subject=f"件 {n}").case
        actions.reply(by=learner, case_id=case.pk, text="はい", to=[KASHIWAGI], read_at_version=9, now=now)

    def count():
        with CaptureQueriesContext(connection) as seen:
            assert signed_in(manager).get("/s/komorebi/approvals").status_code == 200
        return len(seen)

    wait(0)
    count()
    few = count()
    for n in range(1, 20):
        wait(n)
    assert count() == few


def test_an_earlier_draft_comes_back(signed_in, agent, new_agent, case, still, now):
    long = "お問い合わせいただき、ありがとうございます。お調べしてご連絡いたします。"
    values = {"is_note": False, "read_at_version": 1}
    actions.save_draft(by=agent, case_id=case.pk, text=long, version=0, now=now, **values)
    actions.save_draft(by=agent, case_id=case.pk, text="", version=1, now=now, **values)
    client = signed_in(agent)
    assert "この下書きの前の版" in page(client, case)
    assert "この下書きの前の版" not in page(signed_in(new_agent), case)
    client.post(f"{url(case)}/reply/draft/back", {"saved_at": now.isoformat()})
    assert Draft.objects.get().text == long
