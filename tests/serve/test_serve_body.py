"""Bodies: whatever way a client writes a tree of values, the same tree is read; what could be meant in two ways is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import OpenAI

from vitascope.jobs.errors import Invalid
from vitascope.serve.body import DEPTH_MOST, from_json, tree_of

NAMES = st.text("abcdefghij_", min_size=1, max_size=6)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


def records() -> st.SearchStrategy[list[dict[str, str]]]:
    """Lists of flat objects that all have the same keys: the only ones that a[][k]=v can write."""
    keys = st.lists(NAMES, min_size=1, max_size=3, unique=True)
    return keys.flatmap(lambda ks: st.lists(st.fixed_dictionaries(dict.fromkeys(ks, TEXTS)), min_size=1, max_size=4))


VALUES = st.recursive(
    TEXTS | st.lists(TEXTS, min_size=1, max_size=4) | records(),
    lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3),
    max_leaves=6,
)
TREES = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)


def encoded(tree: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields of a form, as clients with brackets write them."""

    def walk(key: str, value: Any) -> list[tuple[str, str]]:
        if isinstance(value, dict):
            return [pair for step, inner in value.items() for pair in walk(f"{key}[{step}]", inner)]
        if isinstance(value, list):
            return [pair for inner in value for pair in walk(f"{key}[]", inner)]
        return [(key, value)]

    return [pair for name, value in tree.items() for pair in walk(name, value)]


def numbered(tree: dict[str, Any]) -> list[tuple[str, str]]:
    """The same with the places of lists numbered."""

    def walk(key: str, value: Any) -> list[tuple[str, str]]:
        pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
        return [(key, value)] if pairs is None else [p for step, inner in pairs for p in walk(f"{key}[{step}]", inner)]

    return [pair for name, value in tree.items() for pair in walk(name, value)]


@given(TREES)
def test_a_tree_that_is_written_with_brackets_is_read_back(tree: dict[str, Any]):
    """encode, then parse, is nothing."""
    assert tree_of(encoded(tree)) == tree


@given(TREES)
def test_numbered_lists_are_read_back_in_any_order(tree: dict[str, Any]):
    """Numbers say where a value belongs, so the order of the fields does not matter."""
    assert tree_of(list(reversed(numbered(tree)))) == tree


@given(TREES)
def test_fields_that_are_sorted_by_key_make_the_same_tree(tree: dict[str, Any]):
    """The Python client sends equal keys together: a[][k]=1, a[][k]=2, a[][l]=3, a[][l]=4."""
    order = list(dict.fromkeys(key for key, _ in encoded(tree)))

    together = sorted(encoded(tree), key=lambda pair: order.index(pair[0]))

    assert tree_of(together) == tree


@given(TREES)
def test_json_within_a_form_is_json(tree: dict[str, Any]):
    """A field that is known as a document may be one text."""
    assert tree_of([("shots", json.dumps(tree))], documents=["shots"]) == {"shots": tree}
    assert from_json(json.dumps(tree).encode()) == tree


def test_the_forms_of_the_python_client_are_read():
    """What openai-python makes of `extra_body` in a multipart form."""
    client = OpenAI(api_key="none", base_url="http://localhost/v1")
    wish = {
        "prompt": "a cat",
        "seed": 7,
        "flag": True,
        "characters": [{"id": "a"}, {"id": "b"}],
        "loras": ["x", "y"],
        "shots": [{"prompt": "p", "seconds": 2}, {"prompt": "q", "seconds": 3}],
        "video": {"id": "video_1"},
    }

    form = client._serialize_multipartform(wish)

    pairs = [(key, each) for key, value in form.items() for each in (value if isinstance(value, list) else [value])]
    assert tree_of([(key, str(value)) for key, value in pairs]) == {
        "prompt": "a cat",
        "seed": "7",
        "flag": "true",
        "characters": [{"id": "a"}, {"id": "b"}],
        "loras": ["x", "y"],
        "shots": [{"prompt": "p", "seconds": "2"}, {"prompt": "q", "seconds": "3"}],
        "video": {"id": "video_1"},
    }


@pytest.mark.parametrize(
    ("pairs", "param", "words"),
    [
        ([("prompt", "a"), ("prompt", "b")], "prompt", "twice"),
        ([("video", "a"), ("video[id]", "b")], "video", "value and as a tree"),
        ([("a[]", "x"), ("a[b]", "y")], "a", "list in one place"),
        ([("a[0]", "x"), ("a[2]", "y")], "a", "gaps"),
        ([("a[][k]", "1"), ("a[][l]", "2"), ("a[][k]", "3")], "a", "unclear"),
        ([("a[][k][]", "1")], "a", "unclear"),
        ([("a[", "1")], "a[", "not written well"),
        ([("[a]", "1")], "[a]", "not written well"),
        ([("a" + "[b]" * DEPTH_MOST, "1")], "a", "too deeply"),
        ([("a", "nul\x00")], "a", "no text has"),
        ([(f"a{number}", "") for number in range(401)], None, "at most 400"),
    ],
)
def test_what_could_be_meant_in_two_ways_is_refused(pairs: list[tuple[str, str]], param: str | None, words: str):
    """The fault names the field and says how to write it."""
    with pytest.raises(Invalid, match=words) as refused:
        tree_of(pairs)

    assert refused.value.param == param


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not valid JSON \\(line 1"),
        ('{"a": 1, "a": 2}', "given twice"),
        ('{"a": NaN}', "NaN"),
        ('{"a": 1e999}', "too large"),
        ('{"a": "\\ud800"}', "no text has"),
        ('{"a": "\\u0000"}', "no text has"),
        ("[" * 9 + "]" * 9, "too deeply"),
        ("[" * 100_000, "too deeply"),
        ("[" + "1," * 1000 + "1]", "at most 1000"),
        ("1" * 5000, "not valid JSON"),
        ("\xff", "not valid JSON"),
    ],
)
def test_json_that_cannot_be_kept_is_refused(text: str, words: str):
    """No key twice, no half of a pair, no number without end, no depth without end."""
    with pytest.raises(Invalid, match=words):
        from_json(text.encode("latin-1"))
