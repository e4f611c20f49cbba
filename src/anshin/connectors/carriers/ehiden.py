"""Sagawa’s e飛伝Ⅲ: 74 columns, the template 標準_飛脚宅配便_CSV_ヘッダ有り."""

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from anshin.connectors.carriers.columns import Row, headings
from anshin.delivery.ports import Consignment, SlipAccount

HEADINGS: Final = headings("ehiden")
PREPAID, COLLECT = "1", "2"
_BOX, _NO_HURRY, _NOT_COOLED = "001", "000", "001"


def row(parcel: Consignment, *, ship_on: date, account: SlipAccount) -> Row:
    """One parcel. Names and addresses have 16 characters a column, whatever their width."""
    made = Row(parcel.number, HEADINGS, width=len)
    receiver, sender = parcel.receiver, parcel.sender
    made.put_digits("お届け先電話番号", receiver.phone, 14, needed=True)
    made.put_digits("お届け先郵便番号", receiver.postcode, 8, needed=True)
    made.spread(
        ["お届け先住所１", "お届け先住所２", "お届け先住所３"], receiver.lines, [16, 16, 16], needed=True, whole=True
    )
    made.spread(["お届け先名称１", "お届け先名称２"], receiver.name, [16, 16], needed=True, whole=True)
    made.put("お客様管理番号", parcel.number, 16, needed=True)
    made.put("お客様コード", account.customer_code, 12)
    made.put_digits("ご依頼主電話番号", sender.phone, 14, needed=True)
    made.put_digits("ご依頼主郵便番号", sender.postcode, 8, needed=True)
    made.spread(["ご依頼主住所１", "ご依頼主住所２"], sender.lines, [16, 16], needed=True, whole=True)
    made.spread(["ご依頼主名称１", "ご依頼主名称２"], sender.name, [16, 16], needed=True, whole=True)
    made.code("荷姿", _BOX)
    _goods(made, parcel)
    made.code("出荷個数", "1")
    made.code("スピード指定", _NO_HURRY)
    made.code("クール便指定", _NOT_COOLED)
    if parcel.wished_on:
        made.code("配達日", f"{parcel.wished_on:%Y/%m/%d}")
    made.code("元着区分", COLLECT if parcel.is_collect else PREPAID)
    if parcel.is_collect:
        made.warn("元着区分", _("Look in e飛伝Ⅲ whether the receiver pays: Sagawa’s code for it is not certain."))
    made.code("出荷日", f"{ship_on:%Y/%m/%d}")
    return made


def about_the_account(account: SlipAccount) -> list[tuple[str, str]]:
    """(column, words) of what every row lacks."""
    return [] if account.customer_code else [("お客様コード", _("e飛伝Ⅲ takes that of whoever signed in."))]


def _goods(made: Row, parcel: Consignment) -> None:
    names = [*parcel.goods[:5], *[parcel.remark] * bool(parcel.remark)]
    columns = ["品名１", "品名２", "品名３", "品名４", "品名５"]
    for column, name in zip(columns, names, strict=False):
        made.put(column, name, 16, needed=column == columns[0])
    for name in [*parcel.goods[5:], *names[5:]]:
        made.warn(columns[-1], _("“%(rest)s” did not fit and was left out.") % {"rest": name})
