"""A mail that came back: written on the message, on the case and on the address, each report once."""

from datetime import timedelta

import pytest

from anshin.cases.actions import (
    close,
    deliver_message,
    record_bounce,
    reply,
    retry_delivery,
    trust_silent_addresses,
)
from anshin.cases.models import BounceReport, Case, Message
from anshin.cases.ports import DeliveryRefused, RefusedRecipient
from anshin.cases.terms import IncomingBounce, Party, Resolution
from anshin.commerce.actions import mark_bounced
from anshin.commerce.models import ContactPoint
from anshin.commerce.terms import BounceKind
from anshin.plumbing.journal.models import JournalEntry
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db


def sent(shop, agent, *, at, to=(KASHIWAGI,), cc=(), case=None):
    case = case or arrive(shop, f"a{at:%H%M%S}@mail.example", at=at).case
    case.refresh_from_db()
    message = reply(
        by=agent, case_id=case.pk, text="お調べします。", to=to, cc=cc, read_at_version=case.version, now=at
    )
    Message.objects.filter(pk=message.pk).update(delivery="sent", sent_at=at)
    message.refresh_from_db()
    return message


def bounce(message, *, at, **values):
    standard = {
        "message_keys": (message.message_key,),
        "address": KASHIWAGI.mail,
        "kind": BounceKind.UNKNOWN_USER,
        "given_up": True,
        "words": "550 5.1.1 user unknown",
        "at": at,
    }
    return IncomingBounce(**(standard | values))


def reach(mail=KASHIWAGI.mail):
    contact = ContactPoint.objects.get(value=mail)
    return contact.reach, contact.bounce_kind, contact.bounce_count


def test_a_bounce_marks_the_message_and_gives_the_case_back(shop, agent, post, now, later):
    message = sent(shop, agent, at=now)

    assert record_bounce(shop=shop, bounce=bounce(message, at=later), now=later) == message.pk

    message.refresh_from_db()
    case = Case.objects.get()
    report = BounceReport.objects.get()
    assert (message.delivery, message.server_words, message.report_count) == ("bounced", "550 5.1.1 user unknown", 1)
    assert (case.status, case.waiting_since_at, case.is_unread, case.last_activity_at) == ("open", later, True, later)
    assert (report.address, report.kind, report.given_up, report.at) == (KASHIWAGI.mail, "unknown_user", True, later)


def test_a_closed_case_opens_again_when_its_last_answer_did_not_arrive(shop, agent, post, now, later):
    message = sent(shop, agent, at=now)
    close(by=agent, case_id=message.case_id, resolution=Resolution.ANSWERED, now=now)

    record_bounce(shop=shop, bounce=bounce(message, at=later), now=later)

    case = Case.objects.get()
    assert (case.status, case.resolution, case.closed_at) == ("open", "", None)


def test_the_same_report_twice_is_one(shop, agent, post, now, later):
    message = sent(shop, agent, at=now)
    for _again in range(2):
        record_bounce(shop=shop, bounce=bounce(message, at=later), now=later)

    assert BounceReport.objects.count() == 1
    assert reach() == ("unreachable", "unknown_user", 1)
    assert JournalEntry.objects.filter(event="customer.address_bounced").count() == 1


def test_a_delay_leaves_the_report_and_nothing_else(shop, agent, post, now, later):
    message = sent(shop, agent, at=now)
    delay = bounce(message, at=later, kind=BounceKind.TRY_LATER, given_up=False, words="4.4.1 timed out")

    assert record_bounce(shop=shop, bounce=delay, now=later) == message.pk

    message.refresh_from_db()
    assert (message.delivery, message.server_words, message.report_count) == ("sent", "", 1)
    assert Case.objects.get().status == "waiting"
    assert reach() == ("ok", "", 0)
    assert not JournalEntry.objects.filter(event="customer.address_bounced").exists()


