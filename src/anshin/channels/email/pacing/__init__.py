"""How fast mail may be handed over, and whose turn it is; values only."""
