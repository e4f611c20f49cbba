"""Mail as bytes and values: reads whatever arrives, writes what may leave; no clock, database or socket."""
