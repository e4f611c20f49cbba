"""The Celery application: one queue in the broker for each of ours, messages that carry a number."""

from collections.abc import Collection
from typing import Any

from celery import Celery
from kombu import Queue

RUN = "anshin.run"
PREFIX = "anshin."
HIGHEST = 9
CONNECT_SECONDS = 3
PATIENCE_SECONDS = 10


def make_app(url: str, queues: Collection[str]) -> Celery:
    """An application for this broker (amqp://… or redis://…). Opens no connection yet."""
    app = Celery("anshin", broker=url, fixups=[], set_as_current=False)
    app.conf.update(
        task_queues=[_queue(name, url) for name in queues],
        task_default_queue=PREFIX + "default",
        task_create_missing_queues=False,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        broker_connection_timeout=CONNECT_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_options(url),
        worker_prefetch_multiplier=4,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
    )
    return app


def is_redis(url: str) -> bool:
    """Whether the broker is Redis, whose priorities count the other way round."""
    return url.startswith(("redis:", "rediss:"))


def message_priority(priority: int, url: str) -> int:
    """Our priorities (-10 … 100) as those of a broker: 0–9, 9 first in RabbitMQ, 0 first in Redis."""
    step = min(HIGHEST, max(0, (priority + 20) // 12))
    return HIGHEST - step if is_redis(url) else step


def _queue(name: str, url: str) -> Queue:
    arguments = {} if is_redis(url) else {"x-max-priority": HIGHEST}
    return Queue(PREFIX + name, routing_key=PREFIX + name, queue_arguments=arguments)


def _options(url: str) -> dict[str, Any]:
    once = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
    if not is_redis(url):
        return {**once, "read_timeout": PATIENCE_SECONDS, "write_timeout": PATIENCE_SECONDS}
    return {
        **once,
        "queue_order_strategy": "priority",
        "priority_steps": list(range(HIGHEST + 1)),
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": PATIENCE_SECONDS,
    }
