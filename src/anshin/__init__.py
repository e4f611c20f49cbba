"""Anshin: customer care for online shops. The rooms are described in docs/architecture.md."""

__version__ = "0.1.0"
