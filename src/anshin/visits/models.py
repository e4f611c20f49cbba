"""Tables of the visits room. Codes and the words in cookies are kept as hashes only."""

from django.db import models

from anshin.visits.terms import CameBy, Part


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


class ReturnDraft(models.Model):
    """A return that a customer is asking for, kept from step to step, so that going back and reloading lose nothing.

    What is told stands at each part, the same at all of them unless the customer tells the parts apart. `nonce` is the
    key of the return it becomes, of the first of them where it becomes several.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey("commerce.Customer", on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey("commerce.Order", on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=40)
    told = models.JSONField(default=list)  # a terms.Part each, in the order of the order's lines
    has_own_reasons = models.BooleanField(default=False)  # each part its reason, condition and photos
    has_own_wishes = models.BooleanField(default=False)  # each part its wish
    words = models.TextField(blank=True)
    began_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    return_number = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "nonce"], name="visits_draft_once")]
        indexes = [models.Index(fields=["changed_at"], name="visits_draft_changed")]

    def __str__(self) -> str:
        return self.nonce

    @property
    def parts(self) -> list[Part]:
        """What comes back, as values."""
        return [Part.read(each) for each in self.told]


class DraftPhoto(models.Model):
    """A photo of a return that is being asked for."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    draft = models.ForeignKey(ReturnDraft, on_delete=models.CASCADE, related_name="photos", db_index=False)
    part = models.PositiveIntegerField(default=0)  # key of the part that it shows, 0: of all
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["draft", "part", "blob"], name="visits_draft_photo_once")]

    def __str__(self) -> str:
        return self.name


class ReminderSetting(models.Model):
    """Whether a shop reminds its customers before their days for a return end; no row: it does not."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    is_on = models.BooleanField(default=False)
    days = models.PositiveSmallIntegerField(default=3)  # before the last day

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.days}" if self.is_on else f"{self.shop_id}: -"


class Reminder(models.Model):
    """One reminder of the last day for sending something back. An order has one at most, for ever."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    order = models.OneToOneField("commerce.Order", on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("commerce.Customer", on_delete=models.CASCADE, related_name="+")
    until = models.DateField()
    language = models.CharField(max_length=8)
    written_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)  # right before the mail could not be recalled

    def __str__(self) -> str:
        return f"{self.order_id}: {self.until}"
