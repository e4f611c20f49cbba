"""Yamato’s B2クラウド: 97 columns by position, basic layout."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from anshin.connectors.carriers.columns import Row, headings
from anshin.delivery.ports import Consignment, SlipAccount

HEADINGS: Final = headings("b2")
PREPAID, COLLECT = "0", "5"


def row(parcel: Consignment, *, ship_on: date, account: SlipAccount) -> Row:
    """One parcel. Lengths are in half-width characters: 64 are the 32 full-width ones of an address."""
    made = Row(parcel.number, HEADINGS)
    made.put("お客様管理番号", parcel.number, 20, needed=True)
    made.code("送り状種類", COLLECT if parcel.is_collect else PREPAID)
    made.code("出荷予定日", f"{ship_on:%Y/%m/%d}")
    if parcel.wished_on:
        made.code("お届け予定日", f"{parcel.wished_on:%Y/%m/%d}")
    receiver, sender = parcel.receiver, parcel.sender
    made.put_digits("お届け先電話番号", receiver.phone, 15, needed=True)
    made.put_digits("お届け先郵便番号", receiver.postcode, 8, needed=True)
    made.spread(["お届け先住所", "お届け先アパートマンション名"], receiver.lines, [64, 32], needed=True, whole=True)
    made.put("お届け先名", receiver.name, 32, needed=True, whole=True)
    made.put_digits("ご依頼主電話番号", sender.phone, 15, needed=True)
    made.put_digits("ご依頼主郵便番号", sender.postcode, 8, needed=True)
    made.spread(["ご依頼主住所", "ご依頼主アパートマンション"], sender.lines, [64, 32], needed=True, whole=True)
    made.put("ご依頼主名", sender.name, 32, needed=True, whole=True)
    _goods(made, parcel.goods)
    made.put("記事", parcel.remark, 44)
    made.put("請求先顧客コード", account.customer_code, 12)
    made.put("運賃管理番号", account.freight_number, 2)
    return made


def about_the_account(account: SlipAccount) -> list[tuple[str, str]]:
    """(column, words) of what every row lacks."""
    words = _("B2クラウド wants it in every row; set it in the import pattern, or tell it to the desk.")
    given = {"請求先顧客コード": account.customer_code, "運賃管理番号": account.freight_number}
    return [(column, words) for column, value in given.items() if not value]


def _goods(made: Row, goods: Sequence[str]) -> None:
    first, *others = goods or ("",)
    made.put("品名１", first, 50, needed=True)
    made.put("品名２", "、".join(others), 50)
