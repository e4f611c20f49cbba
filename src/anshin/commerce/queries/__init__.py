"""Reading of the commerce room: who a customer is, what they ordered; for cases, replies and screens."""

from anshin.commerce.queries.customers import (
    CustomerCard,
    contact_points,
    contacts_of,
    contacts_of_customers,
    customer_by_id,
    customer_card,
    customers,
    find_customer,
    mails_of,
)
from anshin.commerce.queries.imports import (
    import_by_id,
    opened_file,
    recent_imports,
    refusal_reasons,
    remembered_plan,
)
from anshin.commerce.queries.order_parts import (
    LineFact,
    OrderParts,
    PaymentFact,
    ShipmentFact,
    order_parts,
    order_state,
)
from anshin.commerce.queries.orders import (
    OrderCard,
    only_recent_order,
    order_by_number,
    order_cards,
    order_with_details,
    orders_by_numbers,
    orders_of,
    recent_orders,
)

__all__ = [
    "CustomerCard",
    "LineFact",
    "OrderCard",
    "OrderParts",
    "PaymentFact",
    "ShipmentFact",
    "contact_points",
    "contacts_of",
    "contacts_of_customers",
    "customer_by_id",
    "customer_card",
    "customers",
    "find_customer",
    "import_by_id",
    "mails_of",
    "only_recent_order",
    "opened_file",
    "order_by_number",
    "order_cards",
    "order_parts",
    "order_state",
    "order_with_details",
    "orders_by_numbers",
    "orders_of",
    "recent_imports",
    "recent_orders",
    "refusal_reasons",
    "remembered_plan",
]
