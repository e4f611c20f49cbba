"""Context processor of the desk: pages that are not inbox or case get the rail here."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from anshin.plumbing.jobs import queries as jobs
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.rail import permissions, rail
from anshin.staff.settings_pages import tabs


def desk(request: HttpRequest) -> dict[str, Any]:
    """The rail for a page of a shop, drawn only where a template asks for it; nothing elsewhere.

    `settings_tabs` are the settings' pages that the reader may open, also for pages that other rooms bring.
    """
    by = getattr(request, "by", None)
    if by is None:
        return {}
    section = getattr(request, "desk_section", "")
    whole: dict[str, Any] = {}

    def part(name: str) -> Any:
        if not whole:
            whole.update(rail(by, view=getattr(request, "desk_view", None), section=section))
        return whole[name]

    names = (
        "shops",
        "rail_views",
        "rail_sections",
        "dock",
        "viewer",
        "search_url",
        "palette_url",
        "shop_switch_url",
        "account_url",
        "sign_out_url",
    )
    return {
        "shop": by.shop,
        "held_notice": SimpleLazyObject(partial(_held_notice, by)),
        "live_url": f"/s/{by.shop.slug}/live",
        "news_url": address("escalation_news", by.shop.slug),
        "settings_tabs": SimpleLazyObject(
            lambda: render_to_string(
                "staff/_settings_tabs.html", {"tabs": tabs(by.shop.slug, permissions(by), section)}
            )
        ),
        **{name: SimpleLazyObject(partial(part, name)) for name in names},
    }


def _held_notice(by: Any) -> dict[str, str]:
    """What an owner must know on every page after a restore; no query where no backup was put back."""
    if not may(by, Permission.RUN_SHOP) or jobs.open_hold(by.shop_id) is None:
        return {}
    return {
        "text": _("A backup was put back. What would leave by itself waits until you say go on."),
        "url": address("jobs", by.shop.slug),
    }
