"""What every tool needs: who calls, the desk, addresses that play, and refusals that tell a model what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import anyio.to_thread
from mcp.server.apps import client_supports_apps
from mcp.server.mcpserver.context import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, ContentBlock, ResourceLink, TextContent
from pydantic import BaseModel, Field

from vitascope.director.editing import Impossible, NotUnderstood, Question
from vitascope.jobs.accounts import need_role, need_scope
from vitascope.jobs.desk import Desk
from vitascope.jobs.errors import Conflict, Forbidden, Invalid, JobError, Missing, TooBusy, Unauthorised
from vitascope.jobs.values import Caller, Role, State, Variant, Video
from vitascope.serve.content import signed_url
from vitascope.serve.house import House
from vitascope.serve.mcp_values import FilmState, film_state, numbered, told

__all__ = ["Access", "Wait", "ask", "result", "stands_in_the_way"]

T = TypeVar("T")

WAIT_MOST = 50.0
"""Seconds that one call may wait: many clients give up after sixty."""
Wait = Annotated[
    float,
    Field(
        ge=0,
        le=WAIT_MOST,
        description="Seconds to wait for the film to be finished, reporting progress; 0 answers at once.",
    ),
]
STAGES = {
    State.QUEUED: "Waiting for its turn",
    State.STARTING: "Setting the stage",
    State.RUNNING: "Filming",
    State.CANCELLING: "Stopping",
    State.COMPLETED: "Completed",
    State.FAILED: "Failed",
    State.CANCELLED: "Cancelled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The way from a tool to the house. `house` is asked at each call, `identify` says who makes it (JobError if nobody).

    `count` takes the caller of each call that writes, and raises TooBusy when there are too many.
    """

    house: Callable[[], House]
    identify: Callable[[Context[Any]], Caller]
    count: Callable[[Caller], None]

    @property
    def desk(self) -> Desk:
        """The one door to the job core."""
        return self.house().core

    async def reader(self, context: Context[Any]) -> Caller:
        """Who asks to see something."""
        return await ask(lambda: self._let_in(context, Role.VIEWER))

    async def writer(self, context: Context[Any]) -> Caller:
        """Who asks to change something; viewers may not."""
        caller = await ask(lambda: self._let_in(context, Role.EDITOR))
        await ask(lambda: self.count(caller))
        return caller

    def link(self, video: str, variant: Variant, name: str) -> str:
        """An address of a completed film that plays without a key."""
        return signed_url(self.house(), video, variant, name)

    async def follow(self, context: Context[Any], caller: Caller, video: str, wait: float) -> Video:
        """The film when it is at an end, or as it is after `wait` [s], reporting its progress meanwhile."""
        seen = await ask(lambda: self.desk.video(caller, video))
        if not wait or seen.state.is_end:
            return seen
        reported = -1
        try:
            async for seen in self.desk.changes(caller, video, timeout=wait):
                if seen.progress > reported:
                    reported = seen.progress
                    await context.report_progress(reported, 100, STAGES[seen.state])
        except JobError as error:
            raise ToolError(_refusal(error)) from None
        return seen

    def answer(self, context: Context[Any], video: Video) -> CallToolResult:
        """A film as the result of a tool: lines to read, the film as a resource, the structure."""
        state = film_state(video, self.link, advice=_advice(video, watched=client_supports_apps(context)))
        return result(told(state), state, films=[state])

    def _let_in(self, context: Context[Any], role: Role) -> Caller:
        caller = self.identify(context)
        need_scope(caller, "films")
        need_role(caller, role)
        return caller


async def ask(work: Callable[[], T]) -> T:
    """What `work` gives, done in a thread. What cannot be done is raised as ToolError with what to do next."""
    try:
        return await anyio.to_thread.run_sync(work)
    except JobError as error:
        raise ToolError(_refusal(error)) from None


def result(text: str, structure: BaseModel, *, films: list[FilmState] | None = None) -> CallToolResult:
    """The result of a tool; `films` that are completed are linked as resources."""
    content: list[ContentBlock] = [TextContent(text=text)]
    for film in films or []:
        if film.url:
            content.append(
                ResourceLink(
                    name=f"{film.id}.mp4",
                    title=film.prompt[:80],
                    uri=film.resource,
                    mime_type="video/mp4",
                    size=film.size_bytes,
                )
            )
    return CallToolResult(content=content, structured_content=structure.model_dump(mode="json"))


def stands_in_the_way(found: Question | Impossible | NotUnderstood, tool: str) -> ToolError:
    """Why an instruction cannot be carried out as it is, for people, and after an empty line what a model is to do."""
    known = len(getattr(found, "choices", ()))
    again = f"call {tool} again with the same video_id and instruction, and with choice=N (1 to {known})."
    if isinstance(found, NotUnderstood):
        lost = [f"Not understood: {', '.join(found.words)}."] if found.words else []
        lines, advice = (
            [found.text, *lost],
            (
                f"Nothing was changed. Say it in other words, one change at a time, and call {tool} again; "
                "vitascope_read shows how words are understood without filming."
            ),
        )
    else:
        lines = [found.text, *numbered([choice.label for choice in found.choices])]
        advice = (
            f"Nothing was changed yet. Ask the user which is wanted, unless the conversation answers it; then {again}"
        )
    return ToolError("\n".join(lines) + f"\n\n{advice}")


def _refusal(error: JobError) -> str:
    """The sentence for people, and after an empty line what a model is to do."""
    match error:
        case Missing():
            advice = "Call vitascope_list to see the films that there are and their ids."
        case Unauthorised() | Forbidden():
            advice = "Calling again will not help: tell the user, who can get another key or role."
        case TooBusy():
            when = f"in {error.retry_after:.0f} seconds" if error.retry_after else "later"
            advice = f"Try again {when}; vitascope_cancel frees a place if a film is no longer wanted."
        case Conflict():
            advice = "Call vitascope_get with wait=30 until its status is completed, then try again."
        case Invalid():
            advice = f"Correct {error.param or 'what was given'} and call again."
        case _:
            advice = "The fault lies with the server, not with what was asked for: try again later, and tell the user."
    return f"{error.message}\n\n{advice}"


def _advice(video: Video, *, watched: bool) -> str:
    if video.state is State.COMPLETED:
        return "show the user the address; vitascope_edit changes what is named and reuses the rest, vitascope_extend adds time."
    if video.state is State.FAILED:
        return "tell the user why, mend the wish, and film again."
    if video.state in (State.CANCELLED, State.CANCELLING):
        return "nothing is being made now; vitascope_film starts anew."
    call = f"call vitascope_get with video_id={video.id} and wait=30, again until its status is completed."
    if watched:
        return f"the player shows the film by itself when it is ready; to go on with it, {call}"
    return call
