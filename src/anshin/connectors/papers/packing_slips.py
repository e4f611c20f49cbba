"""What a packing slip shows: the goods and inserts to tick off, and the letter of apology on a page of its own."""

from string import Template
from typing import Any

from anshin.connectors.papers.codes import qr
from anshin.connectors.papers.words import known, moment, printable, texts
from anshin.delivery.ports import PackingSlip


def sheet(slip: PackingSlip) -> dict[str, Any]:
    """What templates/packing_slip.typ takes."""
    language = known(slip.language)
    words = texts(language, "slip")
    address = [f"〒{slip.recipient_postcode}" if slip.recipient_postcode else "", slip.recipient_address]
    phone = f"TEL {slip.recipient_phone}" if slip.recipient_phone else ""
    return {
        "language": language,
        "words": words,
        "japanese": texts("ja", "slip") if language != "ja" else {},
        "shop": printable(slip.shop_name, longest=200),
        "number": printable(slip.number),
        "order_number": printable(slip.order_number),
        "qr": qr(slip.number),
        "recipient": [printable(each) for each in (*address, slip.recipient_name, phone) if each],
        "lines": [
            {
                "name": printable(line.name),
                "sub": printable(" · ".join(part for part in (line.variant, line.sku) if part)),
                "quantity": f"{line.quantity:,}",
            }
            for line in slip.lines
        ],
        "inserts": [printable(each) for each in slip.inserts],
        "made": Template(words["made"]).substitute(moment=moment(slip.made_at, slip.zone, language)),
        "letter": [printable(line, longest=4_000) for line in slip.letter.strip().splitlines()],
    }
