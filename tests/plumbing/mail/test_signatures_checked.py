"""No signature is called better than it was found; issuers count only when the operator trusts them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from anshin.plumbing.mail.issuers import read_issuers, vouched_for
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.values import SignatureState

GOLDEN = Path(__file__).parent / "golden"
TRUSTED = read_issuers((GOLDEN / "trusted_issuer.pem").read_bytes())
AT = datetime(2027, 3, 1, tzinfo=UTC)


def golden(name: str) -> bytes:
    return (GOLDEN / f"smime_{name}.eml").read_bytes()


def state(raw: bytes) -> SignatureState:
    signed = parse(raw, trusted=TRUSTED).signed
    assert signed
    return signed.state


@pytest.mark.parametrize(
    "name",
    [
        *("signed_beside", "signed_inside", "elliptic_curve", "rsa_pss", "streamed_with_open_lengths"),
        *("signer_named_by_key", "intermediate_issuer", "without_attributes", "line_feeds_only"),
        "signed_jis_with_a_file",
    ],
)
def test_a_trusted_issuer_makes_a_genuine_signature_valid(name: str) -> None:
    assert state(golden(name)) == SignatureState.VALID


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("altered_text", "altered"),
        ("key_of_somebody_else", "other_sender"),
        ("weak_digest", "unchecked"),
        ("certificate_left_out", "unchecked"),
        ("certificate_run_out", "expired"),
        ("with_an_unsigned_footer", "partly"),
        ("encrypted", "encrypted"),
    ],
)
def test_a_trusted_issuer_excuses_nothing(name: str, found: str) -> None:
    assert state(golden(name)) == found


@pytest.mark.parametrize(
    ("name", "was", "becomes"),
    [
        ("signed_beside", "三島に変えて".encode(), "四島に変えて".encode()),
        ("signed_beside", b"8bit", b"7bit"),
        ("elliptic_curve", b"address", b"Address"),
        ("without_attributes", "宛名を".encode(), "宛先を".encode()),
        ("rsa_pss", b"\r\n\r\n\xe3\x81\x8a", b"\r\n\r\n \xe3\x81\x8a"),
    ],
)
def test_a_change_of_the_signed_part_is_seen(name: str, was: bytes, becomes: bytes) -> None:
    head, _boundary, rest = golden(name).partition(b"------")
    assert was in rest

    assert state(head + b"------" + rest.replace(was, becomes, 1)) == SignatureState.ALTERED


def test_somebody_else_in_the_from_line_is_seen() -> None:
    raw = golden("signed_beside").replace(b"<mishima@corp.example>", b"<attacker@rival.example>")

    assert state(raw) == SignatureState.OTHER_SENDER


def test_an_unsigned_part_put_around_a_signed_mail_is_seen() -> None:
    """A forger keeps the genuine signed mail as one part and adds words of his own before it."""
    raw = golden("signed_beside")
    at = raw.index(b"MIME-Version")
    forged = (
        raw[:at] + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=forged\r\n\r\n--forged\r\n"
        b"Content-Type: text/plain\r\n\r\nPay to another account.\r\n--forged\r\n"
        + raw[at:].removeprefix(b"MIME-Version: 1.0\r\n")
        + b"\r\n--forged--\r\n"
    )

    mail = parse(forged, trusted=TRUSTED)

    assert mail.text.startswith("Pay to another account.")
    assert mail.signed
    assert mail.signed.state == SignatureState.PARTLY


def test_the_files_and_words_of_a_mail_signed_inside_are_the_mails_own() -> None:
    mail = parse(golden("signed_jis_with_a_file"))

    assert [part.filename for part in mail.attachments] == ["見積.pdf", "smime.p7s"]
    assert mail.attachments[0].content == b"%PDF golden"


class Issuing:
    """Certificates of one's own making."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    def make(
        self,
        name: str,
        by: "Issuing | None" = None,
        issuer: str = "",
        *extensions: tuple[x509.ExtensionType, bool],
        until: datetime = AT + timedelta(days=900),
    ) -> x509.Certificate:
        built = x509.CertificateBuilder().subject_name(_name(name)).issuer_name(_name(issuer or name))
        built = built.public_key(self.key.public_key()).serial_number(x509.random_serial_number())
        built = built.not_valid_before(AT - timedelta(days=900)).not_valid_after(until)
        for extension, critical in extensions:
            built = built.add_extension(extension, critical)
        return built.sign((by or self).key, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


CA = (x509.BasicConstraints(ca=True, path_length=None), True)


def test_only_an_issuers_certificate_may_issue() -> None:
    root, shop, victim = Issuing(), Issuing(), Issuing()
    anchor = root.make("root", None, "", CA)
    ordinary = shop.make("shop", root, "root", (x509.BasicConstraints(ca=False, path_length=None), True))
    forged = victim.make("victim", shop, "shop")

    assert vouched_for(ordinary, [ordinary], trusted=[anchor], at=AT)
    assert not vouched_for(forged, [forged, ordinary], trusted=[anchor], at=AT)


def test_a_chain_too_long_for_its_issuer_is_not_vouched_for() -> None:
    root, middle, lower, leaf = Issuing(), Issuing(), Issuing(), Issuing()
    anchor = root.make("root", None, "", CA)
    first = middle.make("middle", root, "root", (x509.BasicConstraints(ca=True, path_length=0), True))
    second = lower.make("lower", middle, "middle", CA)
    end = leaf.make("leaf", lower, "lower")

    assert vouched_for(leaf.make("leaf", middle, "middle"), [first], trusted=[anchor], at=AT)
    assert not vouched_for(end, [first, second], trusted=[anchor], at=AT)


@pytest.mark.parametrize(
    "extension",
    [
        (x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),
    ],
)
def test_a_certificate_for_another_use_is_not_vouched_for(extension: tuple[x509.ExtensionType, bool]) -> None:
    root, shop = Issuing(), Issuing()

    assert not vouched_for(
        shop.make("shop", root, "root", extension), [], trusted=[root.make("root", None, "", CA)], at=AT
    )


def test_an_issuer_limited_to_some_names_is_not_asked() -> None:
    root, shop = Issuing(), Issuing()
    limits = x509.NameConstraints(permitted_subtrees=[x509.RFC822Name("corp.example")], excluded_subtrees=None)
    anchor = root.make("root", None, "", CA, (limits, False))

    assert not vouched_for(shop.make("shop", root, "root"), [], trusted=[anchor], at=AT)


def test_an_issuer_that_ran_out_or_a_moment_unknown_is_not_vouched_for() -> None:
    root, shop = Issuing(), Issuing()
    old, anchor = root.make("root", None, "", CA, until=AT - timedelta(days=1)), root.make("root", None, "", CA)
    leaf = shop.make("shop", root, "root")

    assert not vouched_for(leaf, [], trusted=[old], at=AT)
    assert not vouched_for(leaf, [], trusted=[anchor], at=None)
    assert not vouched_for(leaf, [], trusted=[], at=AT)
    assert vouched_for(leaf, [], trusted=[anchor], at=AT)


def test_a_file_without_certificates_names_no_issuer() -> None:
    assert read_issuers(b" \n") == ()
    with pytest.raises(ValueError):
        read_issuers(b"nonsense")
