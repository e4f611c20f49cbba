"""Plumbing: live."""
