"""Who pretends to be somebody else is warned of, with what and why; ordinary customers never are."""

import pytest

from anshin.cases.terms import SenderSign, SenderWarning
from anshin.channels.email.judging.companies import COMPANIES, CONSUMER_DOMAINS, SENDING_SERVICES
from anshin.channels.email.judging.lookalikes import is_one_slip_away, lookalike_of, skeleton
from anshin.channels.email.judging.spoofing import Ourselves, Sender, link_hosts, warnings_about
from anshin.plumbing.mail.authentication import NO_CHECKS, SenderChecks
from anshin.plumbing.mail.domains import registrable

US = Ourselves(addresses=("support@komorebi-zakka.jp",), names=("こもれび雑貨店", "Komorebi Zakka", ""))
FAILED = SenderChecks(by="mx.example", spf="fail", dkim="none", dmarc="fail")
PASSED = SenderChecks(by="mx.example", spf="pass", dkim="pass", dmarc="pass")
UNKNOWN = SenderChecks(by="mx.example", spf="none", dkim="none", dmarc="none")


def signs(sender: Sender, checks: SenderChecks = NO_CHECKS, us: Ourselves = US) -> list[str]:
    return [warning.sign.value for warning in warnings_about(sender, checks=checks, ourselves=us)]


@pytest.mark.parametrize(
    ("host", "how", "genuine"),
    [
        ("rakuten-security.example", "added", "rakuten.co.jp"),
        ("amaz0n.co.jp", "twin", "amazon.co.jp"),
        ("xn--mazon-3ve.co.jp", "twin", "amazon.co.jp"),
        ("аmazоn.jp", "twin", "amazon.co.jp"),
        ("arnazon.co.jp", "twin", "amazon.co.jp"),
        ("amazoon.jp", "typo", "amazon.co.jp"),
        ("amzaon.jp", "typo", "amazon.co.jp"),
        ("amazon.co.jp.login-check.example", "inside", "amazon.co.jp"),
        ("amaz0n.mail.example", "twin", "amazon.co.jp"),
        ("mail.rakuten.shop", "ending", "rakuten.co.jp"),
        ("rakutencard-info.net", "added", "rakuten.co.jp"),
        ("mercarl.com", "twin", "mercari.com"),
        ("mercari-support.top", "added", "mercari.com"),
        ("paypay-bank.top", "added", "paypay.ne.jp"),
        ("yamato-transport.top", "added", "kuronekoyamato.co.jp"),
        ("sagawa-express.top", "added", "sagawa-exp.co.jp"),
        ("japan-post.top", "twin", "japanpost.jp"),
        ("srnbc-card.com", "twin", "smbc-card.com"),
        ("smbc-card.xyz", "ending", "smbc-card.com"),
        ("jcb-card.shop", "added", "jcb.co.jp"),
        ("vpass-info.top", "added", "smbc-card.com"),
        ("k0morebi-zakka.jp", "twin", "komorebi-zakka.jp"),
        ("komorebi-zakka.com", "ending", "komorebi-zakka.jp"),
        ("komorebi-zakka-support.jp", "added", "komorebi-zakka.jp"),
        ("komorebi-zaka.jp", "typo", "komorebi-zakka.jp"),
        ("komorebizakka.jp", "twin", "komorebi-zakka.jp"),
    ],
)
def test_a_lookalike_is_found(host: str, how: str, genuine: str) -> None:
    found = lookalike_of(host, own_domains={"komorebi-zakka.jp"})

    assert found is not None
    assert (found.how, found.genuine) == (how, genuine)


@pytest.mark.parametrize(
    "host",
    [
        "docomo.example",
        "yahoo.test",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "au.com",
        "softbank.ne.jp",
        "i.softbank.jp",
        "gmail.com",
        "yahoo.co.jp",
        "icloud.com",
        "outlook.jp",
        "komorebi-zakka.jp",
        "mail.komorebi-zakka.jp",
        "pc.fw.rakuten.ne.jp",
        "shop.rakuten.co.jp",
        "rakuten-card.co.jp",
        "marketplace.amazon.co.jp",
        "amazon.de",
        "yahoo.com.tw",
        "mail.yahoo.co.jp",
        "paypal.com",
        "kuronekoyamato.co.jp",
        "mail.vpass.ne.jp",
        "yamatoya.co.jp",
        "yamato-kensetsu.co.jp",
        "hotel-yamato.jp",
        "sagawa-clinic.jp",
        "sagawa.jp",
        "kagawa.jp",
        "kagawa-u.ac.jp",
        "rakuen.co.jp",
        "rakuen-hotel.jp",
        "amazonas-cafe.jp",
        "amazone.de",
        "visa-support-tokyo.jp",
        "jcb.xyz",
        "aeon-cinema.example",
        "saison-cafe.jp",
        "mizuho-kanamono.co.jp",
        "apple-farm.jp",
        "orion.co.jp",
        "epos-design.jp",
        "kuroneko-cafe.jp",
        "yahata.lg.jp",
        "u-tokyo.ac.jp",
        "city.kyoto.lg.jp",
        "nhk.or.jp",
        "komorebi-cafe.jp",
        "komorebi.com",
        "morebi-zakka.net",
        "line-dance.jp",
        "mercury-net.jp",
        "mercurius.co.jp",
        "papay.example",
        "dokokamo.jp",
        "xn--wgv71a119e.jp",
        "xn--p8j9a0d9c9a.jp",
        "example",
        "192.0.2.1",
    ],
)
def test_genuine_and_ordinary_hosts_are_left_alone(host: str) -> None:
    assert lookalike_of(host, own_domains={"komorebi-zakka.jp"}) is None


