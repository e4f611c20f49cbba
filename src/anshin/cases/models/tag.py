"""The words by which a shop groups cases."""

from django.db import models

from anshin.cases.models.case import Case


class Tag(models.Model):
    """A word by which a shop groups cases."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "name"], name="cases_tag_once")]

    def __str__(self) -> str:
        return self.name


class CaseTag(models.Model):
    """A tag on a case."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_tags", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "tag"], name="cases_case_tag_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.tag_id}"
