"""What a shop builds into its own pages: product-safety notices."""
