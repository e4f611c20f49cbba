"""What is done at a promoter's page: each asks one action; a refusal is said on the page, with what was filled in."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.commerce.queries import product_by_sku, products_like
from anshin.plumbing import clock
from anshin.promoters import actions
from anshin.promoters.terms import Looked, Post, Sent
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.promoters import list_page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_MOST_DIGITS = 12
_MOST_NAMED = 5
_UNREADABLE = -1
"""A number nobody has: the action says which one is wanted."""


def _posted(form: str) -> Callable[[Callable[..., str]], Callable[..., HttpResponseBase]]:
    """A deed at one promoter's page, which gives the sentence that says what was done."""

    def shaped(deed: Callable[..., str]) -> Callable[..., HttpResponseBase]:
        @require_POST
        @desk(Permission.KEEP_PROMOTERS)
        @wraps(deed)
        def screen(request: HttpRequest, by: Membership, pk: int, **named: int) -> HttpResponseBase:
            try:
                done = deed(request, by, pk, **named)
            except (NotAllowed, actions.UnknownPromoter):
                raise
            except Refused as refusal:
                return page_of(request, by, pk, said=str(refusal), form=form)
            messages.success(request, done)
            return redirect("staff:promoter", by.shop.slug, pk)

        return screen

    return shaped


@require_POST
@desk(Permission.KEEP_PROMOTERS)
def add(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """A promoter into the register."""
    told = request.POST
    try:
        made = actions.add_promoter(
            by=by,
            name=told.get("name", ""),
            platform=told.get("platform", ""),
            address=told.get("address", ""),
            followers=_count(told.get("followers", "")),
            note=told.get("note", ""),
            now=clock.now(),
        )
    except actions.PromoterRefused as refusal:
        return list_page(request, by, said=str(refusal))
    messages.success(request, _("Written down, not verified. Samples can be sent once the followers were checked."))
    return redirect("staff:promoter", by.shop.slug, made.pk)


@_posted("change")
def change(request: HttpRequest, by: Membership, pk: int) -> str:
    """Name and note."""
    told = request.POST
    name, note = told.get("name", ""), told.get("note", "")
    actions.change_promoter(by=by, promoter_id=pk, name=name, note=note, now=clock.now())
    return _("The entry is saved.")


@require_POST
@desk(Permission.KEEP_PROMOTERS)
def remove(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Out of the register."""
    try:
        actions.remove_promoter(by=by, promoter_id=pk, now=clock.now())
    except actions.PromoterRefused as refusal:
        return page_of(request, by, pk, said=str(refusal), form="change")
    messages.success(request, _("The promoter is out of the register."))
    return redirect("staff:promoters", by.shop.slug)


@_posted("account")
def account(request: HttpRequest, by: Membership, pk: int) -> str:
    """A further account."""
    told = request.POST
    actions.add_account(
        by=by,
        promoter_id=pk,
        platform=told.get("platform", ""),
        address=told.get("address", ""),
        followers=_count(told.get("followers", "")),
        now=clock.now(),
    )
    return _("The account is added.")


@_posted("account")
def drop_account(request: HttpRequest, by: Membership, pk: int, account: int) -> str:  # noqa: ARG001  a screen's shape
    """An account away."""
    actions.drop_account(by=by, promoter_id=pk, account_id=account, now=clock.now())
    return _("The account is taken away.")


@_posted("check")
def check(request: HttpRequest, by: Membership, pk: int) -> str:
    """A check of the followers."""
    told = request.POST
    looked = Looked(
        account_id=_count(told.get("account", "")),
        followers=_count(told.get("followers", "")),
        posts=_maybe(told.get("posts", "")),
        reactions=_maybe(told.get("reactions", "")),
        evidence=told.get("evidence", ""),
        verdict=told.get("verdict", ""),
        reason=told.get("reason", ""),
        words=told.get("words", ""),
    )
    actions.check_promoter(by=by, promoter_id=pk, looked=looked, now=clock.now())
    return _("The check is kept.")


@_posted("sample")
def sample(request: HttpRequest, by: Membership, pk: int) -> str:
    """A sample that was sent."""
    told = request.POST
    sent = Sent(
        sku=_sku(by, told.get("sku", "")),
        sent_on=_day(told.get("sent_on", ""), _("Say on which day the sample was sent.")),
        disclosure=told.get("disclosure", ""),
        note=told.get("note", ""),
    )
    actions.record_sample(by=by, promoter_id=pk, sent=sent, now=clock.now())
    return _("The sample is recorded.")


@_posted("post")
def post(request: HttpRequest, by: Membership, pk: int, sample: int) -> str:  # noqa: ARG001  the sample knows whose
    """What was published of a sample."""
    told = request.POST
    published = Post(
        address=told.get("address", ""),
        posted_on=_day(told.get("posted_on", ""), _("Say on which day it was published.")),
        seen=told.get("seen", ""),
    )
    actions.note_post(by=by, sample_id=sample, post=published, now=clock.now())
    return _("The post is noted.")


def _count(typed: str) -> int:
    """12,000 or １２０００ as a number; _UNREADABLE for what is none."""
    plain = unicodedata.normalize("NFKC", typed).replace(",", "").strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= _MOST_DIGITS else _UNREADABLE


def _maybe(typed: str) -> int | None:
    return _count(typed) if typed.strip() else None


def _sku(by: Membership, typed: str) -> str:
    """The number of the one product that is meant: as it is, or by words of its name."""
    asked = typed.strip()
    if not asked or product_by_sku(by.shop, asked):
        return asked
    found = products_like(by.shop, asked)
    if len(found) > 1:
        names = " / ".join(f"{each.sku} {each.name}" for each in found[:_MOST_NAMED])
        raise actions.PromoterRefused(_("Several products fit: %(names)s. Write the number.") % {"names": names})
    return found[0].sku if found else asked


def _day(typed: str, asked: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise actions.PromoterRefused(asked) from error
