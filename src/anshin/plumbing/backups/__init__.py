"""Copies of everything that an installation holds, how old the newest is, and the way back."""
