"""Connector: file stores that speak S3."""
