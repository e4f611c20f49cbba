"""Order files that shops download from marketplaces and carts."""
