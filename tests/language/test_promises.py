"""Promises in texts of ours, and what only looks like one. Thursday, 26 November 2026."""

from datetime import date, time

import pytest

from anshin.language.promises import Until, promises_in

TODAY = date(2026, 11, 26)

DAYS = {
    "明日ご連絡します。": date(2026, 11, 27),
    "明日中にご連絡いたします。": date(2026, 11, 27),
    "在庫を確認し、あさってまでにお返事いたします。": date(2026, 11, 28),
    "本日中に発送いたします。": date(2026, 11, 26),
    "来週月曜日に交換品を発送いたします。": date(2026, 11, 30),
    "12月1日（火）までに、返金の予定日をご連絡いたします。": date(2026, 12, 1),
    "１２月３日までに担当よりお電話差し上げます。": date(2026, 12, 3),
    "今週中に返金の手続きをいたします。": date(2026, 11, 29),
    "11月24日に届いたお荷物を確認し、11月30日までにご報告いたします。": date(2026, 11, 30),
    "金曜日までにお調べしてお知らせします": date(2026, 11, 27),
    "月末までにお送りする予定です。": date(2026, 11, 30),
    "I'll get back to you by Friday.": date(2026, 11, 27),
    "We will refund the full amount by 1 December.": date(2026, 12, 1),
    "Thank you for waiting. We'll ship the replacement tomorrow.": date(2026, 11, 27),
    "You will hear from us by next Monday.": date(2026, 11, 30),
    "我们会在明天之前联系您。": date(2026, 11, 27),
    "我们将于12月1日前为您退款。": date(2026, 12, 1),
    "我們會在週五之前回覆您。": date(2026, 11, 27),
    "내일까지 연락드리겠습니다.": date(2026, 11, 27),
    "12월 1일까지 환불 예정일을 안내해 드리겠습니다.": date(2026, 12, 1),
}
COUNTS = {
    "3日以内にご連絡いたします。": (Until.DAYS, 3),
    "2〜3日以内に返金いたします。": (Until.DAYS, 3),
    "二、三日中にお電話いたします。": (Until.DAYS, 3),
    "２営業日以内に発送いたします。": (Until.BUSINESS_DAYS, 2),
    "翌営業日にお返事します。": (Until.BUSINESS_DAYS, 1),
    "24時間以内にご返信いたします。": (Until.HOURS, 24),
    "1週間以内に交換品をお送りします。": (Until.DAYS, 7),
    "We will reply within 2 business days.": (Until.BUSINESS_DAYS, 2),
    "We'll contact you within 48 hours.": (Until.HOURS, 48),
    "I will send you the label within a week.": (Until.DAYS, 7),
    "我们会在3个工作日内退款。": (Until.BUSINESS_DAYS, 3),
    "我們會在2天內通知您。": (Until.DAYS, 2),
    "3영업일 이내에 환불해 드리겠습니다.": (Until.BUSINESS_DAYS, 3),
    "2일 이내에 답변 드리겠습니다.": (Until.DAYS, 2),
}
SOON = [
    "折り返しご連絡いたします。",
    "確認でき次第、ご連絡いたします。",
    "改めてメールをお送りいたします。",
    "I will get back to you soon.",
    "我们会尽快回复您。",
    "확인 후 다시 연락드리겠습니다.",
]
NONE = [
    "3日以内にご返送ください。",
    "明日ご連絡いただけますか。",
    "明日までにご連絡いただければ、交換いたします。",
    "11月30日までにお支払いがない場合は、キャンセルいたします。",
    "昨日ご連絡いたしました。",
    "明日は休業日のため、ご連絡できません。",
    "明日のご連絡はいたしかねます。",
    "通常、3営業日以内に発送いたします。",
    "「明日連絡します」とのことでしたが、いかがでしょうか。",
    "ご不明な点がございましたら、明日までにご連絡をお願いします。",
    "明日お届けできますか？",
    "お問い合わせいただき、ありがとうございます。",
    "商品は12月3日に到着する見込みです。",
    "> 明日ご連絡します。",
    "どうぞよろしくお願いいたします。",
    "Could you reply by Friday?",
    "Please contact us within 7 days.",
    "If you reply by Friday, we will ship it on Monday.",
    "We cannot ship it tomorrow.",
    "We usually reply within 2 business days.",
    "We will be happy to help.",
    "请您在3天内回复。",
    "如果您在明天之前联系我们，我们会退款。",
    "我们无法在明天发货。",
    "3일 이내에 연락해 주세요.",
    "내일까지 회신해 주시면 환불해 드리겠습니다.",
]


@pytest.mark.parametrize(("text", "on"), DAYS.items())
def test_a_day_is_read(text, on):
    (found,) = promises_in(text, today=TODAY)
    assert (found.until, found.on) == (Until.DAY, on)


@pytest.mark.parametrize(("text", "told"), COUNTS.items())
def test_a_length_of_time_is_read(text, told):
    (found,) = promises_in(text, today=TODAY)
    assert (found.until, found.count) == told


@pytest.mark.parametrize("text", SOON)
def test_a_promise_without_a_day_is_one_of_hearing_of_us(text):
    (found,) = promises_in(text, today=TODAY)
    assert found.until == Until.SOON


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_a_promise_is_none(text):
    assert promises_in(text, today=TODAY) == ()


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("本日17時までにご連絡いたします。", time(17)),
        ("明日の午前中にお電話いたします。", time(12)),
        ("明日の午後3時半までにご連絡します。", time(15, 30)),
        ("We will call you tomorrow by 3 pm.", time(15)),
        ("明日ご連絡します。", None),
    ],
)
def test_a_time_of_the_day_is_read(text, at):
    (found,) = promises_in(text, today=TODAY)
    assert found.at == at


def test_a_letter_gives_its_promises_in_order_each_once():
    letter = (
        "お待たせしております。\n11月30日までに返金の予定日をご連絡いたします。\n\n"
        "交換品は明日発送いたします。\n交換品は明日発送いたします。\n> 3日以内に返金します。\n"
    )
    found = promises_in(letter, today=TODAY)
    assert [each.quote for each in found] == [
        "11月30日までに返金の予定日をご連絡いたします。",
        "交換品は明日発送いたします。",
    ]
    assert [letter[each.start :].lstrip().startswith(each.quote) for each in found] == [True, True]
