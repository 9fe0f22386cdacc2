"""Making films and talking about them: takes in a project, and the way from a film to a signed file."""

from vitascope.studio.check import FilmFault, check_film, check_target
from vitascope.studio.errors import ProjectError
from vitascope.studio.filming import FilmResult, Progress, StageTimes, film_still, make_film
from vitascope.studio.forecast import Forecast, forecast
from vitascope.studio.marks import visible_label
from vitascope.studio.studio import Answer, Studio
from vitascope.studio.take import Take, Work

__all__ = [
    "Answer",
    "FilmFault",
    "FilmResult",
    "Forecast",
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
    "make_film",
    "visible_label",
]
