"""Which orders a case is about."""

from django.db import models

from anshin.cases.models.case import Case


class OrderLink(models.Model):
    """An order that a case is about, and how we came to think so."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="order_links", db_index=False)
    order = models.ForeignKey("commerce.Order", on_delete=models.CASCADE, related_name="+", db_index=False)
    reason = models.CharField(max_length=40)  # number_in_text, form_field, only_recent_order, by_hand, import, desk
    is_proposed = models.BooleanField(default=False)  # a guess that a person has not confirmed
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "order"], name="cases_order_link_once")]
        indexes = [models.Index(fields=["order"], name="cases_link_order")]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.order_id}"
