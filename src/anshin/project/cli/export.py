"""The command `anshin export`: all cases of a shop in one zip, as `import-cases` reads them."""

import argparse
import json
import sys
import time
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from anshin.project.cli.wording import _, fail, no_such_shop

if TYPE_CHECKING:
    from anshin.plumbing.files.models import Blob
    from anshin.shops.models import Shop

HELP = "Write all cases of a shop, with their files, into a zip that import-cases can read."
LINES_NAME = "cases.jsonl"
_EVERY = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("out", metavar="OUT.zip", type=Path, help="The zip to write; an old one is replaced.")
    parser.add_argument("--shop", required=True, metavar="SLUG", help="The short name of the shop.")
    parser.add_argument(
        "--with-numbers",
        action="store_true",
        help="Write card numbers and My Number in full; else they are masked and their raw mails left out.",
    )


def run(options: argparse.Namespace) -> int:
    """0 when everything is in the zip, 1 when a file is damaged or missing, 2 when shop or place cannot be used."""
    from anshin.shops.queries import shop_by_slug

    shop = shop_by_slug(options.shop)
    if shop is None:
        return no_such_shop(options.shop)
    draft = options.out.with_name(options.out.name + ".part")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            blobs = _write_lines(shop, archive, in_full=options.with_numbers)
            missing = _write_files(blobs, archive)
        draft.replace(options.out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        return fail(
            _("%(file)s cannot be written: %(why)s. Choose another place, or make room."),
            file=options.out,
            why=error.strerror,
        )
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    if missing:
        fail(
            _("%(count)s files are damaged or missing on the disk and not in the zip. Bring them back from a backup."),
            count=missing,
        )
        return 1
    sys.stderr.write(f"{options.out} is complete.\n")
    return 0


def _write_lines(shop: "Shop", archive: zipfile.ZipFile, *, in_full: bool) -> "dict[str, Blob]":
    """Write cases.jsonl; the stored files that its lines name, by their place in the zip."""
    from anshin.cases.queries import Numbers, case_count, exported_cases, path_of

    blobs: dict[str, Blob] = {}
    total, started = case_count(shop), time.monotonic()
    numbers = Numbers.IN_FULL if in_full else Numbers.MASKED
    with archive.open(LINES_NAME, "w", force_zip64=True) as out:
        for number, case in enumerate(exported_cases(shop, numbers=numbers), 1):
            out.write(json.dumps(case.line, ensure_ascii=False).encode() + b"\n")
            blobs |= {path_of(blob): blob for blob in case.blobs}
            if number % _EVERY == 0 or number == total:
                rate = number / max(time.monotonic() - started, 0.001)
                sys.stderr.write(f"\r{number:,} of {total:,} cases, {rate:,.0f} a second ")
                sys.stderr.flush()
    sys.stderr.write("\n")
    return blobs


def _write_files(blobs: "dict[str, Blob]", archive: zipfile.ZipFile) -> int:
    """Write the files; how many are damaged or missing on the disk."""
    from anshin.plumbing.files.store import BlobDamaged, open_blob

    missing = 0
    for number, (path, blob) in enumerate(blobs.items(), 1):
        try:
            with open_blob(blob) as content, archive.open(path, "w", force_zip64=True) as out:
                _copy(content, out)
        except BlobDamaged as error:
            missing += 1
            sys.stderr.write(f"\n{path}: {error}\n")
        if number % _EVERY == 0 or number == len(blobs):
            sys.stderr.write(f"\r{number:,} of {len(blobs):,} files ")
            sys.stderr.flush()
    if blobs:
        sys.stderr.write("\n")
    return missing


def _copy(content: IO[bytes], out: IO[bytes]) -> None:
    while portion := content.read(1024 * 1024):
        out.write(portion)
