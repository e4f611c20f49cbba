"""Reading of the safety room. What is sealed is found only by those who are named on it."""

from anshin.safety.queries.advisories import (
    Approval,
    advisories,
    advisory_by_key,
    facts_of,
    find_public,
    insiders_of,
    is_insider,
    live_content,
    looks_of,
    next_release_at,
    preparations_of,
    sealed_facts_of,
    sealed_page,
    standing_in_the_way,
    to_release,
    working_content,
)
from anshin.safety.queries.public import PublicNotice, product_code, public_notices

__all__ = [
    "Approval",
    "PublicNotice",
    "advisories",
    "advisory_by_key",
    "facts_of",
    "find_public",
    "insiders_of",
    "is_insider",
    "live_content",
    "looks_of",
    "next_release_at",
    "preparations_of",
    "product_code",
    "public_notices",
    "sealed_facts_of",
    "sealed_page",
    "standing_in_the_way",
    "to_release",
    "working_content",
]
