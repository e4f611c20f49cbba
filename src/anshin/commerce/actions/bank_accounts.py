"""Keeps the bank accounts to which customers want money to go, and purges them when they are not needed any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from anshin.commerce import events
from anshin.commerce.actions import refund_steps as steps
from anshin.commerce.actions.refund_refusals import AccountRefused, TooMuch
from anshin.commerce.actions.transfer_batches import forget_files
from anshin.commerce.models import BankAccount, Customer, Refund
from anshin.commerce.queries.refunds import refund_setting
from anshin.commerce.rules import refund_steps as rules
from anshin.commerce.terms import RefundState, RefundWay
from anshin.plumbing import secrets
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.forms import ReadAccount
    from anshin.shops.models import Membership, Shop

PURGER = Actor.system("upkeep")
_END = 4
_WAITING = frozenset({RefundState.ASKED, RefundState.READY, RefundState.FAILED})


@transaction.atomic
def give_account(
    *, by: Membership, customer_id: int, account: ReadAccount, now: datetime, refund_id: int | None = None
) -> BankAccount:
    """The account that staff entered for a customer, put to this refund if one is named.

    Raises NotAllowed, AccountRefused, UnknownRefund.
    """
    require(by, Permission.ANSWER)
    return _keep(by.shop, customer_id, account, refund_id, now=now, by=shops.actor(by))


@transaction.atomic
def take_account(
    *, shop: Shop, customer_id: int, account: ReadAccount, now: datetime, refund_id: int | None = None
) -> BankAccount:
    """The account that customers entered themselves; whoever calls has made sure that it is they.

    A transfer to them that failed goes out again to this account, with the next batch.
    Raises AccountRefused, UnknownRefund.
    """
    by = Actor.customer(customer_id, "")
    return _keep(shop, customer_id, account, refund_id, now=now, by=by)


@transaction.atomic
def purge_accounts(*, shop: Shop, now: datetime) -> int:
    """Forget numbers and holders of accounts whose money arrived so many days ago as the shop has set; how many.

    Of erased customers as soon as nothing is on its way to them, and whatever nobody needed in that time.
    """
    before = now - timedelta(days=refund_setting(shop.pk).purge_days)
    forget_files(shop=shop, before=before)
    recent = Refund.objects.filter(account=OuterRef("pk"), settled_at__gte=before)
    old = BankAccount.objects.filter(Q(created_at__lt=before) & ~Exists(recent) | Q(customer__erased_at__isnull=False))
    return _purge(old.filter(shop=shop), shop.pk, now=now)


def purge_accounts_of(*, shop: Shop, customer: Customer, now: datetime) -> int:
    """Forget the accounts of a customer who is erased, but for those to which money is on its way; how many."""
    return _purge(BankAccount.objects.filter(shop=shop, customer=customer), shop.pk, now=now)


def _purge(accounts: QuerySet[BankAccount], shop_id: int, *, now: datetime) -> int:
    needed = Refund.objects.filter(account=OuterRef("pk"), state__in=rules.OPEN)
    done = accounts.filter(~Exists(needed), purged_at=None)
    count = BankAccount.objects.filter(pk__in=list(done.values_list("pk", flat=True))).update(
        number_sealed="", number_end="", holder_kana="", purged_at=now
    )
    if count:
        record(events.AccountsPurged(count=count), shop_id=shop_id, by=PURGER, now=now)
    return count


def _keep(
    shop: Shop, customer_id: int, account: ReadAccount, refund_id: int | None, *, now: datetime, by: Actor
) -> BankAccount:
    if not Customer.objects.filter(shop=shop, pk=customer_id, erased_at=None).exists():
        raise AccountRefused(_("This customer is not in the shop any more."))
    kept = BankAccount.objects.create(
        shop=shop,
        customer_id=customer_id,
        bank_code=account.bank.code,
        bank_name=account.bank.name,
        bank_kana=account.bank.kana,
        branch_code=account.branch.code,
        branch_name=account.branch.name,
        branch_kana=account.branch.kana,
        kind=account.kind,
        number_sealed=secrets.seal(account.number),
        number_end=account.number[-_END:],
        holder_kana=account.holder,
        created_at=now,
    )
    given = events.AccountGiven(customer_id=customer_id, account_id=kept.pk, refund_id=refund_id)
    record(given, shop_id=shop.pk, by=by, now=now)
    if refund_id is not None:
        _put_to(refund_id, kept, now=now, by=by)
    return kept


def _put_to(refund_id: int, account: BankAccount, *, now: datetime, by: Actor) -> None:
    refund = steps.held_refund(account.shop_id, refund_id)
    if refund.customer_id != account.customer_id or refund.way != RefundWay.BANK or refund.state not in _WAITING:
        raise AccountRefused(_("This refund does not wait for a bank account."))
    refund.account = account
    if refund.state == RefundState.FAILED:
        try:
            steps.take_step(refund, RefundState.READY)
        except TooMuch as error:
            raise AccountRefused(_("This money went back in another way meanwhile.")) from error
        refund.failure = ""
        steps.expect(refund, now)
        retried = events.RefundRetried(refund_id=refund.pk, amount_yen=refund.amount_yen, way=refund.way)
        steps.tell(refund, retried, now=now, by=by)
    refund.save()
