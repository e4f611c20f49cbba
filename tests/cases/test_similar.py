"""Finished cases about the same: found by what is rare, never another shop's, never by notes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.cases import actions
from anshin.cases.models import Case
from anshin.cases.queries import similar_cases
from anshin.cases.terms import Party, Resolution
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.search import alike as alike_module
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db
EVERYDAY = (
    "お世話になっております。先日注文した商品の発送日を教えてください。",
    "領収書を発行していただけますか。宛名は会社名でお願いします。",
    "届け先の住所を変更したいのですが、まだ間に合いますか。",
    "サイズが合わなかったので返品したいです。手順を教えてください。",
    "会員のパスワードを忘れてしまいました。ログインできません。",
)


@pytest.fixture(autouse=True)
def nothing_known():
    alike_module._known.clear()
    yield
    alike_module._known.clear()


def written(shop, name, text, *, at, subject="お問い合わせ"):
    sender = Party("柏木", f"{name}@mail.example")
    return arrive(shop, f"{name}@x", at=at, subject=subject, text=text, sender=sender).case


@pytest.fixture
def humidifiers(shop, agent, post, now):
    """A finished case about a humidifier that leaks, among fifteen finished ones about other things."""
    for n in range(15):
        case = written(shop, f"other{n}", f"{EVERYDAY[n % 5]} {n}回目です。", at=now - timedelta(days=30, minutes=n))
        actions.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    told = "加湿器の底面から水漏れしています。給水タンクのパッキンがずれているようです。"
    case = written(shop, "leak", told, at=now - timedelta(days=20), subject="加湿器の水漏れ")
    run_due_jobs(now - timedelta(days=20))
    case = Case.objects.get(pk=case.pk)
    actions.reply(
        by=agent,
        case_id=case.pk,
        text="給水タンクのパッキンを新しくお送りします。",
        to=[Party("柏木", "leak@mail.example")],
        read_at_version=case.version,
        now=now - timedelta(days=19),
    )
    run_due_jobs(now - timedelta(days=18))
    actions.close(by=agent, case_id=case.pk, resolution=Resolution.REPLACED, now=now - timedelta(days=18))
    return case


@pytest.fixture
def fresh(shop, humidifiers, now):
    text = "加湿器を使っていたら水漏れして床が濡れました。給水タンクのパッキンでしょうか。"
    case = written(shop, "new", text, at=now, subject="水漏れ")
    run_due_jobs(now)
    return Case.objects.get(pk=case.pk)


def test_the_case_about_the_same_comes_first_with_its_end_and_answer(agent, humidifiers, fresh, now):
    found = similar_cases(agent, fresh, now=now)
    assert found[0].number == humidifiers.number
    assert found[0].resolution == Resolution.REPLACED
    assert found[0].answer == "給水タンクのパッキンを新しくお送りします。"
    assert [each.number for each in found] == [humidifiers.number]  # and nothing that only is polite, too


def test_the_newest_of_the_same_topic_fill_up(agent, fresh, humidifiers, now):
    others = Case.objects.exclude(pk__in=[fresh.pk, humidifiers.pk]).order_by("-last_activity_at")
    others.update(topic="item.defect")
    fresh.topic = "item.defect"
    found = [each.number for each in similar_cases(agent, fresh, now=now)]
    assert found == [humidifiers.number, *others.values_list("number", flat=True)[:3]]


def test_the_same_customers_own_and_unfinished_cases_are_left_out(shop, agent, humidifiers, fresh, now):
    actions.reopen(by=agent, case_id=humidifiers.pk, now=now)
    assert similar_cases(agent, fresh, now=now) == []


def test_another_shops_cases_are_never_alike(shop, other_shop, stranger, agent, fresh, humidifiers, now):
    theirs = arrive(other_shop, "t@x", at=now, subject="水漏れ", text="加湿器の給水タンクのパッキンから水漏れ").case
    run_due_jobs(now)
    theirs = Case.objects.get(pk=theirs.pk)
    assert similar_cases(stranger, theirs, now=now) == []
    actions.close(by=stranger, case_id=theirs.pk, resolution=Resolution.ANSWERED, now=now)
    run_due_jobs(now)
    assert [each.number for each in similar_cases(agent, fresh, now=now)] == [humidifiers.number]


def test_words_of_notes_do_not_count(shop, agent, fresh, now):
    text = "商品についてお尋ねします。"
    case = written(shop, "plain", text, at=now - timedelta(days=3))
    actions.add_note(by=agent, case_id=case.pk, text="加湿器の給水タンクのパッキン 水漏れ", now=now)
    actions.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    run_due_jobs(now)
    assert case.number not in [each.number for each in similar_cases(agent, fresh, now=now)]


def test_a_case_without_words_is_like_no_other(shop, agent, humidifiers, now):
    case = written(shop, "empty", "", at=now, subject="")
    run_due_jobs(now)
    assert similar_cases(agent, Case.objects.get(pk=case.pk), now=now) == []


def test_queries_do_not_grow_with_the_cases(shop, agent, fresh, now):
    with CaptureQueriesContext(connection) as seen:
        similar_cases(agent, fresh, now=now)
    assert len(seen) <= 9
