"""Tables of topics: a shop's own below ours, what people corrected, and what was learnt from it."""

from django.db import models


class ShopTopic(models.Model):
    """A shop's own topic below one of ours: `item.defect/zipper`."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=40)
    retired_at = models.DateTimeField(null=True)  # since when no case gets it any more

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "code"], name="cases_shop_topic_once"),
            models.UniqueConstraint(fields=["shop", "name"], name="cases_shop_topic_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TopicCorrection(models.Model):
    """What a person said a message is about; learnt from at night. The words stay with the message."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    message = models.OneToOneField("cases.Message", on_delete=models.CASCADE, related_name="+")
    topics = models.JSONField(default=list)  # codes, the main one first
    proposed = models.CharField(max_length=60, blank=True)  # the code that the model had put first
    by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["shop", "at", "id"], name="cases_correction_by_shop")]

    def __str__(self) -> str:
        return ", ".join(self.topics)


class TopicLearning(models.Model):
    """One night's learning: the model that came of it, whether it is used, and the figures that decided."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    version = models.CharField(max_length=40)
    is_used = models.BooleanField()
    correction_count = models.PositiveIntegerField()
    figures = models.JSONField(default=dict)  # language.topics.learning.Report
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")  # of the one in use

    class Meta:
        indexes = [models.Index(fields=["shop", "-at", "-id"], name="cases_learning_by_shop")]

    def __str__(self) -> str:
        return self.version
