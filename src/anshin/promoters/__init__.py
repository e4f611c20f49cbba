"""Promoters: who shows the shop's products to others, whether their followers are real, and what was sent to them."""
