"""Customers and what they bought, as the selling systems know it."""

from django.db import models

from anshin.commerce.terms import BounceKind, Carrier, ContactKind, ImportState, PaymentMethod, Reach, SalesChannel


class Customer(models.Model):
    """A person or company that wrote to the shop or bought from it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=200, blank=True)
    kana = models.CharField(max_length=200, blank=True)
    name_key = models.CharField(max_length=410, blank=True)  # rules.name_key(name, kana): what a search looks through
    member_since_on = models.DateField(null=True)
    language = models.CharField(max_length=8, blank=True)
    order_count = models.PositiveIntegerField(default=0)
    order_total_yen = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    tags = models.JSONField(default=list, blank=True)  # the shop's own words for this customer, sorted
    erased_at = models.DateTimeField(null=True)  # since when only the orders' figures are known of this person

    class Meta:
        indexes = [models.Index(fields=["shop", "id"], name="commerce_customer_list")]

    def __str__(self) -> str:
        return self.name


class ContactPoint(models.Model):
    """One address or number of a customer. `key` is the folded form by which it is found.

    A mail address belongs to one customer; a phone number may be shared by a household. `reach` says whether mail
    arrives; the columns below it tell of the last run of returned mails and stay when `reach` is ok again, so that
    taking the mark away can be undone.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_points", db_index=False)
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    value = models.CharField(max_length=320)
    key = models.CharField(max_length=320)
    created_at = models.DateTimeField()
    reach = models.CharField(max_length=12, choices=Reach.choices, default=Reach.OK)
    bounce_kind = models.CharField(max_length=16, choices=BounceKind.choices, blank=True)
    bounced_since_at = models.DateTimeField(null=True)
    last_bounced_at = models.DateTimeField(null=True)
    bounce_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reach=Reach.OK)
                | models.Q(bounced_since_at__isnull=False, last_bounced_at__isnull=False) & ~models.Q(bounce_kind=""),
                name="commerce_reach_has_reason",
            ),
            models.UniqueConstraint(
                fields=["shop", "key"], condition=models.Q(kind=ContactKind.MAIL), name="commerce_mail_once"
            ),
            models.UniqueConstraint(fields=["customer", "kind", "key"], name="commerce_contact_once"),
        ]
        indexes = [
            models.Index(fields=["shop", "kind", "key"], name="commerce_contact_key"),
            models.Index(
                fields=["last_bounced_at"], condition=~models.Q(reach=Reach.OK), name="commerce_contact_marked"
            ),
        ]

    def __str__(self) -> str:
        return self.value


class PostalAddress(models.Model):
    """A place to which something of this customer was sent."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="postal_addresses", db_index=False)
    name = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    lines = models.CharField(max_length=400)
    key = models.CharField(max_length=64)  # hash of the folded postcode, lines and name

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "key"], name="commerce_postal_once")]

    def __str__(self) -> str:
        return f"{self.postcode} {self.lines}"


class Product(models.Model):
    """What the shop sells, by its own stock-keeping number."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    sku = models.CharField(max_length=80)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    variant = models.CharField(max_length=200, blank=True)
    gtin = models.CharField(max_length=14, blank=True)  # JAN and the like, 8 to 14 digits
    model_number = models.CharField(max_length=120, blank=True)  # the maker’s 型番
    price_yen = models.BigIntegerField(default=0)  # tax included
    tags = models.JSONField(default=list, blank=True)  # codes of terms.ProductTag
    accessories = models.JSONField(default=list, blank=True)  # what belongs to it and has to come back with it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "sku"], name="commerce_product_sku_once")]

    def __str__(self) -> str:
        return self.name


