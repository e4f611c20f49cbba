"""Publishers' lists as delimited text; headings propose what each column means, a person may say it."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from anshin.connectors.feeds.documents import MOST_ENTRIES, refuse_by_kind, words
from anshin.connectors.feeds.fields import Told, caution_of, key
from anshin.safety.ports import Caution, NotAFeed, Reading
from anshin.safety.terms import FeedField

_DELIMITERS: Final = (",", "\t", ";")
_TITLE_ROWS: Final = 10
_LARGEST_CELL: Final = 1_000_000
# Headings in use by Japanese publishers, from general knowledge, November 2026; the first that fits wins.
_SYNONYMS: Final[dict[FeedField, str]] = {
    FeedField.SOURCE_ID: "管理番号 番号 id no no. 整理番号 事故番号 リコール番号 掲載番号 recallnumber",
    FeedField.TITLE: "件名 タイトル 表題 見出し 概要 標題 title subject",
    FeedField.URL: "url リンク リンク先 ホームページ 詳細url 掲載url 情報元url link",
    FeedField.PUBLISHED: "公表日 掲載日 公開日 発表日 届出日 社告日 "
    "公表年月日 掲載年月日 受付日 開始日 リコール開始日 date published",
    FeedField.AGENCY: "公表機関 発表者 情報提供元 機関名 発表機関 agency",
    FeedField.PRODUCT: "製品名 商品名 品名 品目 製品 商品 対象製品 対象商品 product productname",
    FeedField.MODEL: "型式 型番 品番 機種 機種名 型式・型番 "
    "型番・型式 機種・型式 型名 製品番号 モデル model modelnumber",
    FeedField.GTIN: "jan janコード バーコード gtin ean upc",
    FeedField.LOTS: "ロット ロット番号 製造番号 製造ロット 対象範囲 "
    "シリアル シリアル番号 対象ロット 製造期間 lot serial",
    FeedField.HAZARD: "事故内容 危害内容 危険内容 事象 不具合 不具合内容 事故の内容 "
    "リコール理由 理由 原因 内容 備考 hazard reason",
    FeedField.WHAT_TO_DO: "対応 注意事項 消費者への注意 使用者への注意 対処方法 お願い whattodo",
    FeedField.REMEDY: "対応方法 改善措置 措置 回収方法 対応内容 リコール方法 remedy",
    FeedField.CONTACT: "連絡先 問合せ先 問い合わせ先 お問い合わせ先 窓口 電話番号 事業者名 会社名 事業者 contact",
}


def read(content: bytes, how: Reading) -> Iterator[Caution]:
    """Every row below the headings. Raises NotAFeed."""
    rows = _rows(content)
    meanings = [_meaning(each, how) for each in next(rows, [])]
    _refuse_unnamed(meanings)
    for place, cells in enumerate(islice(rows, MOST_ENTRIES), 1):
        said = Told()
        for meaning, cell in zip(meanings, cells, strict=False):
            said.add(meaning, words(cell))
        yield caution_of(said, how, name=_name(said, cells, place))


def headings(content: bytes, how: Reading) -> tuple[tuple[str, str], ...]:
    """Columns with what each is taken for. Raises NotAFeed."""
    return tuple((each, _meaning(each, how)) for each in next(_rows(content), []) if each)


def _refuse_unnamed(meanings: Sequence[str]) -> None:
    if not {FeedField.TITLE, FeedField.PRODUCT} & set(meanings):
        raise NotAFeed(_("No column of the table is known as title or product. Say below what its columns mean."))


def _name(said: Told, cells: Sequence[str], place: int) -> str:
    if given := said.first(FeedField.SOURCE_ID) or said.first(FeedField.URL):
        return given
    what = "\n".join(said.first(each) for each in (FeedField.TITLE, FeedField.PRODUCT, FeedField.MODEL))
    return "sha256:" + hashlib.sha256(what.encode()).hexdigest()[:32] if what.strip() else f"#{place}:{len(cells)}"


def _meaning(heading: str, how: Reading) -> str:
    folded = key(heading)
    if folded in how.mapping:
        return how.mapping[folded]
    return next((str(field) for field, names in _FOLDED if folded in names), "")


_FOLDED: Final = [(field, frozenset(map(key, names.split()))) for field, names in _SYNONYMS.items()]


def _rows(content: bytes) -> Iterator[list[str]]:
    """The headings, then every row that is not empty. Raises NotAFeed, also in the middle."""
    refuse_by_kind(content)
    text = _decoded(content)
    if text.lstrip()[:1] in {"{", "<"}:
        raise NotAFeed(_("What came is no table. Choose another kind of list, or another address."))
    delimiter = max(_DELIMITERS, key=lambda each: _width(text, each))
    width = _width(text, delimiter)
    if width < 2:
        raise NotAFeed(_("What came has only one column, so it is no table."))
    is_below = False
    for cells in _records(text, delimiter):
        filled = sum(1 for cell in cells if cell.strip())
        if is_below and filled:
            yield cells
        elif filled * 2 > width:
            is_below = True
            yield [cell.strip() for cell in cells]


def _width(text: str, delimiter: str) -> int:
    return max((len(cells) for cells in islice(_records(text, delimiter), _TITLE_ROWS)), default=0)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LARGEST_CELL)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise NotAFeed(_("A row of the table cannot be read. A quotation mark is probably not closed.")) from error


def _decoded(content: bytes) -> str:
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(name, "replace")
    for name in ("utf-8-sig", "cp932", "euc_jp"):
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    raise NotAFeed(_("The characters of the table are damaged, or it is no text."))
