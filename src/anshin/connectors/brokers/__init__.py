"""Connector: message brokers."""
