"""What one process counts for Prometheus. Each process is asked for its own; they are added up there."""

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
JOB_SECONDS = (0.01, 0.05, 0.25, 1, 5, 30, 120, 600)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

requests = Counter(
    "anshin_requests", "Requests answered, by the name of the route.", ["route", "method", "status"], registry=REGISTRY
)
request_seconds = Histogram(
    "anshin_request_seconds",
    "Seconds from request to answer, by the name of the route.",
    ["route"],
    buckets=SECONDS,
    registry=REGISTRY,
)
request_cpu_seconds = Counter(
    "anshin_request_cpu_seconds",
    "Seconds of this process's CPU that pages took, by the name of the route.",
    ["route"],
    registry=REGISTRY,
)
job_runs = Counter(
    "anshin_job_runs", "Runs of jobs that ended, by task and how.", ["task", "outcome"], registry=REGISTRY
)
job_seconds = Histogram(
    "anshin_job_seconds", "Seconds that runs of jobs took, by task.", ["task"], buckets=JOB_SECONDS, registry=REGISTRY
)
job_cpu_seconds = Counter(
    "anshin_job_cpu_seconds",
    "Seconds of this process's CPU that runs of jobs took, by task.",
    ["task"],
    registry=REGISTRY,
)
mails_in = Counter("anshin_mails_in", "Mails stored, by the way they came.", ["source"], registry=REGISTRY)
mails_out = Counter("anshin_mails_out", "Mails handed to a server, by its answer.", ["outcome"], registry=REGISTRY)


def count_request(*, route: str, method: str, status: int, seconds: float, cpu_seconds: float = 0.0) -> None:
    """One answered request. A method that nobody knows is counted as "other": anybody may invent some.

    `cpu_seconds`: what its thread used of the CPU, the database's own processes left out.
    """
    known = method if method in METHODS else "other"
    requests.labels(route, known, str(status)).inc()
    request_seconds.labels(route).observe(seconds)
    request_cpu_seconds.labels(route).inc(cpu_seconds)


def count_run(*, task: str, outcome: str, seconds: float, cpu_seconds: float = 0.0) -> None:
    """One ended run of a job; `cpu_seconds` as for requests."""
    job_runs.labels(task, outcome).inc()
    job_seconds.labels(task).observe(seconds)
    job_cpu_seconds.labels(task).inc(cpu_seconds)
