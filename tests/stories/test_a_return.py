"""A return: asked for on the phone, judged at once, sent with our label, received, inspected, settled, paid by bank."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.utils import timezone

from anshin.cases.models import Case
from anshin.commerce.actions import take_in_order
from anshin.commerce.fakes import PracticePayments
from anshin.commerce.models import Payment, Refund
from anshin.commerce.ports import payments
from anshin.commerce.terms import (
    Buyer,
    Carrier,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingShipment,
    PaymentMethod,
    Recipient,
    SalesChannel,
)
from anshin.delivery.models import Reshipment
from anshin.plumbing.journal.actors import Actor
from anshin.returns.actions import policies
from anshin.returns.models import Parcel, Return, ReturnPhoto
from anshin.returns.rules.policy_content import write
from anshin.returns.terms import ShownPlace
from anshin.visits.jobs import remind_customers
from tests.conftest import NOW
from tests.connectors.papers.samples import codes_in, rendered
from tests.portal.conftest import picture
from tests.returns.policy_texts import KOMOREBI
from tests.stories.conftest import Clerk
from tests.stories.transfers import made_and_approved, marked_done, taken
from tests.stories.visitor import Visitor, offered, words_of

pytestmark = pytest.mark.django_db
ORDERED = IncomingOrder(
    channel=SalesChannel.OWN,
    number="KM-20417",
    ordered_at=NOW - timedelta(days=6),
    buyer=Buyer("柏木 由紀子", "カシワギ ユキコ", "y-kashiwagi@mail.example"),
    recipient=Recipient("柏木 由紀子", "150-0001", "東京都渋谷区神宮前99-2-3", "080-0000-1007"),
    lines=(IncomingLine("帆布トートバッグ M", 1, 6_600, "TB-M-KNR", "生成り"),),
    shipping_yen=660,
    fee_yen=330,
    discount_yen=800,
    coupon_yen=500,
    points_used=300,
    payments=(IncomingPayment(PaymentMethod.CASH_ON_DELIVERY, paid_at=NOW - timedelta(days=2)),),
    shipments=(IncomingShipment(Carrier.YAMATO, "444413758703", NOW - timedelta(days=4), NOW - timedelta(days=2)),),
)
NOT_AS_PICTURED = {"reason": "not_as_pictured", "sub_reason": "colour", "condition": "unused"}
ALL_GOOD = {"appearance": "ok", "accessories": "ok", "operation": "does_not_apply", "grade": "a"}


def order(shop, **changes):
    told = IncomingOrder(**{name: getattr(ORDERED, name) for name in ORDERED.__slots__} | changes)
    return take_in_order(shop=shop, order=told, by=Actor.system("orders"), now=NOW).order


@pytest.fixture
def policy(time, manager):
    """The shop's terms, in force since 2024."""
    draft = policies.start_draft(by=manager, now=time.now)
    policies.save_draft(by=manager, policy_id=draft.pk, content=write(KOMOREBI), now=time.now)
    for where in ShownPlace:
        policies.tell_showing(by=manager, policy_id=draft.pk, where=where, since_on=date(2024, 4, 1), now=time.now)
    return policies.publish(by=manager, policy_id=draft.pk, valid_from=date(2024, 4, 1), now=time.now)


@pytest.fixture
def cast(time, shop, mailbox, policy, owner, manager, warehouse, takeuchi, isobe):
    """Everybody who plays a part, and the shop's settings made on its pages."""
    cast = SimpleNamespace(anju=Clerk(owner), saeki=Clerk(manager), kurata=Clerk(warehouse), isobe=isobe)
    cast.takeuchi = takeuchi
    rules = {"part": "rules", "second_person_above_yen": "5000", "purge_days": "30"}
    assert cast.anju.does("settings_refunds", **rules).status_code == 302
    own = {"part": "debtor", "client_code": "1234567890", "client_name": "カ）コモレビ", "kind": "ordinary"}
    where = {"bank_code": "0001", "branch_code": "001", "number": "0123456", "has_line_ends": "on"}
    assert cast.anju.does("settings_refunds", **own, **where).status_code == 302
    cast.kashiwagi, cast.daichi = Visitor(ORDERED.buyer.mail), Visitor("daichi@mail.example")
    order(shop)
    order(shop, number="KM-20500", buyer=Buyer("森 大地", "モリ ダイチ", "daichi@mail.example"))
    return cast


