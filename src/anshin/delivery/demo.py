"""This room's part of the demo: four troubles with four answers, in the cases that tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anshin.cases.actions import link_order
from anshin.cases.queries import case_by_number, orders_of_cases
from anshin.cases.queries.messages import case_files, said_by_customer
from anshin.commerce.queries import order_by_number, order_with_details
from anshin.commerce.terms import Carrier, Fault
from anshin.delivery import actions
from anshin.delivery.terms import ArrivedAs, BoxState, EvidenceKind, Insert, Slot, TroubleKind

if TYPE_CHECKING:
    from anshin.commerce.models import OrderLine
    from anshin.delivery.models import Trouble
    from anshin.shops.models import Membership, Shop

_SHOPS, _CUSTOMERS, _CARRIERS, _NOBODYS = 1000, 987, 1011, 1023
"""Numbers of the cases in which it was the shop, the customer, the carrier, and in which nobody can tell."""


def fill(shop: Shop, *, staff: Mapping[str, Membership]) -> None:
    """What clerks and the warehouse wrote down in these weeks. `staff`: by the story's keys."""
    people = [staff.get(key) for key in ("kogure", "takeuchi", "kurata")]
    if None in people:
        return
    teller = _Teller(shop, *(each for each in people if each))
    teller.customers_mistake()
    teller.our_mistake()
    teller.carriers_doing()
    teller.nobody_can_tell()


