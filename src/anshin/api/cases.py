"""Cases: the list, one, a new one, and what changes about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Query, Router
from ninja.errors import ValidationError

from anshin.api.case_shapes import CaseChange, CaseIn, CaseList, CaseOut, State, case_out
from anshin.api.door import caller, key_of
from anshin.api.operations import HEADER, reads, writes
from anshin.api.shapes import LARGEST, Cursor, Limit, Moment, Number, listed
from anshin.cases import actions
from anshin.cases.queries import case_for_programs, cases_for_programs
from anshin.cases.terms import Channel, IncomingMessage, Party, Resolution, Status
from anshin.commerce.queries import order_by_number
from anshin.integrations.terms import Scope
from anshin.plumbing import clock
from anshin.shops.queries import staff_of
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership

router = Router(tags=["cases"])


@reads(
    router,
    "",
    scope=Scope.CASES_READ,
    permission=Permission.READ_CASES,
    response=CaseList,
    summary=gettext_noop("List cases, the latest activity first"),
)
def list_cases(  # noqa: PLR0917  what may be asked for
    request: HttpRequest,
    state: Annotated[State | None, Query(description="Spam only when it is asked for.")] = None,
    assignee: Annotated[
        int | None, Query(ge=1, le=LARGEST, description="`id` of somebody on the staff; only together with `state`.")
    ] = None,
    customer: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None,
    active_since: Annotated[Moment | None, Query(description="With a newest message that is not older.")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, object]:
    """Merged cases are left out. A page costs the same however far back it lies."""
    if assignee is not None and state is None:
        raise ValidationError([{"loc": ("query", "state"), "msg": "Needed together with assignee"}])
    page = cases_for_programs(
        caller(request).shop,
        status=Status(state) if state else None,
        owner_id=assignee,
        customer_id=customer,
        since=active_since,
        cursor=cursor,
        size=limit,
    )
    return listed(page, [case_out(case, with_names=_with_names(request)) for case in page.items])


@reads(
    router,
    "/{number}",
    scope=Scope.CASES_READ,
    permission=Permission.READ_CASES,
    response=CaseOut,
    summary=gettext_noop("One case"),
)
def get_case(request: HttpRequest, number: Number) -> CaseOut:
    """One that was merged names the case that goes on."""
    return case_out(find_case(caller(request), number), with_names=_with_names(request))


@writes(
    router,
    "POST",
    "",
    scope=Scope.CASES_WRITE,
    permission=Permission.ANSWER,
    response=CaseOut,
    status=201,
    summary=gettext_noop("Open a case"),
)
def create_case(request: HttpRequest, told: CaseIn) -> CaseOut:
    """With what a customer said somewhere else, or with a mail of the shop's. A message of a known customer may join a
    case that is still open, as a mail would; the answer says which case it is."""
    by = caller(request)
    begin = _received if told.direction == "in" else _written
    return case_out(find_case(by, begin(request, by, told).number), with_names=_with_names(request))


@writes(
    router,
    "PATCH",
    "/{number}",
    scope=Scope.CASES_WRITE,
    permission=Permission.TRIAGE,
    response=CaseOut,
    summary=gettext_noop("Change state, assignee, tags, topics or urgency"),
)
def change_case(request: HttpRequest, number: Number, told: CaseChange) -> CaseOut:
    """All of it or nothing."""
    by, now = caller(request), clock.now()
    case_id = find_case(by, number).pk
    if told.assignee is not None:
        owner = staff_of(by.shop).filter(pk=told.assignee).first() if told.assignee else None
        if told.assignee and owner is None:
            raise ValidationError([{"loc": ("body", "", "assignee"), "msg": "Nobody on the staff has this id"}])
        actions.assign(by=by, case_id=case_id, owner=owner, now=now)
    if told.tags is not None:
        actions.set_tags(by=by, case_id=case_id, names=told.tags, now=now)
    if told.topics is not None:
        actions.set_topics(by=by, case_id=case_id, codes=told.topics, now=now)
    if told.is_urgent is not None:
        actions.set_urgent(by=by, case_id=case_id, is_urgent=told.is_urgent, now=now)
    if told.state is not None:
        _go(by, case_id, told)
    return case_out(find_case(by, number), with_names=_with_names(request))


def find_case(by: Membership, number: int) -> Case:
    """The shop's case of this number. Raises Http404."""
    found = case_for_programs(by.shop, number)
    if found is None:
        raise Http404
    return found


def _with_names(request: HttpRequest) -> bool:
    return Scope.CUSTOMERS_READ.value in key_of(request).scopes


def _received(request: HttpRequest, by: Membership, told: CaseIn) -> Case:
    if told.order_number and order_by_number(by.shop, told.order_number) is None:
        raise ValidationError([{"loc": ("body", "", "order_number"), "msg": "There is no such order"}])
    message = IncomingMessage(
        channel=Channel(told.channel),
        sender=Party(told.customer.name, told.customer.mail),
        subject=told.subject,
        text=told.text,
        message_key=f"api:{key_of(request).pk}:{request.headers[HEADER]}"[:200],
        received_at=clock.now(),
        order_number=told.order_number,
    )
    return actions.receive_message(shop=by.shop, message=message, now=clock.now()).case


def _written(request: HttpRequest, by: Membership, told: CaseIn) -> Case:  # noqa: ARG001  beside _received
    now = clock.now()
    to = Party(told.customer.name, told.customer.mail)
    case = actions.start_case(by=by, to=to, subject=told.subject, now=now)
    if told.order_number:
        actions.link_order(by=by, case_id=case.pk, order_number=told.order_number, now=now)
    version = find_case(by, case.number).version
    actions.reply(by=by, case_id=case.pk, text=told.text, to=[to], read_at_version=version, now=now)
    return case


def _go(by: Membership, case_id: int, told: CaseChange) -> None:
    now = clock.now()
    if told.state == "closed":
        if told.resolution is None:
            raise ValidationError([{"loc": ("body", "", "resolution"), "msg": "Needed with the state closed"}])
        actions.close(by=by, case_id=case_id, resolution=Resolution(told.resolution), now=now)
    elif told.state == "snoozed":
        if told.snoozed_until_at is None:
            raise ValidationError([{"loc": ("body", "", "snoozed_until_at"), "msg": "Needed with the state snoozed"}])
        actions.snooze(by=by, case_id=case_id, until=told.snoozed_until_at, now=now)
    elif told.state == "waiting":
        actions.wait_for_customer(by=by, case_id=case_id, now=now)
    else:
        actions.take_up(by=by, case_id=case_id, now=now)
