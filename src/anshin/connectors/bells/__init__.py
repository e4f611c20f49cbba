"""Connector: Redis as the bell between processes."""
