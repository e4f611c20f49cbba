"""What a case is about and whether it can wait: the classifier proposes, a person's word stands."""

from datetime import date, timedelta

import pytest

from anshin.cases.actions import UnknownTopic, WrongCase, link_order, mark_spam, propose_topics, set_topics, set_urgent
from anshin.cases.models import Case, ShopTopic, TopicCorrection
from anshin.cases.rules import topics_after
from anshin.cases.terms import SenderSign, SenderWarning
from anshin.commerce.actions import take_in_order
from anshin.commerce.terms import Buyer, IncomingOrder, SalesChannel
from anshin.language.topics.model import base_model
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.cases.writing import KASHIWAGI, MIKUMO, arrive

pytestmark = pytest.mark.django_db
RETURN = {"subject": "返品", "text": "サイズが合わなかったので返品したいです。送り先を教えてください。"}
BURN = {"subject": "やけど", "text": "ふたが外れて熱湯がかかり、腕にやけどをしました。病院に行きました。"}


def events(name):
    return [entry.payload for entry in JournalEntry.objects.filter(event=name).order_by("id")]


def read(shop, key, *, at, **values):
    """A letter taken in, and read by the classifier."""
    received = arrive(shop, key, at=at, **values)
    run_due_jobs(at)
    return Case.objects.get(pk=received.case.pk)


def test_receiving_leaves_the_reading_to_a_job(shop, now):
    case = arrive(shop, "a@mail.example", at=now, **RETURN).case
    case.refresh_from_db()
    assert (case.topic, case.topics) == ("", [])
    assert Job.objects.filter(task="anshin.cases.jobs.propose_topics").count() == 1


def test_the_job_proposes_topics_with_probability_and_model(shop, now):
    case = read(shop, "a@mail.example", at=now, **RETURN)
    assert (case.topic, case.topic_source, case.language) == ("return.how", "model", "ja")
    assert case.topics[0][0] == "return.how" and 0.5 < case.topics[0][1] <= 1
    assert case.topic_model == base_model().about.version
    assert [each["topics"].split(", ")[0] for each in events("case.topics_proposed")] == ["return.how"]


def test_old_mail_and_a_machines_mail_are_not_read(shop, now):
    from anshin.cases.actions import receive_message
    from tests.cases.writing import letter

    receive_message(shop=shop, message=letter("old@mail.example", at=now - timedelta(days=20), **RETURN), now=now)
    arrive(shop, "auto@mail.example", at=now, is_automatic=True, **RETURN)
    assert not Job.objects.filter(task="anshin.cases.jobs.propose_topics").exists()


def test_an_empty_word_leaves_the_desk_unsure(shop, now):
    case = read(shop, "a@mail.example", at=now, subject="", text="。")
    assert (case.topic, case.topic_source, case.topics) == ("", "unsure", [])


def test_an_injury_is_urgent_and_due_within_an_hour(shop, now):
    plain = read(shop, "a@mail.example", at=now, **RETURN)
    case = read(shop, "b@mail.example", at=now, **BURN)
    assert (case.is_urgent, case.urgent_kind, case.topic) == (True, "injury", "item.injury")
    assert case.due_at < plain.due_at
    assert case.due_at == now + timedelta(hours=1)
    assert [each["kind"] for each in events("case.urgency_seen")] == ["injury"]


def test_a_gift_is_urgent_with_its_day(shop, now):
    case = read(shop, "a@mail.example", at=now, subject="", text="明日が娘の誕生日です。プレゼントがまだ届きません。")
    assert (case.urgent_kind, case.urgent_on) == ("gift_date", date(2026, 11, 21))


def test_what_a_form_or_a_warning_says_stays(shop, now):
    case = read(shop, "a@mail.example", at=now, topic="payment.receipt", **RETURN)
    assert (case.topic, case.topic_source) == ("payment.receipt", "form")
    sign = SenderWarning(SenderSign.NAME_OF_SHOP, {})
    doubted = read(shop, "b@mail.example", at=now, sender=MIKUMO, sender_warnings=(sign,), **RETURN)
    assert (doubted.topic, doubted.topic_source) == ("account.phishing", "sender")


def test_a_form_with_an_unknown_topic_is_read_like_a_mail(shop, now):
    case = read(shop, "a@mail.example", at=now, topic="返品・交換", **RETURN)
    assert (case.topic, case.topic_source) == ("return.how", "model")


def test_a_doubtful_sender_cannot_make_a_case_urgent(shop, now):
    sign = SenderWarning(SenderSign.NAME_OF_SHOP, {})
    assert read(shop, "a@mail.example", at=now, sender_warnings=(sign,), **BURN).is_urgent is False


def test_reading_twice_changes_nothing(shop, now):
    case = read(shop, "a@mail.example", at=now, **BURN)
    facts = JournalEntry.objects.count()
    propose_topics(message_id=case.messages.get().pk, now=now)
    again = Case.objects.get(pk=case.pk)
    assert (again.topics, again.due_at, JournalEntry.objects.count()) == (case.topics, case.due_at, facts)


def test_spam_is_not_read(shop, agent, now):
    received = arrive(shop, "a@mail.example", at=now, **BURN)
    mark_spam(by=agent, case_id=received.case.pk, now=now)
    run_due_jobs(now)
    assert Case.objects.get().is_urgent is False


def test_a_persons_word_stands_and_is_kept_for_learning(shop, agent, now):
    case = read(shop, "a@mail.example", at=now, **RETURN)
    set_topics(by=agent, case_id=case.pk, codes=["return.exchange", "item.defect"], now=now)
    propose_topics(message_id=case.messages.get().pk, now=now)
    case.refresh_from_db()
    assert (case.topic, case.topic_source) == ("return.exchange", "person")
    assert case.topics == [["return.exchange", None], ["item.defect", None]]
    kept = TopicCorrection.objects.get()
    assert (kept.topics, kept.proposed, kept.by) == (["return.exchange", "item.defect"], "return.how", agent)
    assert events("case.topics_set")[-1]["topics"] == "return.exchange, item.defect"


