"""Money on its way back to customers: refunds, the accounts that receive them, and what the shop has set about them."""

from datetime import time

from django.db import models
from django.db.models import F, Q

from anshin.commerce.models.orders import Customer, Order, Payment
from anshin.commerce.terms import AccountKind, PaymentProvider, RefundKind, RefundState, RefundWay


class RefundSetting(models.Model):
    """What a shop has decided about refunds, and the account from which it transfers; no row: the defaults.

    The shop's own account is written as its bank knows it: `client_code` is the 委託者コード, names are in the letters
    of bank files. `number_sealed` is the account number, encrypted.
    """

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    second_person_above_yen = models.PositiveIntegerField(default=30_000)
    purge_days = models.PositiveSmallIntegerField(default=30)  # after the money has arrived
    client_code = models.CharField(max_length=10, blank=True)
    client_name = models.CharField(max_length=40, blank=True)
    bank_code = models.CharField(max_length=4, blank=True)
    bank_name = models.CharField(max_length=60, blank=True)
    branch_code = models.CharField(max_length=3, blank=True)
    branch_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=10, choices=AccountKind.choices, default=AccountKind.ORDINARY)
    number_sealed = models.TextField(blank=True)
    number_end = models.CharField(max_length=4, blank=True)
    has_line_ends = models.BooleanField(default=True)  # whether records end with CR LF
    transfer_lead_days = models.PositiveSmallIntegerField(default=1)  # bank days from handing the file in
    transfer_cut_off = models.TimeField(default=time(15))  # until then a file counts for the day

    def __str__(self) -> str:
        return f"{self.shop_id}"


class PaymentAccount(models.Model):
    """With whom the shop takes card payments, and the key with which they are paid back, encrypted."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    provider = models.CharField(max_length=10, choices=PaymentProvider.choices)
    key_sealed = models.TextField()
    key_end = models.CharField(max_length=4)
    changed_at = models.DateTimeField()
    notice_secret_sealed = models.TextField(blank=True)  # with which the provider signs its notices; "": none are read

    def __str__(self) -> str:
        return f"{self.provider} ***{self.key_end}"


class BankAccount(models.Model):
    """Where a customer wants money to go. The number is encrypted and is shown as its last digits only.

    Purged (number and holder gone, bank and branch left) some time after the money arrived.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="bank_accounts", db_index=False)
    bank_code = models.CharField(max_length=4)
    bank_name = models.CharField(max_length=60)
    bank_kana = models.CharField(max_length=60)
    branch_code = models.CharField(max_length=3)
    branch_name = models.CharField(max_length=60)
    branch_kana = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=AccountKind.choices)
    number_sealed = models.TextField(blank=True)
    number_end = models.CharField(max_length=4, blank=True)
    holder_kana = models.CharField(max_length=30, blank=True)  # in the letters of bank files
    created_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True) | Q(number_sealed="", holder_kana=""),
                name="commerce_account_purged_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="commerce_account_of_customer"),
            models.Index(fields=["shop", "id"], condition=Q(purged_at__isnull=True), name="commerce_account_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.bank_code}-{self.branch_code} {self.masked}"

    @property
    def masked(self) -> str:
        """The number as anybody sees it: ***1234, or *** when it is gone."""
        return f"***{self.number_end}"


class Refund(models.Model):
    """One sum on its way back to a customer. History stands in the journal.

    `provider_key` is what the provider recognises a repeated question by; a new try after a failure has a new one.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.SET_NULL, null=True, related_name="refunds")
    account = models.ForeignKey(BankAccount, on_delete=models.SET_NULL, null=True, related_name="refunds")
    key = models.CharField(max_length=80)
    provider_key = models.CharField(max_length=40)
    amount_yen = models.BigIntegerField()
    method = models.CharField(max_length=20, blank=True)  # how the order was paid
    kind = models.CharField(max_length=8, choices=RefundKind.choices, default=RefundKind.GOODS)
    way = models.CharField(max_length=10, choices=RefundWay.choices)
    state = models.CharField(max_length=10, choices=RefundState.choices)
    reason = models.CharField(max_length=400, blank=True)
    needs_second = models.BooleanField(default=False)
    asked_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_by = models.ForeignKey(
        "shops.Membership", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    operator = models.ForeignKey(
        "shops.Membership", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    expected_on = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)  # when the provider was first asked
    busy_until_at = models.DateTimeField(null=True)  # while the provider is being asked nobody decides by hand
    reference = models.CharField(max_length=120, blank=True)  # the provider's or the bank's
    answer = models.CharField(max_length=400, blank=True)  # what the provider or the bank said
    proof = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    proof_name = models.CharField(max_length=200, blank=True)
    moved_on = models.DateField(null=True)  # the day on which the money left
    settled_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="commerce_refund_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="commerce_refund_of_something"),
            models.CheckConstraint(
                condition=~Q(state=RefundState.SETTLED)
                | Q(settled_at__isnull=False, moved_on__isnull=False, operator__isnull=False)
                & ~Q(reference="")
                & (Q(proof__isnull=False) | ~Q(answer="")),
                name="commerce_refund_settled_with_record",
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False)
                | Q(state__in=[RefundState.ASKED, RefundState.WITHDRAWN])
                | Q(approved_by__isnull=False) & ~Q(approved_by=F("asked_by")),
                name="commerce_refund_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state=RefundState.FAILED) | ~Q(failure=""), name="commerce_refund_failed_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(kind=RefundKind.EXPENSE) | ~Q(way=RefundWay.ORIGINAL) & Q(payment__isnull=True),
                name="commerce_refund_expense_beside_payment",
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=True) | Q(way=RefundWay.BANK), name="commerce_refund_account_by_bank"
            ),
        ]
        indexes = [
            models.Index(fields=["order", "id"], name="commerce_refund_of_order"),
            models.Index(fields=["shop", "-id"], name="commerce_refund_list"),
            models.Index(fields=["shop", "state", "id"], name="commerce_refund_by_state"),
            models.Index(fields=["provider_key"], name="commerce_refund_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.amount_yen} {self.state}"
