"""The commands of ./anshin, one module each."""
