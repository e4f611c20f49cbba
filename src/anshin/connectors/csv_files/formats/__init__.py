"""The order files that are known by their headings, one module each; in the order in which they are tried."""

from anshin.connectors.csv_files.formats import amazon, ec_cube, rakuten, shopify, yahoo
from anshin.connectors.csv_files.formats.shape import Format

KNOWN: tuple[Format, ...] = (
    amazon.ORDER_REPORT,
    amazon.ALL_ORDERS,
    shopify.ORDERS,
    yahoo.ORDERS,
    yahoo.ITEMS,
    ec_cube.ORDERS,
    rakuten.ORDERS,
)
