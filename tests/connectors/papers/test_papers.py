"""The record of an order equals the order's facts; the packing slip names all that goes into the box."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from anshin.connectors.papers import typesetting, words
from anshin.connectors.papers.adapter import PrintedPapers
from anshin.delivery.ports import (
    OrderSnapshot,
    PackingSlip,
    PapersFailed,
    SlipLine,
    SnapshotLine,
    SnapshotParcel,
    SnapshotPayment,
)
from anshin.language.written import LETTER_LANGUAGES
from tests.connectors.papers.samples import codes_in, page_sizes_mm, rendered, said

ORDERED, TAKEN = datetime(2026, 11, 9, 16, 5, tzinfo=UTC), datetime(2026, 11, 26, 9, 25, tzinfo=UTC)
SNAPSHOT = OrderSnapshot(
    shop_name="こもれび雑貨店",
    number="KM-20417",
    channel="自社サイト",
    ordered_at=ORDERED,
    cancelled_at=None,
    buyer_name="柏木 由••",
    recipient_name="髙﨑 𠮷••",
    recipient_postcode="150-••••",
    recipient_address="東京都渋谷区••••",
    recipient_phone="•••-••••-1007",
    lines=(
        SnapshotLine("帆布のトートバッグ", "生成り", "HB-01", 1, 6_600, 6_600),
        SnapshotLine("琺瑯マグ", "紺", "KT-MUG-NV", 2, 2_200, 4_400),
    ),
    shipping_yen=660,
    fee_yen=330,
    discount_yen=500,
    total_yen=11_490,
    payments=(SnapshotPayment("クレジットカード", 11_490, "•••• 2206"),),
    parcels=(SnapshotParcel("ヤマト運輸", "441572842443", ORDERED, None), SnapshotParcel("佐川急便", "", None, None)),
    taken_at=TAKEN,
    digest="9f2c41d07be8" + "5" * 52,
)
SLIP = PackingSlip(
    shop_name="こもれび雑貨店",
    number="D-0012-1",
    order_number="KM-20417",
    recipient_name="髙﨑 𠮷彅",
    recipient_postcode="150-0001",
    recipient_address="東京都渋谷区神宮前99-2-3",
    recipient_phone="080-0000-1007",
    lines=(SlipLine("帆布のトートバッグ", "生成り", "HB-01", 1), SlipLine("琺瑯マグ", "紺", "KT-MUG-NV", 12)),
    inserts=("お詫びのお手紙", "サンプル（ほうじ茶 3包）"),
    letter="髙﨑 様\n\nこのたびは誠に申し訳ございません。\n正しい商品をお送りいたします。",
    made_at=TAKEN,
)


@pytest.fixture
def papers():
    return PrintedPapers()


def test_the_record_says_exactly_what_the_order_is(papers):
    assert said(papers.snapshot_pdf(SNAPSHOT)) == [
        "こもれび雑貨店\nご注文内容の控え 2026年11月26日（木） 18:25時点\n"
        "ご注文番号 KM-20417\nご注文先 自社サイト\nご注文日時 2026年11月10日（火） 01:05\nご注文者 柏木 由••\n"
        "お届け先 髙﨑 𠮷••\n〒150-••••\n東京都渋谷区••••\nTEL •••-••••-1007\n"
        "商品 単価 数量 小計\n帆布のトートバッグ\n生成り · HB-01\n¥6,600 1 ¥6,600\n"
        "琺瑯マグ\n紺 · KT-MUG-NV\n¥2,200 2 ¥4,400\n送料 ¥660\n手数料 ¥330\n値引き −¥500\n合計（税込） ¥11,490\n"
        "お支払い クレジットカード •••• 2206 ¥11,490\n配送 ヤマト運輸 441572842443\n2026年11月10日（火） 01:05 発送\n"
        "配送 佐川急便\n未発送\nお名前・ご住所・お電話番号は、一部を「•」で伏せています。 照合番号 9f2c41d07be8\n1 / 1"
    ]


@pytest.mark.parametrize("language", LETTER_LANGUAGES)
def test_the_record_is_written_in_the_customers_language(papers, language):
    page = said(papers.snapshot_pdf(replace(SNAPSHOT, language=language, cancelled_at=TAKEN)))[0]
    for key in (
        "title",
        "number",
        "cancelled",
        "buyer",
        "product",
        "amount",
        "total",
        "payment",
        "not_shipped",
        "masked",
    ):
        assert words.texts(language, "snapshot")[key] in page
    for value in ("KM-20417", "¥11,490", "柏木 由••", "帆布のトートバッグ", "9f2c41d07be8"):
        assert value in page


def test_what_is_nothing_is_not_said(papers):
    empty = replace(SNAPSHOT, shipping_yen=0, fee_yen=0, discount_yen=0, payments=(), parcels=(), recipient_phone="")
    page = said(papers.snapshot_pdf(empty))[0]
    for absent in ("送料", "手数料", "値引き", "お支払い", "配送", "TEL"):
        assert absent not in page


def test_moments_are_those_of_the_shops_place(papers):
    page = said(papers.snapshot_pdf(replace(SNAPSHOT, zone="UTC")))[0]
    assert "2026年11月9日（月） 16:05" in page


def test_the_picture_is_one_strip_that_a_telephone_shows(papers):
    picture = Image.open(BytesIO(papers.snapshot_picture(SNAPSHOT)))
    many = Image.open(BytesIO(papers.snapshot_picture(replace(SNAPSHOT, lines=SNAPSHOT.lines * 20))))
    assert (picture.format, picture.width, many.width) == ("PNG", 1039, 1039)
    assert many.height > picture.height


def test_many_lines_go_on_over_pages_under_their_heading(papers):
    lines = tuple(SnapshotLine(f"品{number:03d}", "", "", 1, 100, 100) for number in range(120))
    pages = said(papers.snapshot_pdf(replace(SNAPSHOT, lines=lines)))
    assert len(pages) > 1
    assert [page for page in pages[:-1] if "単価" not in page] == []
    assert [line.name for line in lines if line.name not in "".join(pages)] == []
    assert pages[-1].endswith(f"{len(pages)} / {len(pages)}")


def test_the_same_facts_are_the_same_bytes(papers):
    first = papers.snapshot_pdf(SNAPSHOT), papers.snapshot_picture(SNAPSHOT), papers.packing_slip(SLIP)
    papers.snapshot_pdf(replace(SNAPSHOT, number="KM-1"))
    assert (papers.snapshot_pdf(SNAPSHOT), papers.snapshot_picture(SNAPSHOT), papers.packing_slip(SLIP)) == first


def test_the_slip_lists_goods_and_inserts_and_the_letter_is_apart(papers):
    pages = said(papers.packing_slip(SLIP))
    assert pages == [
        "こもれび雑貨店\n同梱明細書\n再送番号 D-0012-1\nご注文番号 KM-20417\n"
        "お届け先 〒150-0001\n東京都渋谷区神宮前99-2-3\n髙﨑 𠮷彅\nTEL 080-0000-1007\n"
        "商品 数量\n帆布のトートバッグ\n生成り · HB-01\n1\n琺瑯マグ\n紺 · KT-MUG-NV\n12\n"
        "商品のほかに入れるもの\nお詫びのお手紙\nサンプル（ほうじ茶 3包）\n作成 2026年11月26日（木） 18:25",
        "髙﨑 様\nこのたびは誠に申し訳ございません。\n正しい商品をお送りいたします。",
    ]
    assert page_sizes_mm(papers.packing_slip(SLIP)) == [(210, 297)] * 2


@pytest.mark.parametrize("dots_per_inch", [203, 300])
def test_the_slip_is_scanned_by_its_number(papers, dots_per_inch):
    assert codes_in(rendered(papers.packing_slip(SLIP), dots_per_inch)) == {("QRCode", "D-0012-1")}


def test_no_letter_and_no_inserts_leave_one_page(papers):
    pages = said(papers.packing_slip(replace(SLIP, letter=" \n", inserts=())))
    assert len(pages) == 1
    assert "商品のほかに" not in pages[0]


@pytest.mark.parametrize("language", LETTER_LANGUAGES)
def test_whoever_packs_reads_japanese_whatever_the_customers_language(papers, language):
    page = said(papers.packing_slip(replace(SLIP, language=language)))[0]
    for key in ("title", "number", "inserts"):
        assert words.texts(language, "slip")[key] in page
        assert words.texts("ja", "slip")[key] in page


def test_a_long_letter_goes_on_over_pages(papers):
    letter = "\n".join(f"第{number}行 ".ljust(60, "あ") for number in range(1, 121))
    pages = said(papers.packing_slip(replace(SLIP, letter=letter)))
    assert len(pages) > 2
    assert "第120行" in pages[-1]


@pytest.mark.parametrize("text", ["W" * 300, "％" * 300, '*_#"\\ $x$ #panic("x") @a // `', "a\x00b\u2028c"])
def test_extremes_stay_on_the_page(papers, text):
    extreme = replace(
        SNAPSHOT,
        number=text,
        shop_name=text,
        recipient_address=text,
        lines=(SnapshotLine(text, text, text, 1, 10**9, 10**9),),
    )
    slip = replace(SLIP, order_number=text, recipient_address=text, inserts=(text,), letter=text)
    for pdf in (papers.snapshot_pdf(extreme), papers.packing_slip(slip)):
        for page, (width, _height) in enumerate(page_sizes_mm(pdf)):
            drawn = rendered(pdf, 100, page)
            margin = round(18.5 / width * drawn.width)
            left, right = drawn.crop((0, 0, margin, drawn.height)), drawn.crop((drawn.width - margin, 0, *drawn.size))
            assert (left.getextrema()[0], right.getextrema()[0]) == (255, 255)


def test_missing_fonts_are_said_in_words(papers, monkeypatch, tmp_path):
    monkeypatch.setattr(typesetting, "_FONTS", tmp_path)
    monkeypatch.setattr(typesetting, "_kept", [])
    with pytest.raises(PapersFailed) as failed:
        papers.packing_slip(SLIP)
    assert failed.value.permanent
    assert str(failed.value)


def test_every_language_has_every_text():
    read = {path.stem: tomllib.loads(path.read_text()) for path in (typesetting.HERE / "texts").glob("*.toml")}
    assert set(read) == set(LETTER_LANGUAGES)
    shapes = [{part: sorted(texts) for part, texts in each.items()} for each in read.values()]
    assert shapes == [shapes[0]] * len(shapes)
    assert Path(typesetting.HERE / "fonts" / "LICENSE").exists()
