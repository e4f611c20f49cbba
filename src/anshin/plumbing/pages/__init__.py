"""Plumbing: pages."""
