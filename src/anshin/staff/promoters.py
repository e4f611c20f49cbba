"""Promoters at the desk: the register, one promoter with checks and samples, both lists as files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.promoters import queries
from anshin.promoters.terms import Disclosure, Platform, Reason, Seen, Standing, Verdict
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.spreadsheets import BOM, safe_cell

if TYPE_CHECKING:
    from anshin.promoters.models import Account, Check, Promoter, Sample
    from anshin.shops.models import Membership

SECTION: Final = "promoters"
LOOKS: Final = {
    Standing.VERIFIED: ("good", "badge-check"),
    Standing.UNVERIFIED: ("warn", "circle-help"),
    Standing.PASSED_OVER: ("bad", "ban"),
}
_VERDICT_LOOKS: Final = {each: LOOKS[Standing(each.value)] for each in Verdict}
_SEEN_LOOKS: Final = {
    Seen.NOT_LOOKED: ("warn", "circle-help"),
    Seen.SHOWN: ("good", "check"),
    Seen.MISSING: ("bad", "triangle-alert"),
}
_LONGEST_ASKED: Final = 120


@require_GET
@desk(Permission.SEE_PROMOTERS)
def promoters(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The register, newest first, by ?standing= and ?q= words of name or address."""
    return list_page(request, by)


def list_page(request: HttpRequest, by: Membership, said: str = "") -> HttpResponse:
    """The register; `said`: why what was filled in could not be taken."""
    today, (asked, standing) = day(), _wanted(request)
    try:
        page = queries.promoters_of(
            by.shop, today=today, asked=asked, standing=standing, cursor=request.GET.get("page", "")
        )
    except BadCursor as error:
        raise Http404 from error
    counts = queries.counts(by.shop, today=today)
    query = _query(asked, standing)
    request.desk_section = SECTION  # type: ignore[attr-defined]
    context = {
        "page": page,
        "rows": [_row(by, each, today) for each in page.items],
        "filters": _filters(by, counts, asked, standing),
        "asked": asked,
        "standing": standing,
        "query": f"{query}&" if query else "",
        "file_query": f"?{query}" if query else "",
        "is_empty": not sum(counts.values()),
        "may_keep": may(by, Permission.KEEP_PROMOTERS),
        "platforms": Platform.choices,
        "told": request.POST,
        "said": said,
    }
    return render(request, "staff/promoters.html", context, status=422 if said else 200)


