"""What somebody has begun to write, with its files."""

from django.db import models

from anshin.cases.models.case import Case


class Draft(models.Model):
    """What one member of staff has begun to write in one case: one reply and one note each."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    author = models.ForeignKey("shops.Membership", on_delete=models.CASCADE, related_name="+")
    is_note = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    read_at_version = models.PositiveIntegerField(default=1)  # Case.version on the author's screen
    saved_at = models.DateTimeField()
    former = models.TextField(blank=True)  # its last few versions, as rules.keep_former_draft writes them

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "author", "is_note"], name="cases_draft_once")]

    def __str__(self) -> str:
        return self.text[:40]


class DraftFile(models.Model):
    """A file waiting in a draft to be sent."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    def __str__(self) -> str:
        return self.name
