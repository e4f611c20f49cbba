"""A message that cannot wait comes while the shop is closed: whoever is on call is told by mail, once a case."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from anshin.cases.queries import Subject, as_told_to, subject_of
from anshin.cases.terms import Status
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.routing import events, queries, rules
from anshin.routing.models import NightCall
from anshin.routing.queries.facts import moment_of
from anshin.shops import queries as shops
from anshin.shops.actions import tell

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_MOMENT = timedelta(seconds=1)


def call_at_night(*, shop_id: int, case_id: int, kind: str, message_id: int, now: datetime) -> int:
    """Tell those on call; how many. Nobody while the shop is open, nor twice about a case. Inside a transaction."""
    if kind not in rules.URGENT_AT_NIGHT:
        return 0
    shop = shops.shop_by_id(shop_id)
    subject = subject_of(shop.pk, case_id, message_id=message_id)
    if subject is None or subject.case.status == Status.SPAM or now - moment_of(subject) > rules.TOO_OLD_TO_ANSWER:
        return 0
    if shops.open_spans(shop, now, now + _MOMENT):
        return 0
    called = [place.member for place in queries.places_of(shop, now=now) if place.is_on_call]
    if not called or not NightCall.objects.get_or_create(shop=shop, case_id=case_id, defaults={"at": now})[1]:
        return 0
    for member in called:
        told = partial(_words, subject, kind, member)
        tell(members=[member], words=told, path=_path(shop.slug, subject), now=now)
    names = ", ".join(str(member.person) for member in called)[:200]
    by = Actor.system()
    record(events.NightCalled(kind=kind, who=names), shop_id=shop_id, by=by, now=now, case_id=case_id)
    return len(called)


def _path(slug: str, subject: Subject) -> str:
    return f"/s/{slug}/c/{subject.case.number}"


def _words(subject: Subject, kind: str, member: Membership, _language: str) -> tuple[str, str]:
    why = {
        "injury": _("Somebody may be hurt or ill."),
        "fire": _("There may be fire, smoke or dangerous heat."),
        "gas": _("Gas may be leaking."),
    }[kind]
    title = _("Urgent, and the shop is closed: case #%(number)s") % {"number": subject.case.number}
    line = as_told_to(member, subject.case, masked(subject.case.subject)) or _("(no subject)")
    text = _("%(why)s A customer wrote while the shop is closed:\n\n%(subject)s\n\nPlease look at it now.")
    return title, text % {"why": why, "subject": line}
