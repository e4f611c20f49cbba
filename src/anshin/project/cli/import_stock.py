"""The command `anshin import-stock`: takes a list of stock in without a browser, for a timer that calls it."""

import argparse
from pathlib import Path

from anshin.project.cli.wording import _, fail, no_such_shop

HELP = "Take in a list of stock (CSV with product numbers and stock): how much there is now."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="The list as downloaded from the selling system.")
    parser.add_argument("--shop", required=True, metavar="SLUG", help="The short name of the shop.")


def run(options: argparse.Namespace) -> int:
    """0 when every row was taken in, 1 when some were left out, 2 when the list or shop cannot be used."""
    from anshin.commerce.actions import StockRefused, take_in_stock
    from anshin.plumbing import clock
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
    try:
        taken = take_in_stock(shop=shop, content=content, by=None, now=clock.now())
    except StockRefused as refusal:
        return fail("%(why)s", why=refusal)
    print(f"{taken.changed} changed, {taken.same} unchanged; {taken.rows_refused} rows left out.")
    for row, reason in taken.refused:
        print(f"  {row}: {reason}")
    return 1 if taken.rows_refused else 0
