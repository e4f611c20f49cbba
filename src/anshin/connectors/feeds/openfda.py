"""Enforcement reports on food, drugs and devices of the United States, as openFDA gives them.

Source: open.fda.gov, API reference “Food/Drug/Device recall enforcement reports”, searchable fields; days are written
YYYYMMDD, `status` is Ongoing, Completed, Terminated or Pending, lots stand in prose in `code_info`. An error is an
object `error` with code and message. `device/recall.json` is another list and not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from anshin.connectors.feeds.documents import LONGEST_NAME, entries, joined, values, words
from anshin.connectors.feeds.moments import told
from anshin.safety.ports import Caution, NotAFeed, Reading
from anshin.safety.terms import Affected

AGENCY: Final = "FDA"
ZONE: Final = "America/New_York"
_PAGE: Final = "https://www.accessdata.fda.gov/scripts/ires/index.cfm?Event={event}"
_UPC: Final = re.compile(r"(?:\bUPC\b|\bGTIN\b|\bbarcode\b)[^0-9]{0,20}((?:\d[ -]?){7,13}\d)(?!\d)", re.IGNORECASE)


def read(content: bytes, how: Reading) -> Iterator[Caution]:
    """Every report of the page. Raises NotAFeed."""
    found = values(content)
    if isinstance(found, Mapping) and isinstance(found.get("error"), Mapping):
        said = words(found["error"].get("message")) or words(found["error"].get("code"))
        raise NotAFeed(_("openFDA answers with an error: %(words)s") % {"words": said})
    for place, report in enumerate(entries(found.get("results") if isinstance(found, Mapping) else found), 1):
        yield _caution(report if isinstance(report, Mapping) else {}, place, how)


def _caution(report: Mapping[str, Any], place: int, how: Reading) -> Caution:
    number = words(report.get("recall_number"), most=60)
    written = words(report.get("report_date"), most=60) or words(report.get("recall_initiation_date"), most=60)
    moment = told(written, zone=ZONE, today=how.today, american=True)
    product, firm = words(report.get("product_description")), words(report.get("recalling_firm"), most=200)
    reason, event = words(report.get("reason_for_recall")), words(report.get("event_id"), most=20)
    codes = joined((words(report.get("code_info")), words(report.get("more_code_info"))))
    return Caution(
        source_id=number or f"#{place}",
        agency=AGENCY,
        title=joined((firm, product[:LONGEST_NAME]), between=": ") or number,
        url=_PAGE.format(event=event) if event.isdecimal() else "",
        published=written,
        published_at=moment.at,
        hazard=joined((reason, words(report.get("classification"), most=40), words(report.get("status"), most=40))),
        affected=joined((product, codes)),
        contact=firm,
        products=tuple(_products(product, codes)),
        language="en",
        trouble="" if number and product else _("The entry has no number, or nothing that names a product."),
    )


def _products(product: str, codes: str) -> Iterator[Affected]:
    """The prose is one product; each code that stands in it is named beside."""
    if product:
        yield Affected(name=product[:LONGEST_NAME])
    for found in dict.fromkeys(_UPC.findall(f"{product}\n{codes}")):
        yield Affected(gtin="".join(each for each in found if each.isdecimal()))
