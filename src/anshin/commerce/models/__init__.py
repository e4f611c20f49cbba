"""Tables of the commerce room, one file for each noun. Money is whole yen in `*_yen` columns."""

from anshin.commerce.models.orders import (
    ColumnMapping,
    ContactPoint,
    Customer,
    Order,
    OrderImport,
    OrderLine,
    Payment,
    PostalAddress,
    Product,
    RefusedRow,
    Shipment,
)

__all__ = [
    "ColumnMapping",
    "ContactPoint",
    "Customer",
    "Order",
    "OrderImport",
    "OrderLine",
    "Payment",
    "PostalAddress",
    "Product",
    "RefusedRow",
    "Shipment",
]
