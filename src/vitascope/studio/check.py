"""What a film needs before work begins: things and places that exist, names that lead somewhere, a place to be written."""

from __future__ import annotations

from pathlib import Path

from vitascope import media
from vitascope.film import Film, Shot, plain_shots
from vitascope.recipe import Catalogue
from vitascope.render.styles import grade_named, style_named
from vitascope.studio import library as shelf

__all__ = ["FilmFault", "check_film", "check_target", "document_beside"]


class FilmFault(ValueError):
    """A document that is well-formed but cannot be filmed; the text names the shot, what is wrong and what is allowed."""


def check_film(film: Film, *, library: Catalogue | None = None) -> None:
    """Raises RecipeError, RenderError or FilmFault, one sentence, for the first thing that could not be filmed."""
    library = library or shelf.library()
    for shot in (plain for whole in film.shots for plain in plain_shots(whole)):
        composed_for = () if shot.composition is None else shot.composition.subjects
        for place in (shot.set.place, *([shot.dressed_for.place] if shot.dressed_for else [])):
            library.place(place)
        for subject in (*shot.subjects, *composed_for):
            library.recipe(subject.recipe)
        style_named(shot.look.style)
        grade_named(shot.look.grade or "")
        _check_names(shot)
        _check_carriers(shot)


def check_target(path: str | Path) -> Path:
    """`path` if a film and its document can be written there. Raises MediaError."""
    target = media.check_destination(path)
    document = document_beside(target)
    if document.exists() and not document.is_file():
        raise media.MediaError(
            f"The document of the film cannot take this name; choose another for the film: {document}"
        )
    return target


def document_beside(path: Path) -> Path:
    """Where the document of the film at `path` goes: out.mp4 -> out.film.json."""
    return path.with_suffix(".film.json")


def _check_names(shot: Shot) -> None:
    composed_for = () if shot.composition is None else shot.composition.subjects
    known = {subject.id for subject in (*shot.subjects, *composed_for)}
    wanted = {
        "camera.focus": shot.camera.focus,
        "camera.point_of_view": shot.camera.point_of_view,
        **{f"camera.moves.{i}.target": move.target for i, move in enumerate(shot.camera.moves)},
        **{f"cues.{i}.speaker": cue.speaker for i, cue in enumerate(shot.cues)},
    }
    for field, name in wanted.items():
        if name is not None and name not in known:
            raise FilmFault(
                f'The field "{field}" of shot {shot.id!r} is {name!r}, which is not in it; its subjects are '
                f"{', '.join(sorted(known)) or 'none'}."
            )


def _check_carriers(shot: Shot) -> None:
    carrier = {subject.id: subject.placement.on for subject in shot.subjects}
    for start in carrier:
        chain = [start]
        while (above := carrier[chain[-1]]) is not None:
            if above in chain:
                ring = [*chain[chain.index(above) :], above]
                raise FilmFault(
                    f"In shot {shot.id!r} the subjects carry each other in a ring ({' on '.join(ring)}); "
                    'take the field "placement.on" from one of them.'
                )
            chain.append(above)
