"""Mail as bytes and values: reading whatever arrives, writing what may leave. No clock, database or socket."""
