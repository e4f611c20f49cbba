"""Verbs of the commerce room: recognise a customer, take in orders, import order files."""

from anshin.commerce.actions.bank_accounts import give_account, purge_accounts, take_account
from anshin.commerce.actions.customers import (
    ContactRefused,
    add_contact,
    correct_name,
    recognise_buyers,
    recognise_customer,
)
from anshin.commerce.actions.erasing import erase_arrived_orders, erase_customer_facts, orders_under_way
from anshin.commerce.actions.import_files import (
    import_files,
    refused_rows_with,
    remove_old_files,
    rewrite_import_file,
    rewrite_refused_row,
)
from anshin.commerce.actions.order_files import (
    LARGEST_FILE_BYTES,
    ImportRefused,
    choose_columns,
    confirm,
    refused_file,
    start_order_import,
    take_in_file,
)
from anshin.commerce.actions.orders import OrderRefused, Taken, take_in_lines, take_in_order, take_in_orders
from anshin.commerce.actions.reaching import clear_address, mark_again, mark_bounced, trust_address
from anshin.commerce.actions.refund_refusals import (
    AccountRefused,
    KeyTaken,
    ReasonMissing,
    RecordMissing,
    RefundRefused,
    SamePerson,
    StepRefused,
    TooMuch,
    UnknownOrder,
    UnknownRefund,
    WayImpossible,
)
from anshin.commerce.actions.refunds import (
    approve_refund,
    fail_refund,
    issue_refund,
    retry_refund,
    settle_by_hand,
    withdraw_refund,
)
from anshin.commerce.actions.sending_refunds import send_refund
from anshin.commerce.actions.striking import orders_remarking, rewrite_remark

__all__ = [
    "LARGEST_FILE_BYTES",
    "AccountRefused",
    "ContactRefused",
    "ImportRefused",
    "KeyTaken",
    "OrderRefused",
    "ReasonMissing",
    "RecordMissing",
    "RefundRefused",
    "SamePerson",
    "StepRefused",
    "Taken",
    "TooMuch",
    "UnknownOrder",
    "UnknownRefund",
    "WayImpossible",
    "add_contact",
    "approve_refund",
    "choose_columns",
    "clear_address",
    "confirm",
    "correct_name",
    "erase_arrived_orders",
    "erase_customer_facts",
    "fail_refund",
    "give_account",
    "import_files",
    "issue_refund",
    "mark_again",
    "mark_bounced",
    "orders_remarking",
    "orders_under_way",
    "purge_accounts",
    "recognise_buyers",
    "recognise_customer",
    "refused_file",
    "refused_rows_with",
    "remove_old_files",
    "retry_refund",
    "rewrite_import_file",
    "rewrite_refused_row",
    "rewrite_remark",
    "send_refund",
    "settle_by_hand",
    "start_order_import",
    "take_account",
    "take_in_file",
    "take_in_lines",
    "take_in_order",
    "take_in_orders",
    "trust_address",
    "withdraw_refund",
]
