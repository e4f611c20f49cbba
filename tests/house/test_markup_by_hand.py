"""Where markup is put together by hand; whatever people wrote is escaped there, and each such module has its tests."""

import re
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src" / "anshin"
BY_HAND = {
    "plumbing/pages/gallery.py",
    "plumbing/pages/markup.py",
    "plumbing/pages/templatetags/pages.py",
    "portal/returns.py",
    "staff/fact_words.py",
    "staff/facts.py",
    "staff/handover.py",
    "staff/leaving.py",
    "staff/macro_preview.py",
    "staff/return_rows.py",
    "staff/return_words.py",
    "staff/rows.py",
    "staff/rule_fact_words.py",
    "staff/search.py",
    "staff/service_figures_chart.py",
    "staff/templatetags/desk.py",
    "staff/yearly_chart.py",
}


def test_markup_by_hand_is_made_in_these_modules_only():
    found = {
        path.relative_to(SRC).as_posix()
        for path in SRC.rglob("*.py")
        if re.search(r"\b(mark_safe|SafeString)\b", path.read_text(encoding="utf-8"))
    }
    assert found == BY_HAND