@require_GET
@desk(Permission.SEE_PROMOTERS)
def promoter(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One promoter: accounts, checks, samples."""
    return page_of(request, by, pk)


def page_of(request: HttpRequest, by: Membership, pk: int, *, said: str = "", form: str = "") -> HttpResponse:
    """One promoter's page; `said`: why what was filled into `form` could not be taken. Raises Http404."""
    found = queries.promoter_by_id(by.shop, pk)
    if found is None:
        raise Http404
    today, samples = day(), queries.samples_of(found)
    standing = queries.standing_of(found, today=today)
    checks = queries.checks_of(found)
    request.desk_section = SECTION  # type: ignore[attr-defined]
    context = {
        "found": found,
        "standing": standing.label,
        "look": LOOKS[standing],
        "is_verified": standing == Standing.VERIFIED,
        "has_run_out": queries.has_run_out(found, today=today),
        "accounts": [_account(each) for each in found.accounts.all()],
        "checks": [_check(each) for each in checks],
        "samples": [_sample(by, found, each) for each in samples.items],
        "more_samples": samples.more,
        "may_keep": may(by, Permission.KEEP_PROMOTERS),
        "platforms": Platform.choices,
        "verdicts": Verdict.choices,
        "reasons": Reason.choices,
        "disclosures": Disclosure.choices,
        "seens": Seen.choices,
        "today": today.isoformat(),
        "told": request.POST,
        "said": said,
        "form": form,
        "now": clock.now(),
    }
    return render(request, "staff/promoter.html", context, status=422 if said else 200)


@require_GET
@desk(Permission.SEE_PROMOTERS)
def promoters_csv(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The register as it is filtered, for a spreadsheet."""
    asked, standing = _wanted(request)
    today = day()
    found = queries.every_promoter(by.shop, today=today, asked=asked, standing=standing)
    return _file(_register_lines(found, today), f"promoters-{by.shop.slug}.csv")


@require_GET
@desk(Permission.SEE_PROMOTERS)
def samples_csv(request: HttpRequest, by: Membership) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """Every sample with the words agreed and the published post, for a spreadsheet."""
    return _file(_sample_lines(queries.every_sample(by.shop)), f"samples-{by.shop.slug}.csv")


def day() -> date:
    """Today on the shop's clock, inside a screen."""
    return timezone.localtime(clock.now()).date()


def _wanted(request: HttpRequest) -> tuple[str, str]:
    standing = request.GET.get("standing", "")
    return request.GET.get("q", "").strip()[:_LONGEST_ASKED], standing if standing in Standing.values else ""


def _query(asked: str, standing: str) -> str:
    return urlencode({name: value for name, value in (("q", asked), ("standing", standing)) if value})


def _filters(by: Membership, counts: dict[Standing, int], asked: str, standing: str) -> list[dict[str, Any]]:
    base = address("promoters", by.shop.slug)
    words: list[tuple[str, str, int]] = [("", pgettext("promoters", "All"), sum(counts.values()))]
    words += [(each.value, str(each.label), counts[each]) for each in Standing]
    return [
        {"label": label, "count": count, "on": code == standing, "url": f"{base}?{_query(asked, code)}"}
        for code, label, count in words
    ]


def _row(by: Membership, each: Promoter, today: date) -> dict[str, Any]:
    standing = queries.standing_of(each, today=today)
    return {
        "name": each.name,
        "url": address("promoter", by.shop.slug, each.pk),
        "standing": standing.label,
        "look": LOOKS[standing],
        "until": each.verified_until if standing == Standing.VERIFIED else None,
        "has_run_out": queries.has_run_out(each, today=today),
        "accounts": [_account(account) for account in each.accounts.all()],
        "samples": each.sample_count,  # type: ignore[attr-defined]  # annotated by the query
    }


def _account(each: Account) -> dict[str, Any]:
    return {
        "id": each.pk,
        "platform": Platform(each.platform).label,
        "address": each.address,
        "followers": each.followers_stated,
    }


def _check(each: Check) -> dict[str, Any]:
    return {
        "row": each,
        "platform": Platform(each.platform).label,
        "verdict": Verdict(each.verdict).label,
        "look": _VERDICT_LOOKS[Verdict(each.verdict)],
        "reason": Reason(each.reason).label if each.reason else "",
        "percent": queries.reaction_percent(each),
        "difference": _difference(queries.difference_percent(each)),
    }


def _difference(percent: int | None) -> str:
    """−40 %, +3 %, or "" where nothing was stated or nothing differs."""
    if not percent:
        return ""
    return f"{'+' if percent > 0 else '−'}{abs(percent):,} %"


def _sample(by: Membership, found: Promoter, each: Sample) -> dict[str, Any]:
    return {
        "row": each,
        "disclosure": Disclosure(each.disclosure).label,
        "seen": Seen(each.seen).label if each.post_address else "",
        "look": _SEEN_LOOKS[Seen(each.seen)],
        "post_url": address("promoter_post", by.shop.slug, found.pk, each.pk),
    }


def _register_lines(found: Iterable[Promoter], today: date) -> Iterator[list[str | int]]:
    yield [
        pgettext("promoter", "Name"), pgettext("promoter", "Standing"), _("Valid until"), _("Platform"),
        _("Address of the account"), _("Followers as stated"), _("Samples"), pgettext("promoter", "Note"),
    ]  # fmt: skip
    for each in found:
        standing = queries.standing_of(each, today=today)
        until = each.verified_until.isoformat() if standing == Standing.VERIFIED and each.verified_until else ""
        for account in each.accounts.all():
            yield [
                safe_cell(each.name), str(standing.label), until, str(Platform(account.platform).label),
                safe_cell(account.address), account.followers_stated,
                each.sample_count, safe_cell(each.note),  # type: ignore[attr-defined]  # annotated
            ]  # fmt: skip


def _sample_lines(found: Iterable[Sample]) -> Iterator[list[str | int]]:
    yield [
        pgettext("promoter", "Name"), _("Sent on"), _("Product number"), _("Product"), _("Words agreed"),
        _("Published post"), _("Published on"), _("Words in the post"), pgettext("promoter", "Note"),
    ]  # fmt: skip
    for each in found:
        yield [
            safe_cell(each.verification.promoter.name), each.sent_on.isoformat(), safe_cell(each.sku),
            safe_cell(each.product_name), str(Disclosure(each.disclosure).label), safe_cell(each.post_address),
            each.posted_on.isoformat() if each.posted_on else "", str(Seen(each.seen).label), safe_cell(each.note),
        ]  # fmt: skip


def _file(lines: Iterable[list[str | int]], name: str) -> HttpResponse:
    """Small enough to be made whole: a register of people whom somebody has looked at one by one."""
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    csv.writer(response).writerows(lines)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
