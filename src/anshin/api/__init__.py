"""The door for other programs: /api/v1/, described in OpenAPI 3.1."""
