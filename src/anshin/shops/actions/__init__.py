"""Verbs of the shops room: open a shop, invite staff, change roles, set what the owner sets."""

from anshin.shops.actions.opening import SYSTEM, open_shop
from anshin.shops.actions.refusals import (
    AlreadyHere,
    BadHours,
    BadOrderFormat,
    HolidayKnown,
    LastOwner,
    NotAllowed,
    Refused,
    SlugTaken,
    require,
)
from anshin.shops.actions.settings import (
    add_holiday,
    change_shop,
    remove_holiday,
    set_opening_hours,
    usable_formats,
)
from anshin.shops.actions.signing_in import tell_of_change
from anshin.shops.actions.staffing import (
    change_account,
    end_membership,
    grant_role,
    invite_by_mail,
    invite_staff,
    send_invitation,
    send_new_password_link,
    send_sign_in_code,
    set_approval,
)
from anshin.shops.actions.telling import tell, tell_owners

__all__ = [
    "SYSTEM",
    "AlreadyHere",
    "BadHours",
    "BadOrderFormat",
    "HolidayKnown",
    "LastOwner",
    "NotAllowed",
    "Refused",
    "SlugTaken",
    "add_holiday",
    "change_account",
    "change_shop",
    "end_membership",
    "grant_role",
    "invite_by_mail",
    "invite_staff",
    "open_shop",
    "remove_holiday",
    "require",
    "send_invitation",
    "send_new_password_link",
    "send_sign_in_code",
    "set_approval",
    "set_opening_hours",
    "tell",
    "tell_of_change",
    "tell_owners",
    "usable_formats",
]
