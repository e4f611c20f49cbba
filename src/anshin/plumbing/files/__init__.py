"""Plumbing: files."""
