"""What somebody who leaves the shop worked on goes to a colleague, or to nobody, so that nothing lies unseen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases.actions import standing
from anshin.cases.actions.refusals import WrongCase
from anshin.cases.actions.triage import give
from anshin.cases.models import Draft
from anshin.cases.queries.personal import as_told_to, unnamed
from anshin.cases.queries.work import unfinished_of
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@dataclass(frozen=True, slots=True)
class HandedOn:
    """How much went to somebody else. `drafts_kept`: those in whose place the other has one already, or that nobody
    takes; they stay where they are and are there again when the person comes back."""

    cases: int
    drafts: int
    drafts_kept: int


@transaction.atomic
def hand_on(*, by: Membership, leaving: Membership, to: Membership | None, now: datetime) -> HandedOn:
    """Give all unfinished cases of `leaving`, and what they have begun to write, to `to`, or the cases to nobody.

    Some ten statements a case: each stands in the journal. Raises NotAllowed, WrongCase.
    """
    require(by, Permission.RUN_SHOP)
    _check(by, leaving, to)
    found = list(unfinished_of(leaving).order_by("pk").values_list("pk", flat=True))
    for case_id in found:
        give(standing.locked_case(by.shop_id, case_id), to, shops.actor(by), now)
    drafts = Draft.objects.filter(shop_id=by.shop_id, author=leaving).exclude(text="")
    moved = 0
    if to is not None:
        theirs = set(Draft.objects.filter(author=to).values_list("case_id", "is_note"))
        free = [pk for pk, *place in drafts.values_list("pk", "case_id", "is_note") if tuple(place) not in theirs]
        if not shops.may(to, Permission.SEE_PERSONAL):
            _hide_customers(free, to)
        moved = Draft.objects.filter(pk__in=free).update(author=to)
    return HandedOn(cases=len(found), drafts=moved, drafts_kept=drafts.count())


def _hide_customers(drafts: list[int], to: Membership) -> None:
    """Take out of the drafts who the customers are, and their former versions; some eight queries a draft."""
    for draft in Draft.objects.select_related("case").filter(pk__in=drafts):
        draft.text = as_told_to(to, draft.case, draft.text) if draft.is_note else unnamed(draft.case, draft.text)
        draft.former = ""
        draft.save(update_fields=["text", "former"])


def _check(by: Membership, leaving: Membership, to: Membership | None) -> None:
    if leaving.shop_id != by.shop_id:
        raise WrongCase
    if to is not None and (to.pk == leaving.pk or to.shop_id != by.shop_id or not shops.may(to, Permission.ANSWER)):
        raise WrongCase(_("This person does not work in this shop. Choose somebody else."))
