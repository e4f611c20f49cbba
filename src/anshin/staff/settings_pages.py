"""The pages of the settings: which there are, and which of them a role may open."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from anshin.shops.terms import Permission


class SettingsPage(NamedTuple):
    """One tab. `name` is that of its address."""

    code: str
    permission: Permission
    icon: str
    label: str | Promise
    name: str


PAGES = (
    SettingsPage("shop", Permission.RUN_SHOP, "store", gettext_lazy("Shop"), "staff:settings"),
    SettingsPage("hours", Permission.RUN_SHOP, "calendar", gettext_lazy("Opening hours"), "staff:settings_hours"),
    SettingsPage("targets", Permission.SET_TARGETS, "clock", gettext_lazy("Service levels"), "staff:targets"),
    SettingsPage("staff", Permission.RUN_SHOP, "users-round", gettext_lazy("Staff"), "staff:settings_staff"),
    SettingsPage("sign_in", Permission.RUN_SHOP, "shield-check", gettext_lazy("Signing in"), "staff:settings_sign_in"),
    SettingsPage("topics", Permission.EDIT_TOPICS, "message-circle", gettext_lazy("Topics"), "staff:settings_topics"),
    SettingsPage("policy", Permission.SET_POLICY, "undo-2", gettext_lazy("Policy of returns"), "staff:policies"),
    SettingsPage("returns", Permission.RUN_SHOP, "package", pgettext_lazy("room", "Returns"), "staff:settings_returns"),
    SettingsPage("slip_accounts", Permission.RUN_SHOP, "truck", gettext_lazy("Carriers"), "staff:settings_slips"),
    SettingsPage("refunds", Permission.RUN_SHOP, "wallet", gettext_lazy("Refunds"), "staff:settings_refunds"),
    SettingsPage("survey", Permission.SET_SURVEY, "badge-check", gettext_lazy("Satisfaction"), "staff:settings_survey"),
    SettingsPage("portal", Permission.RUN_SHOP, "smile", gettext_lazy("Customers’ pages"), "staff:settings_portal"),
    SettingsPage(
        "retention", Permission.RUN_SHOP, "hourglass", gettext_lazy("Periods of keeping"), "staff:settings_retention"
    ),
    SettingsPage("system", Permission.RUN_SHOP, "gauge", gettext_lazy("State of the system"), "staff:settings_system"),
    SettingsPage("backups", Permission.RUN_SHOP, "layers", gettext_lazy("Backups"), "staff:settings_backups"),
    SettingsPage("api", Permission.RUN_SHOP, "lock", gettext_lazy("API"), "staff:settings_api"),
    SettingsPage("webhooks", Permission.RUN_SHOP, "send", gettext_lazy("Webhooks"), "staff:settings_webhooks"),
    SettingsPage("mail", Permission.RUN_SHOP, "mails", gettext_lazy("Mailboxes"), "email:mailboxes"),
)


def open_pages(allowed: Collection[Permission]) -> list[SettingsPage]:
    """The pages that somebody with these permissions may open, in order."""
    return [page for page in PAGES if page.permission in allowed]


def tabs(slug: str, allowed: Collection[Permission], current: str) -> list[dict[str, Any]]:
    """What _settings_tabs.html shows; `current` is a page's code."""
    return [
        {"label": page.label, "icon": page.icon, "url": reverse(page.name, args=[slug]), "on": page.code == current}
        for page in open_pages(allowed)
    ]
