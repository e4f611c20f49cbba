"""Files for banks: what a shop uploads to have its transfers made."""
