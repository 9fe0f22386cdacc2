"""The local chain of certificates: a root, an issuing authority and a signer, made on first use and kept private.

The root's key is thrown away once it has signed the issuing authority, so nobody can make a second authority with it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from vitascope.provenance.certificates import (
    SIGNER_LIFETIME,
    Issuer,
    PrivateKey,
    issue_authority,
    issue_root,
    issue_signer,
)
from vitascope.provenance.errors import ProvenanceError

_RENEW_BEFORE = timedelta(days=30)
_SIGNER, _AUTHORITY, _ROOT, _TRUSTED = "signer.pem", "authority.pem", "root.pem", "trusted"  # the last beside `keys`


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChain:
    """What signs: the signer's certificate followed by its issuers, its private key, and the trusted roots."""

    chain_pem: bytes
    key_pem: bytes = field(repr=False)
    algorithm: str
    roots_pem: str
    name: str
    expires: datetime


def vitascope_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for what Vitascope keeps: $VITASCOPE_HOME, else `vitascope` below the user's data folder."""
    if home := environ.get("VITASCOPE_HOME"):
        return Path(home).expanduser()
    data = environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "vitascope"


def load_keys(home: Path | None = None, *, now: datetime | None = None) -> KeyChain:
    """Return the chain kept in `home`/keys, made on first use, with a signer that is valid for 30 more days at least.

    A chain that the user put there is used as it is and never renewed. Raises ProvenanceError for keys that others may
    read, that are damaged, or that have run out.
    """
    moment = now or datetime.now(UTC)
    folder = (home or vitascope_home()) / "keys"
    try:
        if not (folder / _SIGNER).exists():
            _create(folder, moment)
        _check_private(folder)
        chain = _read_chain(folder)
        if (folder / _AUTHORITY).exists() and chain.expires - moment < _RENEW_BEFORE:
            _renew(folder, moment)
            chain = _read_chain(folder)
    except OSError as error:
        raise ProvenanceError(f"The signing keys cannot be kept or read ({error.strerror}): {folder}") from error
    if chain.expires <= moment:
        raise ProvenanceError(
            f"The signing certificate ran out on {chain.expires:%Y-%m-%d}; put a new one into {folder / _SIGNER}"
        )
    return chain


def read_roots(home: Path | None = None) -> str:
    """Return the root certificates that this place trusts, as PEM; empty when there are none. Makes nothing."""
    home = home or vitascope_home()
    files = [home / "keys" / _ROOT, *sorted((home / _TRUSTED).glob("*.pem"))]
    texts = []
    for file in files:
        try:
            certificates = x509.load_pem_x509_certificates(file.read_bytes())
        except (OSError, ValueError):
            continue  # a missing or damaged root trusts nobody; the verdict then says that the signer is not known
        texts += [certificate.public_bytes(serialization.Encoding.PEM).decode() for certificate in certificates]
    return "".join(texts)


def _create(folder: Path, now: datetime) -> None:
    """Make a whole new chain in a folder of its own and move it into place; a chain that came first wins."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".keys."))  # mode 0700
    try:
        install = secrets.token_hex(4)
        root = issue_root(install, now)
        authority = issue_authority(root, install, now)
        _write(part / _ROOT, root.certificate_pem, 0o644)
        _write(part / _AUTHORITY, authority.key_pem + authority.certificate_pem, 0o600)
        _write(part / _SIGNER, _signer_file(authority, now), 0o600)
        try:
            os.rename(part, folder)
        except OSError:
            if not (folder / _SIGNER).exists():
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _renew(folder: Path, now: datetime) -> None:
    """Put a fresh signer into place in one step. Raises ProvenanceError when the authority is near its own end."""
    pem = (folder / _AUTHORITY).read_bytes()
    authority = Issuer(certificate=x509.load_pem_x509_certificate(pem), key=_load_key(pem))
    if authority.certificate.not_valid_after_utc - now < SIGNER_LIFETIME:
        raise ProvenanceError(
            f"The local signing authority is near its end; copy {_ROOT} into {folder.parent / _TRUSTED} and rename "
            f"this folder, then a new one is made: {folder}"
        )
    part = folder / f".{_SIGNER}.{secrets.token_hex(4)}"
    try:
        _write(part, _signer_file(authority, now), 0o600)
        os.replace(part, folder / _SIGNER)
    finally:
        part.unlink(missing_ok=True)


def _signer_file(authority: Issuer, now: datetime) -> bytes:
    signer = issue_signer(authority, now)
    return signer.key_pem + signer.certificate_pem + authority.certificate_pem


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _check_private(folder: Path) -> None:
    if os.name != "posix":
        return
    for path, command in ((folder, "700"), (folder / _SIGNER, "600"), (folder / _AUTHORITY, "600")):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ProvenanceError(f"Others on this machine may read the signing keys; run: chmod {command} {path}")


def _read_chain(folder: Path) -> KeyChain:
    path = folder / _SIGNER
    pem = path.read_bytes()
    try:
        certificates = x509.load_pem_x509_certificates(pem)
        key = _load_key(pem)
    except ValueError as error:
        raise ProvenanceError(
            f"The signer's file must hold one unencrypted private key and its certificates in PEM form: {path}"
        ) from error
    if certificates[0].public_key() != key.public_key():
        raise ProvenanceError(f"The first certificate does not belong to the private key beside it: {path}")
    encoding = serialization.Encoding.PEM
    return KeyChain(
        chain_pem=b"".join(certificate.public_bytes(encoding) for certificate in certificates),
        key_pem=key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        algorithm=_algorithm(key, path),
        roots_pem=read_roots(folder.parent),
        name=certificates[0].subject.rfc4514_string(),
        expires=certificates[0].not_valid_after_utc,
    )


def _load_key(pem: bytes) -> PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, None)
    except TypeError as error:  # the key is encrypted
        raise ValueError(str(error)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise ValueError("not an elliptic-curve key")
    return key


def _algorithm(key: PrivateKey, path: Path) -> str:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519"
    known = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
    if key.curve.name not in known:
        raise ProvenanceError(f"The key uses the curve {key.curve.name}; use P-256, P-384, P-521 or Ed25519: {path}")
    return known[key.curve.name]
