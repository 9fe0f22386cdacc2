"""Wishes: the words of several servers for one thing are one thing, and two things said at once are told."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from vitascope.film import Size
from vitascope.jobs.errors import Invalid
from vitascope.serve.fields import CreateFields, EditFields, checked, documents_of
from vitascope.serve.wishes import wish_from


def wished(**fields: Any):
    """The wish that these fields write."""
    return wish_from(checked(CreateFields, {"prompt": "A ball", **fields}))


def test_a_prompt_alone_is_four_seconds_upright_with_sound():
    """The defaults of the Videos API."""
    wish = wished()

    assert (wish.model, wish.seconds, wish.size) == ("sora-2", 4, Size(width=720, height=1280))
    assert (wish.audio, wish.n, wish.seed, wish.fps) == (True, 1, None, None)


@pytest.mark.parametrize("seconds", ["8", 8, 8.0, "8.0", "16/2"])
def test_seconds_are_numbers_however_they_are_written(seconds: object):
    """Text, as the clients send it, and numbers."""
    assert wished(seconds=seconds).seconds == 8


def test_texts_of_forms_become_values():
    """A form knows only texts."""
    wish = wished(seed="7", n="2", audio="false", fps="30000/1001", priority="-3")

    assert (wish.seed, wish.n, wish.audio, wish.fps, wish.priority) == (7, 2, False, Fraction(30000, 1001), -3)


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"size": "1280x720"}, (1280, 720)),
        ({"size": "720p"}, (1280, 720)),
        ({"width": 832, "height": "480"}, (832, 480)),
        ({"aspect_ratio": "16:9"}, (1280, 720)),
        ({"aspect_ratio": "1:1", "short_edge": 480}, (480, 480)),
        ({"short_edge": 480}, (480, 854)),
        ({"size": "1280x720", "aspect_ratio": "16:9"}, (1280, 720)),
    ],
)
def test_a_size_can_be_said_in_several_ways(fields: dict[str, Any], size: tuple[int, int]):
    """By name, by both sides, by its shape."""
    assert wished(**fields).size == Size(width=size[0], height=size[1])


def test_frames_and_other_names_are_understood():
    """What vLLM-Omni and SGLang call it."""
    wish = wished(num_frames=48, fps=24, num_outputs_per_prompt=3, generate_sound=False, enhance_prompt=True)

    assert (wish.seconds, wish.n, wish.audio) == (2, 3, False)


def test_settings_of_other_engines_are_handed_on():
    """Those by a name of their own, and those within extra_params."""
    wish = wished(guidance_scale=4.5, num_inference_steps="30", extra_params={"sampler": "unipc"})

    assert wish.extra == {"guidance_scale": 4.5, "num_inference_steps": 30, "sampler": "unipc"}


@pytest.mark.parametrize(
    ("fields", "param", "words"),
    [
        ({"prompt": ""}, "prompt", "at least 1"),
        ({"prompt": "  "}, "prompt", "empty"),
        ({"prompt": 5}, "prompt", "string"),
        ({"sead": 7}, "sead", "no field 'sead'"),
        ({"seconds": "soon"}, "seconds", "not a number"),
        ({"seconds": "1e9"}, "seconds", "not a number"),
        ({"seconds": 0.5}, "seconds", "1 to 120"),
        ({"seconds": True}, "seconds", "not a number"),
        ({"fps": 12}, "fps", "24 to 120"),
        ({"size": "large"}, "size", "not a size"),
        ({"size": "721x1280"}, "size", "even"),
        ({"width": 640}, "height", "no height"),
        ({"size": "640x360", "width": 832, "height": 480}, "width", "give one of them"),
        ({"size": "640x360", "aspect_ratio": "1:1"}, "aspect_ratio", "give one of them"),
        ({"aspect_ratio": "wide"}, "aspect_ratio", "pattern"),
        ({"num_frames": 48, "seconds": 4}, "num_frames", "give one of them"),
        ({"num_frames": 3}, "num_frames", "1 to 120"),
        ({"n": 2, "num_outputs_per_prompt": 3}, "num_outputs_per_prompt", "mean the same"),
        ({"n": 0}, "n", "greater than or equal to 1"),
        ({"seed": -1}, "seed", "greater than or equal to 0"),
        ({"seed": 2**63}, "seed", "less than or equal"),
        ({"seed": True}, "seed", "truth value"),
        ({"style": "baroque"}, "style", "known are cinematic"),
        ({"engine": "world", "model": "wan"}, "engine", "give one of them"),
        ({"extra_params": {"seed": 3}}, "extra_params.seed", "beside it"),
        ({"characters": [{"name": "x"}]}, "characters.0.id", "missing"),
        ({"input_reference": {"image_uri": "x"}}, "input_reference.image_uri", "no field"),
    ],
)
def test_what_is_wrong_is_told_with_its_field(fields: dict[str, Any], param: str, words: str):
    """One sentence, and `param` names the field."""
    with pytest.raises(Invalid, match=words) as refused:
        wished(**fields)

    assert refused.value.param == param


def test_fields_that_hold_trees_may_be_json_in_a_form():
    """Those, and no plain texts: a prompt may begin with a brace."""
    assert documents_of(CreateFields) == {"input_reference", "characters", "lora", "extra_params"}
    assert documents_of(EditFields) == {"video", "selection"}
