"""Which adapter fills which socket, in one place."""


def fill_sockets() -> None:
    """Plug every adapter in. Called once at start, when all rooms are loaded."""
