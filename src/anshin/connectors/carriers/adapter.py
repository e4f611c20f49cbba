"""Fills `delivery.slip_files`."""

import csv
from collections.abc import Sequence
from datetime import date
from io import StringIO
from types import ModuleType
from typing import Final

from django.utils.translation import gettext as _

from anshin.commerce.terms import Carrier
from anshin.connectors.carriers import b2, ehiden, yupri
from anshin.delivery.ports import Consignment, SlipAccount, SlipFile, SlipFormat, SlipWarning

_COLUMNS: Final[dict[str, ModuleType]] = {"b2": b2, "ehiden": ehiden, "yupri": yupri}


class CarrierSlipFiles:
    """Writes CSV in CP932 with CRLF, the headings first and every cell quoted."""

    def formats(self) -> tuple[SlipFormat, ...]:
        return (
            SlipFormat(
                "b2",
                "B2クラウド",
                Carrier.YAMATO,
                _("Take it in under 外部データから発行 with the basic layout, from the second row on."),
            ),
            SlipFormat(
                "ehiden",
                "e飛伝Ⅲ",
                Carrier.SAGAWA,
                _("Take it in with the common template 標準_飛脚宅配便_CSV_ヘッダ有り."),
            ),
            SlipFormat(
                "yupri",
                "ゆうプリR",
                Carrier.JAPAN_POST,
                _("Register an import filter once from the headings in the first row."),
            ),
        )

    def write(self, code: str, consignments: Sequence[Consignment], *, ship_on: date, account: SlipAccount) -> SlipFile:
        columns = _COLUMNS[code]
        rows = [columns.row(parcel, ship_on=ship_on, account=account) for parcel in consignments]
        every_row = [SlipWarning("", column, words) for column, words in columns.about_the_account(account)]
        return SlipFile(
            name=f"{code}_{ship_on:%Y%m%d}.csv",
            content=_csv([columns.HEADINGS, *(row.cells for row in rows)]),
            media_type="text/csv; charset=shift_jis",
            warnings=(*every_row, *(warning for row in rows for warning in row.warnings)),
        )


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    written = StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(table)
    return written.getvalue().encode("cp932")
