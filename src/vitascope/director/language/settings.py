"""Where the language model is and how it is asked: parsed once from the environment into a frozen value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import SecretStr

__all__ = ["Settings", "SettingsError", "settings_from"]

URL, MODEL, KEY = "VITASCOPE_LLM_URL", "VITASCOPE_LLM_MODEL", "VITASCOPE_LLM_KEY"
SECONDS, PROXY = "VITASCOPE_LLM_SECONDS", "VITASCOPE_LLM_PROXY"
SECONDS_USUAL, SECONDS_MOST = 60.0, 600.0
LONGEST = 4096
_LEADS_TO_CHAT = "/chat/completions"


class SettingsError(ValueError):
    """A setting of the language model that cannot be followed; the text says which and what is allowed, never the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """An OpenAI-compatible endpoint."""

    url: str
    """Without a slash at the end; `/chat/completions` comes behind it."""
    model: str
    key: SecretStr | None = field(default=None, repr=False)
    seconds: float = SECONDS_USUAL
    """How long an answer may take, in all."""
    environment_proxy: bool = False
    """Whether proxies and certificates of the environment are used."""

    @property
    def host(self) -> str:
        """Host and port, for people."""
        return urlsplit(self.url).netloc

    @property
    def name(self) -> str:
        """The model and its host, for people."""
        return f"{self.model} at {self.host}"


def settings_from(environ: Mapping[str, str]) -> Settings | None:
    """The endpoint that the environment names, or None where it names none. Raises SettingsError."""
    url, model = environ.get(URL, "").strip(), environ.get(MODEL, "").strip()
    if not url and not model:
        return None
    if not url or not model:
        given, missing = (URL, MODEL) if url else (MODEL, URL)
        raise SettingsError(f"{given} is set and {missing} is not; a language model needs both.")
    if not re.fullmatch(r"[\w.:/@+-]{1,200}", model):
        raise SettingsError(f"{MODEL} is not the name of a model; give one such as qwen3:8b.")
    return Settings(
        url=_address(url),
        model=model,
        key=_key(environ.get(KEY, "").strip()),
        seconds=_seconds(environ.get(SECONDS, "").strip()),
        environment_proxy=_proxy(environ.get(PROXY, "").strip()),
    )


def _address(text: str) -> str:
    """The base of the endpoint. An address without a path means its /v1."""
    wanted = f"{URL} is not an address of an endpoint; give one such as http://localhost:11434/v1"
    if len(text) > LONGEST or not text.isascii() or not text.isprintable() or " " in text:
        raise SettingsError(f"{wanted}.")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SettingsError(f"{wanted}.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise SettingsError(f"{wanted}, beginning with http:// or https://.")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise SettingsError(f"{wanted}, without a password or a question mark; the key goes into {KEY}.")
    path = parts.path.rstrip("/").removesuffix(_LEADS_TO_CHAT).rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path or '/v1'}"


def _key(text: str) -> SecretStr | None:
    if not text:
        return None
    if len(text) > LONGEST or not re.fullmatch(r"[\x21-\x7e]+", text):
        raise SettingsError(f"{KEY} has signs that no key has, or is too long; give the key as the server issued it.")
    return SecretStr(text)


def _seconds(text: str) -> float:
    if not text:
        return SECONDS_USUAL
    seconds = float(text) if re.fullmatch(r"\d{1,4}(\.\d{1,3})?", text, re.ASCII) else 0.0
    if not 0.0 < seconds <= SECONDS_MOST:
        raise SettingsError(f"{SECONDS} is not a time limit; give seconds up to {SECONDS_MOST:g}.")
    return seconds


def _proxy(text: str) -> bool:
    if text not in ("", "none", "environment"):
        raise SettingsError(f"{PROXY} is 'environment' to use the proxies of the environment, or 'none'.")
    return text == "environment"