class _Teller:
    def __init__(self, shop: Shop, kogure: Membership, takeuchi: Membership, kurata: Membership) -> None:
        self.shop, self.kogure, self.takeuchi, self.kurata = shop, kogure, takeuchi, kurata

    def our_mistake(self) -> None:
        """Two white mugs instead of two blue ones; fetched on the 24th."""
        self._link(_SHOPS, "KM-20301", self._at("2026-11-07 13:05"))
        trouble = self._report(self.kogure, _SHOPS, TroubleKind.WRONG_ITEM, self._at("2026-11-07 13:10"))
        if trouble is None:
            return
        by, pk = self.kogure, trouble.pk
        written = "2026-11-07 13:30"
        self._packed(trouble, "2026-11-05 15:32", written=written, sku="KT-MUG-WH", name="琺瑯マグ 白")
        at = self._at("2026-11-07 13:45")
        actions.describe(
            by=by,
            trouble_id=pk,
            arrived_as=ArrivedAs.OTHER_ITEM,
            box=BoxState.SOUND,
            arrived_words="白いマグ2つ",
            now=at,
        )
        reason = "棚から取るときに白の箱と取り違えました。梱包の記録も白です。お客様に手違いはありません。"
        actions.find_fault(by=by, trouble_id=pk, fault=Fault.SHOP, reason=reason, now=at)
        self._send(by, trouble, "481207531512", 660, at)
        booked_at = self._at("2026-11-10 10:10")
        actions.book_pick_up(
            by=by,
            trouble_id=pk,
            carrier=Carrier.YAMATO,
            on=date(2026, 11, 24),
            slot=Slot.FROM_19,
            reference="1124-0086",
            cost_yen=880,
            now=booked_at,
        )

    def customers_mistake(self) -> None:
        """A small basket, as ordered; exchanged at the customer's cost after they agreed."""
        trouble = self._report(self.takeuchi, _CUSTOMERS, TroubleKind.WRONG_ITEM, self._at("2026-10-29 09:50"))
        if trouble is None:
            return
        by, pk, at = self.takeuchi, trouble.pk, self._at("2026-10-29 10:00")
        self._packed(trouble, "2026-10-26 11:05", written="2026-10-29 09:55")
        actions.describe(
            by=by, trouble_id=pk, arrived_as=ArrivedAs.AS_ORDERED, box=BoxState.SOUND, arrived_words="かご M", now=at
        )
        reason = "ご注文も梱包の記録もMです。お客様も、選ぶときの押し間違いとおっしゃっています。"
        actions.find_fault(by=by, trouble_id=pk, fault=Fault.CUSTOMER, reason=reason, now=at)
        actions.take_snapshot(by=by, trouble_id=pk, now=self._at("2026-10-29 10:08"))
        agreed = self._at("2026-10-29 13:30")
        answer = said_by_customer(self.shop, trouble.case_id, most=1)[0]
        actions.record_consent(
            by=by,
            trouble_id=pk,
            message_id=answer.pk,
            words="往復の送料と、Lとの差額1,980円のうち送料分",
            amount_yen=1_430,
            now=agreed,
        )
        sent = self._at("2026-10-31 11:30")
        parcel = actions.plan_reshipment(
            by=by, trouble_id=pk, name=trouble.name, variant="L", sku=trouble.sku.replace("-M", "-L"), now=agreed
        )
        actions.mark_packed(by=by, reshipment_id=parcel.pk, now=sent)
        actions.ship(
            by=by,
            reshipment_id=parcel.pk,
            carrier=Carrier.YAMATO,
            tracking_number="481207534253",
            cost_yen=715,
            now=sent,
        )
        actions.mark_delivered(by=by, reshipment_id=parcel.pk, now=self._at("2026-11-02 14:00"))
        actions.settle(by=by, trouble_id=pk, now=self._at("2026-11-02 14:05"))

    def carriers_doing(self) -> None:
        """A vase broken in a crushed box; the new one is not packed yet."""
        at = self._at("2026-11-12 14:15")
        self._link(_CARRIERS, "250-7730184-5521093", at)
        trouble = self._report(self.kogure, _CARRIERS, TroubleKind.DAMAGED, at)
        if trouble is None:
            return
        by, pk, at = self.kogure, trouble.pk, self._at("2026-11-12 15:05")
        for file in case_files(self.shop, trouble.case_id):
            if file.name.startswith("hako"):
                actions.add_attachment(by=by, trouble_id=pk, attachment_id=file.pk, kind=EvidenceKind.BOX, now=at)
        self._packed(trouble, "2026-11-10 16:40", written="2026-11-12 14:50")
        actions.describe(
            by=by,
            trouble_id=pk,
            arrived_as=ArrivedAs.BROKEN,
            box=BoxState.DAMAGED,
            arrived_words="角のつぶれた箱、割れた花器",
            now=at,
        )
        reason = "箱の角がつぶれています。梱包の記録に問題はなく、配送中の衝撃で割れたと考えられます。"
        actions.find_fault(by=by, trouble_id=pk, fault=Fault.CARRIER, reason=reason, now=at)
        actions.book_pick_up(
            by=by, trouble_id=pk, carrier=Carrier.YAMATO, on=date(2026, 11, 14), slot=Slot.MORNING, now=at
        )
        actions.mark_collected(by=by, trouble_id=pk, now=self._at("2026-11-14 12:30"))
        actions.plan_reshipment(by=by, trouble_id=pk, now=self._at("2026-11-16 09:40"))

    def nobody_can_tell(self) -> None:
        """One tea fewer; the weight says nothing. Another one goes as goodwill."""
        trouble = self._report(self.takeuchi, _NOBODYS, TroubleKind.MISSING_PART, self._at("2026-11-17 10:15"))
        if trouble is None:
            return
        by, pk, at = self.takeuchi, trouble.pk, self._at("2026-11-17 13:50")
        self._packed(trouble, "2026-11-13 14:12", written="2026-11-17 13:20", grams=(212, 220))
        actions.describe(
            by=by,
            trouble_id=pk,
            arrived_as=ArrivedAs.INCOMPLETE,
            box=BoxState.NOT_TOLD,
            arrived_words="紅茶1つ",
            now=at,
        )
        reason = "重さは誤差のうちで、箱の写真もありません。どちらとも言えないため、お客様のお手違いとはしません。"
        actions.find_fault(by=by, trouble_id=pk, fault=Fault.UNKNOWN, reason=reason, now=at)
        parcel = actions.plan_reshipment(by=by, trouble_id=pk, quantity=1, now=at)
        actions.mark_packed(by=by, reshipment_id=parcel.pk, now=at)
        actions.ship(by=by, reshipment_id=parcel.pk, carrier=Carrier.JAPAN_POST, cost_yen=180, now=at)

    def _link(self, number: int, order_number: str, at: datetime) -> None:
        """What was only proposed in the case is confirmed by a clerk."""
        case = case_by_number(self.shop, number)
        if case is not None and order_by_number(self.shop, order_number) is not None:
            link_order(by=self.kogure, case_id=case.pk, order_number=order_number, now=at)

    def _report(self, by: Membership, number: int, kind: TroubleKind, at: datetime) -> Trouble | None:
        case = case_by_number(self.shop, number)
        orders = orders_of_cases(self.shop, [case.pk])[case.pk] if case else []
        if case is None or not orders:
            return None
        first = said_by_customer(self.shop, case.pk, most=20)[-1]
        return actions.report(
            shop=self.shop, by=by, case_id=case.pk, order_id=orders[0].pk, kind=kind, said=first.text, now=at
        )

    def _packed(
        self,
        trouble: Trouble,
        packed: str,
        *,
        written: str,
        sku: str = "",
        name: str = "",
        grams: tuple[int, int] | None = None,
    ) -> None:
        """As ordered, unless `sku` and `name` say otherwise. `grams`: weighed and right."""
        line = self._line(trouble)
        weight_g, expected_g = grams or (None, None)
        actions.record_packing(
            by=self.kurata,
            order_id=trouble.order_id,
            position=line.position if line else 1,
            sku=sku or trouble.sku,
            name=name or trouble.name,
            quantity=trouble.quantity,
            weight_g=weight_g,
            expected_g=expected_g,
            packed_by="倉田 大地",
            packed_at=self._at(packed),
            now=self._at(written),
        )

    def _line(self, trouble: Trouble) -> OrderLine | None:
        order = order_with_details(self.shop, trouble.order_id)
        return next((line for line in order.lines.all() if line.pk == trouble.line_id), None) if order else None

    def _send(self, by: Membership, trouble: Trouble, tracking: str, cost_yen: int, at: datetime) -> None:
        parcel = actions.plan_reshipment(by=by, trouble_id=trouble.pk, now=at)
        inserts = [Insert(code) for code in parcel.inserts]
        actions.tick_inserts(by=by, reshipment_id=parcel.pk, inserts=inserts, ticked=inserts, now=at)
        actions.mark_packed(by=by, reshipment_id=parcel.pk, now=at)
        actions.ship(
            by=by,
            reshipment_id=parcel.pk,
            carrier=Carrier.YAMATO,
            tracking_number=tracking,
            cost_yen=cost_yen,
            now=at,
        )
        actions.mark_delivered(by=by, reshipment_id=parcel.pk, now=self._at("2026-11-09 19:30"))

    def _at(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.shop.zone))
