"""Cases of another desk taken in by the hundred: each chunk is one transaction, and the same case twice is one case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from anshin.cases.actions.case_lines import CaseLine, FileLine, LineRefused, MessageLine
from anshin.cases.actions.import_rows import ChunkRows, Imported
from anshin.cases.models import Case
from anshin.cases.queries.exporting import OWN_KEY
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actors import Actor

if TYPE_CHECKING:
    from anshin.shops.models import Shop

OpenFile = Callable[[str], BinaryIO]


def import_cases(
    *,
    shop: Shop,
    lines: Sequence[CaseLine],
    source: str,
    open_file: OpenFile | None = None,
    by: Actor,
    now: datetime,
) -> Imported:
    """Take these cases in; those that are known by their external_id are left as they are.

    `source` is the file's name for the journal; `open_file` opens a file of the zip by its path. A line that the
    database refuses is left out alone. Raises StorageTrouble, OperationalError: then nothing of this chunk is in.
    """
    chunk = _Chunk(shop, source, open_file, by, now)
    try:
        return chunk.take_in(lines)
    except IntegrityError:  # somebody else took some of them in meanwhile
        return chunk.halved(lines)
    except OperationalError:
        raise
    except (DatabaseError, LineRefused, ValueError) as error:
        if len(lines) > 1:
            return chunk.halved(lines)
        return Imported(refused=[(0, _reason(error))])


def _reason(error: Exception) -> str:
    if isinstance(error, LineRefused):
        return str(error)
    return _("This case cannot be stored (%(error)s).") % {"error": str(error).strip().splitlines()[0][:200]}


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Where a chunk goes and on whose behalf."""

    shop: Shop
    source: str
    open_file: OpenFile | None
    by: Actor
    now: datetime

    def halved(self, lines: Sequence[CaseLine]) -> Imported:
        """Each half for itself, down to the one line that cannot be taken in."""
        if len(lines) < 2:
            try:
                return self.take_in(lines)
            except (IntegrityError, LineRefused) as error:
                return Imported(refused=[(0, _reason(error))])
        half, done = len(lines) // 2, Imported()
        for offset, part in ((0, lines[:half]), (half, lines[half:])):
            found = import_cases(
                shop=self.shop, lines=part, source=self.source, open_file=self.open_file, by=self.by, now=self.now
            )
            done.add(found, offset=offset)
        return done

    def take_in(self, lines: Sequence[CaseLine]) -> Imported:
        fresh = self._unknown(lines)
        blobs = self._keep_files(fresh)
        with transaction.atomic():
            fresh = self._unknown(fresh)
            done = self._write(fresh, blobs) if fresh else Imported()
        done.known = len(lines) - len(fresh)
        return done

    def _write(self, fresh: Sequence[CaseLine], blobs: Mapping[int, int]) -> Imported:
        rows = ChunkRows(self.shop, fresh, blobs=blobs, source=self.source, by=self.by, now=self.now)
        return rows.write()

    def _unknown(self, lines: Sequence[CaseLine]) -> list[CaseLine]:
        """The lines whose case is not here yet, each external_id once."""
        keys = [line.external_id for line in lines]
        known = set(Case.objects.filter(shop=self.shop, external_key__in=keys).values_list("external_key", flat=True))
        known |= self._born_here(lines)
        fresh = {line.external_id: line for line in reversed(lines) if line.external_id not in known}
        return list(reversed(fresh.values()))

    def _born_here(self, lines: Sequence[CaseLine]) -> set[str]:
        """Keys of lines that this very shop has exported: its own cases are not taken in again."""
        own = OWN_KEY.format(slug=self.shop.slug, number="")
        numbers = {line.number: line.created_at for line in lines if line.external_id.startswith(own) and line.number}
        if not numbers:
            return set()
        rows = Case.objects.filter(shop=self.shop, number__in=numbers, external_key="")
        found = {number for number, at in rows.values_list("number", "created_at") if numbers[number] == at}
        return {f"{own}{number}" for number in found}

    def _keep_files(self, lines: Iterable[CaseLine]) -> dict[int, int]:
        """id(file) to blob id of every file of these lines; kept before the transaction, which stays short."""
        files = [file for line in lines for message in line.messages for file in _files_of(message)]
        return {id(file): self._keep(file) for file in files}

    def _keep(self, file: FileLine) -> int:
        if not file.path:
            return keep(self.shop.pk, file.content, now=self.now).pk
        if self.open_file is None:
            raise LineRefused(_("Files are named by “path”, but this is no zip. Import the zip, or use “base64”."))
        try:
            with self.open_file(file.path) as content:
                return keep(self.shop.pk, content, now=self.now).pk
        except KeyError as error:
            raise LineRefused(_("The file “%(path)s” is not in the zip.") % {"path": file.path}) from error


def _files_of(message: MessageLine) -> Iterable[FileLine]:
    return [*message.files, *(file for file in (message.html, message.source) if file)]
