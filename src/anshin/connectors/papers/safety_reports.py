"""What a report on a product-safety notice shows; its words come finished from whoever asks for it."""

from typing import Any

from anshin.connectors.papers.words import printable
from anshin.safety.ports import ReportPaper, ReportTable


def sheet(report: ReportPaper) -> dict[str, Any]:
    """What templates/safety_report.typ takes."""
    return {
        "title": printable(report.title),
        "sub": printable(report.sub),
        "issuer": printable(report.issuer, longest=200),
        "made": report.made,
        "rows": [{"name": name, "value": printable(value)} for name, value in report.rows],
        "figures": [{"name": name, "value": value} for name, value in report.figures],
        "bars_title": report.bars_title,
        "bars": [
            {
                "name": bar.name,
                "count": bar.count,
                "percent": min(100.0, bar.percent or 0.0),
                "share": "" if bar.percent is None else f"{bar.percent:.1f}%",
            }
            for bar in report.bars
        ],
        "tables": [_table(each) for each in report.tables if each.rows],
        "notes": [printable(each) for each in report.notes],
    }


def _table(table: ReportTable) -> dict[str, Any]:
    return {
        "title": table.title,
        "heads": list(table.heads),
        "rows": [[printable(cell) for cell in row] for row in table.rows],
    }
