"""Jobs of the contact form: what a page could not finish, and old rows that never became a case."""

import logging
from datetime import timedelta

from anshin.channels.web_form import actions
from anshin.channels.web_form.models import Submission
from anshin.channels.web_form.terms import Fate
from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task

log = logging.getLogger(__name__)
SENT_BACK_KEPT = timedelta(days=30)


@task(queue_name="mail_in", priority=10)
def take_in(submission_id: int) -> None:
    """Make a case of what was kept; what cannot be read becomes a case that a person looks at."""
    now = clock.now()
    if not Submission.objects.filter(pk=submission_id, fate=Fate.STORED).exists():
        return
    try:
        actions.take_in(submission_id=submission_id, now=now)
    except Exception as error:
        log.exception("Submission %s could not be taken in", submission_id)
        actions.show_to_a_person(submission_id=submission_id, why=type(error).__name__, now=now)


@task(queue_name="upkeep")
def prune() -> None:
    """Delete what was sent back and never sent again."""
    old = Submission.objects.filter(received_at__lt=clock.now() - SENT_BACK_KEPT)
    old.filter(fate__in=[Fate.INCOMPLETE, Fate.SUSPECT]).delete()
