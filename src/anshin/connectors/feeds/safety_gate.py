"""Alerts of the European Union's Safety Gate, as Opendatasoft's copy of it exports them (`healthref-europe-rapex-en`).

Three shapes of the same fields are read: the export (a list), a page of records (`results`), and the older interface
(`records` with `fields`). Several codes in one field are parted by commas, semicolons or blanks.
Source: names of fields as in the notes of November 2026; days are ISO 8601.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from anshin.connectors.feeds.documents import LONGEST_NAME, entries, joined, values, web_address, words
from anshin.connectors.feeds.moments import told
from anshin.safety.ports import Caution, Reading
from anshin.safety.terms import Affected

AGENCY: Final = "EU Safety Gate"
ZONE: Final = "Europe/Brussels"
_CODE: Final = re.compile(r"(?<!\d)\d{8}(?:\d{4,6})?(?!\d)")
_PARTS: Final = re.compile(r"[;,\n]+")
_NOTHING: Final = frozenset({"", "unknown", "n/a", "none", "-", "not known", "unspecified"})


def read(content: bytes, how: Reading) -> Iterator[Caution]:
    """Every alert. Raises NotAFeed."""
    found = values(content)
    if isinstance(found, Mapping):
        found = found.get("results", found.get("records"))
    for place, alert in enumerate(entries(found), 1):
        told_fields = alert.get("fields", alert) if isinstance(alert, Mapping) else {}
        yield _caution(told_fields if isinstance(told_fields, Mapping) else {}, place, how)


def _caution(alert: Mapping[str, Any], place: int, how: Reading) -> Caution:
    number, written = _said(alert, "alert_number", most=60), _said(alert, "alert_date", most=60)
    moment = told(written, zone=ZONE, today=how.today)
    name = joined((_said(alert, "product_brand", most=120), _said(alert, "product_name")), between=" ")
    batch = _said(alert, "product_batch_number", most=1000)
    return Caution(
        source_id=number or f"#{place}",
        agency=AGENCY,
        title=joined((name, _said(alert, "alert_type", most=120)), between=": ")[:500] or number,
        url=web_address(alert.get("rapex_url")) or web_address(alert.get("product_recall_url")),
        published=written,
        published_at=moment.at,
        hazard=joined((_said(alert, "technical_defect"), _said(alert, "alert_level", most=80))),
        affected=joined((_said(alert, "product_description"), batch)),
        what_to_do=_said(alert, "measures_country"),
        products=tuple(_products(alert, name)),
        language="en",
        trouble="" if number and name else _("The entry has no number, or nothing that names a product."),
    )


def _products(alert: Mapping[str, Any], name: str) -> Iterator[Affected]:
    codes = list(dict.fromkeys(_CODE.findall(_said(alert, "product_barcode", most=2000))))
    models = [
        each.strip()[:120]
        for each in _PARTS.split(_said(alert, "product_model_type", most=2000))
        if each.strip().lower() not in _NOTHING
    ]
    for model in models[:50] or ([""] if name else []):
        yield Affected(name=name[:LONGEST_NAME], model_number=model)
    for code in codes[:50]:
        yield Affected(gtin=code)


def _said(alert: Mapping[str, Any], name: str, *, most: int = 4000) -> str:
    value = alert.get(name, alert.get(name.removeprefix("product_")))
    text = words(" ".join(map(str, value)) if isinstance(value, list) else value, most=most)
    return "" if text.lower() in _NOTHING else text
