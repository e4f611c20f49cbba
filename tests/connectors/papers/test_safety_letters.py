"""A printed safety letter says what the mail says, its address lies in the window, its code opens the buyer's page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from anshin.commerce.terms import Recipient
from anshin.connectors.papers.adapter import PrintedSafetyLetters
from anshin.safety.letters import PaperFacts, paper_letter
from anshin.safety.terms import LANGUAGES
from tests.connectors.papers.samples import codes_in, page_sizes_mm, rendered, said
from tests.safety.test_letters import facts

TO = Recipient("髙﨑 𠮷彅", "150-0001", "東京都渋谷区神宮前99-2-3")
LINK = "https://desk.example/p/komorebi/safety/s7-abc/"


def letter(language="ja", which="first", to=TO):
    mail = facts(language, which)
    told = PaperFacts(which, to, mail.shop, "S-0007", date(2026, 11, 27), language, mail.content, mail.purchases, LINK)
    return paper_letter(told)


@pytest.fixture(scope="module")
def papers():
    return PrintedSafetyLetters()


def test_the_japanese_letter_word_for_word(papers):
    assert said(papers.pdf([letter()])) == [
        "〒150-0001\n東京都渋谷区神宮前99-2-3\n髙﨑 𠮷彅 様\nこもれび雑貨店\nS-0007\n2026年11月27日\n"
        "【製品の安全に関する重要なお知らせ】卓上加湿器「しずく」:使うのをやめてください\n"
        "髙﨑 𠮷彅 様\nお買い上げの品に危険があることが公表されましたので、お知らせします。\n"
        "使うのをやめてください\nいますぐ使うのをやめてください。\n品物\n卓上加湿器「しずく」\n"
        "対象の見分け方\n底のラベルのロットが2509から2511の品が対象です。\n"
        "ご注文\n2026年11月10日 こもれび雑貨店 注文番号 KM-20417(2点)\n"
        "2026年3月1日 こもれび雑貨店 注文番号 KM-11000(1点)\n危険の内容\n使用中に煙が出るおそれがあります。\n"
        "していただきたいこと\n電源を抜き、使うのをやめてください。\n"
        "当店の対応\n代金の全額をお返しします。品物の返送は要りません。\n"
        "贈りものとしてお届けしたご注文があります。いま品物をお持ちの方に、この内容を\nお伝えください。\n"
        "お手元の状況をお知らせください(ログインは要りません)\n"
        "この紙の二次元コードを読み取るか、次のアドレスを開いてください。お電話でも承\nります。\n"
        f"{LINK}\n公表元\n全国くらし安全室\nhttps://kurashi-anzen.example/2026/11/24\n"
        "お問い合わせ\nこもれび雑貨店 安全窓口\n0120-000-000\nこもれび雑貨店"
    ]


@pytest.mark.parametrize("which", ["first", "correction", "withdrawal"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_speaks_of_a_mail_or_of_unsubscribing(language, which):
    words = "\n".join(letter(language, which).paragraphs)
    for mail in ("メール", "mail", "邮件", "郵件", "메일"):
        assert mail not in words
    assert (LINK in words) == (which != "withdrawal")


def test_many_letters_are_one_file_and_each_code_opens_its_page(papers):
    pdf = papers.pdf([replace(letter(language), link=f"{LINK}{language}") for language in LANGUAGES])
    assert page_sizes_mm(pdf) == [(210, 297)] * len(LANGUAGES)
    assert [codes_in(rendered(pdf, 203, page)) for page in range(len(LANGUAGES))] == [
        {("QRCode", f"{LINK}{language}")} for language in LANGUAGES
    ]


@pytest.mark.parametrize("lines", ["東京都台東区1-2", "東京都渋谷区" + "神宮前コーポラス" * 45, "W" * 300])
def test_the_address_stays_in_the_window_however_long(papers, lines):
    pdf = papers.pdf([letter(to=Recipient("髙﨑 𠮷彅" * 9, "150-0001", lines))])
    drawn = rendered(pdf, 100)
    mm = drawn.width / 210
    envelope = drawn.crop((0, 0, round(115 * mm), round(50 * mm)))
    box = envelope.point(lambda grey: 255 if grey < 200 else 0).getbbox()
    assert box is not None
    left, top, right, bottom = (side / mm for side in box)
    assert (left >= 19.5, top >= 14.5, right <= 85.5, bottom <= 39.5) == (True, True, True, True)


def test_nothing_to_print_is_said(papers):
    with pytest.raises(ValueError, match="no letter"):
        papers.pdf([])
