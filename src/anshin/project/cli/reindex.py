"""The command `anshin reindex`: builds the search index anew."""

import argparse
import sys
import time
from typing import TYPE_CHECKING

from anshin.project.cli.wording import no_such_shop

if TYPE_CHECKING:
    from anshin.shops.models import Shop

HELP = "Build the search index anew; what was broken off goes on where it was."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--shop", default="", metavar="SLUG", help="Only this shop; without it, all of them.")
    parser.add_argument(
        "--from-nothing",
        action="store_true",
        help="Empty the index of all shops first: after an upgrade that says so. Until it is through, little is found.",
    )


def run(options: argparse.Namespace) -> int:
    """0 when everything is indexed, 2 when there is no such shop."""
    from django.db import transaction

    from anshin.plumbing.search.index import empty
    from anshin.shops.queries import all_shops, shop_by_slug

    shops = [shop_by_slug(options.shop)] if options.shop else list(all_shops())
    if None in shops:
        return no_such_shop(options.shop)
    if options.from_nothing:
        with transaction.atomic():
            empty()
    for shop in shops:
        if shop is not None:
            _index(shop)
    return 0


def _index(shop: "Shop") -> None:
    from anshin.cases.actions import reindex
    from anshin.plumbing import clock
    from anshin.plumbing.search.renewing import renew

    while renew(shop.pk):
        pass
    started, first = time.monotonic(), None
    for progress in reindex(shop_id=shop.pk, now=clock.now()):
        first = progress.done if first is None else first
        rate = (progress.done - first) / max(time.monotonic() - started, 0.001)
        sys.stderr.write(f"\r{shop.slug}: {progress.done:,} of {progress.total:,} cases, {rate:,.0f} a second ")
        sys.stderr.flush()
    sys.stderr.write("\n")
