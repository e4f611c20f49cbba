"""Django's engine for PostgreSQL, with statements prepared on the server and a cheap look whether it is still there."""
