"""Whether a mail's sender is who it seems to be."""