@pytest.mark.parametrize(
    ("sender", "checks"),
    [
        (Sender("山田 花子", "hanako.0412@docomo.ne.jp"), PASSED),
        (Sender("", "a..b@docomo.ne.jp"), NO_CHECKS),
        (Sender("hanako@ezweb.ne.jp", "hanako@au.com"), PASSED),
        (Sender("taro@gmail.com", "taro@gmail.com"), PASSED),
        (Sender("ヨシダ シンジ", "shinji@gmail.com"), PASSED),
        (Sender("シ", "shi@icloud.com"), NO_CHECKS),
        (Sender("佐川 太郎", "sagawa@gmail.com"), PASSED),
        (Sender("大和 ヤマト", "yamato@yahoo.co.jp"), PASSED),
        (Sender("みずほ", "mizuho.t@softbank.ne.jp"), PASSED),
        (Sender("Apple Yoshida", "apple@i.softbank.jp"), PASSED),
        (Sender("Amazonas 花店", "info@amazonas-cafe.jp"), PASSED),
        (Sender("セゾン 美容室", "salon@saison-cafe.jp"), UNKNOWN),
        (
            Sender("iPhoneから送信", "x@icloud.com"),
            SenderChecks(by="mx", spf="fail", dkim="pass", dkim_domain="icloud.com"),
        ),
        (Sender("転送された人", "taro@university.ac.jp"), FAILED),
        (Sender("田中", "tanaka@kaisha.co.jp", reply_to=("tanaka@gmail.com",)), PASSED),
        (Sender("田中", "tanaka@kaisha.co.jp", reply_to=("tanaka@gmail.com",)), NO_CHECKS),
        (Sender("楽天市場 お客様", "0a1b2c@pc.fw.rakuten.ne.jp", reply_to=("0a1b2c@pc.fw.rakuten.ne.jp",)), PASSED),
        (Sender("楽天市場", "order@rakuten.co.jp", reply_to=("0a1b2c@pc.fw.rakuten.ne.jp",)), PASSED),
        (Sender("Amazon.co.jp 購入者", "x1y2@marketplace.amazon.co.jp"), PASSED),
        (Sender("Amazonマーケットプレイス", "seller-notification@amazon.co.jp"), PASSED),
        (Sender("Yahoo!ショッピング", "shopping-order@mail.yahoo.co.jp", reply_to=("buyer@ezweb.ne.jp",)), PASSED),
        (Sender("メルカリShops", "no-reply@mercari-shops.com"), PASSED),
        (Sender("ヤマト運輸株式会社", "mail@kuronekoyamato.co.jp"), PASSED),
        (Sender("三井住友カード", "mail@contact.vpass.ne.jp"), PASSED),
        (Sender("こもれび雑貨店", "support@komorebi-zakka.jp", reply_to=("hanako@docomo.ne.jp",)), PASSED),
        (Sender("こもれび雑貨店", "wordpress@komorebi-zakka.jp", reply_to=("hanako@docomo.ne.jp",)), UNKNOWN),
        (Sender("こもれび雑貨店", "noreply@form.run", reply_to=("hanako@docomo.ne.jp",)), PASSED),
        (Sender("こもれび雑貨店 (Shopify)", "mailer@shopify.com"), PASSED),
        (Sender("楽天運用代行の株式会社ABC", "sales@abc-ec.co.jp"), PASSED),
        (Sender("花子", "hanako@gmail.com", link_hosts=("item.rakuten.co.jp", "www.amazon.co.jp", "youtu.be")), PASSED),
        (Sender("花子", "hanako@gmail.com", link_hosts=("komorebi-zakka.jp", "trackings.post.japanpost.jp")), PASSED),
    ],
)
def test_an_ordinary_mail_gets_no_warning(sender: Sender, checks: SenderChecks) -> None:
    assert signs(sender, checks) == []


