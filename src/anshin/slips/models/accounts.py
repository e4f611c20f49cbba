"""The shop's contracts with carriers."""

from django.db import models
from django.db.models import Q


class CarrierAccount(models.Model):
    """What stands in every row of a file for one carrier's program; the sender of what the shop sends.

    "" leaves a column to the carrier's program. A contract that is not used any more is retired, since files name it.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    format = models.CharField(max_length=10)  # code of a SlipFormat
    name = models.CharField(max_length=80)
    customer_code = models.CharField(max_length=12, blank=True)  # 請求先顧客コード, お客様コード
    freight_number = models.CharField(max_length=2, blank=True)  # 運賃管理番号 (Yamato)
    slip_kind = models.CharField(max_length=20, blank=True)  # 送り状種別 (Japan Post)
    sender_name = models.CharField(max_length=200, blank=True)
    sender_postcode = models.CharField(max_length=16, blank=True)
    sender_lines = models.CharField(max_length=400, blank=True)
    sender_phone = models.CharField(max_length=40, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "name"], condition=Q(retired_at__isnull=True), name="slips_account_name_once"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(format=""), name="slips_account_named"),
        ]
        indexes = [models.Index(fields=["shop", "format", "id"], name="slips_accounts")]

    def __str__(self) -> str:
        return self.name
