"""Coming in with a code, and going again."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare

from anshin.language.folding import fold
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.visits import events, rules
from anshin.visits.actions.asking import VISITOR, code_key
from anshin.visits.actions.refusals import CodeLocked, CodeOver, NotLetIn, WrongCode
from anshin.visits.models import CodeRequest, Visit
from anshin.visits.queries import key_of
from anshin.visits.terms import MOST_TRIES, CameBy

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Shop

_SEEN_EVERY = timedelta(minutes=1)


def enter_code(*, shop: Shop, handle: str, code: str, now: datetime) -> str:
    """The word for the cookie of a new visit.

    Raises WrongCode, CodeLocked, CodeOver. A wrong code is counted whether or not there is a right one, so that the
    refusals tell nothing.
    """
    with transaction.atomic():
        answer = _tried(shop, handle, _digits(code), now)
    if isinstance(answer, NotLetIn):
        raise answer
    return answer


def begin_visit(*, shop: Shop, customer: Customer, came_by: CameBy, now: datetime) -> str:
    """The word for the visitor's cookie. Inside a transaction."""
    token = secrets.token_urlsafe(32)
    visit = Visit.objects.create(
        shop=shop, customer=customer, token_key=key_of(token), came_by=came_by, began_at=now, seen_at=now
    )
    by = Actor.customer(customer.pk, customer.name)
    record(events.VisitBegan(visit_id=visit.pk, came_by=came_by), shop_id=shop.pk, by=by, now=now)
    return token


def keep_open(*, visit: Visit, now: datetime) -> None:
    """A page was opened: the visit goes on. Written once a minute at most."""
    if now - visit.seen_at >= _SEEN_EVERY:
        Visit.objects.filter(pk=visit.pk, seen_at__lt=now).update(seen_at=now)


def leave(*, visit: Visit, now: datetime) -> None:
    """The visitor goes; the word in the cookie is worth nothing any more."""
    Visit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=now)


def _tried(shop: Shop, handle: str, code: str, now: datetime) -> str | NotLetIn:
    rows = CodeRequest.objects.select_for_update(of=("self",)).select_related("customer")
    request = rows.filter(shop=shop, handle_key=key_of(handle)).first() if handle else None
    if request is None or request.used_at or rules.is_code_over(request.ready_at or request.asked_at, now=now):
        return CodeOver()
    if rules.is_locked(request.tries):
        _count(request)
        return CodeLocked()
    wanted = request.code_key or "-"
    if not constant_time_compare(code_key(request.handle_key, code), wanted) or request.customer is None:
        return _wrong(request, now)
    request.used_at = now
    request.save(update_fields=["used_at"])
    return begin_visit(shop=shop, customer=request.customer, came_by=CameBy.CODE, now=now)


def _wrong(request: CodeRequest, now: datetime) -> NotLetIn:
    _count(request)
    tries = request.tries + 1
    if not rules.is_locked(tries):
        return WrongCode(MOST_TRIES - tries)
    fact = events.CodeLocked(request_id=request.pk, tries=tries)
    record(fact, shop_id=request.shop_id, by=VISITOR, now=now)
    return CodeLocked()


def _count(request: CodeRequest) -> None:
    CodeRequest.objects.filter(pk=request.pk).update(tries=F("tries") + 1)


def _digits(code: str) -> str:
    """What was typed, with full-width digits, spaces and hyphens forgiven."""
    return "".join(character for character in fold(code[:40]) if character in "0123456789")
