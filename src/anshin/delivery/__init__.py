"""Trouble with what arrived: whose doing it was, and what is done about it."""
