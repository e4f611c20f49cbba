"""Decisions of the returns room: values in, decision out; one file for each question."""
