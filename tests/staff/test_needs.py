"""What is missing stands beside the composer and becomes one question in the draft."""

import pytest
from django.urls import reverse

from anshin.cases.actions import save_draft
from anshin.cases.models import Case, Draft
from anshin.channels.web_form import actions as web_form
from anshin.channels.web_form.terms import Kind
from anshin.plumbing.jobs.inline import run_due_jobs
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db
ASKED = "お手数ですが、次の点をお知らせいただけますでしょうか。"


@pytest.fixture
def case(shop, now):
    found = arrive(shop, "n@mail.example", at=now, subject="故障", text="加湿器が動きません。壊れています。").case
    run_due_jobs(now)
    return Case.objects.get(pk=found.pk)


def page_of(client, case):
    return client.get(reverse("staff:case", args=["komorebi", case.number])).content.decode()


def test_the_list_and_the_question(client, agent, case):
    client.force_login(agent.person)
    assert "状態の分かるお写真" in page_of(client, case)
    answer = client.post(reverse("staff:ask_needs", args=["komorebi", case.number]))
    assert answer.status_code == 302
    text = Draft.objects.get(is_note=False).text
    assert text.startswith(ASKED) and "・ご注文番号" in text
    assert ASKED in page_of(client, case)


def test_the_question_stands_below_what_was_written_and_only_once(client, agent, case, now):
    save_draft(
        by=agent,
        case_id=case.pk,
        is_note=False,
        text="ご連絡ありがとうございます。",
        version=0,
        read_at_version=1,
        now=now,
    )
    client.force_login(agent.person)
    for _ in range(2):
        client.post(reverse("staff:ask_needs", args=["komorebi", case.number]))
    text = Draft.objects.get(is_note=False).text
    assert text.startswith("ご連絡ありがとうございます。\n\n" + ASKED)
    assert text.count(ASKED) == 1


def test_what_is_on_the_screen_is_kept(client, agent, case):
    client.force_login(agent.person)
    client.post(reverse("staff:ask_needs", args=["komorebi", case.number]), {"text": "まだ保存していない文"})
    assert Draft.objects.get(is_note=False).text.startswith("まだ保存していない文\n\n")


def test_what_the_form_told_is_not_asked_again(client, agent, shop, now):
    """A day of purchase says nothing about since when it has been broken."""
    values = {"text": "加湿器が動きません。壊れています。", "name": "柏木", "seconds": 60}
    values |= {"order_number": "KM-20417", "bought": "先週", "product": "DH-06"}
    for nonce, since in (("a", ""), ("b", "3日くらい前")):
        sent = web_form.store(
            shop=shop,
            nonce=nonce,
            kind=Kind.DEFECT,
            language="ja",
            values=values | {"since": since, "mail": f"{nonce}@mail.example"},
            files=[],
            dropped_ids=[],
            address_key="",
            now=now,
        )
        assert web_form.take_in(submission_id=sent.pk, now=now) is None
    client.force_login(agent.person)
    first, second = Case.objects.order_by("pk")
    for case, asks_since in ((first, True), (second, False)):
        page = page_of(client, case)
        assert ("いつ頃からの症状か" in page) == asks_since
        assert "具体的な症状" in page
        assert "商品名または型番" not in page
        assert "ご注文番号</span>" not in page


def test_who_may_not_answer_is_not_offered_it(client, warehouse, case):
    client.force_login(warehouse.person)
    assert reverse("staff:ask_needs", args=["komorebi", case.number]) not in page_of(client, case)
    assert client.post(reverse("staff:ask_needs", args=["komorebi", case.number])).status_code == 403
    assert not Draft.objects.exists()
