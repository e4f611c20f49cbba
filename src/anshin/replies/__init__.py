"""What is written again and again: the shop's macros, everybody's own phrases, and the check before a reply leaves."""
