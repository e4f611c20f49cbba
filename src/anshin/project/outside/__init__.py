"""The world outside for demo, development and tests: where mails go, and from where customers write."""
