"""A return with its lines, the history of its four axes and its photos."""

from django.db import models
from django.db.models import Q

from anshin.commerce.terms import Fault
from anshin.returns.terms import (
    Approval,
    Axis,
    BarCode,
    Condition,
    ExchangeState,
    InspectionState,
    LabelPaper,
    MoneyState,
    ParcelState,
    Payer,
    PhotoStage,
    Reason,
    SubReason,
    Verdict,
    WaitsFor,
    Wish,
)

_CONFIRMED = [MoneyState.SECOND, MoneyState.SENDING, MoneyState.PAID]


class ReturnNumbering(models.Model):
    """The last number that a shop gave to a return."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.last_number}"


class ReturnSetting(models.Model):
    """How long each step may take in a shop, in business days (to send: in days); no row: the defaults."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    days_to_answer = models.PositiveSmallIntegerField(default=1)
    days_to_send = models.PositiveSmallIntegerField(default=14)
    days_to_inspect = models.PositiveSmallIntegerField(default=3)
    days_to_settle = models.PositiveSmallIntegerField(default=1)
    address_name = models.CharField(max_length=200, blank=True)  # where returns go
    address_postcode = models.CharField(max_length=16, blank=True)
    address_lines = models.CharField(max_length=400, blank=True)
    address_phone = models.CharField(max_length=40, blank=True)
    remind_parcel_days = models.PositiveSmallIntegerField(default=7)  # 0: customers are not reminded
    remind_parcel_most = models.PositiveSmallIntegerField(default=2)
    improve_returns = models.PositiveSmallIntegerField(default=5)  # returns of a product for one reason
    improve_percent = models.PositiveSmallIntegerField(default=5)  # of what was sold of it
    improve_days = models.PositiveSmallIntegerField(default=90)  # in which both are counted
    deduct_missing_percent = models.PositiveSmallIntegerField(default=10)  # of the price, for each missing accessory
    product_page = models.CharField(max_length=400, blank=True)  # address of a product's page, with {sku}
    issuer_name = models.CharField(max_length=200, blank=True)  # on return invoices; "": the shop's name
    registration_number = models.CharField(max_length=14, blank=True)  # T and 13 digits; "": none are given
    label_paper = models.CharField(max_length=4, choices=LabelPaper.choices, default=LabelPaper.A6)  # at the desk
    label_bar_code = models.CharField(max_length=10, choices=BarCode.choices, default=BarCode.CODE128)

    def __str__(self) -> str:
        return f"{self.shop_id}"


