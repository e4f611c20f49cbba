"""Decisions of the safety room: values in, decision out; one file for each question."""
