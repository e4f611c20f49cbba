"""The desk: screens for the shop's staff."""