def test_a_bounce_of_nothing_we_sent_is_reported_as_unmatched(shop, other_shop, agent, post, now, later):
    message = sent(shop, agent, at=now)

    assert record_bounce(shop=other_shop, bounce=bounce(message, at=later), now=later) is None
    assert record_bounce(shop=shop, bounce=bounce(message, at=later, message_keys=("x@y",)), now=later) is None

    message.refresh_from_db()
    assert (message.delivery, BounceReport.objects.count(), reach()) == ("sent", 0, ("ok", "", 0))


def test_an_address_that_we_never_wrote_to_is_not_blamed(shop, agent, post, now, later):
    message = sent(shop, agent, at=now)
    forwarded = bounce(message, at=later, address="elsewhere@forwarded.example")

    record_bounce(shop=shop, bounce=forwarded, now=later)

    assert reach() == ("ok", "", 0)
    assert BounceReport.objects.get().address == "elsewhere@forwarded.example"


def test_a_report_without_an_address_is_about_the_only_recipient(shop, agent, post, now, later):
    record_bounce(shop=shop, bounce=bounce(sent(shop, agent, at=now), at=later, address=""), now=later)
    assert reach() == ("unreachable", "unknown_user", 1)


def test_a_report_without_an_address_blames_nobody_of_several(shop, agent, post, now, later):
    message = sent(shop, agent, at=now, cc=[Party("", "second@mail.example")])
    record_bounce(shop=shop, bounce=bounce(message, at=later, address=""), now=later)
    assert reach() == ("ok", "", 0)


def test_a_message_sent_again_after_a_bounce_can_bounce_again(shop, agent, post, now, later):
    message = sent(shop, agent, at=now)
    record_bounce(shop=shop, bounce=bounce(message, at=later), now=later)
    retry_delivery(by=agent, message_id=message.pk, now=later)
    Message.objects.filter(pk=message.pk).update(delivery="sent")
    from anshin.plumbing.files.store import keep

    report = keep(shop.pk, b"another report", now=later)
    again = bounce(message, at=later + timedelta(hours=1), raw_blob_id=report.pk)
    record_bounce(shop=shop, bounce=again, now=later + timedelta(hours=1))

    message.refresh_from_db()
    assert (message.delivery, message.report_count, reach()[2]) == ("bounced", 2, 2)


def test_a_customer_who_writes_has_an_address_that_works(shop, agent, post, now, later):
    record_bounce(shop=shop, bounce=bounce(sent(shop, agent, at=now), at=later), now=later)
    arrive(shop, "z@mail.example", at=later + timedelta(hours=1))
    assert reach()[0] == "ok"
    cleared = JournalEntry.objects.get(event="customer.address_cleared")
    assert (cleared.payload["why"], cleared.payload["former"]) == ("wrote", "unreachable")


def test_a_mail_written_before_the_bounce_proves_nothing(shop, agent, post, now, later):
    record_bounce(shop=shop, bounce=bounce(sent(shop, agent, at=now), at=later), now=later)
    arrive(shop, "z@mail.example", at=now)
    assert reach()[0] == "unreachable"


def test_an_automatic_answer_proves_nothing(shop, agent, post, now, later):
    record_bounce(shop=shop, bounce=bounce(sent(shop, agent, at=now), at=later), now=later)
    arrive(shop, "z@mail.example", at=later + timedelta(hours=1), is_automatic=True)
    assert reach()[0] == "unreachable"


def test_who_refuses_our_mail_may_write_and_still_not_get_it(shop, agent, post, now, later):
    message = sent(shop, agent, at=now)
    record_bounce(shop=shop, bounce=bounce(message, at=later, kind=BounceKind.REFUSED), now=later)

    arrive(shop, "z@mail.example", at=later + timedelta(hours=1), text="返事がまだ来ません。")
    assert reach()[0] == "unreachable"

    second = sent(shop, agent, at=later + timedelta(hours=2), case=message.case)
    arrive(shop, "y@mail.example", at=later + timedelta(hours=3), refers_to=(second.message_key,))
    assert reach()[0] == "ok"