def nobody_else_sees(cast, time, number=1):
    """Another customer and another shop's clerk try every address of the return."""
    cast.daichi.comes_in(time, "KM-20500")
    assert f"R-{number:04d}" not in cast.daichi.sees("home")
    assert "KM-20417" not in cast.daichi.sees("home")
    photos = list(ReturnPhoto.objects.values_list("pk", flat=True))
    tries = [("return", number), ("return_account", number), ("return_label", number)]
    for name, *arguments in [*tries, *(("return_photo", number, pk) for pk in photos)]:
        assert cast.daichi.gets(name, *arguments).status_code == 404, name
    for do in ("announce", "photos", "ask", "withdraw"):
        assert cast.daichi.does("return", number, do=do, words="x", tracking_number="512547514334").status_code == 404
    for shop, seen in (("komorebi", {404}), ("shiosai", {404})):
        for name in ("return", "return_label", "warehouse_inspect"):
            answer = cast.isobe.browser.get(cast.isobe.address(name, number, shop=shop))
            assert answer.status_code in seen, (shop, name)
    assert "柏木" not in cast.isobe.sees("returns")
    assert "柏木" not in cast.isobe.sees("warehouse") + cast.isobe.sees("inbox", "unassigned")


def asked_for(cast, time, **wish):
    """Kashiwagi comes in and asks; the number of her return."""
    cast.kashiwagi.comes_in(time, "KM-20417")
    return cast.kashiwagi.asks_back(
        "KM-20417",
        item="帆布トートバッグ M",
        photos=[picture("bag.jpg")],
        wish=wish or {"wish": "refund", "words": "The bag is charcoal."},
        **NOT_AS_PICTURED,
    )


def scanned(cast):
    """What a scanner reads off the label that the customer prints, at a label printer's resolution."""
    answer = cast.kashiwagi.gets("return_label", 1, paper="a6")
    assert answer.headers["Content-Type"] == "application/pdf"
    found = dict(codes_in(rendered(answer.content, 203)))
    assert set(found) == {"QRCode", "Code128"}
    return found["Code128"]


