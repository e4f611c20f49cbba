"""Settings, addresses, wiring and commands."""
