"""Verbs of the returns room: ask, decide, receive, inspect, settle."""

from anshin.returns.actions.closing import ReturnClosingCheck
from anshin.returns.actions.deciding import ask_a_person, authorise, decide_fault, follow_fault, refuse, withdraw
from anshin.returns.actions.inspecting import Checked, inspect
from anshin.returns.actions.keeping import ReturnKeeper
from anshin.returns.actions.parcels import Inside, add_photos, announce_parcel, book_in, mark_lost, sort_parcel
from anshin.returns.actions.paying import follow_refund
from anshin.returns.actions.refusals import (
    CountsDiffer,
    IllegalStep,
    NegativeAmount,
    NothingToReturn,
    NotInspected,
    PhotosNeeded,
    ReasonNeeded,
    TooMany,
    UnknownReturn,
)
from anshin.returns.actions.requesting import Asked, Considered, KeptPhoto, consider, request
from anshin.returns.actions.settings import change_setting
from anshin.returns.actions.settling import Adjusted, confirm, forecast, give_points, no_money_due, recalculate

__all__ = [
    "Adjusted",
    "Asked",
    "Checked",
    "Considered",
    "CountsDiffer",
    "IllegalStep",
    "Inside",
    "KeptPhoto",
    "NegativeAmount",
    "NotInspected",
    "NothingToReturn",
    "PhotosNeeded",
    "ReasonNeeded",
    "ReturnClosingCheck",
    "ReturnKeeper",
    "TooMany",
    "UnknownReturn",
    "add_photos",
    "announce_parcel",
    "ask_a_person",
    "authorise",
    "book_in",
    "change_setting",
    "confirm",
    "consider",
    "decide_fault",
    "follow_fault",
    "follow_refund",
    "forecast",
    "give_points",
    "inspect",
    "mark_lost",
    "no_money_due",
    "recalculate",
    "refuse",
    "request",
    "sort_parcel",
    "withdraw",
]
