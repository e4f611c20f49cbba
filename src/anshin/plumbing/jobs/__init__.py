"""Plumbing: jobs."""
