"""Customers, products, orders, payments and shipments, as the shop's selling systems know them."""
