"""Japan Post’s ゆうパックプリントR (ゆうプリR): 発送予定データ, for an import filter that the shop registers."""

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from anshin.connectors.carriers.columns import Row, headings
from anshin.delivery.ports import Consignment, SlipAccount

HEADINGS: Final = headings("yupri")
PREPAID, COLLECT = "0", "1"
_YU_PACK, _NOT_COOLED, _SAMA = "0", "0", "0"


def row(parcel: Consignment, *, ship_on: date, account: SlipAccount) -> Row:
    """One parcel. Lengths are in bytes of CP932: 50 are 25 full-width characters."""
    made = Row(parcel.number, HEADINGS)
    receiver, sender = parcel.receiver, parcel.sender
    made.put("お客様側管理番号", parcel.number, 15, needed=True)
    made.code("発送予定日", f"{ship_on:%Y%m%d}")
    made.code("郵便種別", _YU_PACK)
    made.code("保冷種別", _NOT_COOLED)
    made.code("元／着払／代引", COLLECT if parcel.is_collect else PREPAID)
    made.put("送り状種別", account.slip_kind, 20)
    made.put_digits("お届け先郵便番号", receiver.postcode, 8, needed=True)
    made.spread(
        ["お届け先住所１", "お届け先住所２", "お届け先住所３"], receiver.lines, [50, 50, 50], needed=True, whole=True
    )
    made.spread(["お届け先名称１", "お届け先名称２"], receiver.name, [50, 50], needed=True, whole=True)
    made.code("お届け先敬称区分", _SAMA)
    made.put_digits("お届け先電話番号", receiver.phone, 15, needed=True)
    made.put_digits("ご依頼主郵便番号", sender.postcode, 8, needed=True)
    made.spread(
        ["ご依頼主住所１", "ご依頼主住所２", "ご依頼主住所３"], sender.lines, [50, 50, 50], needed=True, whole=True
    )
    made.spread(["ご依頼主名称１", "ご依頼主名称２"], sender.name, [50, 50], needed=True, whole=True)
    made.put_digits("ご依頼主電話番号", sender.phone, 15, needed=True)
    if parcel.wished_on:
        made.code("配達指定日／希望日", f"{parcel.wished_on:%Y%m%d}")
    made.code("複数個口数", "1")
    made.put("記事名１", parcel.remark, 30)
    made.put("フリー項目０１", parcel.number, 15)
    made.put("品名", "、".join(parcel.goods), 50, needed=True)
    made.code("個数", "1")
    return made


def about_the_account(account: SlipAccount) -> list[tuple[str, str]]:
    """(column, words) of what every row lacks."""
    return [] if account.slip_kind else [("送り状種別", _("ゆうプリR takes what its import filter has set."))]
