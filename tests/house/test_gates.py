"""Which addresses are open to whom, by their gates; that the gates hold is tried in gates/."""

import re

from anshin.shops.rules import MAY
from anshin.shops.terms import Role
from tests.house.gates.walking import desk_routes, routes

# Addresses that anybody may open, or that have a door of their own. Everything else lies at the desk of a shop.
OPEN = (
    r"^account/",  # sign-in itself
    r"^health/",  # what load balancers ask; says nothing about the installation
    r"^metrics$",  # for whoever has the token, or this machine; see tests/project/test_metrics.py
    r"^pages/",  # language and brightness
    r"^f/",  # the public form
    r"^p/",  # pages of customers, each behind a word that only their mail has
    r"^notices/",  # what is public on product pages; asked by shops’ own pages
    r"^mail/report/",  # where sending services report; what is not signed is refused there
    r"^mail/in/",  # where providers post mail; what is not signed is refused there
    r"^mail/consent$",  # back from a provider; for the browser that left for there
    r"^api/",  # other programs; each address wants a key
    r"^payments/",  # where payment providers post notices; what is not signed is refused there
    r"^$",  # leads to the person's own shop
    r"^switch$",  # leads to another of them
    r"^dev/",  # exists in demo, development and tests only
)
# What a warehouse clerk may open: reading cases and orders, writing notes and slips, receiving and inspecting goods.
# Everything else is refused with words.
FOR_WAREHOUSE = re.compile(
    r"^s/<slug:shop>/(account|search|palette|inbox/<slug:view>$|c/<int:number>($|/note|/presence|/similar|/stock|/returns$|/clock|/escalation$|/trouble$)|handover|escalations|account/away|orders|returns/($|waiting$|<int:number>$|photos/)|customers($|/<int:pk>$)|files/|messages/<int:pk>/(raw|html)|messages/reports/|troubles($|/<int:number>($|/packing$|/evidence\.zip$|/evidence/|/parcels/<int:pk>/slip|/snapshots/))|packing/|safety($|/<slug:key>($|/picture$|/progress$|/report($|[/.])))|settings/policy/<int:pk>($|/texts$)|warehouse/|slips/)"
)


def test_every_address_lies_at_a_desk_or_is_known_to_be_open():
    lost = [route.pattern for route in routes() if not any(re.match(rule, route.pattern) for rule in OPEN)]
    assert [pattern for pattern in lost if not pattern.startswith("s/")] == []


def test_the_warehouse_may_open_what_it_needs_and_nothing_else():
    held = {route.pattern for route in desk_routes() if route.permission in MAY[Role.WAREHOUSE]}
    assert held == {route.pattern for route in desk_routes() if FOR_WAREHOUSE.match(route.pattern)}
