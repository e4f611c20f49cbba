"""Garbled mails read again in another character code: what follows, what stays, and who may."""

import pytest

from anshin.cases import actions
from anshin.cases.actions import NotReadable, WrongCase
from anshin.cases.models import Message
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Source
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.cases.writing import arrive
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

BODY = "请帮我查。"  # too short to be recognised as Chinese without a label


def chinese(label=""):
    """A mail in GB18030 that does not say so, or says something else: guessed to be Japanese."""
    charset = f"; charset={label}" if label else ""
    head = (
        "From: 王小明 <wang@example.cn>\r\nTo: 客服 <support@komorebi.example>\r\nSubject: 关于订单的问题\r\n"
        "Message-ID: <gb@example.cn>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain{charset}\r\n\r\n{BODY}\r\n"
        '--b\r\nContent-Type: application/pdf; name="收据.pdf"\r\n'
        'Content-Disposition: attachment; filename="收据.pdf"\r\n\r\n%PDF-1\r\n--b--\r\n'
    )
    return head.encode("gb18030")


@pytest.fixture
def mailbox(shop):
    return Mailbox.objects.create(shop=shop, address="support@komorebi.example", created_at=NOW)


@pytest.fixture
def garbled(mailbox):
    arrival = store(mailbox=mailbox, raw=chinese(), source=Source.OUTSIDE, now=NOW).arrival
    take_in(arrival.pk, now=NOW)
    message = Message.objects.select_related("case__customer").get()
    assert BODY not in message.text
    return message


def test_everything_that_came_from_the_mail_is_repaired(garbled, agent, later):
    raw = read_bytes(garbled.raw_blob)
    assert garbled.charset_reason == "guessed"

    actions.read_as(by=agent, message_id=garbled.pk, charset="gb18030", now=later)

    message = Message.objects.select_related("case__customer").get()
    assert (message.subject, message.text, message.sender_name) == ("关于订单的问题", BODY, "王小明")
    assert message.to == [["客服", "support@komorebi.example"]]
    assert (message.charset, message.charset_reason) == ("gb18030", "chosen")
    assert message.attachments.get().name == "收据.pdf"
    case = message.case
    assert (case.subject, case.last_line, case.customer.name) == ("关于订单的问题", BODY, "王小明")
    assert Arrival.objects.get().subject == "关于订单的问题"
    assert read_bytes(message.raw_blob) == raw
    fact = JournalEntry.objects.get(event="case.message_reread")
    assert fact.payload == {"message_id": message.pk, "former": garbled.charset, "charset": "gb18030"}
    assert (fact.case_id, fact.actor_name) == (case.pk, "竹内 涼")


def test_choosing_again_undoes_it(garbled, agent, later):
    before = (garbled.subject, garbled.text, garbled.sender_name, garbled.charset, garbled.charset_reason)
    actions.read_as(by=agent, message_id=garbled.pk, charset="gb18030", now=later)

    actions.read_as(by=agent, message_id=garbled.pk, charset="", now=later)

    message = Message.objects.select_related("case__customer").get()
    assert (message.subject, message.text, message.sender_name, message.charset, message.charset_reason) == before
    assert message.case.subject == garbled.case.subject
    assert message.case.customer.name == garbled.case.customer.name


def test_a_wrong_label_gives_way_to_what_a_person_chose(mailbox, agent, later):
    arrival = store(mailbox=mailbox, raw=chinese("windows-1252"), source=Source.OUTSIDE, now=NOW).arrival
    take_in(arrival.pk, now=NOW)

    actions.read_as(by=agent, message_id=Message.objects.get().pk, charset="gb18030", now=later)

    assert Message.objects.get().text == BODY


def test_a_header_that_is_certain_stays(mailbox, agent, later):
    raw = chinese().replace("关于订单的问题".encode("gb18030"), "配送について".encode())
    arrival = store(mailbox=mailbox, raw=raw, source=Source.OUTSIDE, now=NOW).arrival
    take_in(arrival.pk, now=NOW)

    actions.read_as(by=agent, message_id=Message.objects.get().pk, charset="gb18030", now=later)

    message = Message.objects.get()
    assert (message.subject, message.text) == ("配送について", BODY)


def test_what_a_person_wrote_since_stays(garbled, agent, later):
    garbled.case.subject = "王様の件"
    garbled.case.save()
    garbled.case.customer.name = "王 小明"
    garbled.case.customer.save()

    actions.read_as(by=agent, message_id=garbled.pk, charset="gb18030", now=later)

    garbled.case.refresh_from_db()
    garbled.case.customer.refresh_from_db()
    assert (garbled.case.subject, garbled.case.customer.name) == ("王様の件", "王 小明")


def test_a_later_message_keeps_the_list_line(garbled, agent, later):
    garbled.case.last_line = "次のメールの一行"
    garbled.case.save()

    actions.read_as(by=agent, message_id=garbled.pk, charset="gb18030", now=later)

    garbled.case.refresh_from_db()
    assert garbled.case.last_line == "次のメールの一行"


def unchanged(message):
    before = (message.subject, message.text)
    message.refresh_from_db()
    return (message.subject, message.text) == before and not JournalEntry.objects.filter(
        event="case.message_reread"
    ).exists()


def test_the_warehouse_may_not(garbled, warehouse, later):
    with pytest.raises(NotAllowed):
        actions.read_as(by=warehouse, message_id=garbled.pk, charset="gb18030", now=later)
    assert unchanged(garbled)


def test_another_shop_may_not(garbled, stranger, later):
    with pytest.raises(WrongCase):
        actions.read_as(by=stranger, message_id=garbled.pk, charset="gb18030", now=later)
    assert unchanged(garbled)


def test_an_unknown_code_is_refused(garbled, agent, later):
    with pytest.raises(WrongCase):
        actions.read_as(by=agent, message_id=garbled.pk, charset="rot13", now=later)
    assert unchanged(garbled)


def test_a_message_without_original_is_refused_in_words(shop, agent, later):
    message = arrive(shop, "a@x", at=NOW).message

    with pytest.raises(NotReadable) as refusal:
        actions.read_as(by=agent, message_id=message.pk, charset="cp932", now=later)

    assert "読み直せません" in str(refusal.value)
    assert unchanged(message)


def test_an_original_of_which_only_the_beginning_is_here_is_refused(garbled, agent, later):
    Arrival.objects.update(is_header_only=True)

    with pytest.raises(NotReadable):
        actions.read_as(by=agent, message_id=garbled.pk, charset="gb18030", now=later)
    assert unchanged(garbled)


def test_the_page_shows_the_guess_and_repairs_it(garbled, client, agent):
    client.force_login(agent.person)
    page = client.get(f"/s/komorebi/c/{garbled.case.number}").content.decode()
    assert "文字コードを推定：日本語（EUC-JP）" in page

    answer = client.post(
        f"/s/komorebi/messages/{garbled.pk}/read-as", {"charset": "gb18030"}, headers={"HX-Request": "true"}
    )

    said = answer.content.decode()
    assert BODY in said
    assert "中国語・簡体字（GB18030）として表示中" in said
    assert "竹内 涼さんがメールを中国語・簡体字（GB18030）として読み直しました" in said


def test_a_stranger_finds_no_such_address(garbled, client, stranger):
    client.force_login(stranger.person)

    for slug in ("komorebi", "shiosai"):
        answer = client.post(f"/s/{slug}/messages/{garbled.pk}/read-as", {"charset": "gb18030"})
        assert answer.status_code == 404
    assert unchanged(garbled)
