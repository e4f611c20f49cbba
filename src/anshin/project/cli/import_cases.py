"""The command `anshin import-cases`: takes the cases of another desk in; run again, it goes on where it stopped."""

import argparse
import io
import json
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO
from zoneinfo import ZoneInfo

from anshin.project.cli.wording import _, fail, no_such_shop

if TYPE_CHECKING:
    from anshin.cases.actions import CaseLine, Imported
    from anshin.shops.models import Shop

HELP = "Take in cases from JSON Lines, or from the zip that `export` wrote. Running it twice changes nothing."
LINES_NAME = "cases.jsonl"
_SHOWN_REASONS = 20
Numbered = tuple[int, str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="Cases, one JSON object a line; or a zip of export.")
    parser.add_argument("--shop", required=True, metavar="SLUG", help="The short name of the shop.")
    parser.add_argument("--chunk", type=int, default=500, metavar="CASES", help="Cases a transaction (default: 500).")


def run(options: argparse.Namespace) -> int:
    """0 when every line is in, 1 when some were refused, 2 when the file or shop cannot be used or it stopped."""
    from django.db import OperationalError

    from anshin.plumbing.files.store import StorageTrouble
    from anshin.shops.queries import shop_by_slug

    shop = shop_by_slug(options.shop)
    if shop is None:
        return no_such_shop(options.shop)
    refused = options.file.with_name(options.file.name + ".refused.jsonl")
    try:
        with ExitStack() as opened:
            lines, open_file = _open(options.file, opened)
            return _Import(shop, options.file.name, open_file, refused).run(lines, max(1, options.chunk))
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        return fail(
            _("%(file)s is neither JSON Lines in UTF-8 nor a zip that export wrote: %(why)s. Check the file."),
            file=options.file,
            why=error,
        )
    except (StorageTrouble, OperationalError, OSError) as error:
        return fail(
            _("Stopped: %(why)s What is in, stays in; run the same command again when this is mended."), why=error
        )
    except KeyboardInterrupt:
        return fail(_("Stopped. What is in, stays in; run the same command again to go on."))


def _open(path: Path, opened: ExitStack) -> tuple[IO[str], Callable[[str], BinaryIO] | None]:
    if not zipfile.is_zipfile(path):
        return opened.enter_context(path.open(encoding="utf-8-sig")), None
    archive = opened.enter_context(zipfile.ZipFile(path))
    lines = opened.enter_context(archive.open(LINES_NAME))
    return io.TextIOWrapper(lines, encoding="utf-8-sig"), archive.open  # type: ignore[return-value]


class _Import:
    """One run over a file, and what it says about it on stderr."""

    def __init__(self, shop: "Shop", name: str, open_file: Callable[[str], BinaryIO] | None, refused: Path) -> None:
        from anshin.cases.actions import Imported

        self.shop, self.name, self.open_file = shop, name, open_file
        self.refusals = _Refusals(refused)
        self.total, self.read = Imported(), 0
        self.started = time.monotonic()

    def run(self, lines: Iterable[str], size: int) -> int:
        with self.refusals:
            numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
            while chunk := list(islice(numbered, size)):
                self._take_in(chunk)
                self._say()
        sys.stderr.write("\n")
        self._sum_up()
        return 1 if self.refusals.count else 0

    def _take_in(self, chunk: list[Numbered]) -> None:
        from anshin.cases.actions import import_cases
        from anshin.plumbing import clock
        from anshin.plumbing.journal.actors import Actor

        readable = list(self._readable(chunk))
        cases = [case for _line, case in readable]
        by = Actor.system("import-cases")
        done: Imported = import_cases(
            shop=self.shop, lines=cases, source=self.name, open_file=self.open_file, by=by, now=clock.now()
        )
        for place, reason in done.refused:
            self.refusals.add(readable[place][0], reason)
        self.total.add(done)
        self.read = chunk[-1][0]

    def _readable(self, chunk: list[Numbered]) -> Iterator[tuple[Numbered, "CaseLine"]]:
        from anshin.cases.actions import LineRefused, read_line

        zone = ZoneInfo(self.shop.zone)
        for line in chunk:
            try:
                yield line, read_line(line[1], zone=zone)
            except LineRefused as error:
                self.refusals.add(line, str(error))

    def _say(self) -> None:
        rate = (self.total.new + self.total.known) / max(time.monotonic() - self.started, 0.001)
        sys.stderr.write(
            f"\r{self.read:,} lines: {self.total.new:,} cases with {self.total.messages:,} messages taken in, "
            f"{self.total.known:,} known already, {self.refusals.count:,} refused; {rate:,.0f} a second "
        )
        sys.stderr.flush()

    def _sum_up(self) -> None:
        for reason, count in self.refusals.reasons()[:_SHOWN_REASONS]:
            sys.stderr.write(f"  {count} × {reason}\n")
        if self.refusals.count:
            sys.stderr.write(f"The refused lines with their reasons are in {self.refusals.path}.\n")
        for mail, count in self.total.strangers.most_common(_SHOWN_REASONS):
            sys.stderr.write(f"  {count} cases were assigned to {mail}, who does not work in this shop: unassigned\n")


class _Refusals:
    """The file of refused lines, made with the first one; an old one of an earlier run is removed."""

    def __init__(self, path: Path) -> None:
        self.path, self.count, self._out = path, 0, ExitStack()
        self._file: IO[str] | None = None
        self._reasons: dict[str, int] = {}

    def __enter__(self) -> "_Refusals":
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_error: object) -> None:
        self._out.close()

    def add(self, line: Numbered, reason: str) -> None:
        """Keep the line as it was given, with its number and the reason, so that it can be mended and read again."""
        number, text = line
        try:
            given = json.loads(text)
        except (ValueError, RecursionError):
            given = None
        said = {"refused": {"line": number, "reason": reason}}
        whole = said | (given if isinstance(given, dict) else {"text": text.rstrip("\n")}) | said
        if self._file is None:
            self._file = self._out.enter_context(self.path.open("w", encoding="utf-8"))
        self._file.write(json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
        self.count += 1
        self._reasons[reason] = self._reasons.get(reason, 0) + 1

    def reasons(self) -> list[tuple[str, int]]:
        """Reasons with how often they came, the most frequent first."""
        return sorted(self._reasons.items(), key=lambda item: -item[1])
