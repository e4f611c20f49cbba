"""The verbs of the promoters room."""

from anshin.promoters.actions.checking import check_promoter
from anshin.promoters.actions.keeping import add_account, add_promoter, change_promoter, drop_account, remove_promoter
from anshin.promoters.actions.refusals import NotVerified, PromoterRefused, UnknownPromoter
from anshin.promoters.actions.sampling import note_post, record_sample

__all__ = [
    "NotVerified",
    "PromoterRefused",
    "UnknownPromoter",
    "add_account",
    "add_promoter",
    "change_promoter",
    "check_promoter",
    "drop_account",
    "note_post",
    "record_sample",
    "remove_promoter",
]
