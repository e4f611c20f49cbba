"""What the index finds, and that it is the same on both databases: these tests run on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count as numbers
from types import SimpleNamespace

import pytest
from django.db import transaction

from anshin.language.search_queries import read_query
from anshin.language.search_text import search_text
from anshin.plumbing.pages.keyset import BadCursor
from anshin.plumbing.search import finding, index, renewing, walking
from anshin.plumbing.search.models import IndexedDocument, IndexedPart, Renewal
from anshin.plumbing.search.seasons import season
from anshin.plumbing.search.terms import Content, Document, Ranking, Scope, Term

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = 24 * 60 * 60 * index.SLOTS
SHOP, OTHER_SHOP = 1, 2
EVERYBODY = Scope(SHOP, ("c",), sees_inner=False)
INSIDERS = Scope(SHOP, ("c",), sees_inner=True)


def content(text):
    found = search_text(text)
    return Content(found.plain, found.words)


def document(number, body="", *, head="", inner="", area="c", kind="case", at=None):
    moment = at or START + timedelta(minutes=number)
    return Document(kind, number, area, moment, content(head), content(body), content(inner))


def put(*documents, shop_id=SHOP):
    with transaction.atomic():
        index.put(documents, shop_id=shop_id)


def terms(typed):
    return [Term(each.plain, each.words, each.is_excluded) for each in read_query(typed).texts]


def found(typed, scope=EVERYBODY, **options):
    """Ids of what is found, checked against the count."""
    hits = finding.find(terms(typed), scope, size=100, **options)
    ids = [hit.object_id for hit in hits.items]
    assert finding.count(terms(typed), scope) == len(ids)
    if options.get("ranking", Ranking.NEWEST) == Ranking.NEWEST:
        first, total = finding.find_first(terms(typed), scope, size=100)
        assert (first, total) == (hits, len(ids))
    return ids


SPELLINGS = [
    ("返品", "先日の返品の件です"),
    ("返品", "この商品は返\n品できますか"),
    ("傘", "黒い傘が届きません"),
    ("ﾍﾝﾋﾟﾝ", "ヘンピンの件"),
    ("ヘンピン", "ﾍﾝﾋﾟﾝﾉｹﾝ"),
    ("へんぴん", "ﾍﾝﾋﾟﾝの件"),
    ("ヘンピン", "へんぴんしたい"),
    ("引っ越し", "引越しをしました"),
    ("引越", "引っ越しをしました"),
    ("引っ越し", "冷蔵箱を引越し先へ送ってください"),
    ("サーバ", "サーバーが落ちた"),
    ("サーバー", "サーバ が落ちた"),
    ("打ち合わせ", "明日の打合せについて"),
    ("打合せ", "明日の打ち合わせについて"),
    ("振込", "昨日、振り込みをしました"),
    ("届く", "荷物が届きました"),
    ("高橋", "髙橋と申します"),
    ("髙橋", "高橋と申します"),
    ("山﨑", "山崎です"),
    ("山崎", "山﨑です"),
    ("渡邊", "渡辺です"),
    ("渡辺", "渡邉です"),
    ("高橋一郎", "髙橋　一郎です"),
    ("KM-20417", "注文ＫＭ－２０４１７の件"),
    ("km20417", "注文番号：KM-20417"),
    ("ＫＭ２０４１７", "注文番号KM-20417です"),
    ("KM-20417", "KM20417を頼みました"),
    ("20417", "KM-20417を頼みました"),
    ("250-1234567-7654321", "Amazon 250-1234567-7654321"),
    ("25012345677654321", "Amazon 250-1234567-7654321"),
    ("090-1234-5678", "電話は０９０－１２３４－５６７８です"),
    ("09012345678", "電話は090-1234-5678です"),
    ("090 1234 5678", "電話は09012345678です"),
    ("090-1234-5678", "tel: +81 90-1234-5678"),
    ("+81-90-1234-5678", "(090)1234-5678まで"),
    ("０３-１２３４-５６７８", "代表03-1234-5678"),
    ("yuki.k@mail.example", "Yuki.K@mail.example から送りました"),
    ("mail.example", "yuki.k@mail.example から送りました"),
    ("yuki.k", "<yuki.k@mail.example>"),
    ("iPhone15", "ケースはiPhone15用ですか"),
    ("ｉｐｈｏｎｅ", "ケースはiPhone15用ですか"),
    ("anker", "「Anker」の充電器"),
    ("iphone15ケース", "iPhone 15 ケース iPhone15ケース"),
    ("Café", "café ole"),
    ("12300円", "合計12,300円でした"),
    ('"色が違う"', "写真と色が違うようです"),
    ("「色が違う」", "写真と色が違うようです"),
    ("“色が違う”", "写真と色が\n違うようです"),
    ('"usb cable"', "a usb  cable, black"),
    ("𠮷野家", "𠮷野家さん"),
    ("吉野家", "𠮷野家さん"),
    ("㈱こもれび", "(株)こもれび"),
    ("①", "1"),
    ("お問い合わせ", "問合せをしました お手数ですが"),
    ("배송", "배송 언제"),
    ("订单", "我的订单在哪里"),
]


@pytest.mark.parametrize(("typed", "text"), SPELLINGS)
def test_a_spelling_finds_the_other(typed, text):
    put(document(1, text), document(2, "まったく別の話です。0312 KM-20418 yuki@other.example"))
    assert found(typed) == [1]


NOT_FOUND = [
    ("返品", "返して品物を"),
    ("サーバ", "レシーバとサーフィン"),
    ("20417", "KM-204170"),
    ("2041", "KM-20417"),
    ("KM-20417", "KM-20418とXKM-20417"),
    ("09012345678", "09012345679"),
    ("1234", "090-12345-678"),
    ("anker", "ankers bunker"),
    ("yuki@mail.example", "yuki.k@mail.example"),
    ('"色が違う"', "色と形が全然違う"),
    ('"usb cable"', "cable for usb"),
    ("へんぴん", "辺鄙なところ"),
    ("渡部", "渡辺です"),
    ("大坂", "大阪です"),
]


@pytest.mark.parametrize(("typed", "text"), NOT_FOUND)
def test_what_only_looks_alike_is_not_found(typed, text):
    put(document(1, text))
    assert found(typed) == []


def test_all_words_must_be_there_in_whichever_part():
    put(
        document(1, "返品したい", head="高橋 一郎"),
        document(2, "返品したい", head="佐藤 次郎"),
        document(3, "交換したい", head="高橋 一郎"),
    )
    assert found("返品 高橋") == [1]


def test_what_is_excluded_is_not_there():
    put(document(1, "返品と交換"), document(2, "返品だけ"), document(3, "返品、サーバの件"))
    assert found("返品 -交換") == [3, 2]
    assert found('返品 -"サーバの件" -交換') == [2]
    assert found("返品 -サーバー") == [2, 1]


def test_of_many_words_every_one_must_be_there():
    """More than PostgreSQL is given conditions side by side, and one that must not be there."""
    every = "返品 交換 返金 配送 破損 領収書 在庫 請求 予約"
    lacking = [document(n, every.replace(word, "")) for n, word in enumerate(every.split(), start=10)]
    put(document(1, every), document(2, f"{every} 返送"), *lacking)
    assert found(f"{every} -返送") == [1]
    assert found(f"-返送 -見積 {every}") == [1]
    assert found(every) == [2, 1]


def test_newest_come_first_and_best_begin_with_heads():
    put(
        document(1, "返品の件", head="返品について"),
        document(2, "返品の件", head="配送について"),
        document(3, "返品の件", head="お問い合わせ"),
        document(4, "別件", head="返品のこと"),
    )
    assert found("返品") == [4, 3, 2, 1]
    assert found("返品", ranking=Ranking.BEST) == [4, 1, 3, 2]


@pytest.mark.parametrize("ranking", list(Ranking))
@pytest.mark.parametrize("typed", ["返品", "キャンセル", '"キャンセルを希望"', "返品 キャンセル"])
def test_pages_follow_one_another_without_gap_or_double(typed, ranking):
    heads = ["返品とキャンセルを希望", ""]
    put(*(document(n, "返品。キャンセルを希望します", head=heads[n % 3 == 0]) for n in range(1, 32)))
    whole = found(typed, ranking=ranking)
    assert sorted(whole) == list(range(1, 32))

    seen, cursor = [], ""
    for _page in range(9):
        page = finding.find(terms(typed), EVERYBODY, ranking=ranking, size=4, cursor=cursor)
        seen += [hit.object_id for hit in page.items]
        cursor = page.next
        if not cursor:
            break
    assert seen == whole


@pytest.mark.parametrize("cursor", ["x", "WzBd", "WzAsImJlc3QiLDEsMTJd", "WzAsIm5ld2VzdCIsOSwxMl0"])
def test_a_made_up_cursor_is_refused(cursor):
    put(document(1, "返品"))
    with pytest.raises(BadCursor):
        finding.find(terms("返品"), EVERYBODY, size=4, cursor=cursor)


@pytest.fixture(params=[(1, 0), (4, 10**9), (60, 0), (60, 10**9), (800, 0)], ids=str)
def first_window(request, monkeypatch):
    """Documents of the first window in which PostgreSQL looks, where one comes a day; and how many it takes the shop to
    have: with few it counts in all of time, with many from window to window."""
    first, every = request.param
    monkeypatch.setattr(walking, "FIRST", first)
    monkeypatch.setattr(walking, "_MANY", 2)
    monkeypatch.setattr(walking, "_WITH_EDGE", 2)
    monkeypatch.setattr(walking, "_pace", lambda shop_id, end: DAY)
    monkeypatch.setattr(walking, "_documents", lambda shop_id, end: (every, DAY if every else 0.0))


@pytest.mark.parametrize("typed", ["返品", '"返品。キャンセルを"', "返品 -交換"])
def test_many_hits_of_years_are_found_from_window_to_window_of_time(typed, first_window):
    put(*(document(n, "返品。キャンセルを希望", at=START - timedelta(days=37 * n)) for n in range(1, 41)))
    seen, cursor = [], ""
    for _page in range(20):
        page = finding.find(terms(typed), EVERYBODY, size=3, cursor=cursor)
        seen += [hit.object_id for hit in page.items]
        cursor = page.next
        if not cursor:
            break
    assert seen == list(range(1, 41)) == found(typed)


def test_about_how_many_documents_a_shop_has_is_told_by_its_newest(monkeypatch):
    newest = IndexedDocument.objects.filter(shop_id=SHOP).order_by("-key").values_list("key")
    monkeypatch.setattr(walking, "_MANY", 10)
    monkeypatch.setattr(walking, "_KEY_OF_MANY", SimpleNamespace(tuples=lambda shop: list(newest[10:11])))
    monkeypatch.setattr(walking, "_sizes", {})
    put(*(document(n, "返品", at=START - timedelta(days=n)) for n in range(1, 60)))
    every, pace = walking._documents(1, walking.end_of_shop(1))
    assert every == pytest.approx(59, abs=4)
    assert pace == pytest.approx(DAY, rel=0.1)


@pytest.mark.parametrize("typed", ["返品", '"返品をしたい"', "返品 -交換"])
@pytest.mark.parametrize("size", [2, 25, 200])
def test_the_first_page_and_its_count_are_those_of_both_apart(typed, size, first_window):
    """Of thin and thick years, with a page that ends within the newest window of time and one that does not."""
    put(*(document(n, "返品をしたい。", at=START - timedelta(days=7 * n)) for n in range(1, 90)))
    put(*(document(n, "返品をしたい。交換も。" if n % 3 else "品を返したい。", at=START) for n in range(90, 130)))
    first, total = finding.find_first(terms(typed), EVERYBODY, size=size)
    assert first == finding.find(terms(typed), EVERYBODY, size=size)
    assert total == finding.count(terms(typed), EVERYBODY) == (89 if "-" in typed else 115)
    assert (len(first.items) < total) == bool(first.next)


@pytest.mark.parametrize("renewed_from", [0, 25, 2**62])
def test_documents_without_short_stretches_are_found_while_they_are_renewed(renewed_from, first_window, monkeypatch):
    """As an upgrade finds them: only the long stretch stands beside their words, except for what is renewed already."""
    with monkeypatch.context() as before:
        before.setattr(index, "short_season", season)
        put(*(document(n, "返品をしたい", at=START - timedelta(days=3 * n)) for n in range(60)))
    monkeypatch.setattr(walking, "_RENEWED", set())
    monkeypatch.setattr(renewing, "AT_ONCE", renewed_from)
    Renewal.objects.create(shop_id=SHOP, key=2**62)
    if 0 < renewed_from < 60:
        assert renewing.renew(SHOP)
    elif renewed_from:
        assert not renewing.renew(SHOP)
    assert Renewal.objects.exists() == (renewed_from < 60)
    assert found("返品") == list(range(60))
    page = finding.find(terms("返品"), EVERYBODY, size=5)
    assert [hit.object_id for hit in page.items] == [0, 1, 2, 3, 4]


def span(since, until):
    """A period in which older documents than those of SHOP lie that began in time: none of them did."""
    return finding.Span(since=since, until=until, rows=IndexedPart.objects.filter(part="none"))


@pytest.mark.parametrize("typed", ["返品", '"返品をしたい"'])
@pytest.mark.parametrize(("first", "last"), [(0, 40), (0, 3), (5, 6), (5, 30), (39, 40)])
def test_a_period_holds_what_lies_between_its_ends(typed, first, last, first_window):
    put(*(document(n, "返品をしたい", at=START - timedelta(days=20 * n)) for n in range(40)))
    since, until = START - timedelta(days=20 * (last - 1) + 1), START - timedelta(days=20 * first - 1)
    wanted = list(range(first, last))
    assert finding.count(terms(typed), EVERYBODY, span=span(since, until)) == len(wanted)
    shown = finding.find(terms(typed), EVERYBODY, size=50, span=span(since, until))
    assert [hit.object_id for hit in shown.items] == wanted
    assert finding.find_first(terms(typed), EVERYBODY, size=50, span=span(since, until)) == (shown, len(wanted))


def test_what_spilled_over_the_beginning_of_a_period_is_not_in_it():
    """More documents of one second than there are places in it."""
    put(*(document(n, "返品", at=START - timedelta(seconds=1)) for n in range(1, 151)), document(200, "返品", at=START))
    shown, total = finding.find_first(terms("返品"), EVERYBODY, size=50, span=span(START, None))
    assert total == 0  # of its very first minute the rows decide
    late = document(201, "返品", at=START + timedelta(minutes=2))
    put(late)
    shown, total = finding.find_first(terms("返品"), EVERYBODY, size=50, span=span(START, None))
    assert ([hit.object_id for hit in shown.items], total) == ([201], 1)


def test_what_is_common_is_counted_no_further_than_one_more(monkeypatch):
    monkeypatch.setattr(finding, "MOST_COUNTED", 12)
    put(*(document(number, "返品", at=START - timedelta(days=5 * number)) for number in range(40)))
    assert finding.count(terms("返品"), EVERYBODY) == 13


def test_another_shop_finds_nothing():
    put(document(1, "返品 KM-20417"))
    put(document(2, "返品 SF-20417"), shop_id=OTHER_SHOP)
    assert found("返品", Scope(OTHER_SHOP, ("c",), sees_inner=True)) == [2]
    assert found("KM-20417", Scope(OTHER_SHOP, ("c",), sees_inner=True)) == []
    assert found("返品") == [1]


def test_inner_parts_are_for_those_who_may_see_them():
    put(document(1, "返品", inner='常連のクレーマー。"声が大きい"人'))
    for typed in ("クレーマー", '"声が大きい"', "返品 クレーマー", "常連"):
        assert found(typed) == []
        assert found(typed, INSIDERS) == [1]
    assert found("返品 -クレーマー") == [1]
    assert found("返品 -クレーマー", INSIDERS) == []


def test_an_area_is_found_only_when_it_is_asked_for():
    put(document(1, "返品", area="c"), document(2, "返品", area="x"))
    assert found("返品", Scope(SHOP, ("c",), sees_inner=False)) == [1]
    assert found("返品", Scope(SHOP, ("x",), sees_inner=False)) == [2]
    assert found("返品", Scope(SHOP, ("c", "x"), sees_inner=False)) == [2, 1]
    with pytest.raises(finding.NothingToSearch):
        finding.count(terms("返品"), Scope(SHOP, (), sees_inner=False))


@pytest.mark.parametrize("typed", ["", "   ", "。", "-返品", "の", "☺"])
def test_what_asks_for_nothing_is_refused(typed):
    put(document(1, "返品の☺"))
    with pytest.raises(finding.NothingToSearch):
        finding.find(terms(typed), EVERYBODY, size=10)


def test_a_changed_document_is_found_as_it_is_now():
    put(document(1, "返品したい サーバ"), document(2, "返品したい"))
    put(document(1, "交換したい", at=START + timedelta(hours=9)))
    assert found("返品") == [2]
    assert found("サーバー") == []
    assert found("交換") == [1]


def test_a_removed_document_is_found_no_more():
    put(document(1, "返品したい"), document(2, "返品したい"))
    with transaction.atomic():
        assert index.remove("case", [1, 7], shop_id=SHOP) == 1
        assert index.remove("case", [2], shop_id=OTHER_SHOP) == 0
    assert found("返品") == [2]


def test_documents_of_one_second_are_all_found():
    put(*(document(n, "返品", at=START) for n in range(1, 151)))
    serial = numbers(1)
    put(*(document(200 + next(serial), "返品", at=START) for _each in range(10)))
    hits = finding.find(terms("返品"), EVERYBODY, size=200)
    assert len({hit.object_id for hit in hits.items}) == 160


def test_writing_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(index.NotInTransaction):
        index.put([document(1, "返品")], shop_id=SHOP)


def test_the_tokens_hold_no_text(django_assert_num_queries):
    put(document(1, "secretword 返品 KM-20417"))
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT group_concat(hex(block)) FROM search_tokens_data")
            stored = bytes.fromhex(cursor.fetchone()[0].replace(",", ""))
        else:
            cursor.execute("SELECT tokens::text FROM search_tokens")
            stored = cursor.fetchone()[0].encode()
    for word in ("secret", "返品", "20417"):
        assert word.encode() not in stored
