"""A reply's way out: addresses, lanes, servers, services, and what they report."""
