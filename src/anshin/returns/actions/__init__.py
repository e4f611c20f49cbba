"""Verbs of the returns room; those of the policy are asked by the name of their module."""
