"""Satisfaction: what customers say about how they were helped."""
