"""Two cases about one thing become one; one case about two things becomes two. Nothing is thrown away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases import events, rules
from anshin.cases.actions import clocks, indexing, opening, spam, standing
from anshin.cases.actions.refusals import WrongCase
from anshin.cases.models import Case, Message, Note, OrderLink, SpamMark
from anshin.cases.terms import Direction, Resolution, Status
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def merge(*, by: Membership, case_id: int, into_number: int, now: datetime) -> Case:
    """Move everything of the case into case `into_number`, which goes on. Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    target_id = Case.objects.filter(shop_id=by.shop_id, number=into_number).values_list("pk", flat=True).first()
    if target_id is None or target_id == case_id:
        raise WrongCase(
            _("There is no other case #%(number)s in this shop. Check the number.") % {"number": into_number}
        )
    ids = sorted([case_id, target_id])
    cases = {pk: standing.locked_case(by.shop_id, pk) for pk in ids}
    ended, kept = cases[case_id], cases[target_id]
    _move(ended, kept)
    former_status = ended.status
    _out_of_spam(ended, kept, by=by, now=now)
    standing.change(kept, **clocks.earlier(kept, ended))
    standing.change(
        ended,
        status=Status.CLOSED,
        resolution=Resolution.DUPLICATE,
        closed_at=now,
        merged_into=kept,
        snoozed_until_at=None,
        waiting_since_at=None,
        **clocks.ended(ended, at=now),
        is_unread=False,
    )
    _refresh(kept, reopen=former_status == Status.OPEN, by=by)
    for case, other, role in ((kept, ended, "kept"), (ended, kept, "ended")):
        fact = events.CasesMerged(other_case_id=other.pk, other_number=other.number, role=role)
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
        standing.announce(case, "case.status", now=now)
    indexing.ask_to_index([kept.pk, ended.pk], shop_id=by.shop_id, now=now)
    return kept


@transaction.atomic
def split(*, by: Membership, case_id: int, message_ids: Collection[int], subject: str, now: datetime) -> Case:
    """A new case with these messages of the case. At least one message must stay. Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    case = standing.locked_case(by.shop_id, case_id)
    moving = Message.objects.filter(case=case, pk__in=message_ids).order_by("at", "id")
    first = moving.filter(direction=Direction.IN).first() or moving.first()
    if first is None or not Message.objects.filter(case=case).exclude(pk__in=message_ids).exists():
        raise WrongCase(_("Choose some of the messages; at least one must stay in this case."))
    new = _new_case(case, by, subject.strip() or case.subject, first)
    count = moving.update(case=new)
    for part in (case, new):
        _refresh(part, reopen=part is new, by=by)
    for part, other, role in ((case, new, "from"), (new, case, "into")):
        fact = events.CaseSplit(other_case_id=other.pk, other_number=other.number, message_count=count, role=role)
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=part.pk)
        standing.announce(part, "case.status", now=now)
    indexing.ask_to_index([case.pk, new.pk], shop_id=by.shop_id, now=now)
    return new


def _out_of_spam(ended: Case, kept: Case, *, by: Membership, now: datetime) -> None:
    """What was read must not vanish into the spam folder: the case that goes on leaves it, unless both are spam."""
    SpamMark.objects.filter(case=ended).delete()
    if kept.status == Status.SPAM and ended.status != Status.SPAM:
        spam.take_out(kept, by.shop, now=now)
        fact = events.SpamCleared(why="merged")
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=kept.pk)


def _move(ended: Case, kept: Case) -> None:
    Message.objects.filter(case=ended).update(case=kept)
    Note.objects.filter(case=ended).update(case=kept)
    known = set(kept.order_links.values_list("order_id", flat=True))
    OrderLink.objects.filter(case=ended).exclude(order_id__in=known).update(case=kept)
    Case.objects.filter(merged_into=ended).update(merged_into=kept)
    if kept.customer_id is None and ended.customer_id is not None:
        standing.change(kept, customer_id=ended.customer_id)


def _new_case(case: Case, by: Membership, subject: str, first: Message) -> Case:
    new = Case.objects.create(
        shop_id=case.shop_id,
        number=opening.next_number(by.shop),
        subject=subject[:300],
        channel=first.channel,
        customer_id=case.customer_id,
        owner_id=by.pk,
        status=Status.WAITING,
        created_at=first.at,
        last_activity_at=first.at,
    )
    standing.count(case.shop_id, {(Status.WAITING, by.pk): +1})
    return new


def _refresh(case: Case, *, reopen: bool, by: Membership) -> None:
    """Bring the case's list columns in line with its messages after some came or went."""
    last = Message.objects.filter(case=case).exclude(delivery="taken_back").order_by("-at", "-id").first()
    label = OrderLink.objects.filter(case=case).order_by("is_proposed", "id").values_list("order__number").first()
    values: dict[str, object] = {"version": case.version + 1, "order_label": label[0] if label else ""}
    if last is not None:
        values |= {
            "last_line": rules.one_line(last.text),
            "last_by_customer": last.direction == Direction.IN,
            "last_activity_at": last.at,
        }
        if reopen and last.direction == Direction.IN and case.status != Status.OPEN:
            values |= {
                "status": Status.OPEN,
                "resolution": "",
                "closed_at": None,
                "snoozed_until_at": None,
                "waiting_since_at": last.at,
                **clocks.running(case, by.shop, since=last.at),
            }
    standing.change(case, **values)
