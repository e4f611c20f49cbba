"""The command `anshin import-orders`: takes an order file in without a browser, or rehearses it."""

import argparse
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anshin.project.cli.wording import _, fail, no_such_shop

if TYPE_CHECKING:
    from anshin.shops.models import Shop

HELP = "Take in a file of orders (CSV of Rakuten, Yahoo!, Amazon, Shopify, EC-CUBE, or any with named columns)."
_SHOWN_REASONS = 20
_WORKER_GOES_ON = timedelta(minutes=30)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="The file as downloaded from the selling system.")
    parser.add_argument("--shop", required=True, metavar="SLUG", help="The short name of the shop.")
    parser.add_argument("--dry-run", action="store_true", help="Only say what the file holds; change nothing.")


def run(options: argparse.Namespace) -> int:
    """0 when every row was taken in, 1 when some were refused, 2 when the file or shop cannot be used."""
    from anshin.shops.queries import shop_by_slug

    shop = shop_by_slug(options.shop)
    if shop is None:
        return no_such_shop(options.shop)
    try:
        content = options.file.read_bytes()
    except OSError as error:
        return fail(
            _("%(file)s cannot be read: %(why)s. Check its name and place."), file=options.file, why=error.strerror
        )
    if options.dry_run:
        return _rehearse(shop, content, options.file.name)
    return _take_in(shop, content, options.file.name)


def _rehearse(shop: "Shop", content: bytes, name: str) -> int:
    from anshin.commerce import queries
    from anshin.commerce.ports import NotAnOrderFile, RowsRefused, order_files

    reasons: Counter[str] = Counter()
    orders = 0
    try:
        opened = order_files.get().open(content, name)
        print(f"{opened.format_name or 'Unknown format'}, {opened.encoding}, {opened.row_count} rows")
        plan = queries.remembered_plan(shop, opened)
        if not opened.format and plan is None:
            return _unknown_columns(opened.headings)
        for item in order_files.get().orders(opened, plan, zone=ZoneInfo(shop.zone)):
            if isinstance(item, RowsRefused):
                reasons[item.reason] += len(item.rows)
            else:
                orders += 1
    except NotAnOrderFile as error:
        return fail("%(why)s", why=error)
    print(f"{orders} orders can be read, {reasons.total()} rows would be refused.")
    _print_reasons(reasons)
    return 1 if reasons else 0


def _take_in(shop: "Shop", content: bytes, name: str) -> int:
    from anshin.commerce import queries
    from anshin.commerce.actions import ImportRefused, confirm, start_order_import, take_in_file
    from anshin.commerce.terms import ImportState
    from anshin.plumbing import clock
    from anshin.plumbing.files.store import StorageTrouble

    try:
        started = start_order_import(shop=shop, content=content, file_name=name, by=None, now=clock.now())
    except (ImportRefused, StorageTrouble) as error:
        return fail("%(why)s", why=error)
    if started.state == ImportState.REFUSED:
        return fail("%(why)s", why=started.refusal)
    if started.state == ImportState.MAPPING:
        return _unknown_columns(queries.opened_file(started).headings)
    now = clock.now()
    confirm(shop=shop, import_id=started.pk, by=None, now=now, run_at=now + _WORKER_GOES_ON)
    done = take_in_file(import_id=started.pk, clock=clock.now)
    if done.state != ImportState.DONE:
        return fail("%(why)s", why=done.refusal)
    print(
        f"{done.orders_new} new, {done.orders_changed} changed, {done.orders_same} unchanged orders;"
        f" {done.rows_refused} of {done.row_count} rows refused."
    )
    _print_reasons(queries.refusal_reasons(done))
    return 1 if done.rows_refused else 0


def _unknown_columns(headings: tuple[str, ...]) -> int:
    return fail(
        _(
            "No known format has these columns: %(columns)s. Upload the file once on the import page and say what its"
            " columns mean; after that this command reads it."
        ),
        columns=", ".join(headings),
    )


def _print_reasons(reasons: Counter[str]) -> None:
    for reason, rows in reasons.most_common(_SHOWN_REASONS):
        print(f"  {rows} × {reason}")
