"""Makes a message of a stored mail and finds its place."""
