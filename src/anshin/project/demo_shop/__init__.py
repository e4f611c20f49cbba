"""The demo shop's story, as data: who works there, who buys, what was ordered and what is asked."""
