"""Calls to addresses that users name: resolved first, checked, and made to the address that was checked.

Nothing is followed or believed: no redirects, no proxies of the environment, no body read, one deadline for the whole call.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import httpx

from vitascope.jobs.errors import Invalid

__all__ = ["Reach", "Unreachable", "call", "check_url"]

URL_LENGTH_MAX = 2000
DEADLINE = 15.0
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(Exception):
    """There was no answer; the message says why, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which addresses may be called beside public ones: this machine's own, and those of private networks."""

    loopback: bool = False
    private: bool = False

    def allows(self, address: Address) -> bool:
        """Whether `address`, or the IPv4 address that is wrapped in it, may be called."""
        if isinstance(address, ipaddress.IPv6Address) and (inner := _wrapped(address)) is not None:
            return self.allows(inner)
        if address.is_loopback:
            return self.loopback
        if address.is_multicast or address.is_unspecified or address.is_link_local or address.is_reserved:
            return False
        return address.is_global or self.private


def check_url(url: str, reach: Reach, *, param: str = "url") -> None:
    """Raises Invalid unless `url` is an http(s) address that may be called as far as can be said without asking DNS."""
    parts = _parts(url)
    if parts is None:
        raise Invalid(
            f"The address {url[:200]!r} cannot be called; give an http:// or https:// URL without a user name, "
            f"such as https://example.com/hook.",
            param=param,
        )
    literal = _literal(parts.hostname or "")
    if literal is not None and not reach.allows(literal):
        raise Invalid(
            f"The address {parts.hostname} is not on the public internet; give a public one, or ask the operator to "
            f"allow private ones.",
            param=param,
        )


async def call(url: str, *, body: bytes, headers: Mapping[str, str], reach: Reach, deadline: float = DEADLINE) -> int:
    """POST `body`, and return the status of the answer. Raises Unreachable, after `deadline` [s] at the latest."""
    parts = _parts(url)
    if parts is None:
        raise Unreachable("not an http or https URL")
    try:
        async with asyncio.timeout(deadline):
            address = await _resolve(parts, reach)
            return await _post(parts, address, body, headers)
    except TimeoutError:
        raise Unreachable(f"no answer within {deadline:g} s") from None
    except (httpx.HTTPError, OSError, UnicodeError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}"[:200]) from None


async def _post(parts: SplitResult, address: Address, body: bytes, headers: Mapping[str, str]) -> int:
    """To `address` itself, so that a second answer of DNS cannot lead elsewhere; TLS still checks the name."""
    host = parts.hostname or ""
    literal = f"[{address}]" if address.version == 6 else str(address)
    port = f":{parts.port}" if parts.port else ""
    target = parts._replace(netloc=literal + port, fragment="").geturl()
    named = f"[{host}]" if ":" in host else host
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=None) as client:
        extensions = {"sni_hostname": host} if _literal(host) is None else {}
        request = client.build_request(
            "POST", target, content=body, headers={**headers, "host": named + port}, extensions=extensions
        )
        answer = await client.send(request, stream=True)
        await answer.aclose()
        return answer.status_code


async def _resolve(parts: SplitResult, reach: Reach) -> Address:
    """The first address of the host, if all of them may be called."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        raise Unreachable("the host has no address") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not all(reach.allows(address) for address in addresses):
        raise Unreachable("the host is not on the public internet")
    return addresses[0]


def _parts(url: str) -> SplitResult | None:
    """The URL in parts, or None when it is not one that is called here."""
    if len(url) > URL_LENGTH_MAX or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if known and "@" not in parts.netloc else None


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that is reached through this one: mapped, 6to4, or behind NAT64."""
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
