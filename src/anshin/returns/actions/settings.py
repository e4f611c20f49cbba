"""What the owner sets about returns: how long each step may take, and where returns go."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.journal.actions import record
from anshin.returns import events
from anshin.returns.actions.refusals import IllegalStep, RegistrationRefused
from anshin.returns.models import ReturnSetting
from anshin.returns.queries.lists import setting_of
from anshin.returns.rules.return_invoices import registration_number
from anshin.returns.terms import BarCode, LabelPaper
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_DAYS = ("days_to_answer", "days_to_send", "days_to_inspect", "days_to_settle")
_NUMBERS = {
    "remind_parcel_days": (0, 60),
    "remind_parcel_most": (0, 9),
    "improve_returns": (2, 999),
    "improve_percent": (1, 100),
    "improve_days": (7, 365),
    "deduct_missing_percent": (0, 50),
}
_TEXTS = (
    "address_name",
    "address_postcode",
    "address_lines",
    "address_phone",
    "product_page",
    "issuer_name",
    "registration_number",
)
_CHOICES = {"label_paper": LabelPaper, "label_bar_code": BarCode}
_MOST_DAYS = 90
_PAGE = re.compile(r"https?://[^\s{}<>\"']+\{sku\}[^\s{}<>\"']*")


@transaction.atomic
def change_setting(*, by: Membership, now: datetime, **values: int | str) -> ReturnSetting:
    """Write what is given: days_to_answer, …_send, …_inspect, …_settle (days, 1 to 90), address_name, …_postcode,
    …_lines, …_phone, when customers are reminded of a parcel (remind_parcel_days, 0 never, …_most), and when a
    product's page is looked at (improve_returns, …_percent, …_days, product_page: an address with {sku}),
    what is proposed to be taken off for a missing accessory (deduct_missing_percent of the price); issuer_name
    and registration_number (T and 13 digits, or "") for return invoices.

    Raises NotAllowed, IllegalStep for what is out of range, RegistrationRefused."""
    require(by, Permission.RUN_SHOP)
    setting = setting_of(by.shop)
    changed = []
    for name, value in values.items():
        _refuse(name, value)
        if name in _CHOICES:
            _CHOICES[name](value)
        if name in (*_DAYS, *_NUMBERS, *_TEXTS, *_CHOICES) and getattr(setting, name) != value:
            setattr(setting, name, value)
            changed.append(name)
    if changed:
        setting.save()
        record(events.ReturnSettingChanged(what=", ".join(changed)), shop_id=by.shop_id, by=shops.actor(by), now=now)
    return setting


def _refuse(name: str, value: int | str) -> None:
    """Raise IllegalStep, or RegistrationRefused, for a value that cannot be set."""
    if name in _DAYS and not 1 <= int(value) <= _MOST_DAYS:
        raise IllegalStep(_("Days are a number from 1 to 90."))
    if name in _NUMBERS and not _NUMBERS[name][0] <= int(value) <= _NUMBERS[name][1]:
        raise IllegalStep(
            _("The number is from %(least)s to %(most)s.") % dict(zip(("least", "most"), _NUMBERS[name], strict=True))
        )
    if name == "product_page" and value and not _PAGE.fullmatch(str(value)):
        raise IllegalStep(
            _("Write the address of a product page with {sku} in it, as https://example.com/items/{sku}.")
        )
    if name == "registration_number" and value and registration_number(str(value)) != value:
        raise RegistrationRefused(_("A registration number is T and 13 digits, of which the first checks the others."))
