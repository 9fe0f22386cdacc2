"""Asking an endpoint: limits of time and size, faults as sentences, and a key that nobody ever sees."""

import io
import logging
import time
import traceback

import pytest
from language_server import KEY, PROMPT, cat_film, fails, says

from vitascope.director.language import Endpoint, LanguageError, Message, SettingsError, settings_from
from vitascope.film import film_to_json

ASKED = (Message(role="system", text="Answer."), Message(role="user", text="Hello"))
SCHEMA = {"type": "object"}


def ask(server, **changes):
    return Endpoint(server.settings(**changes))(ASKED, schema=SCHEMA)


def shows_key(text: str) -> bool:
    return any(KEY[start : start + 8] in text for start in range(len(KEY) - 7))


def test_an_answer_is_the_text_of_the_first_choice(server):
    """The request names the model and the schema, carries the key as a bearer, and wants one whole answer."""
    server.answers("hi")

    assert ask(server) == "hi"
    (request,) = server.requests
    assert (request["model"], request["stream"]) == ("tiny", False)
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_servers_that_take_no_schema_are_asked_more_plainly(server):
    """After a refusal the schema goes into the words; what was refused once is not tried again."""

    def old(handler):
        form = server.requests[-1].get("response_format", {}).get("type")
        (fails(400) if form else says("hi"))(handler)

    server.answers(old)
    endpoint = Endpoint(server.settings())

    assert [endpoint(ASKED, schema=SCHEMA) for _ in range(2)] == ["hi", "hi"]
    assert [r.get("response_format", {}).get("type") for r in server.requests] == [
        "json_schema",
        "json_object",
        None,
        None,
    ]
    assert '{"type": "object"}' in server.requests[2]["messages"][0]["content"]


FAULTS = {
    401: "does not accept the key in VITASCOPE_LLM_KEY",
    403: "does not accept the key",
    404: "has no model 'tiny'",
    400: "refuses the request for tiny",
    429: "takes no more requests for now",
    500: "fails (500)",
    503: "fails (503)",
}


@pytest.mark.parametrize("code", FAULTS)
def test_refusals_are_one_sentence(server, code):
    """Each says what to do, and repeats nothing of the server's own text, which may hold the key."""
    server.answers(fails(code, f'{{"error": {{"message": "Wrong key {KEY}"}}}}'))

    with pytest.raises(LanguageError) as caught:
        ask(server)

    assert FAULTS[code] in str(caught.value)
    assert str(caught.value).count(".\n") == 0
    assert not shows_key("".join(traceback.format_exception(caught.value)))


def test_a_server_that_wants_a_key_is_told_of(server):
    """Without a key the sentence says where it goes."""
    server.answers(fails(401))

    with pytest.raises(LanguageError, match="asks for a key; give it in VITASCOPE_LLM_KEY"):
        ask(server, KEY="")


def test_redirects_are_not_followed(server):
    """The key goes to the address that was given and to no other."""
    server.answers(fails(307, Location=f"{server.url}/elsewhere"))

    with pytest.raises(LanguageError, match="redirects to another address, which is not followed"):
        ask(server)

    assert len(server.requests) == 1


@pytest.mark.parametrize("slow", ["silent", "dripping"])
def test_time_is_limited(server, slow):
    """Neither a server that says nothing nor one that says something now and then holds anybody up."""

    def behave(handler):
        if slow == "dripping":
            handler.send_response(200)
            handler.send_header("Content-Length", "100000")
            handler.end_headers()
        while not server.stopped.wait(0.05):
            if slow == "dripping":
                handler.wfile.write(b" ")

    server.answers(behave)
    begun = time.monotonic()

    with pytest.raises(LanguageError, match=r"gave no answer within 0.3 s"):
        ask(server, SECONDS="0.3")

    assert time.monotonic() - begun < 1.5


def test_size_is_limited(server):
    """An answer that does not end is cut off."""
    sent = 0

    def endless(handler):
        nonlocal sent
        handler.send_response(200)
        handler.end_headers()
        while not server.stopped.is_set():
            handler.wfile.write(b"x" * 65536)
            sent += 65536

    server.answers(endless)

    with pytest.raises(LanguageError, match="more than 512 KB"):
        ask(server)

    assert sent < 32 * 2**20


def test_packed_answers_are_not_unpacked(server):
    """What could grow without bounds when unpacked is not asked for and not taken."""
    server.answers(fails(200, "{}", **{"Content-Encoding": "gzip"}))

    with pytest.raises(LanguageError):
        ask(server)

    assert server.headers[0]["Accept-Encoding"] == "identity"


def test_a_connection_that_breaks_is_tried_once_more(server):
    """One retry, then a sentence."""

    def breaks(handler):
        handler.close_connection = True
        handler.connection.close()

    server.answers(breaks, "hi")
    assert ask(server) == "hi"

    server.answers(breaks)
    with pytest.raises(LanguageError, match="breaks off the connection"):
        ask(server)
    assert len(server.requests) == 4


