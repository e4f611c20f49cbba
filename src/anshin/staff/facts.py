"""The right side of a case: the customer, the orders with payment and delivery, the case itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import timezone as fixed_zone
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from anshin.cases.queries import CasePage
from anshin.cases.queries.case_page import LinkedOrder
from anshin.cases.terms import Channel, Direction, Resolution, Status
from anshin.commerce.queries import PaymentFact, ShipmentFact, newest_orders_of
from anshin.commerce.terms import Carrier, PaymentMethod
from anshin.delivery.events import TroubleReported
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.markup import icon_markup
from anshin.plumbing.pages.templatetags.pages import tag_markup, yen
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.address_words import address_doubt
from anshin.staff.addresses import address
from anshin.staff.bounces import mark_of
from anshin.staff.customer_tag_facts import tags_of
from anshin.staff.need_facts import need_facts
from anshin.staff.stock_facts import stock_url
from anshin.staff.veil import is_veiled

if TYPE_CHECKING:
    from anshin.commerce.models import Customer, Order
    from anshin.shops.models import Membership

_OTHER_ORDERS = 3
_REASONS = {
    "number_in_text": gettext_lazy("The message names this order, but it belongs to another customer."),
    "only_recent_order": gettext_lazy("It is the customer’s only recent order."),
}


def facts(by: Membership, page: CasePage, *, now: datetime) -> dict[str, Any]:
    """What staff/_facts.html shows."""
    view = _View(by, page, now)
    can_triage = may(by, Permission.TRIAGE)
    proposed = next((each for each in page.orders if each.is_proposed), None)
    return {
        "customer": view.customer(),
        "proposal": view.proposal(proposed) if proposed and can_triage else None,
        "orders": [view.order(each) for each in page.orders if not each.is_proposed],
        "link_order_url": view.post("link_order") if can_triage else "",
        "tags": [
            {"text": name, "remove_url": view.post("untag") if can_triage else ""} for name in page.case.tag_names
        ],
        "tag_url": view.post("tag") if can_triage else "",
        "about": view.about(),
        "needs": need_facts(by, page),
        **trouble_facts(by, page),
        "stock_url": stock_url(by, page),
        "returns_url": view.post("case_returns") if page.orders else "",
        "similar_url": view.post("similar") if page.case.status != Status.SPAM else "",
    }


def trouble_facts(by: Membership, page: CasePage) -> dict[str, str]:
    """Where the card of a trouble is, told by the facts so that it costs no query, and where one is written down."""
    had = any(fact.event == TroubleReported.name for fact in page.facts)
    may_report = may(by, Permission.TRIAGE) and page.case.status != Status.SPAM
    linked = any(not each.is_proposed for each in page.orders)
    slug, number = by.shop.slug, page.case.number
    return {
        "trouble_card_url": address("trouble_card", slug, number) if had and not is_veiled(by) else "",
        "trouble_new_url": address("trouble_new", slug, number) if may_report and linked and not is_veiled(by) else "",
    }


class _View:
    def __init__(self, by: Membership, page: CasePage, now: datetime) -> None:
        self.by, self.page, self.now = by, page, now
        self.language = get_language() or "ja"
        self.slug, self.case = by.shop.slug, page.case

    def post(self, name: str, *more: int) -> str:
        return address(name, self.slug, self.case.number, *more)

    def when(self, moment: datetime) -> str:
        return dates.when(moment, now=self.now, language=self.language)

    def day(self, moment: datetime) -> str:
        zone = timezone.get_current_timezone()
        return dates.day(moment.astimezone(zone).date(), today=self.now.astimezone(zone).date(), language=self.language)

    def customer(self) -> dict[str, Any] | None:
        customer = self.case.customer
        if customer is None:
            return None
        name = customer.name or (self.page.contacts[0].value if self.page.contacts else _("Unknown sender"))
        since = ""
        if customer.member_since_on:
            month = customer.member_since_on
            since = _("Member since %(month)s/%(year)s") % {"year": month.year, "month": month.month}
        return {
            "name": _("%(name)s 様") % {"name": name},
            "initial": name[:1],
            "sub": " · ".join(part for part in (customer.kana, since) if part),
            "url": address("customer", self.slug, customer.pk),
            "tags": tags_of(self.by, customer),
            "addresses": [
                {
                    "value": contact.value,
                    "mark": mark_of(contact, by=self.by, now=self.now, language=self.language),
                }
                for contact in self.page.contacts
            ],
            "rows": [
                {
                    "name": _("Orders so far"),
                    "value": self._orders_so_far(customer.order_count, customer.order_total_yen),
                },
                {"name": _("Other cases"), "value": _cases(len(self.page.past_cases))},
                *self._their_clock(),
            ],
            "past": self._past_cases(),
            "past_url": "",
            "other_orders": self._other_orders(customer),
        }

    def _past_cases(self) -> list[dict[str, str]]:
        return [
            {
                "label": f"#{past.number}",
                "url": address("case", self.slug, past.number),
                "subject": past.subject,
                "words": f"{self.day(past.at)} {Status(past.status).label}",
            }
            for past in self.page.past_cases
        ]

    def _their_clock(self) -> list[dict[str, str]]:
        """What time it is for a customer whose newest mail was written on another clock than the shop's."""
        came = [each for each in self.page.messages if each.direction == Direction.IN]
        offset = came[-1].utc_offset_minutes if came else None
        here = self.now.astimezone(timezone.get_current_timezone()).utcoffset()
        if offset is None or timedelta(minutes=offset) == here:
            return []
        there = self.now.astimezone(fixed_zone(timedelta(minutes=offset)))
        return [{"name": _("The customer’s time"), "value": f"{there:%H:%M} (UTC{offset_words(offset)})"}]

    def _other_orders(self, customer: Customer) -> list[dict[str, str]]:
        """The customer's newest orders that the case does not show already; no query where it shows them all."""
        shown = {each.order.pk for each in self.page.orders}
        if customer.order_count <= len(shown) or not may(self.by, Permission.SEE_ORDERS):
            return []
        others = [order for order in newest_orders_of(self.by.shop, customer) if order.pk not in shown]
        return [
            {
                "number": order.number,
                "url": address("order", self.slug, order.pk),
                "on": self.day(order.ordered_at),
                "total": yen(order.total_yen),
                "state": _("Cancelled") if order.cancelled_at else "",
            }
            for order in others[:_OTHER_ORDERS]
        ]

    def proposal(self, linked: LinkedOrder) -> dict[str, str]:
        return {
            "words": _("Is this about order %(number)s?") % {"number": linked.order.number},
            "reason": str(_REASONS.get(linked.reason, "")),
            "link_url": self.post("confirm_order", linked.order.pk),
            "refuse_url": self.post("unlink_order", linked.order.pk),
            "order": linked.order.number,
        }

    def order(self, linked: LinkedOrder) -> dict[str, Any]:
        order, parts = linked.order, linked.parts
        rows = [{"name": _("Total"), "value": self._total(order.total_yen, order.shipping_yen)}]
        if order.cancelled_at:
            rows.append({"name": _("Status"), "value": tag_markup(_("Cancelled"), kind="bad", icon="ban")})
        rows += [{"name": _("Payment"), "value": self._payment(each)} for each in parts.payments]
        rows += [{"name": _("Delivery"), "value": self._shipment(each)} for each in parts.shipments]
        if not parts.shipments and not order.cancelled_at:
            rows.append({"name": _("Delivery"), "value": tag_markup(_("Not sent yet"), icon="package")})
        if order.is_gift:
            rows.append({"name": _("Gift"), "value": _("To %(name)s") % {"name": order.recipient_name or "-"}})
        if doubt := address_doubt(order.recipient_postcode, order.recipient_lines):
            rows.append({"name": pgettext("postal", "Address"), "value": _doubted(order, doubt)})
        if order.wished_on:
            wish = dates.day(order.wished_on, today=timezone.localdate(self.now), language=self.language)
            rows.append({"name": _("Wished for"), "value": wish})
        return {
            "number": order.number,
            "on": self.day(order.ordered_at),
            "url": address("order", self.slug, order.pk),
            "goods": [
                {
                    "name": " ".join(part for part in (line.name, line.variant) if part),
                    "sub": _("%(count)s pcs") % {"count": line.quantity},
                    "price": yen(line.unit_price_yen * line.quantity),
                    "thumb_url": "",
                }
                for line in parts.lines
            ],
            "rows": rows,
            "unlink_url": self.post("unlink_order", order.pk) if may(self.by, Permission.TRIAGE) else "",
        }

    def about(self) -> list[dict[str, Any]]:
        case = self.case
        status = str(Status(case.status).label)
        if case.resolution:
            status = f"{status} · {Resolution(case.resolution).label}"
        rows: list[dict[str, Any]] = [
            {"name": _("Status"), "value": status},
            {"name": _("Received by"), "value": Channel(case.channel).label},
            {"name": _("Opened"), "value": self.when(case.created_at)},
        ]
        if case.due_at and case.status == Status.OPEN:
            rows.append({"name": _("Due"), "value": self.when(case.due_at)})
        if case.snoozed_until_at:
            rows.append({"name": _("Snoozed until"), "value": self.when(case.snoozed_until_at)})
        return rows

    def _orders_so_far(self, count: int, total_yen: int) -> str:
        words = ngettext("%(count)s order", "%(count)s orders", count) % {"count": count}
        return f"{words} {yen(total_yen)}" if count else words

    def _total(self, total_yen: int, shipping_yen: int) -> SafeString:
        included = (
            _("incl. tax, shipping %(amount)s") % {"amount": yen(shipping_yen)} if shipping_yen else _("incl. tax")
        )
        return format_html('{} <span class="dim text-xs">{}</span>', yen(total_yen), included)

    def _payment(self, payment: PaymentFact) -> SafeString:
        method = PaymentMethod(payment.method).label
        if payment.paid_at:
            return _two(method, tag_markup(_("Paid"), kind="good", icon="check"))
        if payment.due_on and payment.due_on < timezone.localdate(self.now):
            return _two(method, tag_markup(_("Overdue"), kind="bad", icon="circle-alert"))
        return _two(method, tag_markup(_("Not paid yet"), kind="warn", icon="clock"))

    def _shipment(self, shipment: ShipmentFact) -> SafeString:
        carrier = self._tracking(shipment)
        if shipment.delivered_at:
            tag = tag_markup(pgettext("parcel", "Delivered"), kind="good", icon="package-check")
            return _two(self.day(shipment.delivered_at), tag, carrier)
        if shipment.shipped_at:
            return _two(self.day(shipment.shipped_at), tag_markup(_("On its way"), kind="info", icon="truck"), carrier)
        return _two(tag_markup(_("Not sent yet"), icon="package"), carrier)

    def _tracking(self, shipment: ShipmentFact) -> SafeString:
        label, number, url = Carrier(shipment.carrier).label, shipment.tracking_number, shipment.tracking_address
        if number and url:
            link = '{} <a class="lnk nw" href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
            words = format_html(link, label, url, number)
        else:
            words = format_html("{} {}", label, number)
        check = shipment.tracking_check
        warning = tag_markup(str(check.label), kind="warn", icon="triangle-alert") if check.is_doubtful else ""
        return format_html('<span class="block dim text-xs">{} {}</span>', words, warning)


def _doubted(order: Order, doubt: str) -> SafeString:
    """The address as it was told, with what does not fit its postcode."""
    line = " ".join(part for part in (f"〒{order.recipient_postcode}", order.recipient_lines) if part)
    icon = icon_markup("triangle-alert", "s")
    mark = format_html('<span class="notice notice-warn mt-1 text-left">{}<span>{}</span></span>', icon, doubt)
    return format_html('<span class="block">{}</span>{}', line, mark)


def _two(*parts: object) -> SafeString:
    return format_html_join(" ", "{}", ((part,) for part in parts if part))


def offset_words(minutes: int) -> str:
    """−8, +5:30: how far a clock is ahead of UTC."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'−' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}"


def _cases(count: int) -> str:
    return ngettext("%(count)s case", "%(count)s cases", count) % {"count": count}
