"""Decides which transfers of a batch a bank's answer speaks of, and what may be taken over from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from anshin.commerce.ports import BankReply, ReplyLine
from anshin.commerce.terms import LineState, ReplyFlaw


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A transfer of the batch. `number` is the whole account number, "" when the account is forgotten."""

    position: int
    amount_yen: int
    state: LineState
    bank_code: str = ""
    branch_code: str = ""
    number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one line of the answer means. With a `flaw` nothing is taken over from it."""

    row: int
    position: int | None
    outcome: LineState | None
    words: str
    flaw: ReplyFlaw | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether it speaks of a transfer that the batch does not have."""
        return self.flaw in {ReplyFlaw.UNKNOWN, ReplyFlaw.AMOUNT, ReplyFlaw.ACCOUNT}


def findings(batch: Sequence[BatchLine], reply: BankReply) -> list[Finding]:
    """One finding for each line of the answer, in its order."""
    found: list[Finding] = []
    taken: set[int] = set()
    for line in reply.lines:
        finding = _finding(batch, line)
        if finding.flaw is None and finding.position is not None:
            if finding.position in taken:
                finding = _flawed(line, finding.position, ReplyFlaw.TWICE)
            taken.add(finding.position or 0)
        found.append(finding)
    return found


def is_of_another_batch(found: Sequence[Finding], *, is_table: bool) -> bool:
    """Whether nothing shall be taken over: records all belong to one file; a table may hold others beside ours."""
    foreign = [finding.is_foreign for finding in found]
    return all(foreign) if is_table else any(foreign)


def _finding(batch: Sequence[BatchLine], line: ReplyLine) -> Finding:
    meant = _meant(batch, line)
    if meant is None:
        return _flawed(line, None, ReplyFlaw.UNKNOWN)
    flaw = _flaw(meant, line)
    return Finding(line.row, meant.position, line.outcome, line.words, flaw)


def _flaw(meant: BatchLine, line: ReplyLine) -> ReplyFlaw | None:
    """Why nothing is taken over from the line; the first that holds."""
    checks = (
        (line.amount_yen != meant.amount_yen, ReplyFlaw.AMOUNT),
        (not _is_account(meant, line), ReplyFlaw.ACCOUNT),
        (line.outcome is None, ReplyFlaw.UNCLEAR),
        (line.outcome == meant.state, ReplyFlaw.KNOWN),
        (meant.state == LineState.FAILED, ReplyFlaw.CONTRADICTS),
    )
    return next((flaw for holds, flaw in checks if holds), None)


def _meant(batch: Sequence[BatchLine], line: ReplyLine) -> BatchLine | None:
    """By the number of the line, which we gave; else by account and amount, where only one fits."""
    if line.line is not None:
        return next((each for each in batch if each.position == line.line), None)
    fitting = [each for each in batch if line.number and each.number == line.number and _is_account(each, line)]
    exact = [each for each in fitting if each.amount_yen == line.amount_yen]
    return exact[0] if len(exact) == 1 else None


def _is_account(meant: BatchLine, line: ReplyLine) -> bool:
    """Whether the account is the one of the batch, as far as both sides say it."""
    pairs = (
        (meant.bank_code, line.bank_code),
        (meant.branch_code, line.branch_code),
        (meant.number, line.number),
    )
    return all(not ours or not theirs or ours == theirs for ours, theirs in pairs)


def _flawed(line: ReplyLine, position: int | None, flaw: ReplyFlaw) -> Finding:
    return Finding(line.row, position, line.outcome, line.words, flaw)
