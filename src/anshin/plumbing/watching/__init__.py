"""Plumbing: watching."""
