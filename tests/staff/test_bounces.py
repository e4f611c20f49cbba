"""Returned mails on the desk: at the message, at the address, before the next reply; and who may take a mark away."""

from datetime import timedelta

import pytest

from anshin.cases.actions import record_bounce, reply
from anshin.cases.models import BounceReport, Message
from anshin.cases.terms import IncomingBounce, Party
from anshin.commerce.actions import add_contact
from anshin.commerce.models import ContactPoint, Customer
from anshin.commerce.terms import BounceKind, ContactKind
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.models import JournalEntry
from anshin.staff.bounce_words import advice, reason
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db
DOCOMO = Party("二階堂 亮", "ryo.nikaido@docomo.ne.jp")
HOME = "nikaido@home.example"

REPORT = b"From: MAILER-DAEMON\r\n\r\n550 Unknown user"


@pytest.fixture
def message(shop, agent, post, now):
    """A reply that left, to a customer with two addresses."""
    case = arrive(shop, "a@docomo.ne.jp", at=now, sender=DOCOMO).case
    add_contact(shop=shop, customer=Customer.objects.get(), kind=ContactKind.MAIL, value=HOME, now=now)
    written = reply(by=agent, case_id=case.pk, text="承知しました。", to=[DOCOMO], read_at_version=1, now=now)
    Message.objects.filter(pk=written.pk).update(delivery="sent", sent_at=now)
    written.refresh_from_db()
    return written


def come_back(shop, message, *, at, kind=BounceKind.REFUSED, given_up=True, report=REPORT):
    report = keep(shop.pk, report, now=at)
    bounce = IncomingBounce(
        message_keys=(message.message_key,),
        address=DOCOMO.mail,
        kind=kind,
        given_up=given_up,
        words="550 Unknown user (in reply to end of DATA command)",
        at=at,
        raw_blob_id=report.pk,
    )
    record_bounce(shop=shop, bounce=bounce, now=at)


@pytest.fixture
def page(shop, agent, signed_in, still, message):
    client = signed_in(agent)

    def seen():
        return client.get(f"/s/{shop.slug}/c/{message.case.number}").content.decode()

    return seen


def test_the_case_says_why_it_came_back_and_what_to_do(shop, message, page, later):
    come_back(shop, message, at=later)
    html = page()
    assert "ryo.nikaido@docomo.ne.jp に受信を拒否されました" in html
    assert "ドコモの「迷惑メール対策」の受信リストに「komorebi.example」" in html
    assert "550 Unknown user (in reply to end of DATA command)" in html
    assert f"/s/{shop.slug}/messages/reports/{BounceReport.objects.get().pk}" in html


def test_a_delay_is_no_failure(shop, message, page, later):
    come_back(shop, message, at=later, kind=BounceKind.TRY_LATER, given_up=False)
    html = page()
    assert "まだ届いていません。相手への配送が続いています" in html
    assert "届きませんでした" not in html


def test_before_writing_the_address_is_warned_of_and_another_offered(shop, message, page, later):
    assert "data-warns-of" not in page()
    come_back(shop, message, at=later)
    html = page()
    assert f'data-warns-of="{DOCOMO.mail}">' in html
    assert f'data-choose-to="{HOME}"' in html
    assert "このアドレスには届きませんでした（迷惑メール判定か受信設定で拒否）。" in html


def test_the_report_itself_is_one_click_away_for_the_shops_staff_only(
    shop, message, signed_in, agent, stranger, still, later
):
    come_back(shop, message, at=later)
    url = f"/messages/reports/{BounceReport.objects.get().pk}"
    answer = signed_in(agent).get(f"/s/{shop.slug}{url}")
    assert b"".join(answer.streaming_content if answer.streaming else [answer.content]).startswith(b"From: MAILER")
    assert signed_in(stranger).get(f"/s/{shop.slug}{url}").status_code == 404
    assert signed_in(stranger).get(f"/s/{stranger.shop.slug}{url}").status_code == 404


@pytest.mark.parametrize("quotes", [True, False], ids=["in the report", "in our message"])
def test_a_report_that_quotes_a_card_number_is_kept_back_and_who_takes_it_is_on_record(
    shop, message, signed_in, agent, manager, still, later, quotes
):
    if quotes:
        come_back(shop, message, at=later, report=b"From: MAILER-DAEMON\r\n\r\n> 4111-1111-1111-1111")
    else:
        Message.objects.filter(pk=message.pk).update(text="カード番号 4111-1111-1111-1111 ですね。")
        come_back(shop, message, at=later)
    url = f"/s/{shop.slug}/messages/reports/{BounceReport.objects.get().pk}"

    assert signed_in(agent).get(url).status_code == 403
    assert signed_in(manager).get(url).status_code == 200
    shown = JournalEntry.objects.filter(event="case.numbers_shown").values_list("actor_name", "payload")
    assert list(shown) == [("佐伯 みお", {"message_id": message.pk})]


