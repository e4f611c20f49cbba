"""What the pages of transfers say: states as tags, stages, people, sums."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from anshin.commerce.terms import BatchState, LineState, ReplyFlaw, ReplyState
from anshin.plumbing.pages.templatetags.pages import yen
from anshin.staff import return_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anshin.commerce.models import BankAccount, TransferBatch

MOST_SHOWN = 1_000
"""As many as a batch can take."""
USUAL_REASONS = ("口座なし", "名義相違", "口座解約", "組戻")
"""As banks write them; what is typed may be anything."""

_BATCHES = {
    BatchState.DRAFT: ("warn", "hourglass"),
    BatchState.APPROVED: ("info", "user-round-check"),
    BatchState.HANDED: ("info", "file-text"),
    BatchState.CLOSED: ("good", "check"),
    BatchState.DISSOLVED: ("", "x"),
}
_LINES = {
    LineState.WAITING: ("", "hourglass"),
    LineState.DONE: ("good", "check"),
    LineState.FAILED: ("bad", "circle-alert"),
}
_REPLIES = {
    ReplyState.COLUMNS: ("warn", "list-checks"),
    ReplyState.READ: ("info", "hourglass"),
    ReplyState.DONE: ("good", "check"),
    ReplyState.REFUSED: ("bad", "circle-x"),
}
_ORDER = (BatchState.DRAFT, BatchState.APPROVED, BatchState.HANDED, BatchState.CLOSED)


def batch_tag(state: str) -> dict[str, str]:
    """State of a batch for {% tag %}."""
    kind, icon = _BATCHES[BatchState(state)]
    return {"kind": kind, "icon": icon, "label": str(BatchState(state).label)}


def line_tag(state: str) -> dict[str, str]:
    """State of a line for {% tag %}."""
    kind, icon = _LINES[LineState(state)]
    return {"kind": kind, "icon": icon, "label": str(LineState(state).label)}


def reply_tag(state: str) -> dict[str, str]:
    """State of a bank's answer for {% tag %}."""
    kind, icon = _REPLIES[ReplyState(state)]
    return {"kind": kind, "icon": icon, "label": str(ReplyState(state).label)}


def flaw(code: str) -> str:
    """Why a line of an answer is not taken over; "" when it is."""
    return str(ReplyFlaw(code).label) if code else ""


def account(kept: BankAccount | None) -> str:
    """Bank, branch and the end of the number; never more."""
    if kept is None or kept.purged_at:
        return ""
    return f"{kept.bank_name} {kept.branch_name} {kept.masked}"


def stages(batch: TransferBatch) -> list[dict[str, str]]:
    """The four steps of a batch, for components/stages.html; none of one that was dissolved."""
    if batch.state == BatchState.DISSOLVED:
        return []
    at = _ORDER.index(BatchState(batch.state))
    labels = (_("Made"), _("Approved by a second person"), _("File at the bank"), _("Results marked"))
    now = len(labels) if batch.state == BatchState.CLOSED else at + 1
    return [
        {"label": label, "state": "done" if place < now else "now" if place == now else "todo"}
        for place, label in enumerate(labels)
    ]


def people(batch: TransferBatch, now: datetime) -> list[dict[str, str]]:
    """Who did what when, for {% kv %}."""
    rows = [(_("Made by"), batch.made_by, batch.made_at), (_("Approved by"), batch.approved_by, batch.approved_at)]
    found = [
        {"name": name, "value": f"{member.person} · {return_words.when_of(at, now)}"}
        for name, member, at in rows
        if member and at
    ]
    for name, at in ((_("File first taken"), batch.handed_at), (_("All lines marked on"), batch.closed_at)):
        if at:
            found.append({"name": name, "value": return_words.when_of(at, now)})
    return found


def sums(outcome: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """How many lines and how many yen came to what."""
    return [
        {**line_tag(state), "count": outcome[state][0], "yen": yen(outcome[state][1])}
        for state in (LineState.DONE, LineState.FAILED, LineState.WAITING)
        if state in outcome
    ]
