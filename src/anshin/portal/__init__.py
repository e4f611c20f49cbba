"""Screens for a shop's customers."""
