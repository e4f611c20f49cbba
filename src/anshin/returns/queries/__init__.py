"""Reading of the returns room; `policies` is asked by its own name."""
