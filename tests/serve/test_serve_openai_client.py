"""The official Python client, as it is installed, does all ten things against our server."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI
from openai.types import Video
from PIL import Image

TINY: dict[str, Any] = {
    "prompt": "A red ball on a plain backdrop", "size": "128x128", "seconds": "1",
    "extra_body": {"fps": 24, "audio": False, "seed": 7},
}  # fmt: skip


@pytest.fixture
def openai_client(server) -> Iterator[OpenAI]:
    """The client of somebody in workspace A. It warns that the service it was made for was switched off."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield OpenAI(api_key=server.key, base_url=f"{server.url}/v1", max_retries=0)


def test_a_film_is_made_polled_and_downloaded(openai_client: OpenAI):
    """create_and_poll, then download_content in all three variants."""
    video = openai_client.videos.create_and_poll(**TINY)

    assert (video.status, video.progress, video.error) == ("completed", 100, None)
    assert (video.model, video.seconds, video.size) == ("sora-2", "1", "128x128")
    film = openai_client.videos.download_content(video.id).read()
    thumbnail = openai_client.videos.download_content(video.id, variant="thumbnail").read()
    sheet = openai_client.videos.download_content(video.id, variant="spritesheet").read()
    assert film[4:8] == b"ftyp"
    assert [Image.open(io.BytesIO(each)).format for each in (thumbnail, sheet)] == ["WEBP", "JPEG"]


def test_a_film_is_retrieved_with_what_is_ours(openai_client: OpenAI, film: dict[str, Any]):
    """Fields that the client does not know are kept as attributes."""
    video = openai_client.videos.retrieve(film["id"])

    assert video.id == film["id"]
    assert (video.seed, video.fps, video.engine, video.operation) == (7, 24, "world", "create")


def test_a_list_is_paged_to_its_end(openai_client: OpenAI, film: dict[str, Any], edited: Video):
    """Auto-paging asks for page after page by the last id."""
    ids = [video.id for video in openai_client.videos.list(limit=1)]

    assert {film["id"], edited.id} <= set(ids)
    assert len(ids) == len(set(ids))
    assert ids == [video.id for video in openai_client.videos.list(limit=2, order="asc")][::-1]


@pytest.fixture
def edited(openai_client: OpenAI, film: dict[str, Any]) -> Video:
    """The ball in blue."""
    body = {"video": {"id": film["id"]}}
    video = openai_client.videos.edit(prompt="make the ball blue", video=openai.omit, extra_body=body)
    return openai_client.videos.poll(video.id)


def test_an_edit_is_a_child_and_says_what_is_different(film: dict[str, Any], edited: Video):
    """It names its parent, and how the words were taken."""
    assert edited.status == "completed"
    assert (edited.parent_id, edited.operation, edited.remixed_from_video_id) == (film["id"], "edit", film["id"])
    assert "blue" in edited.said
    assert edited.reused["of"] == 24


def test_a_remix_names_the_film_it_was_made_from(openai_client: OpenAI, film: dict[str, Any]):
    """The older way to edit."""
    video = openai_client.videos.remix(film["id"], prompt="make the ball green")

    assert video.remixed_from_video_id == film["id"]
    assert openai_client.videos.poll(video.id).status == "completed"


def test_an_edit_takes_the_file_that_was_downloaded(openai_client: OpenAI, film: dict[str, Any]):
    """A film of ours is known by its bytes."""
    content = openai_client.videos.download_content(film["id"]).read()

    video = openai_client.videos.edit(prompt="make the ball yellow", video=("ball.mp4", content, "video/mp4"))

    assert video.parent_id == film["id"]


def test_an_extension_counts_both_together(openai_client: OpenAI, film: dict[str, Any]):
    """`seconds` is the whole length."""
    body = {"video": {"id": film["id"]}}

    video = openai_client.videos.extend(prompt="continue", seconds="1", video=openai.omit, extra_body=body)

    assert (video.seconds, video.parent_id, video.operation) == ("2", film["id"], "extend")
    assert openai_client.videos.poll(video.id).status == "completed"


def test_a_character_is_made_and_found(openai_client: OpenAI, film: dict[str, Any]):
    """From the file of a film."""
    content = openai_client.videos.download_content(film["id"]).read()

    made = openai_client.videos.create_character(name="Mossy", video=("ball.mp4", content, "video/mp4"))

    found = openai_client.videos.get_character(made.id)
    assert (found.id, found.name, found.created_at) == (made.id, "Mossy", made.created_at)


def test_a_film_is_deleted_and_gone(openai_client: OpenAI):
    """Deleting cancels what is not made yet."""
    video = openai_client.videos.create(**TINY)

    gone = openai_client.videos.delete(video.id)

    assert (gone.id, gone.object, gone.deleted) == (video.id, "video.deleted", True)
    with pytest.raises(openai.NotFoundError) as missing:
        openai_client.videos.retrieve(video.id)
    assert missing.value.code == "not_found"


@pytest.mark.parametrize(
    ("wish", "param"), [({"size": "enormous"}, "size"), ({"seconds": "soon"}, "seconds"), ({"prompt": ""}, "prompt")]
)
def test_what_is_wrong_is_a_bad_request_with_its_field(openai_client: OpenAI, wish: dict[str, str], param: str):
    """The client raises its own error, with our sentence, field and request id."""
    with pytest.raises(openai.BadRequestError) as refused:
        openai_client.videos.create(**{**TINY, **wish})

    assert refused.value.param == param
    assert refused.value.request_id is not None
    assert refused.value.request_id.startswith("req_")


def test_a_key_that_does_not_hold_is_an_authentication_error(server):
    """As the client knows it."""
    with pytest.raises(openai.AuthenticationError):
        OpenAI(api_key="vsk_" + "x" * 43, base_url=f"{server.url}/v1", max_retries=0).models.list()


def test_models_are_listed(openai_client: OpenAI):
    """The engine, and the names that old programs ask for."""
    models = {model.id for model in openai_client.models.list()}

    assert {"world", "sora-2", "sora-2-pro"} <= models
    assert openai_client.models.retrieve("sora-2").id == "sora-2"
