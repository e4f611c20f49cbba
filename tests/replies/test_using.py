"""A macro in a draft, in a reply, and what became of it a week later."""

from datetime import timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Case, Message
from anshin.cases.queries import case_by_number, case_page
from anshin.cases.terms import Resolution
from anshin.commerce.actions import take_in_order
from anshin.commerce.models import Order
from anshin.commerce.terms import Buyer, Carrier, IncomingOrder, IncomingShipment, SalesChannel
from anshin.plumbing.journal.actors import Actor
from anshin.replies import actions, queries
from anshin.replies.models import Macro, MacroUse
from anshin.replies.terms import MacroStep, Placeholder, PromiseChoices, Sending
from anshin.shops.actions import NotAllowed
from tests.cases.writing import KASHIWAGI, arrive
from tests.replies.writing import content

pytestmark = pytest.mark.django_db
SENT = "柏木 由紀子 様\n\nご注文 KM-20417 の配送状況をお調べします。"


@pytest.fixture
def macro(manager, now):
    offered = content(closes_with="answered", adds_tags=("配送",))
    return actions.save_macro(by=manager, content=offered, now=now)


@pytest.fixture
def case(shop, now):
    parcel = IncomingShipment(carrier=Carrier.YAMATO, tracking_number="1234-5678-9012", shipped_at=now)
    order = IncomingOrder(
        channel=SalesChannel.OWN,
        number="KM-20417",
        ordered_at=now,
        buyer=Buyer(name=KASHIWAGI.name, mail=KASHIWAGI.mail),
        shipments=(parcel,),
        total_yen=3980,
    )
    take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=now)
    return arrive(shop, "a@x", at=now, text="KM-20417が届きません。").case


def page_of(by, case):
    return case_page(by, case_by_number(by.shop, case.number))


def sent_with(by, case, use, now, text=SENT, **sending):
    return actions.send(
        by=by,
        case_id=case.pk,
        text=text,
        to=[KASHIWAGI],
        read_at_version=9,
        sending=Sending(uses=(use.pk,), **sending),
        now=now,
    )


def figures(macro):
    macro.refresh_from_db()
    return (
        macro.sent_count,
        macro.unchanged_count,
        macro.settled_count,
        macro.answered_count,
        macro.closed_count,
    )


def test_a_macro_is_filled_in_from_the_case(macro, case, agent, now):
    page = page_of(agent, case)
    assert queries.filled(agent, page, macro.texts["ja"], language="ja", now=now).text == SENT


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ja", "2026年11月20日（金） 3,980円 ヤマト運輸 1234-5678-9012"),
        ("en", "Friday, 20 November 2026 ¥3,980 Yamato Transport 1234-5678-9012"),
        ("zh-Hant", "2026年11月20日（星期五） 3,980日圓 大和運輸（黑貓宅急便） 1234-5678-9012"),
    ],
)
def test_values_are_written_the_way_of_the_language(case, agent, now, language, expected):
    text = "{{order.date}} {{order.total}} {{shipment.carrier}} {{shipment.tracking}}"
    assert queries.filled(agent, page_of(agent, case), text, language=language, now=now).text == expected


def test_every_placeholder_has_a_value_or_stays(case, agent, now):
    text = " ".join("{{" + name + "}}" for name in Placeholder.values)
    filled = queries.filled(agent, page_of(agent, case), text, language="ja", now=now)
    above = ("apology", "return.", "reshipment.", "pickup.")  # of returns and troubles, of which this case has none
    gaps = [gap.name for gap in filled.gaps if not gap.name.startswith(above)]
    orders = ["order.items", "order.payment", "order.due", "order.wished"]
    assert gaps == [*orders, "address.written", "address.doubt", "stock.now"]
    assert "2026年11月24日（火）" in filled.text  # 480 minutes of opening time after a Friday before a holiday


def test_filling_costs_no_query_but_for_the_day_of_our_answer(case, agent, now, django_assert_num_queries):
    page = page_of(agent, case)
    with django_assert_num_queries(0):
        queries.filled(agent, page, "{{order.number}} {{today}}", language="ja", now=now)
    with django_assert_num_queries(2):
        queries.filled(agent, page, "{{promise.date}}", language="ja", now=now)


