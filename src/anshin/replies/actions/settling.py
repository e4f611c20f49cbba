"""What became of the replies that were written with a macro, a week later: kept with the macro, never counted anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from anshin.cases.queries import outcome_of
from anshin.replies.models import Macro, MacroUse

WITHIN = timedelta(days=7)
_MOST_AT_ONCE = 1000


def settle_uses(*, now: datetime) -> int:
    """How many uses were settled: those a week old, each in a transaction of its own; safe to run at any time.

    One that never left with a reply, or whose reply was taken back, is forgotten.
    """
    due = MacroUse.objects.filter(settled_at=None, at__lte=now - WITHIN).order_by("at").values_list("pk", flat=True)
    settled = 0
    for pk in list(due[:_MOST_AT_ONCE]):
        settled += _settle(pk, now)
    return settled


@transaction.atomic
def _settle(pk: int, now: datetime) -> int:
    use = MacroUse.objects.select_for_update().filter(pk=pk, settled_at=None).first()
    if use is None:
        return 0
    macro = Macro.objects.filter(pk=use.macro_id)
    if use.message_id is None:
        use.delete()
        return 0
    outcome = outcome_of(use.message_id, within=WITHIN)
    if outcome.is_taken_back:
        unchanged = F("unchanged_count") - int(use.was_unchanged)
        macro.update(sent_count=F("sent_count") - 1, unchanged_count=unchanged)
        use.delete()
        return 0
    macro.update(
        settled_count=F("settled_count") + 1,
        answered_count=F("answered_count") + int(outcome.was_answered),
        closed_count=F("closed_count") + int(outcome.was_last_word),
    )
    use.settled_at = now
    use.save(update_fields=["settled_at"])
    return 1
