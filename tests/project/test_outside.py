"""The practice world: what left is seen, customers write, servers refuse; for a real shop it does not exist."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anshin.cases.actions import deliver_message, reply
from anshin.cases.models import Case, Message
from anshin.cases.ports import outbox
from anshin.cases.terms import Delivery, Party
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.ports import Sender, TransportFailed, transport
from anshin.channels.email.sending.adapter import EmailOutbox
from anshin.channels.email.terms import Fate
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.project.outside.models import Behaviour, LeftMail
from anshin.project.outside.post_office import OutsidePostOffice, behave

pytestmark = pytest.mark.django_db
MISAKI = {"name": "髙橋 美咲", "mail": "misaki@example.jp", "subject": "配送について①", "body": "いつ届きますか？"}


@pytest.fixture(autouse=True)
def practice(monkeypatch, now):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)
    office = OutsidePostOffice(moment=lambda: now)
    with outbox.filled_with(EmailOutbox(moment=lambda: now)), transport.filled_with(office):
        yield


@pytest.fixture
def mailbox(shop, now):
    return Mailbox.objects.create(
        shop=shop,
        address="support@komorebi.example",
        display_name="こもれび",
        takes_plus_addresses=True,
        created_at=now,
    )


@pytest.fixture
def page(client):
    client.cookies["anshin_language"] = "en"
    return client


def url(name, *args):
    return reverse(f"outside:{name}", args=args)


def write(page, mailbox, now, **more):
    answer = page.post(url("write"), {"to": mailbox.pk, **MISAKI, **more})
    run_due_jobs(now)
    return answer


def answered(page, mailbox, agent, now):
    """The case of a customer's mail and the message with which the agent answered."""
    write(page, mailbox, now)
    case = Case.objects.get()
    message = reply(
        by=agent,
        case_id=case.pk,
        text="明日お届けします。",
        to=[Party("髙橋 美咲", "misaki@example.jp")],
        read_at_version=case.version,
        now=now,
    )
    deliver_message(message_id=message.pk, now=now)
    message.refresh_from_db()
    return case, message


def test_a_customers_mail_goes_the_way_of_every_mail(page, mailbox, now):
    file = SimpleUploadedFile("写真.jpg", b"\xff\xd8\xff\xe0photo", content_type="image/jpeg")

    answer = write(page, mailbox, now, file=file)

    arrival = Arrival.objects.get()
    message = arrival.message
    assert (answer.status_code, arrival.fate, arrival.source) == (302, Fate.TAKEN_IN, "outside")
    assert (message.subject, message.text) == ("配送について①", "いつ届きますか？")
    assert (message.sender_name, message.sender_mail) == ("髙橋 美咲", "misaki@example.jp")
    attachment = message.attachments.get()
    assert (attachment.name, read_bytes(attachment.blob)) == ("写真.jpg", b"\xff\xd8\xff\xe0photo")


def test_the_whole_loop_stays_in_one_case(page, mailbox, agent, now):
    case, message = answered(page, mailbox, agent, now)
    left = LeftMail.objects.get()
    assert message.delivery == Delivery.SENT
    assert message.server_words == f"250 2.0.0 Ok: queued as OUTSIDE{left.pk}"
    assert left.recipients == ["misaki@example.jp"]
    assert "明日お届けします。" in page.get(url("left_mail", left.pk)).content.decode()
    assert left.subject in page.get(url("left_mails")).content.decode()

    form = page.get(url("write"), {"answers": left.pk}).context["form"]
    assert (form["mail"].value(), form["subject"].value()) == ("misaki@example.jp", "Re: 配送について①")
    write(page, mailbox, now, subject="別の件名", body="ありがとうございます。", answers=left.pk)

    newest = Message.objects.order_by("-id").first()
    assert newest.case_id == case.pk
    assert newest.text[: newest.quoted_from].strip() == "ありがとうございます。"
    assert "明日お届けします。" in newest.text[newest.quoted_from :]
    assert newest.in_reply_to == message.message_key


def test_a_mail_that_comes_back_is_seen_on_its_message(page, mailbox, agent, now):
    _case, message = answered(page, mailbox, agent, now)

    page.post(url("send_bounce", LeftMail.objects.get().pk))
    run_due_jobs(now)

    message.refresh_from_db()
    assert message.delivery == Delivery.BOUNCED
    assert "550 5.1.1 User unknown" in message.server_words
    assert Case.objects.count() == 1


def test_an_automatic_answer_joins_the_case(page, mailbox, agent, now):
    case, _message = answered(page, mailbox, agent, now)

    page.post(url("send_automatic", LeftMail.objects.get().pk))
    run_due_jobs(now)

    newest = Message.objects.order_by("-id").first()
    assert (newest.case_id, newest.is_automatic) == (case.pk, True)


@pytest.mark.parametrize(
    ("behaviour", "permanent", "unsure", "slower_for"),
    [
        (Behaviour.LATER, False, False, ("c@d.example",)),
        (Behaviour.REFUSE, True, False, ()),
        (Behaviour.SILENT, False, False, ()),
        (Behaviour.CLOSED, False, False, ()),
        (Behaviour.VANISH, False, True, ()),
    ],
)
def test_the_switch_lets_the_server_refuse(page, shop, behaviour, permanent, unsure, slower_for):
    page.post(url("switch"), {"behaviour": behaviour.value})

    with pytest.raises(TransportFailed) as caught:
        transport.get().send(Sender(shop.pk, "a@b.example", None), ["c@d.example"], b"", handing_over=lambda: None)

    assert (caught.value.permanent, caught.value.unsure) == (permanent, unsure)
    assert caught.value.slower_for == slower_for
    assert not LeftMail.objects.exists()


def test_an_unknown_behaviour_changes_nothing(page):
    behave(Behaviour.LATER)
    assert page.post(url("switch"), {"behaviour": "explode"}).status_code == 404
    assert "selected>Says" in page.get(url("left_mails")).content.decode().replace("\n", "")


def test_an_address_that_is_none_is_refused_beside_its_field(page, mailbox, now):
    answer = write(page, mailbox, now, mail="misaki at example")
    assert answer.status_code == 422
    assert "This is not a mail address." in answer.content.decode()
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_is_drawn_in_both_languages(page, mailbox, agent, now, language):
    answered(page, mailbox, agent, now)
    page.cookies["anshin_language"] = language
    for address in (url("left_mails"), url("write"), url("left_mail", LeftMail.objects.get().pk)):
        assert page.get(address).status_code == 200


def test_for_a_real_shop_the_practice_world_does_not_exist(page, settings, mailbox):
    settings.ANSHIN_OUTSIDE = False
    left = LeftMail.objects.create(shop_id=mailbox.shop_id, sender="a@b.example", raw=b"", left_at=mailbox.created_at)
    for address in (url("left_mails"), url("write"), url("left_mail", left.pk)):
        assert page.get(address).status_code == 404
    posts = (url("write"), url("switch"), url("send_bounce", left.pk), url("send_automatic", left.pk))
    for address in posts:
        assert page.post(address, {"to": mailbox.pk, **MISAKI}).status_code == 404
    assert not Arrival.objects.exists()
