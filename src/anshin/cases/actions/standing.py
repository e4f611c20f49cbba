"""Where a case stands: every change of status or owner goes through here, so that the counters always agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anshin.cases import rules
from anshin.cases.actions.refusals import InSpam, WrongCase
from anshin.cases.models import Case, Counter
from anshin.cases.terms import Status, View
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.live.actions import Hint, publish_many
from anshin.plumbing.prepared import Prepared, update, write

NOBODY = 0
SYSTEM = Actor(kind="system", id=None, name="anshin")
_ADD = f"UPDATE {Counter._meta.db_table} SET count = count + %s WHERE shop_id = %s AND status = %s AND owner_id = %s"  # noqa: S608  no value in it


_LOCKED = Prepared(
    lambda shop, case: Case.objects.select_for_update().filter(shop_id=shop, pk=case, merged_into=None),
    shop=int,
    case=int,
)


def locked_case(shop_id: int, case_id: int) -> Case:
    """The case, locked until the transaction ends. Raises WrongCase for another shop's or a merged one."""
    found = _LOCKED.first(shop=shop_id, case=case_id)
    if found is None:
        raise WrongCase
    return found


def workable_case(shop_id: int, case_id: int) -> Case:
    """The case, locked, unless it lies in the spam folder. Raises WrongCase, InSpam."""
    found = locked_case(shop_id, case_id)
    if found.status == Status.SPAM:
        raise InSpam
    return found


def locked_case_or_merged(shop_id: int, case_id: int) -> Case:
    """The case, locked; also one that was merged away: for what happens to a message after the fact."""
    return Case.objects.select_for_update().get(shop_id=shop_id, pk=case_id)


def change(case: Case, **values: Any) -> None:
    """Write those of `values` that differ to a locked case and keep the counters. Inside a transaction."""
    changed = alter(case, values)
    if not changed.names:
        return
    update(case, changed.names)
    if changed.deltas:
        count(case.shop_id, changed.deltas)


@dataclass(frozen=True, slots=True)
class Changed:
    """Which columns of a case differ from before, and what that means for the counters."""

    names: list[str]
    deltas: dict[tuple[str, int], int]


def alter(case: Case, values: Mapping[str, Any]) -> Changed:
    """Give the case those of `values` that differ, without writing them."""
    former = buckets(case)
    names = [name for name, value in values.items() if getattr(case, name) != value]
    for name in names:
        setattr(case, name, values[name])
    names += _follow(case)
    deltas = dict.fromkeys(former - (present := buckets(case)), -1) | dict.fromkeys(present - former, +1)
    return Changed(names, deltas)


def rank(case: Case) -> datetime | None:
    """Where an open case stands in the order of what presses; None for one that does not wait for us."""
    if case.status != Status.OPEN:
        return None
    return rules.rank_moment(
        case.due_at or case.waiting_since_at or case.created_at,
        is_urgent=case.is_urgent,
        urgent_on=case.urgent_on,
        is_second_contact=case.first_case_id is not None,
    )


def buckets(case: Case) -> set[tuple[str, int]]:
    """The counters in which the case is counted."""
    owner_id = case.owner_id or NOBODY
    is_due = case.status == Status.OPEN and case.due_state
    return {(case.status, owner_id), *([(View.DUE_SOON.value, owner_id)] if is_due else [])}


def _follow(case: Case) -> list[str]:
    """Bring in line what follows from the other columns; which of these differ."""
    following: dict[str, Any] = {"rank_at": rank(case)}
    if case.status != Status.CLOSED:
        following["follow_up_at"] = None
    if case.status not in {Status.OPEN, Status.SNOOZED}:
        following |= {"is_follow_up": False, "due_state": None}
    names = [name for name, value in following.items() if getattr(case, name) != value]
    for name in names:
        setattr(case, name, following[name])
    return names


def count(shop_id: int, deltas: dict[tuple[str, int], int]) -> None:
    """Add `deltas` to the counters of (status, owner), always in the same order so that writers never deadlock.

    Another writer may have made the same counter meanwhile; whatever else is in its way is an error, not passed over.
    """
    for (status, owner_id), delta in sorted(deltas.items()):
        if not _add(shop_id, status, owner_id, delta):
            Counter.objects.bulk_create(
                [Counter(shop_id=shop_id, status=status, owner_id=owner_id)],
                update_conflicts=True,
                unique_fields=["shop", "status", "owner_id"],
                update_fields=["owner_id"],
            )
            _add(shop_id, status, owner_id, delta)


def _add(shop_id: int, status: str, owner_id: int, delta: int) -> bool:
    """Whether there was a row to add to."""
    return write(_ADD, [delta, shop_id, status, owner_id]) == 1


def announce(case: Case, kind: str, *, now: datetime, **payload: Any) -> None:
    """Tell open screens after commit: the shop's lists, and the screens that show this case."""
    publish_many(hints(case, kind, **payload), shop_id=case.shop_id, now=now)


def hints(case: Case, kind: str, **payload: Any) -> list[Hint]:
    """What `announce` says."""
    said = {
        "case_id": case.pk,
        "status": case.status,
        "owner_id": case.owner_id,
        "version": case.version,
        **payload,
    }
    return [Hint(channel, kind, said) for channel in ("shop", f"case:{case.pk}")]


def after_wait(status: str, former_waiting_since: datetime | None, *, now: datetime) -> datetime | None:
    """Since when the customer waits for us, once the case has `status`."""
    if status == Status.OPEN:
        return former_waiting_since or now
    return former_waiting_since if status == Status.SNOOZED else None
