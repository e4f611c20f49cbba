"""Recalls of the United States' Consumer Product Safety Commission, as its recall retrieval service gives them.

Source: CPSC, Recall Retrieval Web Services Programmers Guide (saferproducts.gov/RestWebServices/Recall?format=json);
fields as in `domain` notes of November 2026: Model and HazardType are always empty, few records have a UPC, an error
comes as status 200 with RecallID 0, and names may be sentences. Times are of the agency's own clock, without a zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from anshin.connectors.feeds.documents import LONGEST_NAME, all_words, entries, joined, values, web_address, words
from anshin.connectors.feeds.moments import told
from anshin.safety.ports import Caution, NotAFeed, Reading
from anshin.safety.terms import Affected

AGENCY: Final = "CPSC"
ZONE: Final = "America/New_York"


def read(content: bytes, how: Reading) -> Iterator[Caution]:
    """Every recall. Raises NotAFeed."""
    found = entries(values(content))
    if len(found) == 1 and isinstance(found[0], Mapping) and str(found[0].get("RecallID")) == "0":
        said = words(found[0].get("Title")) or words(found[0].get("Description"))
        raise NotAFeed(_("CPSC answers with an error: %(words)s") % {"words": said or "RecallID 0"})
    for place, recall in enumerate(found, 1):
        yield _caution(recall if isinstance(recall, Mapping) else {}, place, how)


def _caution(recall: Mapping[str, Any], place: int, how: Reading) -> Caution:
    number = words(recall.get("RecallNumber"), most=40) or words(recall.get("RecallID"), most=40)
    written = words(recall.get("RecallDate"), most=60)
    moment = told(written, zone=ZONE, today=how.today, american=True)
    title = words(recall.get("Title"), most=500)
    products = tuple(_products(recall))
    return Caution(
        source_id=number or f"#{place}",
        agency=AGENCY,
        title=title or joined((each.name for each in products), between=", ") or number,
        url=web_address(recall.get("URL")),
        published=written,
        published_at=moment.at,
        hazard=joined((all_words(recall.get("Hazards"), "Name"), all_words(recall.get("Injuries"), "Name"))),
        affected=words(recall.get("Description")),
        remedy=joined((all_words(recall.get("Remedies"), "Name"), all_words(recall.get("RemedyOptions"), "Option"))),
        contact=words(recall.get("ConsumerContact"), most=1000),
        products=products,
        language="en",
        trouble=""
        if number and (title or products)
        else _("The entry has no number, or nothing that names a product."),
    )


def _products(recall: Mapping[str, Any]) -> Iterator[Affected]:
    listed = recall.get("Products")
    codes = [_code(each) for each in _listed(recall.get("ProductUPCs"))]
    named = [each for each in _listed(listed) if isinstance(each, Mapping)]
    for each in named:
        name, model = words(each.get("Name"), most=LONGEST_NAME), words(each.get("Model"), most=120)
        if name or model:
            yield Affected(name=name, model_number=model)
    for code in filter(None, codes):
        yield Affected(gtin=code)


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _code(told_code: Any) -> str:
    value = told_code.get("UPC") if isinstance(told_code, Mapping) else told_code
    digits = "".join(each for each in words(value, most=40) if each in "0123456789")
    return digits if 8 <= len(digits) <= 14 else ""
