"""What bench portal and bench returns put into their database: returns at every place of their way, and one visit."""

from django import setup

setup()

from bench.portal import SEEDS  # noqa: E402  the settings come first

_OWN = {
    "commerce.Customer": {},
    "commerce.ContactPoint": {"customer_id": "commerce.Customer", "key": "text"},
    "commerce.Order": {"customer_id": "commerce.Customer", "number": "text", "number_key": "text"},
    "commerce.OrderLine": {"order_id": "commerce.Order"},
    "commerce.Payment": {"order_id": "commerce.Order"},
    "commerce.Shipment": {"order_id": "commerce.Order"},
    "cases.Case": {"customer_id": "commerce.Customer", "number": "cases.Case", "external_key": "text"},
    "cases.Message": {"case_id": "cases.Case", "message_key": "text"},
    "returns.Return": {
        "case_id": "cases.Case",
        "customer_id": "commerce.Customer",
        "number": "returns.Return",
        "nonce": "text",
    },
    "returns.ReturnLine": {"returned_id": "returns.Return", "order_id": "commerce.Order"},
    "returns.Step": {"returned_id": "returns.Return"},
}


def fill(times: int) -> None:
    """`times` x SEEDS returns of as many customers, each with an order and a case; numbers from 1."""
    from datetime import timedelta

    from django.db.models import F

    from anshin.cases.models import CaseNumbering, Counter
    from anshin.plumbing import clock
    from anshin.project import demo_policy
    from bench.desk_filling import copy_rows, settle

    now = clock.now()
    demo_policy.fill(by=_may_publish(), opened=now - timedelta(days=400), now=now)
    for number in range(1, SEEDS + 1):
        _returned(number, now)
    copy_rows(_OWN, times)
    Counter.objects.update(count=F("count") * times)
    CaseNumbering.objects.update(last_number=F("last_number") * times)
    settle()


def _returned(number: int, now: object) -> None:
    """One return: of each five one waits for its parcel, one was sent, three are here, of which two are inspected."""
    from anshin.returns import actions
    from anshin.returns.terms import CheckResult, Condition, Disposition, Grade, Reason, Wish

    order, by = _order(number, now), _agent()
    asked = [actions.Asked(order.pk, 1, 1, Reason.CHANGED_MIND, Condition.UNUSED)]
    made = actions.request(
        shop=order.shop, customer=order.customer, asked=asked, wish=Wish.REFUND, nonce=f"seed-{number}", now=now
    )
    if str(made.approval) == "asked":
        actions.authorise(by=by, return_id=made.pk, now=now)
    if number % 5 == 1:
        told = {"carrier": "yamato", "tracking_number": "512547514334"}
        actions.announce_parcel(shop=order.shop, customer=order.customer, number=made.number, now=now, **told)
    line = made.lines.get()
    if number % 5 > 1:
        actions.book_in(by=by, inside=[actions.Inside(line.pk, 1)], nonce=f"parcel-{number}", now=now)
    if number % 5 > 2:
        good = actions.Checked(
            appearance=CheckResult.OK,
            accessories=CheckResult.OK,
            operation=CheckResult.OK,
            grade=Grade.A,
            disposition=Disposition.RESTOCK,
        )
        actions.inspect(by=by, line_id=line.pk, checked=good, now=now)


def _order(number: int, now: object) -> object:
    from datetime import timedelta

    from anshin.commerce import terms
    from anshin.commerce.actions import take_in_order
    from anshin.plumbing.journal.actors import Actor

    method = terms.PaymentMethod.CASH_ON_DELIVERY if number % 2 else terms.PaymentMethod.CARD
    told = terms.IncomingOrder(
        channel=terms.SalesChannel.OWN,
        number=f"KM-{number:05}",
        ordered_at=now - timedelta(days=6, seconds=number),
        buyer=terms.Buyer(f"柏木 {number}", "カシワギ", f"buyer{number}@mail.example"),
        recipient=terms.Recipient(f"柏木 {number}", "150-0001", "東京都渋谷区神宮前99-2-3"),
        lines=(terms.IncomingLine("帆布トートバッグ M", 1, 6_600, "TB-M-KNR"), terms.IncomingLine("布", 2, 800)),
        shipping_yen=660,
        payments=(terms.IncomingPayment(method, paid_at=now - timedelta(days=6)),),
        shipments=(
            terms.IncomingShipment(
                terms.Carrier.YAMATO, "444413758703", now - timedelta(days=4), now - timedelta(days=2)
            ),
        ),
    )
    return take_in_order(shop=_agent().shop, order=told, now=now, by=Actor.system("bench")).order


def _may_publish() -> object:
    """Somebody who may write the shop's terms of returns."""
    from anshin.plumbing import clock
    from anshin.shops.actions import invite_staff
    from anshin.shops.models import Membership
    from anshin.shops.terms import Role

    told = {"email": "owner@bench.example", "name": "羽生 安珠", "role": Role.OWNER, "by": None, "now": clock.now()}
    invite_staff(shop=_agent().shop, **told)
    return Membership.objects.select_related("shop", "person").order_by("-id")[0]


def _agent() -> object:
    from anshin.shops.models import Membership

    return Membership.objects.select_related("shop", "person").order_by("id")[0]


def visit() -> str:
    """A visitor's cookie and the addresses to measure, a line each: name, path."""
    from django.db import transaction

    from anshin.commerce.models import Order
    from anshin.plumbing import clock
    from anshin.returns.models import Return
    from anshin.visits.actions import ToldReason, begin_draft, choose_items, tell_reason
    from anshin.visits.actions.entering import begin_visit
    from anshin.visits.terms import CameBy

    returned = Return.objects.get(number=SEEDS - 9)  # paid on delivery, and waits to be paid back or sent
    shop, customer, now = returned.shop, returned.customer, clock.now()
    with transaction.atomic():
        token = begin_visit(shop=shop, customer=customer, came_by=CameBy.CODE, now=now)
    order = Order.objects.filter(customer=customer).latest("id")
    nonce = begin_draft(shop=shop, customer=customer, order_id=order.pk, now=now).nonce
    about = {"shop": shop, "customer": customer, "nonce": nonce, "now": now}
    choose_items(quantities={2: 1}, **about)
    tell_reason(told=ToldReason("defect", "", "unused", []), **about)
    steps = [
        f"step {each} {_path('returns/new/' + nonce + '/' + each)}" for each in ("items", "reason", "photos", "wish")
    ]
    pages = {"home": "", "order": f"orders/{order.pk}", "status": f"returns/{returned.number}"}
    pages |= {"account": f"returns/{returned.number}/account?words=みず", "choose order": "returns/new"}
    return "\n".join([token, *(f"{name} {_path(path)}" for name, path in pages.items()), *steps])


def _path(path: str) -> str:
    from urllib.parse import quote

    from bench.desk import SLUG

    return f"/p/{SLUG}/{quote(path, safe='/?=&')}"


def forget_codes() -> None:
    """No code was asked for yet, so that no limit is met."""
    from anshin.visits.models import CodeRequest

    CodeRequest.objects.all().delete()


def make_codes() -> None:
    """What the worker does with each request for a code; the letters stay here."""
    from anshin.plumbing import clock
    from anshin.visits.actions import make_code
    from anshin.visits.models import CodeRequest

    for pk in CodeRequest.objects.filter(ready_at=None).values_list("pk", flat=True):
        make_code(request_id=pk, now=clock.now())