class Order(models.Model):
    """One order. Names and addresses are those given with it; only news of the same order change them.

    Two channels may give the same number (1001 at Shopify and at EC-CUBE), one channel may not.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=20, choices=SalesChannel.choices, default=SalesChannel.OWN)
    number = models.CharField(max_length=80)
    number_key = models.CharField(max_length=80)  # anshin.language.order_numbers.key(number)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders", db_index=False)
    ordered_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    is_gift = models.BooleanField(default=False)
    wished_on = models.DateField(null=True)
    recipient_name = models.CharField(max_length=200, blank=True)
    recipient_postcode = models.CharField(max_length=16, blank=True)
    recipient_lines = models.CharField(max_length=400, blank=True)
    recipient_phone = models.CharField(max_length=40, blank=True)
    shipping_yen = models.BigIntegerField(default=0)
    fee_yen = models.BigIntegerField(default=0)
    discount_yen = models.BigIntegerField(default=0)  # everything taken off, with what the next two say
    coupon_yen = models.BigIntegerField(default=0)
    points_used = models.BigIntegerField(default=0)  # a point is a yen
    total_yen = models.BigIntegerField(default=0)  # tax included
    refunded_yen = models.BigIntegerField(default=0)  # gone back, or on its way
    expenses_yen = models.BigIntegerField(default=0)  # of the customer, made good or on their way; no part of the price
    disputed_yen = models.BigIntegerField(default=0)  # taken back by the customer's bank, or claimed by it
    remark = models.TextField(blank=True)
    remark_struck_at = models.DateTimeField(null=True)  # since then the remark of later news is not believed
    source_digest = models.CharField(max_length=64, blank=True)  # of what was last told: the same again changes nothing

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number_key", "channel"], name="commerce_order_number_once"),
            models.CheckConstraint(
                condition=models.Q(refunded_yen=0)
                | models.Q(refunded_yen__gt=0, refunded_yen__lte=models.F("total_yen")),
                name="commerce_order_refunded_within_total",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-ordered_at", "-id"], name="commerce_order_list"),
            models.Index(fields=["customer", "-ordered_at"], name="commerce_order_of_customer"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One position of an order, with the name and price as sold."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    sku = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=300)
    variant = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField()
    unit_price_yen = models.BigIntegerField()  # tax included
    tax_rate = models.PositiveSmallIntegerField(default=10)  # percent
    lot = models.CharField(max_length=80, blank=True)  # lot or serial number that was sent, where it is known
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="commerce_line_position_once"),
            models.CheckConstraint(condition=models.Q(tax_rate__in=[8, 10]), name="commerce_line_tax_rate"),
        ]
        indexes = [
            models.Index(
                fields=["shop", "sku"], condition=models.Q(product__isnull=True), name="commerce_line_sku_alone"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"


class Payment(models.Model):
    """How and until when an order is to be paid, and whether it was."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="payments", db_index=False)
    method = models.CharField(max_length=20, choices=PaymentMethod.choices)
    amount_yen = models.BigIntegerField()
    due_on = models.DateField(null=True)
    paid_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=120, blank=True)  # the provider's id of the charge
    account_hint = models.CharField(max_length=20, blank=True)  # last digits of the card or the like

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "method"], name="commerce_payment_method_once")]

    def __str__(self) -> str:
        return f"{self.method} {self.amount_yen}"


class Shipment(models.Model):
    """One parcel of an order."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="shipments", db_index=False)
    carrier = models.CharField(max_length=20, choices=Carrier.choices)
    tracking_number = models.CharField(max_length=40, blank=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "carrier", "tracking_number"], name="commerce_shipment_tracking_once"
            )
        ]
        indexes = [models.Index(fields=["shop", "tracking_number"], name="commerce_shipment_tracking")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}"


class ColumnMapping(models.Model):
    """How the columns of a file with these headings are to be read; asked once, then remembered."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    header_key = models.CharField(max_length=64)  # hash of the folded headings in order
    name = models.CharField(max_length=80)
    channel = models.CharField(max_length=20, choices=SalesChannel.choices, default=SalesChannel.OWN)
    columns = models.JSONField()  # an OrderField for each column in order, "" for an unused one
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "header_key"], name="commerce_mapping_once")]

    def __str__(self) -> str:
        return self.name


class OrderImport(models.Model):
    """One run over an order file, with its counts and the file of refused rows."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    file = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")  # null: removed
    file_name = models.CharField(max_length=200)
    format = models.CharField(max_length=40, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    mapping = models.ForeignKey(ColumnMapping, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState.choices)
    refusal = models.CharField(max_length=400, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)  # where a resumed run goes on
    orders_new = models.PositiveIntegerField(default=0)
    orders_changed = models.PositiveIntegerField(default=0)
    orders_same = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["shop", "-id"], name="commerce_import_list")]

    def __str__(self) -> str:
        return self.file_name


class RefusedRow(models.Model):
    """A row of an order file that was not taken in, with the reason in words."""

    order_import = models.ForeignKey(OrderImport, on_delete=models.CASCADE, related_name="refused_rows", db_index=False)
    row_number = models.PositiveIntegerField()  # as a spreadsheet shows it; the heading is row 1
    cells = models.JSONField()
    reason = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order_import", "row_number"], name="commerce_refused_once")]

    def __str__(self) -> str:
        return f"{self.row_number}: {self.reason}"
