"""The rail: the shop's views with their counts, the tools this role has, the person's other shops."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from anshin.cases.queries import count_to_approve, view_counts
from anshin.cases.terms import View
from anshin.commerce.queries import batches_to_approve_count
from anshin.delivery.queries import waiting_count as troubles_waiting
from anshin.returns.queries import improvement_count, inspection_count, waiting_count
from anshin.safety.queries import to_do_for as safety_to_do_for
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.settings_pages import PAGES, open_pages
from anshin.staff.veiled_pages import OPEN

if TYPE_CHECKING:
    from anshin.shops.models import Membership

VIEW_ICONS = {
    View.MINE: "inbox",
    View.UNASSIGNED: "user-round-x",
    View.DUE_SOON: "clock-alert",
    View.OPEN: "message-circle",
    View.WAITING: "hourglass",
    View.SNOOZED: "alarm-clock",
    View.CLOSED: "circle-check",
    View.ALL: "layers",
    View.SPAM: "ban",
}
_TOOL_KEYS = {"new_case": "c", "returns": "g r"}
_KEYS = {View.MINE: "g i", View.UNASSIGNED: "g u", View.DUE_SOON: "g d", View.ALL: "g a"}
_PART_OF = {page.code: "settings" for page in PAGES}


def rail(by: Membership, *, view: View | None, section: str = "") -> dict[str, Any]:
    """What frame/_rail.html and frame/_dock.html show. At most two queries, four for who may approve replies and
    transfers."""
    views = rail_views(by, view=view)
    return {
        "shop": by.shop,
        "shops": [
            {"name": each.shop.name, "code": each.shop.slug, "on": each.shop_id == by.shop_id}
            for each in by.person.desk_memberships
        ],
        "shop_switch_url": address("switch_shop"),
        "rail_views": views,
        "search_url": address("search", by.shop.slug),
        "palette_url": address("palette", by.shop.slug),
        "rail_sections": rail_sections(by, section),
        "dock": [item for item in views if item["code"] in {View.MINE, View.UNASSIGNED, View.WAITING}],
        "viewer": {"name": str(by.person), "role": by.get_role_display()},
        "account_url": address("account", by.shop.slug),
        "sign_out_url": reverse("account_logout"),
    }


def rail_views(by: Membership, *, view: View | None) -> list[dict[str, Any]]:
    """The views in order, each with its count and address."""
    counts = view_counts(by)
    return [
        fixed | {"count": 0 if each == View.CLOSED else counts[each], "total": counts[each], "on": each == view}
        for each, fixed in _fixed_views(by.shop.slug, get_language())
    ]


@lru_cache(maxsize=256)
def _fixed_views(slug: str, language: str | None) -> list[tuple[View, dict[str, Any]]]:  # noqa: ARG001  labels
    return [
        (
            each,
            {
                "code": each,
                "label": str(each.label),
                "icon": icon,
                "url": address("inbox", slug, each.value),
                "key": _KEYS.get(each, ""),
            },
        )
        for each, icon in VIEW_ICONS.items()
    ]


def rail_sections(by: Membership, section: str = "") -> list[dict[str, Any]]:
    """The tools that this role has, with how many returns wait for the desk, or for the warehouse where this is whose
    work it is, how many troubles with deliveries are open, and how many replies and batches of transfers for who may
    approve them: at most four queries, and none while what is kept is fresh."""
    allowed = permissions(by)
    is_desk = Permission.HANDLE_RETURNS in allowed or Permission.RECEIVE_GOODS not in allowed
    counts = {"returns": waiting_count(by.shop_id)} if is_desk else {"warehouse": inspection_count(by.shop)}
    if Permission.READ_CASES in allowed:
        counts["troubles"] = troubles_waiting(by.shop_id)
    if Permission.HANDLE_RETURNS in allowed:
        counts["reasons"] = improvement_count(by.shop_id)
    if Permission.APPROVE in allowed:
        counts["approvals"] = count_to_approve(by.shop)
    if Permission.APPROVE_REFUNDS in allowed:
        counts["transfers"] = batches_to_approve_count(by.shop_id)
    if Permission.APPROVE_SAFETY in allowed:
        counts["safety"] = safety_to_do_for(by).count()  # this person's own: no count tells of what is sealed
    fixed = _fixed_sections(by.shop.slug, allowed, section, get_language())
    return [
        part | {"items": [item | {"count": counts.get(item["code"], 0)} for item in part["items"]]} for part in fixed
    ]


def permissions(by: Membership) -> frozenset[Permission]:
    """What this member of staff may do."""
    return frozenset(each for each in Permission if may(by, each))


@lru_cache(maxsize=256)
def _fixed_sections(
    slug: str,
    allowed: frozenset[Permission],
    section: str,
    language: str | None,  # noqa: ARG001  what the labels depend on
) -> list[dict[str, Any]]:
    work = [
        (Permission.ANSWER, "square-pen", _("New case"), "new_case", "new_case"),
        (Permission.READ_CASES, "message-square", _("Handover notes"), "handover", "handover"),
        (Permission.APPROVE, "user-round-check", _("Approvals"), "approvals", "approvals"),
        (Permission.READ_CASES, "undo-2", pgettext("rail", "Returns"), "returns", "returns"),
        (Permission.PAY_BACK, "wallet", pgettext("rail", "Transfers"), "transfers", "transfers"),
        (Permission.HANDLE_RETURNS, "chart-column", _("Reasons for returns"), "reasons", "reasons"),
        (Permission.RECEIVE_GOODS, "package-check", pgettext("room", "Warehouse"), "warehouse", "warehouse"),
        (Permission.WRITE_SLIPS, "printer", _("Slips"), "slips", "slips"),
        (Permission.SEE_ORDERS, "package", _("Orders"), "orders", "orders"),
        (Permission.READ_CASES, "truck", _("Trouble with deliveries"), "troubles", "troubles"),
        (Permission.READ_CASES, "shield-alert", pgettext("rail", "Product safety"), "safety", "safety"),
        (Permission.SEE_ORDERS, "users-round", _("Customers"), "customers", "customers"),
        (Permission.SEE_PROMOTERS, "megaphone", _("Promoters"), "promoters", "promoters"),
        (Permission.ANSWER, "handshake", _("Promises"), "promises", "promises"),
        (Permission.ANSWER, "zap", _("Macros"), "macros", "macros"),
        (Permission.ANSWER, "badge-check", _("Satisfaction"), "satisfaction", "satisfaction"),
    ]
    management = [
        (Permission.MAKE_RULES, "list-filter", _("Rules"), "rules", "rules"),
        (Permission.SEE_FIGURES, "chart-column", _("Answering times"), "figures", "figures"),
        (Permission.SEE_FIGURES, "calendar", _("Consultations by year"), "yearly", "yearly"),
        (Permission.IMPORT, "file-up", _("Import orders"), "imports", "imports"),
        (Permission.WATCH_MAIL, "list-checks", _("Received = shown"), "email:sheets", "mail_sheet"),
        (Permission.SEE_JOURNAL, "scroll-text", _("Journal"), "journal", "journal"),
        (Permission.SEE_JOBS, "list-restart", _("Background work"), "jobs", "jobs"),
    ]
    if pages := open_pages(allowed):
        management.append((pages[0].permission, "settings", _("Settings"), pages[0].name, "settings"))
    sections = [
        {"label": label, "items": _items(slug, tools, allowed, section)}
        for label, tools in ((_("Tools"), work), (_("Running the shop"), management))
    ]
    return [each for each in sections if each["items"]]


def _items(
    slug: str,
    tools: Iterable[tuple[Permission, str, str, str, str]],
    allowed: frozenset[Permission],
    section: str,
) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "label": label,
            "icon": icon,
            "url": reverse(name, args=[slug]) if ":" in name else address(name, slug),
            "on": code == _PART_OF.get(section, section),
            "key": _TOOL_KEYS.get(code, ""),
        }
        for permission, icon, label, name, code in tools
        if permission in allowed and (Permission.SEE_PERSONAL in allowed or name in OPEN)
    ]
