"""Product-safety notices: sealed until the publication time, then to every buyer, once."""
