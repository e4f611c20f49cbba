"""Japanese (and other) text: folding, names, numbers, phones, addresses, dates and courtesy; values in, values out."""
