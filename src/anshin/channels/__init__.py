"""Ways in which customers reach the shop. Each folder is complete in itself."""