def booked_in(cast, code):
    """Kurata scans, and sends what the page offers; her scanner types twice."""
    found = cast.kurata.browser.get(cast.kurata.address("warehouse"), {"q": code})
    page = cast.kurata.browser.get(found.headers["Location"]).content.decode()
    form = offered(page, cast.kurata.address("warehouse_book_in")) | {"do": "inspect"}
    first, second = (cast.kurata.does("warehouse_book_in", **form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] == cast.kurata.address("warehouse_inspect", 1)


def confirmed(clerk, number=1):
    """The clerk presses the button of the settlement as the page shows it."""
    form = offered(clerk.sees("return", number), clerk.address("return_confirm", number))
    return clerk.does("return_confirm", number, **form)


def tries_to_close(cast):
    """Whether the case of the return lets itself be closed."""
    cast.takeuchi.does("close", 1, resolution="answered")
    status = Case.objects.get(number=1).status
    return "closed" if status == "closed" else "open"


def step_now(page):
    """The step of the six at which a status page stands, and how many there are."""
    steps = re.findall(r'<li class="trip-stop trip-(\w+)".*?<span class="trip-label">(.*?)</span>', page, re.DOTALL)
    return len(steps), next((label for state, label in steps if state == "now"), ""), [state for state, _ in steps]


def test_from_the_phone_to_the_bank(time, cast):
    assert asked_for(cast, time) == 1
    for words in ("You can send it back.", "We pay the postage of the return.", "Article 4(2) If an item"):
        assert words in cast.kashiwagi.answer_before_sending, words
    status = cast.kashiwagi.sees("return", 1)
    assert step_now(status)[0] == 6
    nobody_else_sees(cast, time)
    time.passes(minutes=1)
    told = cast.kashiwagi.letters()[-1].get_body(("plain",)).get_content()
    assert "R-0001" in told
    assert "/p/komorebi/returns/1" in told
    assert tries_to_close(cast) == "open"

    code = scanned(cast)
    assert code == "R-0001"
    sent = cast.kashiwagi.does("return", 1, do="announce", carrier="yamato", tracking_number="5125-4751-4334")
    assert sent.status_code == 302
    assert "512547514334" in cast.kashiwagi.sees("return", 1)
    nobody_else_sees(cast, time)

    time.passes(days=4)  # Tuesday; Monday was a holiday
    booked_in(cast, code)
    assert Parcel.objects.count() == 1
    nobody_else_sees(cast, time)
    half = cast.kurata.does("warehouse_item", 1, 1, do="half", appearance="ok")
    assert half.status_code == 302
    assert cast.saeki.address("return_confirm", 1) not in cast.saeki.sees("return", 1)
    early = cast.saeki.does("return_confirm", 1, seen="6790", way="bank")
    assert early.status_code == 422
    done = cast.kurata.does("warehouse_item", 1, 1, do="finish", disposition="restock", **ALL_GOOD)
    assert done.headers["Location"] == cast.kurata.address("warehouse") + "?done=1"
    assert not Refund.objects.exists()

    cast.takeuchi.does("return_fault", 1, fault="shop", why="The picture was taken from another colour.")
    page = words_of(cast.saeki.sees("return", 1))
    for line in ("¥6,600 × 1", "+¥660", "−¥500", "−¥300", "300pt", "¥6,790"):
        assert line in page, page[page.find("Settlement") :][:900]
    assert confirmed(cast.saeki).status_code == 302
    refund = Refund.objects.get()
    alone = cast.saeki.does("return_refund", 1, refund.pk, do="approve")
    assert alone.status_code == 422
    assert cast.anju.does("return_refund", 1, refund.pk, do="approve").status_code == 302
    nobody_else_sees(cast, time)

    cast.kashiwagi.comes_in(time, "KM-20417")
    assert "Please tell us to which account we shall pay." in words_of(cast.kashiwagi.sees("return", 1))
    assert "みずほ" in cast.kashiwagi.sees("return_account", 1, words="みずほ")
    page = cast.kashiwagi.sees("return_account", 1, bank="0001", branch="001")
    given = offered(page, cast.kashiwagi.address("return_account", 1)) | {"number": "7654321", "kind": "ordinary"}
    wrong = cast.kashiwagi.does("return_account", 1, **given | {"holder": "柏木由紀子"})
    assert wrong.status_code == 422
    kept = cast.kashiwagi.does("return_account", 1, **given | {"holder": "カシワギ ユキコ"})
    assert kept.status_code == 302
    status = cast.kashiwagi.sees("return", 1)
    assert "7654321" not in status
    assert "4321" in status or "321" in status

    batch = made_and_approved(cast, on=date(2026, 11, 26))
    name, content = taken(cast, batch)
    assert name == "furikomi-20261126-1.txt"
    assert content == FILE
    assert step_now(cast.kashiwagi.sees("return", 1))[2] == ["done"] * 5 + ["now"]
    assert tries_to_close(cast) == "open"

    time.passes(days=2)
    marked_done(cast, batch)
    time.passes(minutes=1)
    cast.kashiwagi.comes_in(time, "KM-20417")
    status = cast.kashiwagi.sees("return", 1)
    assert "Your money is back" in words_of(status)
    assert step_now(status)[2] == ["done"] * 6
    nobody_else_sees(cast, time)
    paid = cast.kashiwagi.letters()[-2]
    assert "R-0001" in paid["Subject"]
    assert "¥6,790" in paid.get_body(("plain",)).get_content()
    assert tries_to_close(cast) == "closed"
    assert Return.objects.get().money == "paid"


def sent_and_inspected(cast, time):
    """The parcel arrives on Tuesday and everything is as it was."""
    code = scanned(cast)
    time.passes(days=4)
    booked_in(cast, code)
    cast.kurata.does("warehouse_item", 1, 1, do="finish", disposition="restock", **ALL_GOOD)


def paid_by_card(cast, charge):
    """The order was paid by card, at a provider whose key the owner has entered."""
    Payment.objects.update(method=PaymentMethod.CARD, reference=charge, account_hint="2206")
    entered = cast.anju.does("settings_refunds", part="provider", provider="practice", key="sk_practice")
    assert entered.status_code == 302


@pytest.fixture
def card():
    with payments.filled_with(PracticePayments()) as provider:
        yield provider


def test_back_to_the_card_once_however_often_it_is_pressed(time, cast, card):
    paid_by_card(cast, "ch_1")
    asked_for(cast, time)
    sent_and_inspected(cast, time)
    assert confirmed(cast.anju).status_code == 302
    cast.anju.does("return_confirm", 1, seen="6790", way="original")
    refund = Refund.objects.get()
    for _ in range(2):
        cast.saeki.does("return_refund", 1, refund.pk, do="approve")
    time.passes(minutes=5)
    time.passes(minutes=5)
    assert card.paid == {refund.provider_key: refund.amount_yen}
    cast.kashiwagi.comes_in(time, "KM-20417")
    assert "Your money is back" in cast.kashiwagi.sees("return", 1)
    assert tries_to_close(cast) == "closed"


def test_a_declined_card_stays_on_top_until_the_money_went_by_bank(time, cast, card):
    paid_by_card(cast, "declined_1")
    asked_for(cast, time)
    sent_and_inspected(cast, time)
    confirmed(cast.saeki)
    cast.anju.does("return_refund", 1, Refund.objects.get().pk, do="approve")
    time.passes(minutes=5)
    assert card.paid == {}
    assert tries_to_close(cast) == "open"
    assert "The practice provider does not pay this back." in cast.saeki.sees("return", 1)
    assert "R-0001" in cast.saeki.sees("returns")
    cast.kashiwagi.comes_in(time, "KM-20417")
    assert "The refund did not get through" in cast.kashiwagi.sees("return", 1)
    nobody_else_sees(cast, time)

    form = offered(cast.saeki.sees("return", 1), cast.saeki.address("return_calculate", 1))
    assert cast.saeki.does("return_calculate", 1, **form).status_code == 302
    form = offered(cast.saeki.sees("return", 1), cast.saeki.address("return_confirm", 1))
    again = cast.saeki.does("return_confirm", 1, **form | {"way": "bank", "reason": "The card was declined."})
    assert again.status_code == 302
    declined, second = Refund.objects.order_by("id")
    assert (declined.state, second.way) == ("withdrawn", "bank")
    cast.anju.does("return_refund", 1, second.pk, do="approve")
    cast.kashiwagi.comes_in(time, "KM-20417")
    assert "Please tell us your bank account." in cast.kashiwagi.sees("return", 1)
    told = {"bank": "0001", "branch": "001", "kind": "ordinary", "number": "7654321", "holder": "カシワギ ユキコ"}
    assert cast.kashiwagi.does("return_account", 1, **told).status_code == 302
    batch = made_and_approved(cast, on=date(2026, 11, 26))
    time.passes(seconds=5)
    assert timezone.localtime(Return.objects.get().due_at) == datetime(2026, 11, 27, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert taken(cast, batch)[1].count(b"7654321") == 1
    time.passes(days=2)
    marked_done(cast, batch)
    time.passes(minutes=1)
    assert Return.objects.get().money == "paid"
    assert tries_to_close(cast) == "closed"


def test_an_exchange_moves_no_money_and_closes_when_it_has_left(time, cast):
    asked_for(cast, time, wish="exchange", wanted="M, natural")
    status = cast.kashiwagi.sees("return", 1)
    assert "Another colour or size (M, natural)" in status
    assert "Refund" not in words_of(status)
    sent_and_inspected(cast, time)
    cast.kashiwagi.comes_in(time, "KM-20417")
    assert "We are preparing what you asked for" in cast.kashiwagi.sees("return", 1)
    assert not Refund.objects.exists()
    assert tries_to_close(cast) == "open"
    assert cast.takeuchi.does("return_decide", 1, do="no_money", why="Over.").status_code == 422
    assert tries_to_close(cast) == "open"
    assert cast.takeuchi.does("return_exchange", 1, do="out").status_code == 302
    assert "What you wanted instead is out of stock" in cast.kashiwagi.sees("return", 1)
    assert cast.takeuchi.does("return_exchange", 1, do="another", variant="M, navy").status_code == 302
    parcel = Reshipment.objects.get(state="planned")
    inserts = {"in": parcel.inserts}
    assert cast.takeuchi.does("trouble_parcel", 1, parcel.pk, do="pack", **inserts).status_code == 302
    told = {"carrier": "yamato", "tracking_number": "444413758703", "cost_yen": "880"}
    assert cast.takeuchi.does("trouble_parcel", 1, parcel.pk, do="ship", **told).status_code == 302
    time.passes(seconds=5)
    assert any("your exchange has been sent" in str(each["subject"]) for each in cast.kashiwagi.letters())
    assert "All is done" in cast.kashiwagi.sees("return", 1)
    nobody_else_sees(cast, time)
    assert tries_to_close(cast) == "closed"


def test_a_reminder_comes_some_days_before_the_last_one_and_never_again(time, cast):
    assert cast.anju.does("settings_portal", do="remind", is_on="1", days="3").status_code == 302
    last = date(2026, 12, 2)  # fourteen days after Wednesday 18 November, the first not counted
    came = []
    for _ in range(18):
        time.passes(days=1)
        remind_customers.func()
        time.passes(seconds=5)
        came.append((time.now.date(), len(cast.kashiwagi.letters())))
    first = next(day for day, count in came if count)
    assert first == last - timedelta(days=3)
    assert came[-1][1] == 1
    letter = cast.kashiwagi.letters()[0]
    assert "KM-20417" in letter.get_body(("plain",)).get_content()
    (calendar,) = letter.iter_attachments()
    assert calendar.get_content_type() == "text/calendar"
    (event,) = icalendar.Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")
    assert event["dtstart"].dt == last


def test_who_has_asked_already_is_not_reminded(time, cast):
    assert cast.anju.does("settings_portal", do="remind", is_on="1", days="3").status_code == 302
    asked_for(cast, time)
    for _ in range(15):
        time.passes(days=1)
        remind_customers.func()
    assert not [each for each in cast.kashiwagi.letters() if list(each.iter_attachments())]


def _record(*fields):
    written = "".join(text.ljust(width) for text, width in fields).encode("cp932")
    assert len(written) == 120
    return written + b"\r\n"


FILE = (
    _record(
        ("1", 1), ("21", 2), ("0", 1), ("1234567890", 10), ("ｶ)ｺﾓﾚﾋﾞ", 40), ("1126", 4), ("0001", 4), ("ﾐｽﾞﾎ", 15),
        ("001", 3), ("ﾄｳｷﾖｳ", 15), ("1", 1), ("0123456", 7), ("", 17),
    )
    + _record(
        ("2", 1), ("0001", 4), ("ﾐｽﾞﾎ", 15), ("001", 3), ("ﾄｳｷﾖｳ", 15), ("0000", 4), ("1", 1), ("7654321", 7),
        ("ｶｼﾜｷﾞ ﾕｷｺ", 30), ("0000006790", 10), ("0", 1), ("0000000001", 10), ("0000000000", 10), ("7", 1), ("", 8),
    )
    + _record(("8", 1), ("000001", 6), ("000000006790", 12), ("", 101))
    + _record(("9", 1), ("", 119))
)  # fmt: skip
