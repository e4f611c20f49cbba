"""Tables of the commerce room, one file for each noun. Money is whole yen in `*_yen` columns."""

from anshin.commerce.models.notices import Dispute, PaymentNotice
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
from anshin.commerce.models.refunds import BankAccount, PaymentAccount, Refund, RefundSetting
from anshin.commerce.models.stock import Stock
from anshin.commerce.models.transfers import TransferBatch, TransferLine, TransferReply

__all__ = [
    "BankAccount",
    "ColumnMapping",
    "ContactPoint",
    "Customer",
    "Dispute",
    "Order",
    "OrderImport",
    "OrderLine",
    "Payment",
    "PaymentAccount",
    "PaymentNotice",
    "PostalAddress",
    "Product",
    "Refund",
    "RefundSetting",
    "RefusedRow",
    "Shipment",
    "Stock",
    "TransferBatch",
    "TransferLine",
    "TransferReply",
]
