"""Calls to addresses of users: public ones unless more is allowed, checked after DNS, never led elsewhere."""

from __future__ import annotations

import asyncio
import socket
import threading
from ipaddress import ip_address

import pytest

from receiver import receiving
from vitascope.jobs.callback import Reach, Unreachable, call, check_url
from vitascope.jobs.errors import Invalid

PUBLIC, LOCAL = Reach(), Reach(loopback=True)


def post(url: str, reach: Reach = LOCAL, **more) -> int:
    return asyncio.run(call(url, body=b"{}", headers={"x-test": "1"}, reach=reach, **more))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "::1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "fe80::1", "fd00::1", "0.0.0.0", "::",
        "100.64.0.1", "224.0.0.1", "240.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(address: str):
    """Neither this machine, nor a private network, nor a cloud's own address, however it is written."""
    assert not PUBLIC.allows(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1"])
def test_what_is_public_is_allowed(address: str):
    """The internet."""
    assert PUBLIC.allows(ip_address(address))


def test_loopback_and_private_networks_are_two_things():
    """A server of one's own machine reaches itself and still no network; an operator can allow networks, not link-local."""
    assert LOCAL.allows(ip_address("127.0.0.1"))
    assert not LOCAL.allows(ip_address("10.0.0.1"))
    assert Reach(private=True).allows(ip_address("10.0.0.1"))
    assert not Reach(private=True).allows(ip_address("127.0.0.1"))
    assert not Reach(private=True).allows(ip_address("169.254.169.254"))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "example.com", "http://", "https://user:word@example.com/", "http://a b/",
        "http://example.com\\@10.0.0.1/", "http://example.com:99999/", "http://example.com/\n", "http://[::1", "http://10.0.0.1/",
        "https://" + "a" * 2000,
    ],
)  # fmt: skip
def test_other_addresses_are_refused_when_they_are_given(url: str):
    """Only http and https, without user names, and nothing that two programs could read in two ways."""
    with pytest.raises(Invalid) as refused:
        check_url(url, PUBLIC)

    assert refused.value.param == "url"


def test_a_name_is_checked_by_its_address():
    """A name that leads to this machine is no better than its number."""
    with receiving() as receiver:
        port = receiver.url.rpartition(":")[2]

        with pytest.raises(Unreachable, match="not on the public internet"):
            post(f"http://localhost:{port}/", PUBLIC)

        assert receiver.got.empty()


def test_the_name_is_still_what_is_asked_for():
    """The call goes to the address that was checked, and says the name that was given."""
    with receiving() as receiver:
        port = receiver.url.rpartition(":")[2]

        assert post(f"http://localhost:{port}/hook?a=1") == 204

        got = receiver.next()
        assert got.headers["host"] == f"localhost:{port}"
        assert (got.path, got.body, got.headers["x-test"]) == ("/hook?a=1", b"{}", "1")


def test_redirects_are_not_followed():
    """A redirect is an answer like any other, so it cannot lead to where the call may not go."""
    with receiving() as elsewhere, receiving([302], {"location": elsewhere.url}) as receiver:
        assert post(receiver.url) == 302

        assert elsewhere.got.empty()


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch):
    """The call goes straight to the checked address."""
    with receiving() as proxy, receiving() as receiver:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)

        assert post(receiver.url) == 204

        assert proxy.got.empty()


def test_an_answer_without_end_is_left_alone():
    """Somebody who sends header upon header holds nothing up for longer than the deadline."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"x: y\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(Unreachable, match=r"no answer within 0\.5 s"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}", deadline=0.5)
        stop.set()
        thread.join()


def test_nobody_there_is_told_in_a_few_words():
    """A closed port is no fault of ours."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(Unreachable, match="ConnectError"):
        post(f"http://127.0.0.1:{port}/")
