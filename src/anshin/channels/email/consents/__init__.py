"""Mailboxes that are opened by their owner's consent (OAuth) instead of a password."""
