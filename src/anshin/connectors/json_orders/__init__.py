"""Orders as JSON, as other programs bring them through the API."""
