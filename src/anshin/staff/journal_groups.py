"""The groups of facts by which the journal's page filters: the first word of an event's name."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

GROUPS: dict[str, str | Promise] = {
    "case": _("Cases"),
    "routing": _("Rules and assignment"),
    "refund": _("Refunds"),
    "transfer": _("Transfers"),
    "delivery": _("Trouble with deliveries"),
    "slips": _("Slips"),
    "customer": _("Customers"),
    "order": _("Orders"),
    "stock": _("Stock"),
    "email": _("Mail"),
    "reply": _("Macros"),
    "return": pgettext_lazy("room", "Returns"),
    "satisfaction": _("Satisfaction"),
    "visits": _("Customers’ pages"),
    "policy": _("Policy of returns"),
    "advisory": _("Product safety"),
    "feed": _("Publishers’ lists"),
    "integration": _("Other programs"),
    "insights": _("Yearly figures"),
    "promoter": _("Promoters"),
    "shop": _("Shop and staff"),
}
