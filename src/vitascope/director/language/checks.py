"""What a model's drafts and edits may hold: names that exist, ids that lead somewhere, numbers within limits."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator

from vitascope.director.draft import Draft, MoveWish
from vitascope.director.language.vocabulary import MOVES
from vitascope.director.lexicon import data
from vitascope.film import Attributes, Film, Look, Shot
from vitascope.recipe import Catalogue

__all__ = ["SHOTS_MOST", "SUBJECTS_MOST", "draft_faults", "film_faults"]

SUBJECTS_MOST, SHOTS_MOST, SECONDS_MOST = 40, 24, 600
ACTIONS_MOST, RELATIONS_MOST, CUES_MOST, MOVES_MOST = 120, 80, 24, 8
NAME_LONGEST, TITLE_LONGEST, CUE_LONGEST = 60, 200, 400
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_SEVERAL = ("between", "among")
_CARRIED = ("on", "in", "held_by", "worn_by", "hangs_from", "above", "under")


def draft_faults(draft: Draft, catalogue: Catalogue, *, given: Collection[str] = ()) -> Iterator[str]:
    """What staging could not use, each in a short sentence. `given` are ids of entities that a film has already."""
    yield from _entity_faults(draft, catalogue, given)
    yield from _relation_faults(draft)
    yield from _action_faults(draft, catalogue)
    yield from _camera_faults(draft)
    if draft.set.place not in catalogue.places:
        yield _unknown("place", draft.set.place, catalogue.places)
    yield from _colour_faults((draft.set.backdrop,), catalogue)
    yield from _look_faults(draft.look)
    hours = draft.set.hours
    if not hours or any(not 0 <= key.at <= 1 or not 0 <= key.hour <= 48 for key in hours):
        yield "set.hours needs one key at least, with at from 0 to 1 and hour from 0 to 48."
    elif [key.at for key in hours] != sorted({key.at for key in hours}):
        yield "set.hours must be in the order of their at."
    if not 1 <= draft.duration <= 120:
        yield "duration must be 1 to 120 seconds."
    if len(draft.cues) > CUES_MOST or any(len(cue.text) > CUE_LONGEST for cue in draft.cues):
        yield f"There may be {CUES_MOST} cues of {CUE_LONGEST} characters."
    if any(len(text) > NAME_LONGEST for text in (*draft.set.features, *draft.negations)):
        yield f"features and negations are words of up to {NAME_LONGEST} characters."


def film_faults(film: Film, catalogue: Catalogue) -> Iterator[str]:
    """What makes a whole film larger than films are, or names what is not there."""
    if len(film.shots) > SHOTS_MOST or film.duration > SECONDS_MOST:
        yield f"A film has up to {SHOTS_MOST} shots and {SECONDS_MOST} seconds."
    if len(film.title) > TITLE_LONGEST:
        yield f"A title has up to {TITLE_LONGEST} characters."
    for shot in film.shots:
        yield from _shot_faults(shot, catalogue)


def _look_faults(look: Look) -> Iterator[str]:
    """Styles and grades that there are not."""
    style = data("style")
    if look.style not in style["renderers"]:
        yield _unknown("style", look.style, style["renderers"])
    if look.grade and look.grade not in style["grades"]:
        yield _unknown("grade", look.grade, style["grades"])


def _shot_faults(shot: Shot, catalogue: Catalogue) -> Iterator[str]:
    if len(shot.subjects) > SUBJECTS_MOST:
        yield f"The shot {shot.id} has {len(shot.subjects)} subjects; {SUBJECTS_MOST} are allowed."
    if shot.set.place not in catalogue.places:
        yield _unknown("place", shot.set.place, catalogue.places)
    ids = {subject.id for subject in shot.subjects}
    for subject in shot.subjects:
        if subject.recipe not in catalogue.recipes:
            yield _unknown("recipe", subject.recipe, catalogue.recipes)
        for action in subject.actions:
            if action.verb not in catalogue.verbs:
                yield _unknown("verb", action.verb, catalogue.verbs)
        yield from _attribute_faults(subject.attributes, catalogue)
    named = (
        shot.camera.focus, shot.camera.point_of_view,
        *(move.target for move in shot.camera.moves), *(cue.speaker for cue in shot.cues),
    )  # fmt: skip
    for name in named:
        if name is not None and name not in ids:
            yield _unknown("subject", name, ids)
    yield from _colour_faults((shot.set.backdrop,), catalogue)
    yield from _look_faults(shot.look)
    if len(shot.cues) > CUES_MOST or any(len(cue.text) > CUE_LONGEST for cue in shot.cues):
        yield f"There may be {CUES_MOST} cues of {CUE_LONGEST} characters in a shot."
    if len(shot.camera.moves) > MOVES_MOST or len(shot.passages) > SHOTS_MOST:
        yield f"A shot has up to {MOVES_MOST} camera moves and {SHOTS_MOST} passages."


def _entity_faults(draft: Draft, catalogue: Catalogue, given: Collection[str]) -> Iterator[str]:
    ids = [entity.id for entity in draft.entities]
    if len(ids) > SUBJECTS_MOST:
        yield f"There are {len(ids)} entities; {SUBJECTS_MOST} are allowed."
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"The id {_quoted(twice)} is used twice."
    for entity in (entity for entity in draft.entities if entity.id not in given):
        if not _ID.fullmatch(entity.id):
            yield f"The id {_quoted(entity.id)} must be small letters, digits, - and _."
        if entity.recipe not in catalogue.recipes:
            yield _unknown("recipe", entity.recipe, catalogue.recipes)
        if not 1 <= len(entity.name) <= NAME_LONGEST or len(entity.group or "") > NAME_LONGEST:
            yield f"Names and groups have 1 to {NAME_LONGEST} characters."
        yield from _attribute_faults(entity.attributes, catalogue)


def _attribute_faults(attributes: Attributes, catalogue: Catalogue) -> Iterator[str]:
    garments = attributes.clothing
    colours = (attributes.colour, attributes.second_colour, *(garment.colour for garment in garments))
    yield from _colour_faults(colours, catalogue)
    words = (
        attributes.material,
        attributes.pattern,
        attributes.hair,
        attributes.skin,
        attributes.mood,
        *attributes.states,
    )
    if any(len(word or "") > NAME_LONGEST for word in words) or len(words) + len(garments) > 30:
        yield f"Attributes are few, and words of up to {NAME_LONGEST} characters."
    for garment in garments:
        if garment.kind not in data("garments"):
            yield _unknown("garment", garment.kind, data("garments"))


def _relation_faults(draft: Draft) -> Iterator[str]:
    ids = {entity.id for entity in draft.entities}
    if len(draft.relations) > RELATIONS_MOST:
        yield f"There are {len(draft.relations)} relations; {RELATIONS_MOST} are allowed."
    under: dict[str, str] = {}
    for relation in draft.relations:
        for name in (relation.entity, *relation.targets):
            if name not in ids:
                yield _unknown("entity", name, ids)
        free = relation.kind.startswith(("at_", "in_foreground", "in_background"))
        least = 0 if free else 2 if relation.kind in _SEVERAL else 1
        if len(relation.targets) < least or (free and relation.targets) or relation.entity in relation.targets:
            yield f"The relation {relation.kind} of {_quoted(relation.entity)} needs {least} other entities as targets."
        elif relation.kind in _CARRIED:
            under.setdefault(relation.entity, relation.targets[0])
    for start in under:
        seen = [start]
        while (below := under.get(seen[-1])) is not None and below not in seen:
            seen.append(below)
        if below is not None:
            yield f"The entities {', '.join(map(_quoted, seen))} carry each other in a ring."
            return


def _action_faults(draft: Draft, catalogue: Catalogue) -> Iterator[str]:
    ids = {entity.id for entity in draft.entities}
    if len(draft.actions) > ACTIONS_MOST:
        yield f"There are {len(draft.actions)} actions; {ACTIONS_MOST} are allowed."
    for action in draft.actions:
        for name in (action.entity, action.target):
            if name is not None and name not in ids:
                yield _unknown("entity", name, ids)
        if action.target == action.entity:
            yield f"The target of what {_quoted(action.entity)} does must be another entity."
        if action.verb not in catalogue.verbs:
            yield _unknown("verb", action.verb, catalogue.verbs)
        if not 0 <= action.vigour <= 3:
            yield "vigour must be 0 to 3."
        if len(action.words) > NAME_LONGEST or len(action.manner) > 6:
            yield f"words have up to {NAME_LONGEST} characters, and there are up to 6 of manner."
    for cue in draft.cues:
        if cue.speaker is not None and cue.speaker not in ids:
            yield _unknown("entity", cue.speaker, ids)


def _camera_faults(draft: Draft) -> Iterator[str]:
    camera, ids = draft.camera, {entity.id for entity in draft.entities}
    for name in (camera.focus, camera.point_of_view, *(move.target for move in camera.moves)):
        if name is not None and name not in ids:
            yield _unknown("entity", name, ids)
    if camera.lens_mm is not None and not 8 <= camera.lens_mm <= 400:
        yield "lens_mm must be 8 to 400."
    if len(camera.moves) > MOVES_MOST:
        yield f"There are {len(camera.moves)} camera moves; {MOVES_MOST} are allowed."
    for move in camera.moves:
        yield from _move_faults(move)


def _move_faults(move: MoveWish) -> Iterator[str]:
    if move.kind not in MOVES:
        yield _unknown("camera move", move.kind, MOVES)
    if not 0 < move.pace <= 4 or abs(move.amount or 0) > 1000:
        yield "A camera move has a pace above 0 up to 4 and an amount up to 1000."


def _colour_faults(colours: tuple[str | None, ...], catalogue: Catalogue) -> Iterator[str]:
    for colour in colours:
        if colour is not None and colour not in catalogue.colours and not _HEX.fullmatch(colour):
            yield f"{_unknown('colour', colour, catalogue.colours)[:-1]}, or any #rrggbb."


def _unknown(kind: str, name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, n=4) or sorted(known)[:12]
    return f"There is no {kind} {_quoted(name)}; there are {', '.join(near) or 'none'}."


def _quoted(name: str) -> str:
    """`name` in quotes, short enough to be repeated."""
    return repr(name[:NAME_LONGEST])
