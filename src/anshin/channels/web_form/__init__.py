"""The shop's public contact form."""