def test_the_customers_language_is_chosen_and_another_can_be(macro, case, agent, now):
    case.language = "en"
    assert actions.use_macro(by=agent, case=case, macro_id=macro.pk, now=now).language == "en"
    again = actions.use_macro(by=agent, case=case, macro_id=macro.pk, language="ja", now=now)
    assert (again.language, MacroUse.objects.count()) == ("ja", 1)


def test_sending_counts_and_does_what_was_left_on(macro, case, agent, post, now):
    use = actions.use_macro(by=agent, case=case, macro_id=macro.pk, now=now)
    message = sent_with(agent, case, use, now, closes_with="answered", tags=("配送",))
    use.refresh_from_db()
    case.refresh_from_db()
    assert (use.message, use.was_unchanged) == (message, True)
    assert (case.status, case.resolution, case.tag_names) == ("closed", "answered", ["配送"])
    assert figures(macro) == (1, 1, 0, 0, 0)
    assert queries.open_uses(agent, case.pk) == []


def test_nothing_is_done_that_was_taken_off(macro, case, agent, post, now):
    use = actions.use_macro(by=agent, case=case, macro_id=macro.pk, now=now)
    sent_with(agent, case, use, now, text="お調べしました。")
    case.refresh_from_db()
    assert (case.status, case.tag_names) == ("waiting", [])
    assert figures(macro) == (1, 0, 0, 0, 0)


def test_a_refused_reply_counts_nothing(macro, case, agent, post, now):
    use = actions.use_macro(by=agent, case=case, macro_id=macro.pk, now=now)
    with pytest.raises(cases.UnfilledPlaceholder):
        sent_with(agent, case, use, now, text=macro.texts["ja"], tags=("配送",))
    case.refresh_from_db()
    assert (figures(macro), case.tag_names, Message.objects.filter(direction="out").count()) == ((0,) * 5, [], 0)


def test_somebody_elses_use_is_not_counted(macro, case, agent, new_agent, post, now):
    use = actions.use_macro(by=new_agent, case=case, macro_id=macro.pk, now=now)
    sent_with(agent, case, use, now)
    use.refresh_from_db()
    assert (use.message, figures(macro)) == (None, (0,) * 5)


def test_outsiders_use_no_macro(macro, case, stranger, warehouse, now):
    with pytest.raises(actions.WrongMacro):
        actions.use_macro(by=stranger, case=case, macro_id=macro.pk, now=now)
    with pytest.raises(NotAllowed):
        actions.use_macro(by=warehouse, case=case, macro_id=macro.pk, now=now)
    assert not MacroUse.objects.exists()


def a_week_after(now):
    return now + timedelta(days=7)


def test_settled_a_week_later_as_the_last_word(macro, case, agent, post, now):
    sent_with(agent, case, actions.use_macro(by=agent, case=case, macro_id=macro.pk, now=now), now)
    cases.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    assert actions.settle_uses(now=now + timedelta(days=6)) == 0
    assert actions.settle_uses(now=a_week_after(now)) == 1
    assert actions.settle_uses(now=a_week_after(now)) == 0
    assert figures(macro) == (1, 1, 1, 0, 1)


@pytest.mark.parametrize(("days", "answered"), [(3, 1), (8, 0)])
def test_an_answer_counts_within_seven_days(macro, case, agent, shop, post, now, days, answered):
    sent_with(agent, case, actions.use_macro(by=agent, case=case, macro_id=macro.pk, now=now), now)
    arrive(shop, "b@x", at=now + timedelta(days=days), refers_to=("a@x",))
    actions.settle_uses(now=now + timedelta(days=9))
    assert figures(macro) == (1, 1, 1, answered, 0)


def test_a_vacation_mail_is_no_answer(macro, case, agent, shop, post, now):
    sent_with(agent, case, actions.use_macro(by=agent, case=case, macro_id=macro.pk, now=now), now)
    arrive(shop, "b@x", at=now + timedelta(days=1), refers_to=("a@x",), is_automatic=True)
    actions.settle_uses(now=a_week_after(now))
    assert figures(macro) == (1, 1, 1, 0, 0)