def test_correcting_again_keeps_what_the_model_had_said(shop, agent, now):
    case = read(shop, "a@mail.example", at=now, **RETURN)
    for codes in (["other"], ["item.wrong"]):
        set_topics(by=agent, case_id=case.pk, codes=codes, now=now)
    kept = TopicCorrection.objects.get()
    assert (kept.topics, kept.proposed) == (["item.wrong"], "return.how")


def test_taking_every_topic_away_is_no_lesson(shop, agent, now):
    case = read(shop, "a@mail.example", at=now, **RETURN)
    set_topics(by=agent, case_id=case.pk, codes=["other"], now=now)
    set_topics(by=agent, case_id=case.pk, codes=[], now=now)
    case.refresh_from_db()
    assert (case.topic, case.topic_source, TopicCorrection.objects.count()) == ("", "", 0)


def test_refused_for_other_shops_topics_cases_and_roles(shop, other_shop, agent, warehouse, now):
    case = read(shop, "a@mail.example", at=now, **RETURN)
    ShopTopic.objects.create(shop=other_shop, code="item.defect/zipper", name="ファスナー")
    facts = JournalEntry.objects.filter(shop_id=shop.pk).count()
    with pytest.raises(UnknownTopic):
        set_topics(by=agent, case_id=case.pk, codes=["item.defect/zipper"], now=now)
    with pytest.raises(NotAllowed):
        set_topics(by=warehouse, case_id=case.pk, codes=["other"], now=now)
    theirs = arrive(other_shop, "b@mail.example", at=now).case
    with pytest.raises(WrongCase):
        set_urgent(by=agent, case_id=theirs.pk, is_urgent=True, now=now)
    case.refresh_from_db()
    assert (case.topic_source, TopicCorrection.objects.count()) == ("model", 0)
    assert JournalEntry.objects.filter(shop_id=shop.pk).count() == facts


def test_a_shops_own_topic_can_be_set(shop, agent, now):
    case = read(shop, "a@mail.example", at=now, **RETURN)
    ShopTopic.objects.create(shop=shop, code="item.defect/zipper", name="ファスナー")
    set_topics(by=agent, case_id=case.pk, codes=["item.defect/zipper"], now=now)
    case.refresh_from_db()
    assert case.topic == "item.defect/zipper"


def test_a_person_takes_the_urgency_away_and_reading_again_does_not_bring_another_fact(shop, agent, now):
    case = read(shop, "a@mail.example", at=now, **BURN)
    set_urgent(by=agent, case_id=case.pk, is_urgent=False, now=now)
    case.refresh_from_db()
    assert (case.is_urgent, case.urgent_kind, case.urgent_on) == (False, "", None)
    assert events("case.urgency_set") == [{"is_urgent": False}]


@pytest.mark.parametrize(
    ("source", "known", "proposed", "after"),
    [
        ("", [], [("item.wrong", 0.9)], [["item.wrong", 0.9]]),
        ("", [], [], []),
        ("unsure", [], [("item.wrong", 0.4)], [["item.wrong", 0.4]]),
        ("model", [["item.wrong", 0.9]], [("other", 0.9)], None),
        ("model", [["item.wrong", 0.9]], [], None),
        ("model", [["item.wrong", 0.9]], [("item.wrong", 0.7)], None),
        (
            "model",
            [["item.wrong", 0.9]],
            [("return.exchange", 0.8)],
            [["item.wrong", 0.9], ["return.exchange", 0.8]],
        ),
        ("model", [["item.wrong", 0.9]], [("return.exchange", 0.5)], None),
        ("person", [["item.wrong", None]], [("return.exchange", 0.9)], None),
        ("form", [["item.wrong", None]], [("return.exchange", 0.9)], None),
    ],
)
def test_topics_after_a_further_message(source, known, proposed, after):
    assert topics_after(source, known, proposed) == after


@pytest.mark.parametrize(
    ("days", "gift", "expected"), [(1, True, date(2026, 11, 21)), (9, True, None), (1, False, None), (-1, True, None)]
)
def test_a_gift_order_whose_day_is_near_is_urgent_whatever_was_written(shop, now, days, gift, expected):
    order = IncomingOrder(
        channel=SalesChannel.OWN,
        number="KM-20417",
        ordered_at=now,
        buyer=Buyer(name=KASHIWAGI.name, mail=KASHIWAGI.mail),
        is_gift=gift,
        wished_on=now.date() + timedelta(days=days),
    )
    take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=now)
    case = read(shop, "a@mail.example", at=now, subject="", text="KM-20417が届きません。")
    assert (case.urgent_kind, case.urgent_on) == ("gift_date" if expected else "", expected)


def test_a_gift_order_that_a_person_puts_beside_the_case_brings_it_up(shop, agent, now):
    case = read(shop, "a@mail.example", at=now, subject="", text="まだ届きません。")
    order = IncomingOrder(
        channel=SalesChannel.OWN,
        number="KM-1",
        ordered_at=now,
        buyer=Buyer(name="別の方", mail="other@example.jp"),
        is_gift=True,
        wished_on=now.date(),
    )
    take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=now)
    link_order(by=agent, case_id=case.pk, order_number="KM-1", now=now)
    case.refresh_from_db()
    assert (case.is_urgent, case.urgent_kind, case.urgent_on) == (True, "gift_date", now.date())
