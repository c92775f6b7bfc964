"""Makes a certificate for localhost that lives as long as its server; whom to trust is the reader's choice."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

VALID = timedelta(days=30)
CLOCK_SLACK = timedelta(hours=1)


class Certificate(NamedTuple):
    """A certificate and its private key, both as PEM text."""

    certificate_pem: str
    key_pem: str


def self_signed() -> Certificate:
    """Make a new key, and a certificate by it that is valid for localhost and 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))])
    now, serial = datetime.now(UTC), x509.random_serial_number()
    described = x509.CertificateBuilder(name, name, key.public_key(), serial, now - CLOCK_SLACK, now + VALID)
    limited = described.add_extension(names, critical=False)
    certificate = limited.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    pem = certificate.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    key_pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Certificate(pem.decode(), key_pem.decode())
