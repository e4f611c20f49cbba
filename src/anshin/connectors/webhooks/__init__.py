"""Brings tellings to the addresses of other programs."""
