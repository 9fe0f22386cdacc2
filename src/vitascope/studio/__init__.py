"""Making films and talking about them: takes in a project, and the way from a film to a signed file."""

from vitascope.studio.check import FilmFault, check_film, check_target
from vitascope.studio.errors import ProjectError
from vitascope.studio.excerpts import take_sound, take_still
from vitascope.studio.filming import FilmResult, Progress, StageTimes, film_still, make_chunk, make_film
from vitascope.studio.forecast import Forecast, forecast
from vitascope.studio.marks import visible_label
from vitascope.studio.memory import Memory
from vitascope.studio.picture import MadeChunk
from vitascope.studio.plan import ChunkPlan, plan_chunks
from vitascope.studio.studio import Answer, Studio
from vitascope.studio.take import Take, Work
from vitascope.studio.timings import known_pace
from vitascope.studio.warming import get_ready

__all__ = [
    "Answer",
    "ChunkPlan",
    "FilmFault",
    "FilmResult",
    "Forecast",
    "MadeChunk",
    "Memory",
    "Progress",
    "ProjectError",
    "StageTimes",
    "Studio",
    "Take",
    "Work",
    "check_film",
    "check_target",
    "film_still",
    "forecast",
    "get_ready",
    "known_pace",
    "make_chunk",
    "make_film",
    "plan_chunks",
    "take_sound",
    "take_still",
    "visible_label",
]
