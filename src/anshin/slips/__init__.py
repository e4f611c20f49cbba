"""Slips of carriers: files for their programs, and the tracking numbers that come back."""
