"""What a server is told at the start, parsed once at the edge. The rest of `serve` never reads the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from vitascope.jobs.making import TRIES

__all__ = ["Settings", "SettingsFault", "is_loopback", "kept_secret"]

MIB = 1024 * 1024
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


class SettingsFault(ValueError):
    """A setting that cannot be followed; the text says what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the server listens, what it keeps where, and what it lets in."""

    data: Path
    """The folder for all that is not put elsewhere."""
    host: str = "127.0.0.1"
    port: int = 8000
    database: str = ""
    """A URL of SQLAlchemy; a file in `data` when empty."""
    storage: str = ""
    """A folder or s3://bucket/prefix; a folder in `data` when empty."""
    cluster: str | None = None
    """ray://host:port or "auto"; None: processes on this machine."""
    workers: int | None = None
    """Processes that draw; one for every two cores when None."""
    tries: int = TRIES
    """How often each part of a film is tried when its worker or the server dies of it, or its fault can pass."""
    accounts: bool = False
    """Whether each request needs a key, even on this machine alone."""
    public_url: str | None = None
    """How browsers reach the server, when not by host and port."""
    remotes: Mapping[str, str] = field(default_factory=dict)
    """Other servers that speak /v1/videos, by name."""
    remote_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    hosts: tuple[str, ...] = ()
    """Further names under which browsers may call without a key."""
    private_webhooks: bool = False
    """Whether events may be sent to addresses of private networks, too."""
    metrics_token: str | None = field(default=None, repr=False)
    """Lets Prometheus read /metrics from other machines; None: only a key with the scope admin does."""
    upload_bytes: int = 200 * MIB
    picture_bytes: int = 20 * MIB
    picture_pixels: int = 40_000_000
    film_seconds: float = 600.0
    """The longest film that may be uploaded [s]."""

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise SettingsFault(f"The port is {self.port}; give a whole number from 0 (any free one) to 65535.")
        if self.workers is not None and not 1 <= self.workers <= 256:
            raise SettingsFault(f"The number of workers is {self.workers}; give 1 to 256.")
        if not 1 <= self.tries <= 100:
            raise SettingsFault(f"The number of tries is {self.tries}; give 1 to 100.")
        if self.public_url is not None and urlsplit(self.public_url).scheme not in ("http", "https"):
            raise SettingsFault(
                f"The public address is {self.public_url!r}; give one such as https://films.example.org"
            )
        for name, url in self.remotes.items():
            if not name.replace("-", "").replace("_", "").isalnum() or urlsplit(url).scheme not in ("http", "https"):
                raise SettingsFault(
                    f"The remote engine is {name}={url}; give NAME=URL, such as wan=http://10.0.0.5:8000/v1"
                )

    @classmethod
    def of(cls, *, data: Path | None = None, environment: Mapping[str, str] | None = None, **given: object) -> Settings:
        """Settings with what the environment says where nothing was `given` (None counts as not given).

        VITASCOPE_SERVER is the data folder, VITASCOPE_DATABASE and VITASCOPE_STORAGE are URLs,
        VITASCOPE_REMOTE_KEY_NAME the key for the remote engine NAME, VITASCOPE_METRICS_TOKEN the token for /metrics;
        VITASCOPE_PRIVATE_WEBHOOKS=1 lets events be sent within private networks, VITASCOPE_TRIES is a whole number.
        """
        said = os.environ if environment is None else environment
        folder = data or Path(said.get("VITASCOPE_SERVER") or _home(said) / "server")
        values = {name: value for name, value in given.items() if value is not None}
        variables = {
            "database": "VITASCOPE_DATABASE",
            "storage": "VITASCOPE_STORAGE",
            "metrics_token": "VITASCOPE_METRICS_TOKEN",
        }
        for name, variable in variables.items():
            if name not in values and said.get(variable):
                values[name] = said[variable]
        if "private_webhooks" not in values:
            values["private_webhooks"] = said.get("VITASCOPE_PRIVATE_WEBHOOKS", "") == "1"
        if "tries" not in values and (tries := said.get("VITASCOPE_TRIES")):
            if not tries.isdecimal():
                raise SettingsFault(f"VITASCOPE_TRIES is {tries[:80]!r}; give a whole number from 1 to 100.")
            values["tries"] = int(tries)
        keys = {}
        for name in values.get("remotes", {}):  # type: ignore[attr-defined]
            key = said.get(f"VITASCOPE_REMOTE_KEY_{name.upper().replace('-', '_')}")
            if key:
                keys[name] = key
        return cls(data=folder.expanduser(), **({"remote_keys": keys} | values))  # type: ignore[arg-type]

    @property
    def database_url(self) -> str:
        """The database, the file in the data folder by default."""
        return self.database or f"sqlite:///{self.data / 'vitascope.db'}"

    @property
    def storage_url(self) -> str:
        """The storage, the folder in the data folder by default."""
        return self.storage or str(self.data / "files")

    @property
    def local(self) -> bool:
        """Whether requests without a key are let in: only from this machine, and unless accounts are wanted."""
        return not self.accounts and is_loopback(self.host)

    @property
    def url(self) -> str:
        """How the server is reached, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{'localhost' if self.host in ('0.0.0.0', '::') else host}:{self.port}"

    @property
    def own_hosts(self) -> frozenset[str]:
        """The names (lower case, without port) by which a browser on this machine may call without a key."""
        public = urlsplit(self.url).hostname or ""
        return LOCAL_NAMES | {self.host.lower(), public.lower(), *(host.lower() for host in self.hosts)}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def kept_secret(path: Path) -> bytes:
    """The secret in the file at `path`, 32 bytes, made when there is none, readable by this user alone."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        secret = path.read_bytes()
        if len(secret) < 32:
            raise SettingsFault(f"The file with the secret of signed addresses is damaged; delete it: {path}") from None
        return secret
    with os.fdopen(handle, "wb") as file:
        file.write(secret := secrets.token_bytes(32))
    return secret


def _home(said: Mapping[str, str]) -> Path:
    return Path(said.get("VITASCOPE_HOME") or Path.home() / ".vitascope")
