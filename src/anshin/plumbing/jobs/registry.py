"""The list of all tasks: the decorator that makes one, and the way back from a job row's path to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.utils.module_loading import import_string
from django_tasks.base import Task

from anshin.plumbing.jobs.errors import UnknownTask
from anshin.plumbing.jobs.rules import MAX_ATTEMPTS

P = ParamSpec("P")
T = TypeVar("T")

MAIL_OUT = "mail_out"

_tasks: dict[str, "JobTask[..., Any]"] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task[P, T]):
    """A task of Django's Tasks API with this project's additions.

    `leaves_house`: it does something outside, such as a mail; held after a restore where the clock began it.
    `one_transaction`: the function and the mark "done" commit together, so its rows are written exactly once.
    For short work in the database only; a task that talks to the outside ends with `execute.finishing()`.
    """

    max_attempts: int = MAX_ATTEMPTS
    one_transaction: bool = False
    leaves_house: bool = False


def task(
    *,
    queue_name: str = "default",
    priority: int = 0,
    max_attempts: int = MAX_ATTEMPTS,
    one_transaction: bool = False,
    takes_context: bool = False,
    leaves_house: bool = False,
) -> Callable[[Callable[P, T]], JobTask[P, T]]:
    """Make a module-level function a task and list it.

    Limits: `priority` -100 to 100, higher runs first; the queue must be named in settings.TASKS.
    Raises: InvalidTaskError for a nested function or an unknown queue.
    """

    def listed(function: Callable[P, T]) -> JobTask[P, T]:
        made: JobTask[P, T] = JobTask(
            func=function,
            queue_name=queue_name,
            priority=priority,
            max_attempts=max_attempts,
            one_transaction=one_transaction,
            takes_context=takes_context,
            leaves_house=leaves_house or queue_name == MAIL_OUT,
        )
        _tasks[made.module_path] = made
        return made

    return listed


def all_tasks() -> list[JobTask[..., Any]]:
    """Every task of the rooms' jobs.py files, by path."""
    return [_tasks[path] for path in sorted(_tasks)]


def find(path: str) -> JobTask[..., Any]:
    """The task at a dotted path. Raises UnknownTask when there is none."""
    if path in _tasks:
        return _tasks[path]
    try:
        found = import_string(path)
    except ImportError as error:
        raise UnknownTask(f"This version of Anshin has no job named {path}.") from error
    if not isinstance(found, JobTask):
        raise UnknownTask(f"{path} is not a job.")
    return found