def test_five_days_of_silence_after_a_later_mail_clear_the_address(shop, agent, post, now):
    message = sent(shop, agent, at=now)
    record_bounce(shop=shop, bounce=bounce(message, at=now, kind=BounceKind.REFUSED), now=now)
    again = sent(shop, agent, at=now + timedelta(days=1), case=message.case)

    assert trust_silent_addresses(now=again.sent_at + timedelta(days=4, hours=23)) == 0
    assert reach()[0] == "unreachable"
    assert trust_silent_addresses(now=again.sent_at + timedelta(days=5)) == 1
    assert reach()[0] == "ok"


def test_silence_clears_nothing_when_nothing_was_sent_since(shop, agent, post, now):
    record_bounce(shop=shop, bounce=bounce(sent(shop, agent, at=now), at=now), now=now)
    assert trust_silent_addresses(now=now + timedelta(days=30)) == 0
    assert reach()[0] == "unreachable"


def test_passing_reasons_count_until_the_third(shop, agent, post, now):
    arrive(shop, "a@mail.example", at=now)
    seen = []
    for n in range(3):
        at = now + timedelta(days=n)
        mark_bounced(shop=shop, mail=KASHIWAGI.mail, kind=BounceKind.MAILBOX_FULL, at=at, now=at)
        seen.append(reach()[0])
    assert seen == ["doubtful", "doubtful", "unreachable"]
    assert ContactPoint.objects.get().bounced_since_at == now


@pytest.mark.parametrize(
    ("mail", "has_written", "kind"),
    [
        ("taro@docomo.ne.jp", True, "refused"),
        ("taro@docomo.ne.jp", False, "unknown_user"),
        ("taro@example.jp", True, "unknown_user"),
    ],
)
def test_a_phone_from_which_the_customer_wrote_exists_and_refuses(
    shop, agent, post, now, later, mail, has_written, kind
):
    taro = Party("太郎", mail)
    case = arrive(shop, "a@x.example", at=now, sender=taro if has_written else KASHIWAGI).case
    message = sent(shop, agent, at=now, to=[taro], case=case)
    record_bounce(shop=shop, bounce=bounce(message, at=later, address=mail), now=later)
    assert BounceReport.objects.get().kind == kind


def test_a_recipient_refused_at_once_is_marked_like_one_that_bounced(shop, agent, post, now, later):
    case = arrive(shop, "a@mail.example", at=now).case
    message = reply(by=agent, case_id=case.pk, text="お調べします。", to=[KASHIWAGI], read_at_version=1, now=now)
    refused = RefusedRecipient(KASHIWAGI.mail, "unknown_user")
    post.refusals.append(DeliveryRefused("550 5.1.1 User unknown", permanent=True, refused=refused))

    deliver_message(message_id=message.pk, now=later)

    message.refresh_from_db()
    assert (message.delivery, message.report_count, reach()) == ("failed", 1, ("unreachable", "unknown_user", 1))
    assert BounceReport.objects.get().raw_blob is None


def test_a_refusal_that_will_be_tried_again_marks_nothing(shop, agent, post, now, later):
    case = arrive(shop, "a@mail.example", at=now).case
    message = reply(by=agent, case_id=case.pk, text="お調べします。", to=[KASHIWAGI], read_at_version=1, now=now)
    post.refusals.append(DeliveryRefused("450 4.2.1 Busy", permanent=False))

    with pytest.raises(DeliveryRefused):
        deliver_message(message_id=message.pk, now=later)

    assert (BounceReport.objects.count(), reach()) == (0, ("ok", "", 0))


@pytest.mark.parametrize("kind", [BounceKind.TOO_LARGE, BounceKind.POLICY])
def test_what_is_not_the_addresss_fault_leaves_it_alone(shop, agent, post, now, later, kind):
    message = sent(shop, agent, at=now)
    record_bounce(shop=shop, bounce=bounce(message, at=later, kind=kind), now=later)
    message.refresh_from_db()
    assert (message.delivery, reach()) == ("bounced", ("ok", "", 0))
