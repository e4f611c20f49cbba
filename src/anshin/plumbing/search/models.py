"""Tables of the search index. The tokens lie in a third table, `search_tokens`, which Django does not know.

On SQLite it is a virtual table of FTS5, on PostgreSQL a tsvector with a GIN index; see index.py.
"""

from django.db import models

from anshin.plumbing.search.terms import Part


class IndexedDocument(models.Model):
    """A document in the index. `key` is its place in the order of time, and its row's number in `search_tokens`."""

    key = models.BigIntegerField(primary_key=True)
    shop_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    object_id = models.BigIntegerField()
    area = models.CharField(max_length=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_document_once")]
        indexes = [models.Index(fields=["shop_id", "kind", "key"], name="search_documents_of_shop")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class IndexedPart(models.Model):
    """A part's plain text and its words: what a phrase is compared with, and what its tokens are made from again."""

    document = models.ForeignKey(IndexedDocument, on_delete=models.CASCADE, related_name="parts", db_index=False)
    part = models.CharField(max_length=1, choices=[(part.value, part.name) for part in Part])
    text = models.TextField(blank=True)
    words = models.TextField(blank=True)  # with a space before, between and after

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "part"], name="search_part_once")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.part}"


class Rebuild(models.Model):
    """How far building the index of a shop's documents of one kind anew has come; no row: it is through."""

    shop_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    last_id = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)  # of the last that is done; None: none is
    started_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop_id", "kind"], name="search_rebuild_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.last_id}"


class Renewal(models.Model):
    """Documents of a shop that lack tokens which newer ones have: those before `key`; no row: none does. PostgreSQL."""

    shop_id = models.BigIntegerField(unique=True)
    key = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.shop_id} {self.key}"
