"""What a form must hold so that its view looks at the thing it is about: views that read their own words first.

`NUMBER` stands for the number of a row; whoever tries a form puts in that of their own shop, or of another one.
"""

from __future__ import annotations

from collections.abc import Mapping

NUMBER = "{number}"
_CASE, _TROUBLE = "s/<slug:shop>/c/<int:number>", "s/<slug:shop>/troubles/<int:number>"
_RETURN, _TRANSFER = "s/<slug:shop>/returns/<int:number>", "s/<slug:shop>/transfers/<int:number>"
_SAFETY = "s/<slug:shop>/safety/<slug:key>"
BODIES: Mapping[str, Mapping[str, str]] = {
    "pages/theme": {"theme": "dark"},
    "pages/language": {"language": "en"},
    f"{_CASE}/assign": {"to": NUMBER},
    f"{_CASE}/close": {"resolution": "answered"},
    f"{_CASE}/orders": {"order": NUMBER},
    f"{_CASE}/merge": {"into": NUMBER, "number": NUMBER},
    f"{_TROUBLE}/describe": {"arrived_as": "as_ordered", "box": "sound"},
    f"{_TROUBLE}/fault": {"fault": "shop", "reason": "so"},
    f"{_TROUBLE}/evidence": {"kind": "arrived", "attachment": NUMBER},
    f"{_TROUBLE}/pick-up": {"do": "collected"},
    f"{_TROUBLE}/parcels/<int:pk>": {"do": "delivered"},
    f"{_RETURN}/decide": {"do": "refuse", "why": "so"},
    f"{_RETURN}/exchange": {"do": "send"},
    f"{_RETURN}/fault": {"fault": "shop"},
    f"{_RETURN}/confirm": {"way": "bank", "account": NUMBER, "seen": "1"},
    f"{_RETURN}/refunds/<int:pk>": {"do": "approve"},
    f"{_TRANSFER}/mark": {"do": "done", "line": NUMBER},
    f"{_TRANSFER}/replies": {"scope": "all"},
    f"{_TRANSFER}/replies/<int:pk>/columns": {"scope": "all"},
    "s/<slug:shop>/promises/<int:pk>/settle": {"state": "dropped"},
    "s/<slug:shop>/settings/staff/<int:pk>/role": {"role": "agent"},
    "s/<slug:shop>/safety/items/<int:pk>/aside": {"reason": "unsold"},
    "s/<slug:shop>/safety/feeds/<int:pk>/switch": {"do": "off"},
    f"{_SAFETY}/match": {"meant": NUMBER},
    f"{_SAFETY}/wide": {"products": "1"},
    f"{_SAFETY}/approve": {"version": "1"},
    f"{_SAFETY}/people": {"name": NUMBER},
    f"{_SAFETY}/reported": {"to": "caa", "report": "so"},
    f"{_SAFETY}/remind": {"every": "1", "most": "1"},
}
# Addresses at which even the owner's planted row answers like none, each with what it would need.
UNREACHED: Mapping[str, str] = {
    "s/<slug:shop>/imports/<int:pk>/refused": "an order file, which the planted picture is not",
    "s/<slug:shop>/imports/packing/<int:pk>/refused": "a packing file, which the planted picture is not",
    f"{_SAFETY}/letters/<int:bundle>.pdf": "an edition that was public",
}


def body(pattern: str, number: int) -> dict[str, str]:
    """The form for an address, about the row with this number."""
    return {name: value.format(number=number) for name, value in BODIES.get(pattern, {}).items()}
