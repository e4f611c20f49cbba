"""Returns, exchanges and refunds: by policy, with evidence, paid back once."""