@pytest.mark.parametrize(
    ("sender", "checks", "expected"),
    [
        (Sender("楽天市場", "info@x1.top"), NO_CHECKS, ["name_of_company"]),
        (Sender("Аmаzon.co.jp", "info@x1.top"), PASSED, ["name_of_company"]),
        (Sender("Amazon Customer Service", "cs@x1.top"), PASSED, ["name_of_company"]),
        (Sender("ＡＭＡＺＯＮプライム", "cs@x1.top"), PASSED, ["name_of_company"]),
        (Sender("メル力リ事務局", "cs@gmail.com"), PASSED, ["name_of_company"]),
        (Sender("佐川急便", "sagawa@gmail.com"), PASSED, ["name_of_company"]),
        (Sender("au PAY カスタマーセンター", "x@x1.top"), PASSED, ["name_of_company"]),
        (Sender("こもれび雑貨店", "shop@gmail.com"), PASSED, ["name_of_shop"]),
        (Sender("komorebi zakka 店長", "tencho@x1.top"), PASSED, ["name_of_shop"]),
        (Sender("support@komorebi-zakka.jp", "x@x1.top"), PASSED, ["name_of_shop", "address_in_name"]),
        (Sender("rakuten＠mail.rakuten.co.jp", "x@gmail.com"), PASSED, ["name_of_company", "address_in_name"]),
        (Sender("店長", "support@komorebi-zakka.jp"), FAILED, ["own_address_forged"]),
        (Sender("店長", "tencho@komorebi-zakka.jp"), SenderChecks(by="mx", spf="softfail"), ["own_address_forged"]),
        (
            Sender("店長", "support@komorebi-zakka.jp", reply_to=("boss@gmail.com",)),
            FAILED,
            ["own_address_forged", "answers_elsewhere"],
        ),
        (Sender("楽天", "order@rakuten.co.jp"), FAILED, ["company_address_forged"]),
        (Sender("", "info@rakuten-security.example"), NO_CHECKS, ["lookalike_of_company"]),
        (Sender("", "info@komorebi-zakka.com"), PASSED, ["lookalike_of_shop"]),
        (Sender("楽天", "info@rakuten-security.example"), NO_CHECKS, ["lookalike_of_company", "name_of_company"]),
        (Sender("田中", "tanaka@kaisha.co.jp", reply_to=("tanaka@amaz0n.co.jp",)), PASSED, ["lookalike_of_company"]),
        (Sender("田中", "tanaka@kaisha.co.jp", reply_to=("tanaka@gmail.com",)), FAILED, ["answers_elsewhere"]),
        (Sender("花子", "hanako@gmail.com", link_hosts=("mercari-support.top",)), PASSED, ["lookalike_link"]),
    ],
)
def test_a_disguise_is_named(sender: Sender, checks: SenderChecks, expected: list[str]) -> None:
    assert signs(sender, checks) == expected


def test_a_warning_says_what_and_why_with_the_punycode() -> None:
    found = warnings_about(Sender("", "info@xn--mazon-3ve.co.jp"), checks=NO_CHECKS, ourselves=US)

    assert found == (
        SenderWarning(
            SenderSign.LOOKALIKE_OF_COMPANY,
            {"domain": "аmazon.co.jp (xn--mazon-3ve.co.jp)", "genuine": "amazon.co.jp", "company": "Amazon"},
        ),
    )
    assert found[0].as_values()["sign"] == "lookalike_of_company"


def test_an_address_at_a_provider_gives_the_shop_no_domain_of_its_own() -> None:
    shop = Ourselves(addresses=("komorebi.zakka@gmail.com",), names=("こもれび雑貨店",))

    assert shop.domains == frozenset()
    assert signs(Sender("花子", "hanako@gmail.com"), FAILED, shop) == []
    assert signs(Sender("店長", "komorebi.zakka@gmail.com"), FAILED, shop) == ["own_address_forged"]


def test_links_are_found_in_text_and_design_once_each() -> None:
    text = "こちら https://Example.jp/a、http://user@evil.example:8080/b と https://example.jp/c"
    html = '<a href="https://mercari-support.top/login&amp;x=1">メルカリ</a>'

    assert link_hosts(text, html) == ("example.jp", "evil.example", "mercari-support.top")
    assert len(link_hosts(" ".join(f"https://h{n}.example/" for n in range(500)))) == 60


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("rakuten", "rakutn", True),
        ("rakuten", "rakkuten", True),
        ("rakuten", "rakutem", True),
        ("rakuten", "raukten", True),
        ("rakuten", "rakuten", False),
        ("rakuten", "rautkne", False),
        ("rakuten", "rakutenxx", False),
    ],
)
def test_one_slip_is_one_letter_or_one_swap(one: str, other: str, near: bool) -> None:
    assert is_one_slip_away(one, other) is near
    assert is_one_slip_away(other, one) is near


def test_the_eye_takes_disguised_letters_for_latin_ones() -> None:
    assert skeleton("аmаzоn") == skeleton("amaz0n") == skeleton("arnazon") == skeleton("amazon")


def test_every_domain_of_the_list_is_a_registered_one_and_genuine() -> None:
    for company in COMPANIES:
        assert company.names and (company.labels or company.words)
        assert [lookalike_of(domain) for domain in company.domains] == [None] * len(company.domains), company.name
    strange = {host for host in CONSUMER_DOMAINS | SENDING_SERVICES if not registrable(host)}
    assert strange == set()
