"""Looks after mailboxes on their servers: fetches, listens, tidies when asked to."""
