"""Authentication-Results: read whatever is written, believed only on top and only of the mailbox's own server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.plumbing.mail.authentication import (
    NO_CHECKS,
    Result,
    SenderChecks,
    Statement,
    believed_checks,
    checks_from,
    read_statement,
    server_on_top,
)
from anshin.plumbing.mail.domains import domain_of, readable_host, registrable

GOOGLE = (
    "mx.google.com; dkim=pass header.i=@docomo.ne.jp header.s=d1 header.b=Abc; spf=pass (google.com: domain of"
    " hanako@docomo.ne.jp designates 203.0.113.4 as permitted sender) smtp.mailfrom=hanako@docomo.ne.jp;"
    " dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=docomo.ne.jp"
)
MICROSOFT = (
    "spf=fail (sender IP is 203.0.113.4) smtp.mailfrom=evil.example; dkim=none (message not signed)"
    " header.d=none;dmarc=fail action=quarantine header.from=rakuten.co.jp;compauth=fail reason=000"
)


def mail(*headers: str) -> tuple[tuple[str, str], ...]:
    pairs = (header.partition(": ") for header in headers)
    return tuple((name, value) for name, _colon, value in pairs)


def hop(by: str) -> str:
    return f"Received: from client.example (client.example [203.0.113.4]) by {by} with ESMTPS; Thu, 26 Nov 2026"


@pytest.mark.parametrize(
    ("value", "statement"),
    [
        (
            GOOGLE,
            Statement(
                "mx.google.com",
                (
                    Result("dkim", "pass", "docomo.ne.jp"),
                    Result("spf", "pass", "docomo.ne.jp"),
                    Result("dmarc", "pass", "docomo.ne.jp"),
                ),
            ),
        ),
        (
            MICROSOFT,
            Statement(
                "",
                (
                    Result("spf", "fail", "evil.example"),
                    Result("dkim", "none", "none"),
                    Result("dmarc", "fail", "rakuten.co.jp"),
                    Result("compauth", "fail"),
                ),
            ),
        ),
        ("example.com 1; none", Statement("example.com", ())),
        (
            "example.org; spf=hardfail smtp.mailfrom=a.example",
            Statement("example.org", (Result("spf", "fail", "a.example"),)),
        ),
        ('"quoted.example"; dmarc=pass', Statement("quoted.example", (Result("dmarc", "pass"),))),
        (
            'mx.example; dkim=fail reason="smtp.mailfrom=x; dmarc=pass" header.d=shop.example',
            Statement("mx.example", (Result("dkim", "fail", "shop.example"),)),
        ),
        (
            r"mx.example (a (nested \) ; dmarc=pass) comment); spf=pass",
            Statement("mx.example", (Result("spf", "pass"),)),
        ),
        (
            "mx.example; spf=pass(no blank)smtp.mailfrom=a@b.example",
            Statement("mx.example", (Result("spf", "pass", "b.example"),)),
        ),
        ("mx.example; x-invented=pass; spf=wonderful", Statement("mx.example", (Result("x-invented", "pass"),))),
        ("", None),
        (" ;;; ", None),
    ],
)
def test_a_statement_is_taken_apart(value: str, statement: Statement | None) -> None:
    assert read_statement(value) == statement


@given(st.text(max_size=300) | st.text(alphabet='ab;=.()"\\ /@', max_size=300))
def test_nothing_that_is_written_makes_it_raise(value: str) -> None:
    read_statement(value)
    headers = (("Received", value), ("Authentication-Results", value), ("Received", f"by {value}"))
    believed_checks(headers, server="mx.example", sender_mail=value)
    server_on_top(headers, hosts=(value,))


def test_a_header_of_ten_thousand_brackets_is_walked_once() -> None:
    assert read_statement("mx.example; " + "(" * 100_000 + "spf=pass") == Statement("mx.example", ())
    assert read_statement("mx.example; " + "spf=pass; " * 100_000) == Statement(
        "mx.example", (Result("spf", "pass"),) * 50
    )


def test_the_top_statement_of_the_known_server_is_believed() -> None:
    headers = mail(hop("mx.google.com"), f"Authentication-Results: {GOOGLE}", "From: hanako@docomo.ne.jp")

    assert believed_checks(headers, server="google.com", sender_mail="hanako@docomo.ne.jp") == SenderChecks(
        by="mx.google.com",
        spf="pass",
        dkim="pass",
        dmarc="pass",
        spf_domain="docomo.ne.jp",
        dkim_domain="docomo.ne.jp",
    )


def test_a_statement_above_the_hop_counts_too() -> None:
    headers = mail("Authentication-Results: mail.shop.jp; dmarc=fail", hop("mail.shop.jp"), "From: a@b.example")

    assert believed_checks(headers, server="mail.shop.jp", sender_mail="a@b.example").dmarc == "fail"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([hop("mail.shop.jp"), "Authentication-Results: evil.example; dmarc=pass"], id="another server's"),
        pytest.param(
            [hop("mail.shop.jp"), hop("relay.evil.example"), "Authentication-Results: mail.shop.jp; dmarc=pass"],
            id="below a foreign hop",
        ),
        pytest.param(
            [
                hop("mail.shop.jp"),
                "Authentication-Results: evil.example; spf=pass",
                "Authentication-Results: mail.shop.jp; dmarc=pass",
            ],
            id="below another server's",
        ),
        pytest.param(
            [hop("mail.shop.jp"), "Authentication-Results: mail.shop.jp.evil.example; dmarc=pass"], id="a longer name"
        ),
        pytest.param(
            [hop("mail.shop.jp"), "Authentication-Results: evilmail.shop.jp; dmarc=pass"], id="a name that ends alike"
        ),
        pytest.param([hop("mail.shop.jp"), "Subject: no statement at all"], id="none"),
        pytest.param([], id="an empty mail"),
    ],
)
def test_what_others_wrote_is_not_believed(headers: list[str]) -> None:
    assert believed_checks(mail(*headers), server="mail.shop.jp", sender_mail="a@b.example") == NO_CHECKS


def test_several_headers_of_one_server_count_together_until_the_senders_own_begin() -> None:
    headers = mail(
        hop("mail.shop.jp"),
        "Authentication-Results: mail.shop.jp; dkim=pass header.d=b.example",
        "Authentication-Results: mail.shop.jp; spf=softfail smtp.mailfrom=b.example",
        "DKIM-Signature: v=1; d=b.example",
        "Authentication-Results: mail.shop.jp; dmarc=pass",
    )

    found = believed_checks(headers, server="mail.shop.jp", sender_mail="a@b.example")

    assert (found.dkim, found.spf, found.dmarc) == ("pass", "softfail", "")


def test_a_pass_for_the_senders_own_domain_goes_before_other_signatures() -> None:
    statement = (
        "mx.example; dkim=fail header.d=list.example; dkim=pass header.d=mailer.example; dkim=pass header.d=b.example"
    )
    headers = mail(f"Authentication-Results: {statement}")

    assert believed_checks(headers, server="mx.example", sender_mail="a@b.example").dkim_domain == "b.example"


def test_a_statement_without_a_name_is_the_last_hops() -> None:
    headers = mail(hop("TY2PR01MB1.jpnprd01.prod.outlook.com"), f"Authentication-Results: {MICROSOFT}")

    assert server_on_top(headers, hosts=("outlook.office365.com",)) == "outlook.com"
    assert believed_checks(headers, server="outlook.com", sender_mail="info@rakuten.co.jp").dmarc == "fail"


@pytest.mark.parametrize(
    ("headers", "hosts", "server"),
    [
        ([hop("mx.google.com"), f"Authentication-Results: {GOOGLE}"], ("imap.gmail.com",), "google.com"),
        (["Authentication-Results: mx3.shop.jp; spf=pass"], ("imap.shop.jp",), "shop.jp"),
        ([hop("mx.shop.jp"), "Authentication-Results: evil.example; spf=pass"], ("imap.shop.jp",), ""),
        ([hop("mx.shop.jp"), hop("evil.example"), "Authentication-Results: mx.shop.jp; spf=pass"], (), ""),
        ([hop("mx.shop.jp")], ("mx.shop.jp",), ""),
    ],
)
def test_only_a_server_of_the_mailboxs_own_side_may_be_learnt(
    headers: list[str], hosts: tuple[str, ...], server: str
) -> None:
    assert server_on_top(mail(*headers), hosts=hosts) == server


@pytest.mark.parametrize(
    ("checks", "proven", "disproven"),
    [
        (SenderChecks(dmarc="pass"), True, False),
        (SenderChecks(dmarc="fail", dkim="pass", dkim_domain="shop.jp"), False, True),
        (SenderChecks(dkim="pass", dkim_domain="mail.shop.jp"), True, False),
        (
            SenderChecks(dkim="pass", dkim_domain="mailer.example", spf="pass", spf_domain="mailer.example"),
            False,
            False,
        ),
        (SenderChecks(spf="pass", spf_domain="bounce.shop.jp", dkim="fail"), True, False),
        (SenderChecks(spf="softfail", dkim="none"), False, True),
        (SenderChecks(spf="none", dkim="none", dmarc="none"), False, False),
        (NO_CHECKS, False, False),
    ],
)
def test_silence_neither_proves_nor_disproves(checks: SenderChecks, proven: bool, disproven: bool) -> None:
    assert (checks.prove("info@shop.jp"), checks.disprove("info@shop.jp")) == (proven, disproven)


def test_checks_survive_being_kept_as_plain_values() -> None:
    checks = SenderChecks(by="mx.example", spf="pass", spf_domain="b.example")

    assert checks.as_values() == {"by": "mx.example", "spf": "pass", "spf_domain": "b.example"}
    assert checks_from(checks.as_values() | {"later": "word"}) == checks
    assert NO_CHECKS.as_values() == {}


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("mail.rakuten.co.jp", "rakuten.co.jp"),
        ("RAKUTEN.CO.JP.", "rakuten.co.jp"),
        ("a.b.komorebi.example", "komorebi.example"),
        ("日本語.jp", "xn--wgv71a119e.jp"),
        ("co.jp", ""),
        ("192.0.2.1", ""),
        ("localhost", ""),
        ("a..b.jp", ""),
        ("x" * 300 + ".jp", ""),
        ("", ""),
    ],
)
def test_the_registered_part_of_a_host_is_found(host: str, domain: str) -> None:
    assert registrable(host) == domain


def test_punycode_is_shown_as_it_looks() -> None:
    assert readable_host("xn--mazon-3ve.co.jp") == "аmazon.co.jp"
    assert readable_host("xn--\xff.example") == "xn--\xff.example"
    assert domain_of("<Taro@Docomo.NE.JP>") == "docomo.ne.jp"
