"""A reply about a parcel that never came names both ways out: sent again on a day, or cancelled."""

from datetime import timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.actions import link_order
from anshin.cases.models import Message
from anshin.delivery import actions as delivery
from anshin.delivery.terms import TroubleKind
from anshin.returns.rules.options import AGAIN, DAY, OFFER, UNDO, missing_options, offers_both
from tests.cases.writing import KASHIWAGI, arrive

BOTH = "申し訳ございません。12月3日に着くよう再送するか、ご注文を取り消して返金いたします。どちらがよろしいでしょうか。"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (BOTH, ()),
        ("運送会社に所在を確認しております。明日ご連絡します。", ()),
        ("12月3日に着くように再送いたします。", (UNDO,)),
        ("同じ品を再送いたします。", (DAY, UNDO)),
        ("ご注文を取り消して返金いたします。", (AGAIN,)),
        ("We are sorry. We can resend it so that it arrives on December 3, or refund you in full.", ()),
        ("We will refund you.", (AGAIN,)),
        ("非常抱歉,我们会在12月3日前重新寄出。", (UNDO,)),
        ("非常抱歉,我們可以在12月3日前補寄,或取消訂單並退款。", ()),
        ("죄송합니다. 12월 3일까지 다시 보내 드리거나 환불해 드리겠습니다.", ()),
    ],
)
def test_what_is_missing(text, missing):
    assert missing_options(text) == missing


@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant", "ko"])
def test_the_sentence_that_is_proposed_offers_both_once_the_day_is_filled_in(language):
    text = OFFER[language]
    day = {"ja": "12月3日", "en": "December 3", "ko": "12월 3일"}.get(language, "12月3日")
    assert offers_both(text[: text.index("{{")] + day + text[text.index("}}") + 2 :])


@pytest.mark.django_db
class TestReplies:
    @pytest.fixture
    def lost(self, shop, agent, sold, now):
        order = sold()
        case = arrive(shop, "a@x", at=now).case
        link_order(by=agent, case_id=case.pk, order_number=order.number, now=now)
        delivery.report(shop=shop, by=agent, case_id=case.pk, order_id=order.pk, kind=TroubleKind.NOT_ARRIVED, now=now)
        return case

    def reply(self, by, case, now, text):
        return cases.reply(by=by, case_id=case.pk, text=text, to=[KASHIWAGI], read_at_version=99, now=now)

    def test_half_an_offer_does_not_leave(self, lost, agent, post, now):
        with pytest.raises(cases.ReplyObjected) as refusal:
            self.reply(agent, lost, now, "申し訳ございません。12月3日に着くように再送いたします。")
        (objection,) = refusal.value.objections
        assert (objection.code, objection.instead) == ("options_missing", OFFER["ja"])
        assert not Message.objects.filter(direction="out").exists()

    def test_both_leave_and_the_next_reply_may_settle_on_one(self, lost, agent, post, now):
        self.reply(agent, lost, now, BOTH)
        later = now + timedelta(hours=1)
        assert self.reply(agent, lost, later, "承知いたしました。12月3日着で再送いたします。").pk

    def test_where_nothing_is_lost_nothing_is_asked(self, shop, agent, post, now):
        case = arrive(shop, "a@x", at=now).case
        assert self.reply(agent, case, now, "ご注文を取り消して返金いたします。").pk