def test_a_click_on_the_case_takes_the_mark_away_and_offers_the_way_back(shop, message, signed_in, agent, still, later):
    come_back(shop, message, at=later)
    contact = ContactPoint.objects.get(value=DOCOMO.mail)
    client = signed_in(agent)

    answer = client.post(
        f"/s/{shop.slug}/addresses/{contact.pk}/trust",
        {"case": str(message.case.number)},
        headers={"HX-Request": "true"},
    )

    contact.refresh_from_db()
    assert (answer.status_code, contact.reach) == (200, "ok")
    assert 'id="facts"' in answer.content.decode()
    assert f"/s/{shop.slug}/addresses/{contact.pk}/mark" in answer["HX-Trigger"]

    client.post(f"/s/{shop.slug}/addresses/{contact.pk}/mark", headers={"HX-Request": "true"})
    contact.refresh_from_db()
    assert contact.reach == "unreachable"


def test_the_customers_page_shows_the_mark_and_works_without_scripts(shop, message, signed_in, agent, still, later):
    come_back(shop, message, at=later)
    contact = ContactPoint.objects.get(value=DOCOMO.mail)
    client, url = signed_in(agent), f"/s/{shop.slug}/customers/{contact.customer_id}"
    assert "届きません" in client.get(url).content.decode()

    answer = client.post(f"/s/{shop.slug}/addresses/{contact.pk}/trust")

    assert (answer.status_code, answer["Location"]) == (302, url)
    assert "address-mark" not in client.get(url).content.decode()


def test_the_warehouse_sees_the_mark_and_cannot_take_it_away(shop, message, signed_in, warehouse, still, later):
    come_back(shop, message, at=later)
    contact = ContactPoint.objects.get(value=DOCOMO.mail)
    client = signed_in(warehouse)
    html = client.get(f"/s/{shop.slug}/customers/{contact.customer_id}").content.decode()
    assert "届きません" in html
    assert "/trust" not in html
    assert client.post(f"/s/{shop.slug}/addresses/{contact.pk}/trust").status_code == 403
    contact.refresh_from_db()
    assert contact.reach == "unreachable"


def test_another_shop_cannot_take_the_mark_away(shop, message, signed_in, stranger, still, later):
    come_back(shop, message, at=later)
    contact = ContactPoint.objects.get(value=DOCOMO.mail)
    answer = signed_in(stranger).post(
        f"/s/{stranger.shop.slug}/addresses/{contact.pk}/trust", headers={"HX-Request": "true"}
    )
    contact.refresh_from_db()
    assert (answer.status_code, contact.reach) == (422, "unreachable")


def test_after_a_message_was_sent_again_an_old_delay_is_not_shown(shop, message, page, later):
    come_back(shop, message, at=later, kind=BounceKind.TRY_LATER, given_up=False)
    Message.objects.filter(pk=message.pk).update(sent_at=later + timedelta(minutes=1))
    assert "相手への配送が続いています" not in page()


@pytest.mark.parametrize("kind", BounceKind)
def test_every_kind_has_its_reason_and_advice(kind):
    assert DOCOMO.mail in reason(kind, DOCOMO.mail) or "docomo.ne.jp" in reason(kind, DOCOMO.mail)
    assert advice(kind, DOCOMO.mail, own_domain="komorebi.example")


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("a@docomo.ne.jp", "ドコモの「迷惑メール対策」"),
        ("a@ezweb.ne.jp", "auの「迷惑メールフィルター」"),
        ("a@i.softbank.jp", "「受信許可リスト」"),
        ("a@yahoo.ne.jp", "ワイモバイルの「迷惑メール対策」"),
        ("a@home.example", "迷惑メールのフォルダー"),
    ],
)
def test_the_advice_names_the_carriers_own_settings(address, named, settings):
    from django.utils import translation

    with translation.override("ja"):
        said = advice(BounceKind.REFUSED, address, own_domain="komorebi.example")
    assert named in said
    assert "「komorebi.example」" in said
