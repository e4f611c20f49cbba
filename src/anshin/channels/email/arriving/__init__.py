"""The ways in: keeping a mail's bytes before anybody reads it, from a pipe, from files."""
