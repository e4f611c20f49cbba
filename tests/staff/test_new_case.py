"""Cases that begin at the desk: a mail written first, a telephone call put down."""

import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from anshin.cases.actions import add_note
from anshin.cases.models import Case, Message, OrderLink
from anshin.cases.queries import calls_without_note
from anshin.commerce.actions import mark_bounced, recognise_customer, take_in_order
from anshin.commerce.models import Customer
from anshin.commerce.terms import BounceKind, Buyer, IncomingLine, IncomingOrder, Recipient, SalesChannel
from anshin.plumbing import clock
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.actors import Actor
from anshin.replies.models import Promise

pytestmark = pytest.mark.django_db
ADDRESS = "/s/komorebi/new"


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def desk(client, agent):
    client.force_login(agent.person, backend="anshin.staff.sign_in.StaffBackend")
    client.cookies["anshin_language"] = "en"
    return client


def send(desk, way, **values):
    page = desk.get(f"{ADDRESS}?way={way}").content.decode()
    ticket = re.search(r'name="ticket" value="([0-9a-f]{32})"', page).group(1)
    standard = {"way": way, "ticket": ticket, "subject": "お届け日の件", "text": "明日お届けします。"}
    return desk.post(ADDRESS, standard | values)


def nothing_happened():
    return (Case.objects.count(), Message.objects.count(), Customer.objects.count(), Job.objects.count()) == (0,) * 4


def test_a_mail_written_first_is_a_case_that_waits_for_the_customer(desk, agent, post):
    answer = send(desk, "mail", mail="Hanako@Mail.example", name="花子\r\nBcc: x@y.example")
    case, message = Case.objects.get(), Message.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/s/komorebi/c/{case.number}")
    assert (case.status, case.owner_id, case.subject) == ("waiting", agent.pk, "お届け日の件")
    assert (message.direction, message.delivery) == ("out", "held")
    assert message.to == [["花子 Bcc: x@y.example", "hanako@mail.example"]]


def test_a_call_is_a_case_of_the_person_who_took_it(desk, agent):
    send(desk, "phone", phone="０９０-1234-5678", name="柏木", promise="11月24日までに折り返す")
    case, message = Case.objects.get(), Message.objects.get()
    assert (case.channel, case.status, case.owner_id) == ("phone", "open", agent.pk)
    assert message.text == "明日お届けします。\n\nPhone number: 090-1234-5678\nPromised: 11月24日までに折り返す"
    assert (message.sender_name, message.sender_mail, case.customer) == ("柏木", "", None)


def test_the_number_of_the_caller_finds_the_customer(desk, shop, now):
    from anshin.commerce.models import ContactPoint

    kashiwagi = recognise_customer(shop=shop, mail="k@mail.example", name="柏木 由紀子", now=now)
    ContactPoint.objects.create(
        shop=shop, customer=kashiwagi, kind="phone", value="090-1234-5678", key="+819012345678", created_at=now
    )
    assert "柏木 由紀子" in desk.get(f"{ADDRESS}?way=phone&phone=090 1234 5678").content.decode()
    send(desk, "phone", phone="09012345678")
    assert Case.objects.get().customer_id == kashiwagi.pk


def test_what_was_promised_on_the_phone_stands_among_the_promises(desk, agent, shop, now):
    """By the day that was chosen, by that of the words, by the end of the next business day (Monday is a holiday)."""
    for words, on in (("お電話します", "2026-11-25"), ("11月26日までに折り返す", ""), ("折り返す", "")):
        send(desk, "phone", name="柏木", text="", promise=words, promise_on=on, call_back="090-1234-5678 18時以降")
    found = Promise.objects.order_by("id")
    assert [timezone.localtime(each.due_at, ZoneInfo(shop.zone)).day for each in found] == [25, 26, 24]
    assert {(each.owner_id, each.state, each.case.channel) for each in found} == {(agent.pk, "open", "phone")}
    assert "11月26日までに折り返す" in desk.get("/s/komorebi/promises").content.decode()
    assert Message.objects.last().text == "Call back: 090-1234-5678 18時以降\nPromised: 折り返す"
    assert calls_without_note(shop) == []


