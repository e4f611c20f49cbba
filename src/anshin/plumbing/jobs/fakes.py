"""A stand-in for a broker: keeps what it was told."""


class RememberingBroker:
    """Numbers in the order in which they were told, and the queue and priority of each."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self.ways: list[tuple[str, int]] = []

    def tell(self, job_id: int, *, queue: str, priority: int) -> None:
        self.told.append(job_id)
        self.ways.append((queue, priority))
