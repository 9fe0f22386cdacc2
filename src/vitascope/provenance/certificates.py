"""Issues the three certificates of the local chain, in the profile that C2PA 2.2 asks for (section 14.5).

No files and no clock: the moment is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

CLAIM_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")  # c2pa-kp-claimSigning
AUTHORITY_LIFETIME = timedelta(days=7300)
SIGNER_LIFETIME = timedelta(days=365)
_ORGANIZATION = "Vitascope, self-hosted"
_CLOCK_TOLERANCE = timedelta(minutes=5)

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def certificate_pem(self) -> bytes:
        """The certificate alone."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The private key alone, not encrypted."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def issue_root(install: str, now: datetime) -> Issuer:
    """Return a self-signed root for the installation named `install`."""
    return _issue(f"Vitascope root {install}", None, now=now, lifetime=AUTHORITY_LIFETIME, path_length=1)


def issue_authority(root: Issuer, install: str, now: datetime) -> Issuer:
    """Return an issuing authority below `root`, valid as long as it."""
    return _issue(f"Vitascope authority {install}", root, now=now, lifetime=AUTHORITY_LIFETIME, path_length=0)


def issue_signer(authority: Issuer, now: datetime, *, lifetime: timedelta = SIGNER_LIFETIME) -> Issuer:
    """Return a signer of claims below `authority`, named after the same installation."""
    common_name = authority.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    install = str(common_name).rsplit(" ", 1)[-1]
    return _issue(f"Vitascope signer {install}", authority, now=now, lifetime=lifetime)


def _issue(
    name: str,
    issuer: Issuer | None,
    *,
    now: datetime,
    lifetime: timedelta,
    path_length: int | None = None,
) -> Issuer:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    is_authority = path_length is not None
    issuer_key = issuer.key if issuer else key
    start = now - _CLOCK_TOLERANCE
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + lifetime)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=path_length), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(_usage(is_authority), critical=True)
    )
    if not is_authority:
        purposes = [CLAIM_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return Issuer(certificate=builder.sign(issuer_key, hashes.SHA256()), key=key)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