def test_a_call_without_a_note_is_listed_until_one_is_written(desk, agent, shop, other_shop, now):
    send(desk, "phone", phone="09012345678", text="", subject="お届けの件")
    case, message = Case.objects.get(), Message.objects.get()
    assert (message.text, message.sender_name) == ("", "090-1234-5678")
    assert f"#{case.number} お届けの件" in desk.get("/s/komorebi/handover").content.decode()
    assert calls_without_note(other_shop) == []
    add_note(by=agent, case_id=case.pk, text="置き配にしてほしいとのこと", now=now)
    assert calls_without_note(shop) == []
    assert "お届けの件" not in desk.get("/s/komorebi/handover").content.decode()


@pytest.mark.parametrize(("way", "who"), [("mail", {"mail": "other@mail.example"}), ("phone", {"name": "柏木"})])
def test_an_order_that_was_named_is_linked_for_sure(desk, shop, now, post, way, who):
    order = IncomingOrder(
        channel=SalesChannel.OWN,
        number="KM-20417",
        ordered_at=now,
        buyer=Buyer("柏木 由紀子", "", "k@mail.example", ""),
        recipient=Recipient("柏木 由紀子", "", "", ""),
        lines=(IncomingLine("布のバッグ", 1, 4_800),),
    )
    take_in_order(shop=shop, order=order, now=now, by=Actor.system("import"))
    send(desk, way, order_number="km20417", **who)
    assert list(OrderLink.objects.values_list("order__number", "is_proposed")) == [("KM-20417", False)]


def test_sent_twice_a_call_is_one_case(desk):
    for _ in range(2):
        send(desk, "phone", name="柏木", ticket="a" * 32)
    assert (Case.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("way", "values", "sentence"),
    [
        ("mail", {"mail": ""}, "This field is required."),
        ("mail", {"mail": "hanako"}, "This is not a whole mail address."),
        ("mail", {"mail": "a@mail.example", "text": " "}, "This field is required."),
        ("mail", {"mail": "a@mail.example", "order_number": "KM-99999"}, "There is no order with this number."),
        ("phone", {}, "Who called?"),
        ("phone", {"name": "柏木", "promise_on": "2026-11-25"}, "What was promised for this day?"),
        ("phone", {"name": "柏木", "promise": "折り返す", "promise_on": "2026-11-01"}, "Choose today or a later day."),
        ("phone", {"phone": "12"}, "This is not a whole phone number."),
    ],
)
def test_a_gap_is_said_and_nothing_happens(desk, post, way, values, sentence):
    page = send(desk, way, **values)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert nothing_happened()


def test_without_a_mailbox_no_empty_case_is_left_behind(desk):
    page = send(desk, "mail", mail="a@mail.example")
    assert (page.status_code, nothing_happened()) == (422, True)
    assert "no mailbox to send from yet" in page.content.decode()


def test_who_may_not_answer_may_not_begin(client, warehouse):
    client.force_login(warehouse.person, backend="anshin.staff.sign_in.StaffBackend")
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {"way": "phone"}).status_code == 403
    assert ADDRESS not in client.get("/s/komorebi/inbox/all").content.decode()
    assert nothing_happened()


def test_a_stranger_finds_nothing(client, shop, stranger):
    client.force_login(stranger.person, backend="anshin.staff.sign_in.StaffBackend")
    assert client.get(ADDRESS).status_code == 404


def test_the_rail_leads_there_by_key(desk):
    assert f'href="{ADDRESS}"' in desk.get("/s/komorebi/inbox/all").content.decode()
    assert 'data-key="c"' in desk.get("/s/komorebi/inbox/all").content.decode()


@pytest.mark.parametrize("way", ["mail", "phone"])
def test_a_marked_address_is_warned_of_before_the_mail_is_written(desk, shop, other_shop, now, way):
    customer = recognise_customer(shop=shop, mail="hanako@mail.example", name="花子", now=now)
    mark_bounced(shop=shop, mail="hanako@mail.example", kind=BounceKind.UNKNOWN_USER, at=now, now=now)
    page = desk.get(f"{ADDRESS}?way={way}&mail=Hanako@Mail.example").content.decode()
    assert "Mail to hanako@mail.example did not arrive" in page
    for other in ("", "hana", "taro@mail.example"):
        assert "did not arrive" not in desk.get(f"{ADDRESS}?way={way}&mail={other}").content.decode()
    refused = send(desk, way, mail="hanako@mail.example", subject="")
    assert (refused.status_code, "did not arrive" in refused.content.decode()) == (422, True)
    assert customer.pk
