"""Tables of the visits room. Codes and the words in cookies are kept as hashes only."""

from django.db import models

from anshin.visits.terms import CameBy


class CodeRequest(models.Model):
    """Somebody asked for a code. What they typed is gone once the code was made, or found to be nobody's."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    handle_key = models.CharField(max_length=64)  # hash of the word in the visitor's cookie
    number = models.CharField(max_length=80, blank=True)
    contact = models.CharField(max_length=320, blank=True)
    order_key = models.CharField(max_length=64)  # keyed hashes, for counting only
    contact_key = models.CharField(max_length=64)
    visitor_key = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)  # when the code was made, or would have been
    customer = models.ForeignKey("commerce.Customer", on_delete=models.CASCADE, null=True, related_name="+")
    code_key = models.CharField(max_length=64, blank=True)
    handed_at = models.DateTimeField(null=True)  # right before the mail could not be recalled
    tries = models.PositiveIntegerField(default=0)  # wrong ones
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handle_key"], name="visits_handle_once")]
        indexes = [
            models.Index(fields=["shop", "order_key", "asked_at"], name="visits_request_order"),
            models.Index(fields=["shop", "contact_key", "asked_at"], name="visits_request_contact"),
            models.Index(fields=["shop", "visitor_key", "asked_at"], name="visits_request_visitor"),
            models.Index(fields=["asked_at"], name="visits_request_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.tries}"


class Visit(models.Model):
    """One customer in one browser, for a while."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey("commerce.Customer", on_delete=models.CASCADE, related_name="+")
    token_key = models.CharField(max_length=64)  # hash of the word in the cookie
    came_by = models.CharField(max_length=12, choices=CameBy.choices)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_key"], name="visits_token_once")]
        indexes = [models.Index(fields=["seen_at"], name="visits_visit_seen")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.came_by}"


class HandOverKey(models.Model):
    """The secret that a shop's own site signs with, encrypted."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    sealed = models.CharField(max_length=400)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.shop_id)


class UsedHandOver(models.Model):
    """A hand-over that was used; the same again is refused until its own time is over."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    nonce_key = models.CharField(max_length=64)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "nonce_key"], name="visits_nonce_once")]

    def __str__(self) -> str:
        return str(self.pk)
