"""The form in which customers, or staff for them, say to which bank account money goes; words in five languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Template
from types import MappingProxyType

from anshin.commerce.queries.banks import Bank, bank_by_code, branch_by_code
from anshin.commerce.rules import bank_accounts
from anshin.commerce.rules.bank_accounts import YUCHO
from anshin.commerce.terms import AccountKind
from anshin.language.zengin_letters import NotAHolderName, holder_name

LANGUAGES = ("ja", "en", "zh-Hans", "zh-Hant", "ko")
FIELDS = ("bank", "branch", "kind", "number", "holder")
_PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True, slots=True)
class TypedAccount:
    """What was typed: numbers of bank and branch as the search gave them, the rest as a person writes it."""

    bank: str
    branch: str
    kind: str
    number: str = field(repr=False)
    holder: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadAccount:
    """An account as banks write it: `number` of seven digits, `holder` in their letters, at most 30 of them.

    `changes` are codes of what was changed in the name; `change_words` says them.
    """

    bank: Bank
    branch: Bank
    kind: AccountKind
    number: str = field(repr=False)
    holder: str = field(repr=False)
    changes: tuple[str, ...] = ()


class AccountErrors(ValueError):
    """The form cannot be taken. `errors` says why for each field of FIELDS, in the language asked for."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


def read_account(typed: TypedAccount, *, language: str) -> ReadAccount:
    """The account that was typed. A number of ゆうちょ in its own form (10140-12345671) tells branch and kind itself.

    Raises AccountErrors with a sentence in `language` for each field that is wrong.
    """
    wrong: dict[str, str] = {}
    words = account_words(language)
    bank = bank_by_code(typed.bank.strip())
    if bank is None:
        wrong["bank"] = words["error_bank"]
    branch_code, kind, number = _place(typed, wrong, words)
    branch = branch_by_code(bank.code, branch_code) if bank else None
    if bank and branch is None and "number" not in wrong:
        wrong["branch"] = words["error_branch"]
    if kind is None:
        wrong["kind"] = words["error_kind"]
    try:
        holder = holder_name(typed.holder)
    except NotAHolderName as refusal:
        wrong["holder"] = Template(words[f"error_holder_{refusal.reason}"]).safe_substitute(letters=refusal.letters)
    if wrong or bank is None or branch is None or kind is None:
        raise AccountErrors(wrong)
    return ReadAccount(bank, branch, kind, number, holder.letters, holder.changes)


def change_words(changes: tuple[str, ...], *, language: str) -> list[str]:
    """A sentence for each change of the name."""
    words = account_words(language)
    return [words[f"change_{code}"] for code in changes]


@cache
def account_words(language: str) -> Mapping[str, str]:
    """Labels, hints and sentences of the form: pages/<language>.toml. Japanese for a language without one."""
    known = language if language in LANGUAGES else "ja"
    return MappingProxyType(tomllib.loads((_PAGES / f"{known}.toml").read_text(encoding="utf-8")))


def _place(typed: TypedAccount, wrong: dict[str, str], words: Mapping[str, str]) -> tuple[str, AccountKind | None, str]:
    """Branch, kind and number; what is wrong with the number goes into `wrong`."""
    kind = AccountKind(typed.kind) if typed.kind in AccountKind.values else None
    number = bank_accounts.account_number(typed.number)
    if typed.bank.strip() != YUCHO or number is not None:
        if number is None:
            wrong["number"] = words["error_number"]
        return typed.branch.strip(), kind, number or ""
    own = bank_accounts.yucho_account(typed.number)
    if own is None:
        wrong["number"] = words["error_symbol"]
        return typed.branch.strip(), kind or AccountKind.ORDINARY, ""
    return own.branch_code, own.kind, own.number
