"""The command `anshin import-mail`: takes mails from files into the desk; run again, it goes on where it stopped."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from anshin.project.cli.wording import _, fail, no_such_shop

if TYPE_CHECKING:
    from anshin.channels.email.models import Mailbox
    from anshin.shops.models import Shop

HELP = "Take in mails from .eml files, mbox files, Maildirs or folders of these."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", type=Path, help="An .eml or mbox file, a Maildir, or a folder.")
    parser.add_argument("--shop", required=True, metavar="SLUG", help="The short name of the shop.")
    parser.add_argument(
        "--mailbox",
        default="",
        metavar="ADDRESS",
        help="The mail address to which the mails came (default: the shop's first mailbox).",
    )


def run(options: argparse.Namespace) -> int:
    """0 when every file was read, 1 when some were left out, 2 when path, shop or mailbox cannot be used."""
    from anshin.plumbing import clock
    from anshin.shops.queries import shop_by_slug

    shop = shop_by_slug(options.shop)
    if shop is None:
        return no_such_shop(options.shop)
    if not options.path.exists():
        return fail(_("There is nothing at %(path)s. Check the path."), path=options.path)
    mailbox = _mailbox(shop, options.mailbox, clock.now())
    if mailbox is None:
        return fail(_("This shop has no mailbox yet. Say to which address the mails came: --mailbox ADDRESS"))
    return _import(mailbox, options.path)


def _mailbox(shop: "Shop", address: str, now: datetime) -> "Mailbox | None":
    """The mailbox of that address; an unknown one is made, switched off, so that the ledger has a place for it."""
    from anshin.channels.email import queries
    from anshin.channels.email.actions import MailboxSettings, save_mailbox

    if not address:
        return queries.mailboxes_of(shop).first()
    settings = MailboxSettings(address=address, is_active=False)
    found = queries.mailbox_by_address(shop, address)
    return found or save_mailbox(shop=shop, settings=settings, by=None, now=now)


def _import(mailbox: "Mailbox", path: Path) -> int:
    from django.db import OperationalError

    from anshin.channels.email.arriving.mail_files import LeftOut, mails_in
    from anshin.channels.email.arriving.portions import Portions
    from anshin.channels.email.terms import Fate
    from anshin.plumbing.files.store import StorageTrouble

    _map_no_file()
    portions = Portions(mailbox)
    left_out, where = 0, str(path)
    try:
        for found in mails_in(path):
            where = found.where
            if isinstance(found, LeftOut):
                left_out += 1
                print(f"Left out: {found.where}: {found.reason}")
            elif portions.add(found.raw):
                print(f"{portions.count} …", flush=True)
        portions.finish()
    except (StorageTrouble, OperationalError, OSError) as error:
        return fail(
            _("Stopped before %(where)s: %(why)s Run the same command again when this is mended."),
            where=where,
            why=error,
        )
    total, known = portions.fates.total(), portions.known_count
    print(f"{total} mails taken in, {known} were known already, {left_out} files left out.")
    for fate, count in portions.fates.most_common():
        print(f"  {count} × {Fate(fate).label}")
    return 1 if left_out else 0


def _map_no_file() -> None:
    """Read SQLite's file instead of mapping it: mapped pages count as memory, and an import comes by all of them."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size=0")
