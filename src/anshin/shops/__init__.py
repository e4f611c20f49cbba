"""Shops, their staff, roles, opening hours and holidays."""