def test_what_was_taken_back_or_never_left_is_forgotten(macro, case, agent, new_agent, post, now):
    message = sent_with(agent, case, actions.use_macro(by=agent, case=case, macro_id=macro.pk, now=now), now)
    cases.take_back(by=agent, message_id=message.pk, now=now)
    actions.use_macro(by=new_agent, case=case, macro_id=macro.pk, now=now)
    assert actions.settle_uses(now=a_week_after(now)) == 0
    assert (figures(macro), MacroUse.objects.count()) == ((0,) * 5, 0)


def test_a_reply_without_macros_makes_no_query_more(case, agent, post, now, django_assert_max_num_queries):
    def count(write, seconds, **more):
        at = now + timedelta(seconds=seconds)
        with django_assert_max_num_queries(100) as seen:
            write(by=agent, case_id=case.pk, text="はい", to=[KASHIWAGI], read_at_version=9, now=at, **more)
        return len(seen)

    count(cases.reply, 0)
    asked = count(actions.send, 1, sending=Sending())
    shown = count(actions.send, 2, sending=Sending(promises=PromiseChoices()))
    assert (asked - 1, shown) == (count(cases.reply, 3),) * 2  # one asks for open promises where no screen said so


def test_the_starting_set_is_filled_in_for_a_usual_case(shop, manager, agent, case, now):
    actions.add_starting_set(shop=shop, by=manager, now=now)
    page = page_of(agent, Case.objects.get(pk=case.pk))
    shipped = Macro.objects.get(start_key="order.status/shipped")
    for language, text in shipped.texts.items():
        filled = queries.filled(agent, page, text, language=language, now=now)
        assert filled.gaps == ()
        assert "KM-20417" in filled.text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "ja",
            "〒150-0001 東京都渋谷区恵比寿1-2-3 / 郵便番号 150-0001 は「東京都渋谷区神宮前」の番号で、"
            "ご住所と合っていません。「東京都渋谷区恵比寿」の郵便番号は 150-0013 です。",
        ),
        (
            "en",
            "〒150-0001 東京都渋谷区恵比寿1-2-3 / The postcode 150-0001 belongs to 東京都渋谷区神宮前, which is not "
            "what the address says. The postcode of 東京都渋谷区恵比寿 is 150-0013.",
        ),
    ],
)
def test_an_address_that_does_not_fit_fills_in_its_macro_which_comes_first(case, agent, shop, now, language, expected):
    order = Order.objects.get()
    order.recipient_postcode, order.recipient_lines = "150-0001", "東京都渋谷区恵比寿1-2-3"
    order.save()
    case.topics = [["delivery.late_or_missing", 0.9]]
    assert queries.standing_of(shop, case).steps == (MacroStep.ADDRESS,)
    text = "{{address.written}} / {{address.doubt}}"
    assert queries.filled(agent, page_of(agent, case), text, language=language, now=now).text == expected
    order.recipient_postcode = "150-0013"
    order.save()
    assert queries.standing_of(shop, case).steps == ()


@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant", "ko"])
def test_whoever_was_promised_a_reward_is_offered_where_to_turn_and_no_refund(case, shop, manager, now, language):
    actions.add_starting_set(shop=shop, by=manager, now=now)
    assert queries.standing_of(shop, case).steps == ()
    Message.objects.filter(case=case).update(text="SNSで宣伝すると報酬がもらえるはずが、運営者と連絡が取れません。")
    case.language = language
    steps = queries.standing_of(shop, case).steps
    assert steps == (MacroStep.PROMOTION,)
    [choice] = queries.for_steps(shop, case, steps)
    assert (choice.macro.start_key, choice.language) == ("campaign.sns/promised_reward", language)
    assert choice.macro.topics == ["campaign.sns"]
    text = choice.macro.texts[language]
    assert "188" in text
    assert {  # the only sentence about money denies the promise
        "ja": "お約束できません。",
        "en": "we cannot promise that a return or a refund is possible.",
        "zh-Hans": "我们无法承诺可以退货或退款。",
        "zh-Hant": "我們無法承諾可以退貨或退款。",
        "ko": "환불이 가능하다고 약속드릴 수 없습니다.",
    }[language] in text
