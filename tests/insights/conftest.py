"""A ledger with the figures that JADMA gave for the fiscal years 2017 and 2018, in the encoding Excel writes."""

from __future__ import annotations

HEADINGS = "受付番号,受付日,会員区分,大分類,小分類,件数"
# 2017: 189 + 265 = 454, 2018: 250 + 211 = 461. The counts of single categories but 過剰要求 (48 to 81) are made up.
YEARS = {
    "2017-04-01": (
        ("顧客対応", "過剰要求", 48),
        ("顧客対応", "個人情報管理", 20),
        ("顧客対応", "悪質顧客対応", 25),
        ("顧客対応", "返品・交換", 96),
        ("顧客対応以外", "法規制情報", 90),
        ("顧客対応以外", "物流", 175),
    ),
    "2019-03-31": (
        ("顧客対応", "過剰要求", 81),
        ("顧客対応", "個人情報管理", 28),
        ("顧客対応", "悪質顧客対応", 37),
        ("顧客対応", "返品・交換", 104),
        ("顧客対応以外", "法規制情報", 111),
        ("顧客対応以外", "物流", 100),
    ),
}


def ledger(*further: str) -> str:
    """The file's text; members bring all but the last row of each year. `further`: rows to stand below."""
    rows = []
    for day, told in YEARS.items():
        for place, (branch, category, count) in enumerate(told):
            who = "非会員" if place == len(told) - 1 else "会員"
            rows.append(f"{day[:4]}-{place},{day},{who},{branch},{category},{count}")
    return "\r\n".join([HEADINGS, *rows, *further]) + "\r\n"
