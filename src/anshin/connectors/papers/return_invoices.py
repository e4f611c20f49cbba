"""What a return invoice (適格返還請求書) shows. It is a paper of Japanese law, so its words are Japanese only."""

from typing import Any

from anshin.connectors.papers.words import printable, yen
from anshin.language.written import written_day
from anshin.returns.ports import InvoiceFacts, InvoiceLine

_REDUCED = 8
MARK = "※"


def sheet(facts: InvoiceFacts) -> dict[str, Any]:
    """What templates/return_invoice.typ takes."""
    total = sum(amount for _rate, amount, _tax in facts.sums)
    has_reduced = any(line.tax_rate == _REDUCED for line in facts.lines)
    return {
        "title": "適格返還請求書",
        "issuer": printable(facts.issuer_name, longest=200),
        "rows": [
            {"name": "番号", "value": facts.number},
            {"name": "登録番号", "value": facts.registration_number},
            {"name": "返還年月日", "value": written_day(facts.returned_on, "ja")},
            {"name": "もとの取引の年月日", "value": written_day(facts.sold_on, "ja")},
            {"name": "ご注文番号", "value": printable(facts.order_number)},
            {"name": "返品番号", "value": printable(facts.return_number)},
        ],
        "heads": ["返還の内容", "数量", "税率", "金額（税込）"],
        "lines": [_line(line) for line in facts.lines],
        "sums": [
            {"name": f"{rate}%対象（税込）", "value": yen(amount), "tax": f"うち消費税 {yen(tax)}"}
            for rate, amount, tax in facts.sums
        ],
        "total": {"name": "返還金額の合計（税込）", "value": yen(total)},
        "paid": ""
        if facts.paid_yen == total
        else f"お客様へお返しした金額は、返送料の精算を含めて{yen(facts.paid_yen)}です。",
        "mark": f"{MARK}は軽減税率（8%）の対象です。" if has_reduced else "",
    }


def _line(line: InvoiceLine) -> dict[str, str]:
    is_reduced = line.tax_rate == _REDUCED
    return {
        "name": printable(line.label) + (f" {MARK}" if is_reduced else ""),
        "quantity": f"{line.quantity:,}" if line.tax_rate is not None else "",
        "rate": f"{line.tax_rate}%" if line.tax_rate is not None else "各税率に按分",
        "amount": yen(line.amount_yen),
    }
