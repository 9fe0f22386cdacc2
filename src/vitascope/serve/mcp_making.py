"""The tools that make films, and the one that only reads words."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from mcp.server.mcpserver.context import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult
from pydantic import Field

from vitascope.director.editing import Impossible, NotUnderstood, Question
from vitascope.film import SizeError, size_named
from vitascope.jobs.values import Video, Wish
from vitascope.serve.mcp_access import Access, Wait, ask, result, stands_in_the_way
from vitascope.serve.mcp_values import FilmState, WordsRead, told_reading, words_read

__all__ = ["Making", "VideoId"]

WORDS_MOST = 32_000
Words = Annotated[str, Field(min_length=1, max_length=WORDS_MOST)]
VideoId = Annotated[str, Field(min_length=1, max_length=64, description="The id of a film, such as video_….")]
Chosen = Annotated[
    int | None,
    Field(
        ge=1, le=100, description="Answers the question that the same words led to before: the number of the choice."
    ),
]
Style = Literal["cinematic", "anime", "flat", "clay", "noir", "watercolour", "pixel", "sketch"]


class Making:
    """Each public method is a tool; its docstring is what the model reads."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def film(
        self,
        context: Context[Any],
        prompt: Annotated[Words, Field(description="What is to be seen and heard, in plain sentences.")],
        seconds: Annotated[float | None, Field(ge=1, le=120, description="Length of the film.")] = None,
        size: Annotated[
            str | None,
            Field(description="Such as 1280x720, or a name: 360p 720p 1080p 4k square portrait cinema."),
        ] = None,
        fps: Annotated[float | None, Field(ge=24, le=120, description="Frames a second.")] = None,
        seed: Annotated[
            int | None, Field(ge=0, le=2**63 - 1, description="The same words and seed give the same film.")
        ] = None,
        style: Annotated[Style | None, Field(description="The look; what the prompt says if left out.")] = None,
        silent: Annotated[bool, Field(description="Without sound.")] = False,
        negative_prompt: Annotated[
            str | None, Field(max_length=WORDS_MOST, description="What is not to be in the film.")
        ] = None,
        wait: Wait = 0,
    ) -> Annotated[CallToolResult, FilmState]:
        """Makes a new video with sound from a description. Use it when the user wants a video, clip, film or animation.

        Length, size and style are parameters, not words of the prompt. Making takes from seconds to minutes, so this
        answers at once with a job: call vitascope_get with its id until the status is completed. To change a film that
        is there, use vitascope_edit instead: it keeps everything that is not named. To see how words will be understood
        before filming, use vitascope_read.
        """
        caller = await self._access.writer(context)
        wish = Wish(
            prompt=prompt,
            seconds=_exact(seconds),
            size=None if size is None else _size(size),
            fps=_exact(fps),
            seed=seed,
            style=style,
            negative_prompt=negative_prompt,
            audio=not silent,
        )
        (made,) = await ask(lambda: self._access.desk.create(caller, wish))
        return self._access.answer(context, await self._access.follow(context, caller, made.id, wait))

    async def edit(
        self,
        context: Context[Any],
        video_id: VideoId,
        instruction: Annotated[Words, Field(description="What is to be different, such as: make the ball green.")],
        choice: Chosen = None,
        wait: Wait = 0,
    ) -> Annotated[CallToolResult, FilmState]:
        """Changes a film by an instruction in plain words and keeps everything that is not named, frame for frame.

        Use it for every wish about a film that is there, also to go back ("as it was before"). The film stays as it is;
        the change is a new film below it, with an id of its own, which is to be used from then on. It answers at once
        with a job: call vitascope_get. When the words can mean several things, the error lists numbered choices: call
        again with the same words and choice=N.
        """
        caller = await self._access.writer(context)
        found = await ask(lambda: self._access.desk.edit(caller, video_id, instruction, choice=choice))
        made = _made(found, "vitascope_edit")
        return self._access.answer(context, await self._access.follow(context, caller, made.id, wait))

    async def extend(
        self,
        context: Context[Any],
        video_id: VideoId,
        seconds: Annotated[float, Field(ge=1, le=120, description="How much longer the film is to be.")],
        instruction: Annotated[
            str, Field(max_length=WORDS_MOST, description="What happens in the added time; empty: it goes on.")
        ] = "",
        choice: Chosen = None,
        wait: Wait = 0,
    ) -> Annotated[CallToolResult, FilmState]:
        """Makes a film longer by adding seconds at its end; what was there is reused. Use it for "longer", "and then …".

        The longer film is a new one with an id of its own. It answers at once with a job: call vitascope_get.
        """
        caller = await self._access.writer(context)
        added = _exact(seconds)
        found = await ask(
            lambda: self._access.desk.edit(
                caller, video_id, instruction, operation="extend", seconds=added, choice=choice
            )
        )
        made = _made(found, "vitascope_extend")
        return self._access.answer(context, await self._access.follow(context, caller, made.id, wait))

    async def read(
        self,
        context: Context[Any],
        words: Annotated[Words, Field(description="A description of a film, or an instruction about one.")],
        video_id: Annotated[
            str | None, Field(max_length=64, description="The film that the words are about; none for a new film.")
        ] = None,
    ) -> Annotated[CallToolResult, WordsRead]:
        """Shows how words are understood, phrase by phrase, without filming anything. Costs nothing and takes a moment.

        Use it before filming when the wish is long or unusual, or after an instruction was not understood. Then film
        with the same words, or put those that were not understood in another way.
        """
        caller = await self._access.reader(context)
        found = await ask(lambda: self._access.desk.read(caller, video_id, words))
        then = "vitascope_film with the same words" if video_id is None else "vitascope_edit with the same words"
        advice = f"call {then} to make it, or say in another way what was not understood."
        read = words_read(found, advice)
        return result(told_reading(read), read)


def _made(found: Video | Question | Impossible | NotUnderstood, tool: str) -> Video:
    if isinstance(found, Video):
        return found
    raise stands_in_the_way(found, tool)


def _size(text: str) -> Any:
    try:
        return size_named(text)
    except SizeError as error:
        raise ToolError(str(error)) from None


def _exact(value: float | None) -> Fraction | None:
    """The number as it was written: 2.1 is 21/10."""
    return None if value is None else Fraction(str(value))
