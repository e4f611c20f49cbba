"""Plumbing: the search index."""