def test_an_address_where_nobody_listens_is_a_sentence(server):
    """A refused connection says which setting to look at."""
    settings = settings_from({"VITASCOPE_LLM_URL": "http://127.0.0.1:9", "VITASCOPE_LLM_MODEL": "tiny"})

    with pytest.raises(LanguageError, match=r"127.0.0.1:9 cannot be reached; see whether .* VITASCOPE_LLM_URL"):
        Endpoint(settings)(ASKED, schema=SCHEMA)  # type: ignore[arg-type]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"choices": []}', '{"choices": [{"message": 5}]}', "[" * 100_000])
def test_replies_of_another_kind_are_a_sentence(server, body):
    """A server that is no language model is recognised."""
    server.answers(fails(200, body))

    with pytest.raises(LanguageError, match="does not answer as a language model does"):
        ask(server)


@pytest.mark.parametrize("wanted", ["none", "environment"])
def test_proxies_of_the_environment_are_used_only_where_wanted(server, monkeypatch, wanted):
    """A proxy that the environment names sees the request only if that was asked for."""
    server.answers("hi")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")

    if wanted == "none":
        assert ask(server) == "hi"
    else:
        with pytest.raises(LanguageError, match="cannot be reached"):
            ask(server, PROXY=wanted)


def test_the_key_is_in_no_output(server, filmed, caplog, capfd):
    """Neither settings, logs, errors nor films show a part of it, not even when the server repeats it in its answer."""
    caplog.set_level(logging.DEBUG)
    stream = logging.StreamHandler(written := io.StringIO())
    logging.getLogger().addHandler(stream)
    escaped = KEY.replace("s", "\\u0073", 1)
    repeated = [
        says(f'{{"shots": "{KEY}"}}'),
        says(f'{{"shots": "{escaped}"}}'),
        says(str(cat_film(cues=[{"kind": "narration", "text": KEY}])).replace("'", '"')),
        fails(401, KEY),
        fails(500, KEY),
    ]

    films = []
    for answer in repeated:
        server.requests.clear()
        server.answers(answer)
        films.append(filmed(PROMPT))
    logging.getLogger().removeHandler(stream)

    shown = [
        repr(server.settings()),
        str(server.settings()),
        caplog.text,
        written.getvalue(),
        *map(film_to_json, films),
    ]
    assert not any(map(shows_key, (*shown, *capfd.readouterr())))
    assert KEY in str(server.headers)


def test_a_probe_says_what_answers(server):
    """What the doctor tells."""
    assert Endpoint(server.settings()).probe() == f"tiny at {server.url[7:-3]} answers"
    assert Endpoint(server.settings(MODEL="huge")).probe().endswith("answers, but does not list that model")


ADDRESSES = {
    "http://localhost:11434": "http://localhost:11434/v1",
    "http://localhost:11434/": "http://localhost:11434/v1",
    "https://api.example.org/v1/": "https://api.example.org/v1",
    "https://api.example.org/openai/v1/chat/completions": "https://api.example.org/openai/v1",
    "http://[::1]:8000/v1": "http://[::1]:8000/v1",
}


@pytest.mark.parametrize("given", ADDRESSES)
def test_addresses_lead_to_the_base_of_the_endpoint(given):
    """With or without a path, a slash or the name of the request."""
    settings = settings_from({"VITASCOPE_LLM_URL": given, "VITASCOPE_LLM_MODEL": "m"})

    assert settings is not None
    assert settings.url == ADDRESSES[given]


WRONG = {
    "no model": {"URL": "http://localhost"},
    "no address": {"MODEL": "m"},
    "no scheme": {"URL": "localhost:11434", "MODEL": "m"},
    "a file": {"URL": "file:///etc/passwd", "MODEL": "m"},
    "no host": {"URL": "http:///v1", "MODEL": "m"},
    "a wrong port": {"URL": "http://localhost:99999", "MODEL": "m"},
    "a password": {"URL": f"http://user:{KEY}@localhost", "MODEL": "m"},
    "a question": {"URL": f"http://localhost/v1?key={KEY}", "MODEL": "m"},
    "a line break": {"URL": "http://localhost/\r\nX: y", "MODEL": "m"},
    "a strange model": {"URL": "http://localhost", "MODEL": "a model\n"},
    "a key with a line break": {"URL": "http://localhost", "MODEL": "m", "KEY": f"{KEY}\n{KEY}"},
    "no time": {"URL": "http://localhost", "MODEL": "m", "SECONDS": "0"},
    "no number": {"URL": "http://localhost", "MODEL": "m", "SECONDS": "soon"},
    "a strange proxy": {"URL": "http://localhost", "MODEL": "m", "PROXY": "http://proxy"},
}


@pytest.mark.parametrize("environ", WRONG.values(), ids=WRONG.keys())
def test_wrong_settings_are_one_sentence_without_the_key(environ):
    """The sentence names the setting and what is allowed."""
    with pytest.raises(SettingsError, match="VITASCOPE_LLM_") as caught:
        settings_from({f"VITASCOPE_LLM_{name}": value for name, value in environ.items()})

    assert not shows_key("".join(traceback.format_exception(caught.value)))
    assert "\n" not in str(caught.value)


def test_nothing_set_means_no_model():
    """An environment without the settings, or with a key alone, names no endpoint."""
    assert settings_from({}) is None
    assert settings_from({"VITASCOPE_LLM_KEY": KEY}) is None
