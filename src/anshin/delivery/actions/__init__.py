"""The verbs of the delivery room, one file per noun. Every verb is one transaction with its journal entry inside."""

from anshin.delivery.actions.bundling import bundle
from anshin.delivery.actions.consenting import record_consent, take_snapshot
from anshin.delivery.actions.evidence import add_attachment, add_upload, record_packing
from anshin.delivery.actions.exchanging import (
    Wanted,
    arrange_exchange,
    decide_exchange,
    drop_exchange,
    end_exchange,
    hold_exchange,
    replace_exchange,
)
from anshin.delivery.actions.finding import describe, find_fault
from anshin.delivery.actions.numbering import number_pick_up, number_reshipment
from anshin.delivery.actions.picking_up import book_pick_up, mark_collected, mark_missed, waive_pick_up, want_pick_up
from anshin.delivery.actions.refusals import (
    BadCost,
    BadDay,
    CannotSettle,
    InsertsMissing,
    MissingWords,
    NoConsent,
    NoFaultYet,
    NotAskedToPay,
    NotNow,
    Refused,
    UnknownTrouble,
    WrongMessage,
    WrongOrder,
)
from anshin.delivery.actions.reporting import report
from anshin.delivery.actions.resending import (
    cancel_reshipment,
    mark_delivered,
    mark_packed,
    plan_reshipment,
    ship,
    tick_inserts,
)
from anshin.delivery.actions.settling import give_goodwill, reopen, settle
from anshin.delivery.actions.writing import (
    apology_for_fault,
    apology_words,
    packing_slip_pdf,
    showing_words,
    snapshot_pdf,
    snapshot_picture,
)

__all__ = [
    "BadCost",
    "BadDay",
    "CannotSettle",
    "InsertsMissing",
    "MissingWords",
    "NoConsent",
    "NoFaultYet",
    "NotAskedToPay",
    "NotNow",
    "Refused",
    "UnknownTrouble",
    "Wanted",
    "WrongMessage",
    "WrongOrder",
    "add_attachment",
    "add_upload",
    "apology_for_fault",
    "apology_words",
    "arrange_exchange",
    "book_pick_up",
    "bundle",
    "cancel_reshipment",
    "decide_exchange",
    "describe",
    "drop_exchange",
    "end_exchange",
    "find_fault",
    "give_goodwill",
    "hold_exchange",
    "mark_collected",
    "mark_delivered",
    "mark_missed",
    "mark_packed",
    "number_pick_up",
    "number_reshipment",
    "packing_slip_pdf",
    "plan_reshipment",
    "record_consent",
    "record_packing",
    "reopen",
    "replace_exchange",
    "report",
    "settle",
    "ship",
    "showing_words",
    "snapshot_pdf",
    "snapshot_picture",
    "take_snapshot",
    "tick_inserts",
    "waive_pick_up",
    "want_pick_up",
]