class Return(models.Model):
    """What one customer sends back or wants to.

    `approval`, `parcel`, `inspection`, `money` and `exchange` repeat the newest Step of each axis, kept by the write,
    so that a list needs no further query; `waits_for` and `due_at` follow from them.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("commerce.Customer", on_delete=models.PROTECT, null=True, related_name="+")
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="later", db_index=False)
    asked_at = models.DateTimeField()
    is_by_customer = models.BooleanField()  # asked for by the customer on their page, not opened by staff
    nonce = models.CharField(max_length=40)  # the same request sent twice is one return
    language = models.CharField(max_length=8, default="ja")
    wish = models.CharField(max_length=10, choices=Wish.choices)
    wanted = models.CharField(max_length=200, blank=True)  # the variant wished for, in words
    words = models.TextField(blank=True)  # what the customer wrote
    ground = models.CharField(max_length=20, blank=True)  # S-0007: granted outside the policy, under a safety notice
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    payer = models.CharField(max_length=10, choices=Payer.choices)  # of the return's postage
    fault = models.CharField(max_length=12, choices=Fault.choices, default=Fault.UNKNOWN)
    approval = models.CharField(max_length=12, choices=Approval.choices, default=Approval.ASKED)
    parcel = models.CharField(max_length=12, choices=ParcelState.choices, default=ParcelState.NOT_YET)
    inspection = models.CharField(max_length=12, choices=InspectionState.choices, default=InspectionState.NOT_YET)
    money = models.CharField(max_length=12, choices=MoneyState.choices, default=MoneyState.NOT_YET)
    exchange = models.CharField(max_length=12, choices=ExchangeState.choices, default=ExchangeState.NONE)
    waits_for = models.CharField(max_length=10, choices=WaitsFor.choices, default=WaitsFor.STAFF)
    waits_since = models.DateTimeField()  # since when it is whose turn it is
    due_at = models.DateTimeField(null=True)
    place = models.ForeignKey(  # where it goes; None: the shop's usual address
        "returns.ReturnPlace", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    carrier = models.CharField(max_length=20, blank=True)  # of the customer's own parcel, as announced
    tracking_number = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True)  # since when it waits for nobody

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="returns_number_once"),
            models.UniqueConstraint(fields=["shop", "nonce"], name="returns_nonce_once"),
            models.CheckConstraint(
                condition=~Q(money__in=_CONFIRMED) | Q(approval=Approval.APPROVED),
                name="returns_money_needs_approval",
            ),
            models.CheckConstraint(
                condition=~Q(money__in=_CONFIRMED)
                | Q(inspection__in=[InspectionState.GOOD, InspectionState.DIFFERS, InspectionState.NOT_NEEDED])
                | Q(inspection=InspectionState.UNDER_WAY, money=MoneyState.SENDING),
                name="returns_money_needs_inspection",
            ),
            models.CheckConstraint(
                condition=~Q(exchange__in=[ExchangeState.TO_SEND, ExchangeState.OUT_OF_STOCK])
                | Q(money=MoneyState.NOT_YET),
                name="returns_exchange_or_money",
            ),
            models.CheckConstraint(
                condition=~Q(waits_for=WaitsFor.NOBODY) | Q(closed_at__isnull=False), name="returns_closed_at"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="returns_list"),
            models.Index(fields=["shop", "waits_for", "due_at", "id"], name="returns_by_turn"),
            models.Index(fields=["shop", "tracking_number"], name="returns_by_tracking"),
        ]

    def __str__(self) -> str:
        return f"R-{self.number:04}"


class ReturnLine(models.Model):
    """One item of a return, with what was sold and what the policy said about it.

    What was sold is copied: an order's lines may be told anew by the selling system. `quantity_here` is None until
    the parcel was opened.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    returned = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines", db_index=False)
    place = models.PositiveSmallIntegerField()
    order = models.ForeignKey("commerce.Order", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()  # of the order's line
    product = models.ForeignKey(
        "commerce.Product", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    sku = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=300)
    variant = models.CharField(max_length=200, blank=True)
    unit_price_yen = models.BigIntegerField()  # tax included
    tax_rate = models.PositiveSmallIntegerField()  # percent
    quantity = models.PositiveIntegerField()
    quantity_here = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    sub_reason = models.CharField(max_length=10, choices=SubReason.choices, blank=True)
    condition = models.CharField(max_length=10, choices=Condition.choices)
    accessories_kept = models.JSONField(default=list, blank=True)  # what the customer says they have
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    payer = models.CharField(max_length=10, choices=Payer.choices)
    policy = models.PositiveIntegerField(null=True)  # id of the version that judged; None: by law
    policy_label = models.CharField(max_length=80, blank=True)
    clause_number = models.CharField(max_length=40, blank=True)
    clause_text = models.TextField(blank=True)  # in Japanese, for the desk
    clause_told = models.TextField(blank=True)  # number and text in the customer's language
    checks = models.JSONField(default=list, blank=True)  # [[code, ok, detail], …]
    is_by_law = models.BooleanField(default=False)
    fee_yen = models.BigIntegerField(default=0)
    until = models.DateField(null=True)  # last day on which it could be asked for

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["returned", "place"], name="returns_line_place_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="returns_line_quantity"),
        ]
        indexes = [models.Index(fields=["shop", "sku", "reason"], name="returns_line_reasons")]

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"


class Step(models.Model):
    """One step on one axis: what became of it, when, by whom and why. Never changed, never deleted."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    returned = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="steps", db_index=False)
    axis = models.CharField(max_length=10, choices=Axis.choices)
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)  # the customer's, or of the part of the system
    why = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["returned", "axis", "id"], name="returns_steps")]

    def __str__(self) -> str:
        return f"{self.returned_id} {self.axis} {self.state}"


class ReturnPhoto(models.Model):
    """A picture or other file that belongs to a return."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    returned = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="photos")
    line = models.ForeignKey(ReturnLine, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    stage = models.CharField(max_length=12, choices=PhotoStage.choices)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
