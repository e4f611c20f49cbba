"""Plumbing: documents."""
