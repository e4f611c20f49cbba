"""Verbs of the returns room: ask, decide, receive, inspect, settle."""

from anshin.returns.actions.bulk import FEW, MOST_AT_ONCE, Picked, begin_bulk, forget_bulk, run_bulk
from anshin.returns.actions.calculating import Adjusted
from anshin.returns.actions.closing import ReturnClosingCheck
from anshin.returns.actions.deciding import ask_a_person, authorise, decide_fault, follow_fault, refuse, withdraw
from anshin.returns.actions.disputes import follow_dispute, remind_of_disputes
from anshin.returns.actions.exchanging import (
    follow_exchange,
    mark_out_of_stock,
    refund_instead,
    send_another,
    send_exchange,
)
from anshin.returns.actions.granting import Ground, Piece, grant
from anshin.returns.actions.improving import finish_improvement, watch_products
from anshin.returns.actions.inspecting import Checked, inspect
from anshin.returns.actions.invoicing import issue_return_invoice, void_return_invoice
from anshin.returns.actions.keeping import ReturnKeeper
from anshin.returns.actions.knowing import ReturnSource
from anshin.returns.actions.numbering import number_return
from anshin.returns.actions.objecting import ReturnObjector
from anshin.returns.actions.parcels import Inside, add_photos, announce_parcel, book_in, mark_lost, sort_parcel
from anshin.returns.actions.paying import follow_batch, follow_refund
from anshin.returns.actions.places import direct_to, retire_place, save_place
from anshin.returns.actions.refusals import (
    ChangeNeeded,
    CountsDiffer,
    IllegalStep,
    NegativeAmount,
    NoLabelNow,
    NotAsked,
    NothingChosen,
    NothingToReturn,
    NotInspected,
    PhotosNeeded,
    PlaceRefused,
    ReasonNeeded,
    RegistrationRefused,
    ReplacementLeft,
    ReplacementOwed,
    TooMany,
    TooManyAtOnce,
    UnknownReturn,
    UnknownTask,
    VariantNeeded,
)
from anshin.returns.actions.reminding import remind_of_parcels
from anshin.returns.actions.requesting import Asked, Considered, KeptPhoto, consider, request
from anshin.returns.actions.settings import change_setting
from anshin.returns.actions.settling import confirm, forecast, give_points, no_money_due, recalculate

__all__ = [
    "FEW",
    "MOST_AT_ONCE",
    "Adjusted",
    "Asked",
    "ChangeNeeded",
    "Checked",
    "Considered",
    "CountsDiffer",
    "Ground",
    "IllegalStep",
    "Inside",
    "KeptPhoto",
    "NegativeAmount",
    "NoLabelNow",
    "NotAsked",
    "NotInspected",
    "NothingChosen",
    "NothingToReturn",
    "PhotosNeeded",
    "Picked",
    "Piece",
    "PlaceRefused",
    "ReasonNeeded",
    "RegistrationRefused",
    "ReplacementLeft",
    "ReplacementOwed",
    "ReturnClosingCheck",
    "ReturnKeeper",
    "ReturnObjector",
    "ReturnSource",
    "TooMany",
    "TooManyAtOnce",
    "UnknownReturn",
    "UnknownTask",
    "VariantNeeded",
    "add_photos",
    "announce_parcel",
    "ask_a_person",
    "authorise",
    "begin_bulk",
    "book_in",
    "change_setting",
    "confirm",
    "consider",
    "decide_fault",
    "direct_to",
    "finish_improvement",
    "follow_batch",
    "follow_dispute",
    "follow_exchange",
    "follow_fault",
    "follow_refund",
    "forecast",
    "forget_bulk",
    "give_points",
    "grant",
    "inspect",
    "issue_return_invoice",
    "mark_lost",
    "mark_out_of_stock",
    "no_money_due",
    "number_return",
    "recalculate",
    "refund_instead",
    "refuse",
    "remind_of_disputes",
    "remind_of_parcels",
    "request",
    "retire_place",
    "run_bulk",
    "save_place",
    "send_another",
    "send_exchange",
    "sort_parcel",
    "void_return_invoice",
    "watch_products",
    "withdraw",
]
