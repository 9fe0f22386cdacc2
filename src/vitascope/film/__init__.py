"""The film document: frozen values, exact time and its JSON form. Knows nothing else of the house."""

from vitascope.film.document import (
    Action,
    Angle,
    Attributes,
    Camera,
    CameraMove,
    Cue,
    Film,
    Framing,
    Garment,
    Light,
    Look,
    Placement,
    Set,
    Shot,
    Size,
    Subject,
    TimeKey,
    Weather,
)
from vitascope.film.reading import Phrase, Reading
from vitascope.film.seeds import seed_for
from vitascope.film.sizes import SIZES, SizeError, size_named
from vitascope.film.storage import FilmError, film_from_json, film_json_schema, film_to_json
from vitascope.film.time import Seconds, Span, frame_count, frame_time

__all__ = [
    "SIZES",
    "Action",
    "Angle",
    "Attributes",
    "Camera",
    "CameraMove",
    "Cue",
    "Film",
    "FilmError",
    "Framing",
    "Garment",
    "Light",
    "Look",
    "Phrase",
    "Placement",
    "Reading",
    "Seconds",
    "Set",
    "Shot",
    "Size",
    "SizeError",
    "Span",
    "Subject",
    "TimeKey",
    "Weather",
    "film_from_json",
    "film_json_schema",
    "film_to_json",
    "frame_count",
    "frame_time",
    "seed_for",
    "size_named",
]
