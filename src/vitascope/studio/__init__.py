"""Making films: plan, run, publish. Wires the world, the renderer, the sound, the file and its marks together."""

from vitascope.studio.check import FilmFault, check_film, check_target
from vitascope.studio.filming import FilmResult, Progress, StageTimes, film_still, make_film
from vitascope.studio.forecast import Forecast, forecast

__all__ = [
    "FilmFault",
    "FilmResult",
    "Forecast",
    "Progress",
    "StageTimes",
    "check_film",
    "check_target",
    "film_still",
    "forecast",
    "make_film",
]
