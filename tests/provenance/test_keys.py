"""The local chain: private from the first moment, made once, renewed in time, replaceable."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from vitascope.provenance import MarkFacts, ProvenanceError, load_keys, sign, verify, vitascope_home

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX file modes")


def test_the_home_follows_the_environment(tmp_path: Path) -> None:
    """VITASCOPE_HOME first, then XDG_DATA_HOME, then the user's own data folder."""
    assert vitascope_home({"VITASCOPE_HOME": str(tmp_path), "XDG_DATA_HOME": "/data"}) == tmp_path
    assert vitascope_home({"XDG_DATA_HOME": "/data"}) == Path("/data/vitascope")
    assert vitascope_home({}) == Path.home() / ".local" / "share" / "vitascope"


@posix
def test_keys_are_private_and_made_once(tmp_path: Path) -> None:
    """The folder is 0700 and files with keys 0600 even under an open umask; a second call returns the same chain."""
    before = os.umask(0)
    try:
        first = load_keys(tmp_path)
    finally:
        os.umask(before)

    modes = {p.name: oct(stat.S_IMODE(p.stat().st_mode)) for p in (tmp_path / "keys").iterdir()}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert modes == {"signer.pem": "0o600", "authority.pem": "0o600", "root.pem": "0o644"}
    assert load_keys(tmp_path) == first
    assert "PRIVATE" not in repr(first)
    assert b"PRIVATE" not in (tmp_path / "keys" / "root.pem").read_bytes()


@posix
def test_keys_that_others_may_read_are_refused(tmp_path: Path) -> None:
    """A key file with an open mode is not used; the sentence says what to type."""
    load_keys(tmp_path)
    (tmp_path / "keys" / "signer.pem").chmod(0o644)

    with pytest.raises(ProvenanceError, match="chmod 600"):
        load_keys(tmp_path)


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    """Four processes that make the first chain at once all end up with the same one, and leave nothing else."""
    code = "import sys; from pathlib import Path; from vitascope.provenance.keys import load_keys; "
    code += "sys.stdin.readline(); print(load_keys(Path(sys.argv[1])).chain_pem.decode())"
    command = [sys.executable, "-c", code, str(tmp_path / "home")]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=30) for process in running]

    assert len({out for out, _ in outputs}) == 1
    assert all(err == "" for _, err in outputs)
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["keys"]


def test_the_signer_is_renewed_below_the_same_root(film: Path, tmp_path: Path, facts: MarkFacts) -> None:
    """With fewer than 30 days left a new signer takes over; the root stays, so its films are trusted as before."""
    eleven_months_ago = datetime.now(UTC) - timedelta(days=340)
    old = load_keys(tmp_path, now=eleven_months_ago)
    kept = load_keys(tmp_path, now=eleven_months_ago + timedelta(days=300))

    new = load_keys(tmp_path)

    assert kept == old
    assert new.chain_pem != old.chain_pem
    assert new.roots_pem == old.roots_pem
    assert new.expires - datetime.now(UTC) > timedelta(days=360)
    assert verify(sign(film, tmp_path / "a.mp4", facts=facts, keys=new), home=tmp_path).trusted


def test_certificates_fit_the_profile(tmp_path: Path) -> None:
    """The signer may sign claims and mail for a year at most, is no authority, and names its issuer's key."""
    signer, authority = x509.load_pem_x509_certificates(load_keys(tmp_path).chain_pem)

    uses = {use.dotted_string for use in signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value}
    assert uses == {"1.3.6.1.4.1.62558.2.1", "1.3.6.1.5.5.7.3.4"}
    assert signer.not_valid_after_utc - signer.not_valid_before_utc <= timedelta(days=365)
    assert signer.issuer == authority.subject
    assert not signer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert signer.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)


def test_an_own_chain_is_used_and_never_renewed(tmp_path: Path) -> None:
    """A signer put there by the user, without an authority beside it, is used as it is until it runs out."""
    load_keys(tmp_path)
    (tmp_path / "keys" / "authority.pem").unlink()
    own = (tmp_path / "keys" / "signer.pem").read_bytes()
    now = datetime.now(UTC)

    load_keys(tmp_path, now=now + timedelta(days=350))
    with pytest.raises(ProvenanceError, match="ran out"):
        load_keys(tmp_path, now=now + timedelta(days=400))

    assert (tmp_path / "keys" / "signer.pem").read_bytes() == own


def test_a_damaged_or_foreign_key_is_named(tmp_path: Path) -> None:
    """Garbage, or a certificate that does not belong to its key, gives one sentence with the file's name."""
    load_keys(tmp_path / "a")
    load_keys(tmp_path / "b")
    path = tmp_path / "a" / "keys" / "signer.pem"
    mine, others = path.read_bytes(), (tmp_path / "b" / "keys" / "signer.pem").read_bytes()
    key_end = mine.index(b"-----BEGIN CERT")

    for content, words in (
        (b"garbage", "one unencrypted private key"),
        (others[: others.index(b"-----BEGIN CERT")] + mine[key_end:], "does not belong"),
    ):
        path.write_bytes(content)
        with pytest.raises(ProvenanceError, match=words):
            load_keys(tmp_path / "a")
