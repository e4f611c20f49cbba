"""The socket of jobs: whoever carries word of a job to other machines."""

from typing import Protocol

from anshin.plumbing.sockets import Socket


class Broker(Protocol):
    """Carries the number of a committed job to a worker somewhere. It may lose word or bring it twice."""

    def tell(self, job_id: int, *, queue: str, priority: int) -> None:
        """Pass the number on. Never waits for the network and never raises."""
        ...


broker = Socket[Broker]("jobs.broker")
"""Empty unless ANSHIN_JOBS says otherwise: then workers look for rows themselves."""
