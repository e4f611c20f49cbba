"""Settings screens and doors of the mail channel, one file a noun."""
