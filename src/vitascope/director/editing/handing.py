"""Instructions that give somebody something, dress him, or put him elsewhere."""

from __future__ import annotations

from vitascope.director.editing.acting import turn_back
from vitascope.director.editing.bench import Bench, Unclear
from vitascope.director.editing.changing import check_lost, lay_all, scenery_becomes
from vitascope.director.editing.comparing import degree_of
from vitascope.director.editing.moving import face, lift, relate_anew, step
from vitascope.director.editing.phrases import first_noun, noun_end
from vitascope.director.editing.reading import describe
from vitascope.director.editing.targets import Target, target_of
from vitascope.director.editing.words import Run, edit_words, lowers, number_of, trimmed, word

__all__ = ["giving", "moving"]


def giving(bench: Bench, run: Run, then: bool) -> bool:
    """ "give him a red hat", "put a hat on the man", "put her in a blue dress", "dress him in black"."""
    low = lowers(run)
    if low[0] in ("give", "lend", "hand") and len(run) > 2:
        size = 1 if low[1] in ("him", "her", "it", "them") else noun_end(run[1:], bench.meanings)
        if size and size < len(run) - 1:
            target = target_of(bench, run[1 : 1 + size])
            return _given(bench, target, trimmed(run[1 + size :]))
        return False
    if low[0] in ("put", "dress", "place") and ("in" in low or "on" in low):
        link = "in" if "in" in low else "on"
        at = low.index(link)
        left, right = trimmed(run[1:at]), trimmed(run[at + 1 :])
        if left and right and link == "in" and _is_garment(bench, right):
            return _given(bench, target_of(bench, left), right)
        if left and right and link == "on" and _is_garment(bench, left) and first_noun(right, bench.meanings):
            return _given(bench, target_of(bench, right), left)
    return False


def _is_garment(bench: Bench, run: Run) -> bool:
    noun = first_noun(run, bench.meanings)
    return noun is not None and bench.meanings.of(noun).take("garment") is not None


def _given(bench: Bench, target: Target, payload: Run) -> bool:
    if not target.names:
        if target.kind in ("scenery", "it"):
            return scenery_becomes(bench, payload)
        return False
    at = payload[0].start
    verb = "wear" if _is_garment(bench, payload) else "have"
    described = describe(bench, (word("they", at), word(verb, at), *payload), about=target.names)
    return lay_all(bench, described)


_DIRECTIONS = {
    "left": "left", "right": "right", "forward": "front", "forwards": "front", "front": "front", "back": "back",
    "backward": "back", "backwards": "back", "away": "back", "farther": "back", "further": "back", "closer": "front",
    "nearer": "front", "middle": "middle", "centre": "middle", "center": "middle", "up": "up", "upward": "up",
    "upwards": "up", "higher": "up", "down": "down", "downward": "down", "downwards": "down", "lower": "down",
    "background": "back", "foreground": "front", "leftward": "left", "rightward": "right", "leftwards": "left",
    "rightwards": "right", "leftmost": "left", "rightmost": "right",
}  # fmt: skip


_PLAIN = frozenset(
    ("to", "the", "side", "of", "image", "picture", "frame", "screen", "scene", "a", "bit", "little",
     "far", "more", "in", "into", "towards", "toward", "camera", "viewer", "slightly", "corner",
     "bottom", "top", "much", "lot", "from", "us", "me", "by", "m", "metre", "metres", "meter", "meters",
     "step", "leftmost", "rightmost", "direction", "shot", "some", "half", "way", "hand", "just", "it",
     "its", "so")
)  # fmt: skip


def moving(bench: Bench, run: Run, then: bool) -> bool:
    """ "move the dog to the left", "put the ball behind the tree", "move it closer to the house"."""
    low, words = lowers(run), edit_words()
    if low[0] not in words.verbs["move"] | {"raise", "lower", "lift", "turn", "rotate", "face"} or len(run) < 3:
        return False
    rest = run[1:]
    size = noun_end(rest, bench.meanings)
    if not size or (size == len(rest) and low[0] not in ("raise", "lower", "lift")):
        return False
    noun = first_noun(rest[:size], bench.meanings)
    if noun is None or (noun.determiner is not None and noun.determiner.text in ("a", "an", "another", "some")):
        return False
    target = target_of(bench, rest[:size])
    if target.kind not in ("subjects", "it") or not target.names or target.garment or target.part:
        return False
    where = trimmed(rest[size:])
    return _moved(bench, target, where, low[0])


def _moved(bench: Bench, target: Target, where: Run, verb: str) -> bool:
    low = lowers(where)
    lead = low[0] if low else ""
    if verb in ("raise", "lift", "lower") and len(where) < 3:
        lift(bench, target.names, up=verb != "lower")
        return True
    back = next((i for i, t in enumerate(low) if t in ("background", "backdrop", "setting")), None)
    if back is not None and back > 1 and low[back - 1] not in ("the", "in"):
        while where and where[0].lower in ("on", "in", "against", "into", "to", "a", "an", "the", "before"):
            where = where[1:]
        return scenery_becomes(bench, where)
    if verb in ("turn", "rotate", "face"):
        return _turned(bench, target, where)
    steps, _ = degree_of(where)
    metres = next((float(n) for i, t in enumerate(where) if (n := number_of(t)) is not None and i + 1 < len(where)
                   and where[i + 1].lower in ("m", "metre", "metres", "meter", "meters")), None)  # fmt: skip
    at = where[0].start
    relational = "of" in low or (lead in ("closer", "nearer", "near", "next") and "to" in low and "camera" not in low)
    if lead == "from" and "to" in low:
        where = where[low.index("to") :]
        low, lead = lowers(where), "to"
    plain = all(t in _PLAIN or t in _DIRECTIONS or number_of(w) is not None for t, w in zip(low, where, strict=True))
    side = next((_DIRECTIONS[t] for t in low if t in _DIRECTIONS), None)
    if side is not None and plain and not (relational and len(low) > 2) and lead != "on":
        for token in where:
            bench.note(token.start, token.end, "relation", side)
        if side in ("up", "down"):
            lift(bench, target.names, up=side == "up", steps=steps, metres=metres)
        else:
            step(
                bench, target.names, side, steps=steps * (1.6 if "side" in low or "far" in low else 1.0), metres=metres
            )
        return True
    if lead in ("closer", "nearer") and "to" in low:
        where = (word("next", at), *where[low.index("to") :])
    described = describe(bench, (word("they", at), word("stand", at), *where), about=target.names)
    described.scene.acts.clear()
    if described.scene.place and described.scene.place_said and not described.scene.bonds:
        return lay_all(bench, described)
    check_lost(bench, described)
    if not described.scene.bonds:
        return False
    bench.take_notes(described.scene)

    if described.new:
        raise Unclear(f"There is no {described.new[0].name} in this film.", described.new[0].name)
    return relate_anew(bench, target.names, described)


def _turned(bench: Bench, target: Target, where: Run) -> bool:
    low = lowers(where)
    facing = {"left": -90.0, "right": 90.0, "camera": 0.0, "forward": 0.0, "away": 180.0, "viewer": 0.0, "back": 180.0,
              "audience": 0.0}  # fmt: skip
    side = next((facing[t] for t in low if t in facing), None)
    if "around" in low or "round" in low or "other" in low:
        for token in where:
            bench.note(token.start, token.end, "relation", "the other way")
        return turn_back(bench, target.names)
    if side is None:
        return False
    for token in where:
        bench.note(token.start, token.end, "relation", "turned")
    face(bench, target.names, side)
    return True
