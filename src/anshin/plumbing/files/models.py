"""Tables of the kept files: which bytes a shop has kept, and the small pictures made from them."""

from django.db import models


class Blob(models.Model):
    """Bytes that one shop keeps. They lie on disk once per content, under their SHA-256 (see store.py).

    `kind` is the media type found by looking at the bytes; what the sender claimed does not count.
    `shop_id` is a plain number, because this table lies below shops.
    """

    id = models.BigAutoField(primary_key=True)
    shop_id = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    kind = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop_id", "sha256"], name="files_once_per_shop"),
            models.CheckConstraint(condition=models.Q(size_bytes__gte=0), name="files_size_not_negative"),
        ]
        indexes = [models.Index(fields=["sha256"], name="files_by_content")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"


class Thumbnail(models.Model):
    """Our own small picture of a blob, as another blob of the same shop; `made` is None when none can be made."""

    blob = models.ForeignKey("files.Blob", on_delete=models.CASCADE, related_name="+", db_index=False)
    longest_side_px = models.PositiveSmallIntegerField()
    made = models.ForeignKey("files.Blob", null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blob", "longest_side_px"], name="files_one_thumbnail_per_size"),
        ]

    def __str__(self) -> str:
        return f"{self.longest_side_px} px of blob {self.blob_id}"
