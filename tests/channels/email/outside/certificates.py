"""Certificates for test servers: an authority that is trusted, and what can be wrong with what a server shows."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LONG_AGO, FAR_OFF = datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)


class Authority:
    """Vouches for servers. `file` is what a machine that trusts it names in SSL_CERT_FILE."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Anshin test authority")
        basic = x509.BasicConstraints(ca=True, path_length=0)
        self._certificate = (
            _begun(self._name, self._name, self._key, until=FAR_OFF)
            .add_extension(basic, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def certificate(self, name: str, *, until: datetime = FAR_OFF) -> Path:
        """A certificate of this authority for a server; its key.pem lies beside it."""
        return self._written(name, until, self._key, self._name)

    def self_signed(self, name: str) -> Path:
        """A certificate for which only its own owner vouches."""
        return self._written(name, FAR_OFF, None, None)

    def _written(
        self, name: str, until: datetime, key: ec.EllipticCurvePrivateKey | None, by: x509.Name | None
    ) -> Path:
        own = ec.generate_private_key(ec.SECP256R1())
        signer = key or own
        alternatives: list[x509.GeneralName] = [x509.DNSName(name)]
        if name == "localhost":
            alternatives.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        made = (
            _begun(_name(name), by or _name(name), own, until=until)
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
        )
        folder = self._folder / f"{name}-{until.year}-{'self' if by is None else 'signed'}"
        folder.mkdir()
        pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "key.pem").write_bytes(own.private_bytes(*pem))
        file = folder / "cert.pem"
        file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        return file


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(LONG_AGO - timedelta(days=1))
        .not_valid_after(until)
    )
