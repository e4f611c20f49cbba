"""What the owner sets about refunds: the second person, how long accounts are kept, the shop's own accounts."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.commerce import events
from anshin.commerce.models import PaymentAccount, RefundSetting
from anshin.commerce.queries.banks import bank_by_code, branch_by_code
from anshin.commerce.rules import bank_accounts
from anshin.commerce.terms import AccountKind, PaymentProvider
from anshin.language.zengin_letters import NotAHolderName, holder_name
from anshin.plumbing import secrets
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

LONGEST_PURGE_DAYS = 400
LONGEST_LEAD_DAYS = 10
HIGHEST_LIMIT_YEN = 100_000_000
_LONGEST_CLIENT_NAME = 40
_CLIENT_CODE_DIGITS = 10
_END = 4


class SettingRefused(Refused):
    """A value cannot be set; `field` names it, `str(error)` says what to write."""

    def __init__(self, field: str, words: str) -> None:
        self.field = field
        super().__init__(words)


@transaction.atomic
def set_refund_rules(*, by: Membership, second_person_above_yen: int, purge_days: int, now: datetime) -> RefundSetting:
    """Above what amount two people are needed, and how many days accounts are kept.

    Raises NotAllowed, SettingRefused.
    """
    require(by, Permission.RUN_SHOP)
    if not 0 <= second_person_above_yen <= HIGHEST_LIMIT_YEN:
        raise SettingRefused("second_person_above_yen", _("Write an amount of 0 yen or more."))
    if not 1 <= purge_days <= LONGEST_PURGE_DAYS:
        raise SettingRefused("purge_days", _("Write between 1 and %(most)s days.") % {"most": LONGEST_PURGE_DAYS})
    return _change(by, {"second_person_above_yen": second_person_above_yen, "purge_days": purge_days}, now)


@transaction.atomic
def set_debtor(
    *,
    by: Membership,
    client_code: str,
    client_name: str,
    bank_code: str,
    branch_code: str,
    kind: str,
    number: str,
    has_line_ends: bool,
    now: datetime,
) -> RefundSetting:
    """The account from which the shop transfers, as its bank knows it. An empty number keeps the one that is known.

    Raises NotAllowed, SettingRefused.
    """
    require(by, Permission.RUN_SHOP)
    code = client_code.strip()
    if not code.isascii() or not code.isdecimal() or len(code) > _CLIENT_CODE_DIGITS:
        raise SettingRefused("client_code", _("Write the client code (委託者コード) in up to 10 digits."))
    bank, branch = bank_by_code(bank_code.strip()), branch_by_code(bank_code.strip(), branch_code.strip())
    if bank is None:
        raise SettingRefused("bank_code", _("There is no bank with this number."))
    if branch is None:
        raise SettingRefused("branch_code", _("This bank has no branch with this number."))
    if kind not in AccountKind.values:
        raise SettingRefused("kind", _("Choose the kind of account."))
    try:
        name = holder_name(client_name, most=_LONGEST_CLIENT_NAME).letters
    except NotAHolderName as error:
        raise SettingRefused("client_name", _("Write the name in katakana, as your bank has it.")) from error
    wanted: dict[str, object] = {
        "client_code": code.zfill(_CLIENT_CODE_DIGITS),
        "client_name": name,
        "bank_code": bank.code,
        "bank_name": bank.name,
        "branch_code": branch.code,
        "branch_name": branch.name,
        "kind": kind,
        "has_line_ends": has_line_ends,
    }
    return _change(by, wanted | _number(by, number), now)


@transaction.atomic
def set_transfer_times(
    *, by: Membership, transfer_lead_days: int, transfer_cut_off: time, now: datetime
) -> RefundSetting:
    """Until when the bank takes a file of transfers, and how many bank days later money moves.

    Raises NotAllowed, SettingRefused.
    """
    require(by, Permission.RUN_SHOP)
    if not 1 <= transfer_lead_days <= LONGEST_LEAD_DAYS:
        raise SettingRefused(
            "transfer_lead_days", _("Write between 1 and %(most)s bank days.") % {"most": LONGEST_LEAD_DAYS}
        )
    return _change(by, {"transfer_lead_days": transfer_lead_days, "transfer_cut_off": transfer_cut_off}, now)


@transaction.atomic
def set_payment_account(*, by: Membership, provider: str, key: str, now: datetime) -> PaymentAccount:
    """With whom the shop takes payments, and the secret key, kept encrypted. Raises NotAllowed, SettingRefused."""
    require(by, Permission.RUN_SHOP)
    plain = key.strip()
    if provider not in PaymentProvider.values:
        raise SettingRefused("provider", _("Choose the payment provider."))
    if not plain.isascii() or not plain.isprintable() or " " in plain or len(plain) < _END * 2:
        raise SettingRefused("key", _("Copy the whole secret key from the provider’s page."))
    if provider == PaymentProvider.STRIPE and not plain.startswith(("sk_", "rk_")):
        raise SettingRefused("key", _("Stripe’s secret keys begin with sk_ or rk_."))
    account, _is_new = PaymentAccount.objects.update_or_create(
        shop_id=by.shop_id,
        defaults={
            "provider": provider,
            "key_sealed": secrets.seal(plain),
            "key_end": plain[-_END:],
            "changed_at": now,
        },
    )
    _tell(by, "provider,key", now)
    return account


@transaction.atomic
def set_notice_secret(*, by: Membership, secret: str, now: datetime) -> PaymentAccount:
    """With what the provider signs its notices, kept encrypted; empty: none are read any more.

    Raises NotAllowed, SettingRefused.
    """
    require(by, Permission.RUN_SHOP)
    account = PaymentAccount.objects.select_for_update().filter(shop_id=by.shop_id).first()
    if account is None:
        raise SettingRefused("secret", _("Enter the provider’s secret key first."))
    plain = secret.strip()
    if plain and not (plain.startswith("whsec_") and plain.isascii() and plain.isprintable() and " " not in plain):
        raise SettingRefused("secret", _("Stripe’s signing secrets begin with whsec_. Copy the whole of it."))
    account.notice_secret_sealed = secrets.seal(plain) if plain else ""
    account.changed_at = now
    account.save(update_fields=["notice_secret_sealed", "changed_at"])
    _tell(by, "notice_secret", now)
    return account


@transaction.atomic
def remove_payment_account(*, by: Membership, now: datetime) -> None:
    """Forget the key; card refunds are then paid by hand. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    if PaymentAccount.objects.filter(shop_id=by.shop_id).delete()[0]:
        _tell(by, "provider", now)


def _number(by: Membership, typed: str) -> dict[str, object]:
    if not typed.strip():
        known = RefundSetting.objects.filter(shop_id=by.shop_id).exclude(number_sealed="")
        if known.exists():
            return {}
    number = bank_accounts.account_number(typed)
    if number is None:
        raise SettingRefused("number", _("Write the account number in digits, at most 7."))
    return {"number_sealed": secrets.seal(number), "number_end": number[-_END:]}


def _change(by: Membership, wanted: dict[str, object], now: datetime) -> RefundSetting:
    RefundSetting.objects.get_or_create(shop_id=by.shop_id)
    setting = RefundSetting.objects.select_for_update().get(shop_id=by.shop_id)
    changed = [column for column, value in wanted.items() if getattr(setting, column) != value]
    for column in changed:
        setattr(setting, column, wanted[column])
    if changed:
        setting.save(update_fields=changed)
        _tell(by, ",".join(changed), now)
    return setting


def _tell(by: Membership, what: str, now: datetime) -> None:
    record(events.RefundSettingChanged(what=what), shop_id=by.shop_id, by=shops.actor(by), now=now)
