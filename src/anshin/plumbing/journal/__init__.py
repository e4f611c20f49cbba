"""Plumbing: journal."""
