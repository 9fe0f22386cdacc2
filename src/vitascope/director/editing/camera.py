"""The camera as operations: how close, from where, through which lens, and how it moves."""

from __future__ import annotations

from typing import Any

from vitascope.director.editing.bench import Bench, Unclear
from vitascope.director.editing.phrases import parsed
from vitascope.director.editing.reading import Described, describe
from vitascope.director.editing.references import References
from vitascope.director.editing.words import Run, edit_words, lowers, number_of, word
from vitascope.director.lexicon import Effect
from vitascope.director.scene import Thing
from vitascope.director.units import find_units
from vitascope.film import CameraMove, Change, ChangeCamera, Shot, Span

__all__ = ["approach", "film_it", "lay_camera", "says_camera", "stand_still"]

PACES = {"slowly": 0.5, "gently": 0.6, "gradually": 0.5, "quickly": 1.8, "rapidly": 2.0, "fast": 1.8, "swiftly": 1.8}
FIELDS = ("framing", "angle", "azimuth", "lens_mm")
SAID = {
    "framing": {"extreme_wide": "shows everything from far", "wide": "shows a wide view", "full": "shows a full view",
                "medium": "shows a medium view", "close": "is close up", "extreme_close": "is very close"},
    "angle": {"eye": "is at eye level", "low": "looks up from below", "high": "looks down from above",
              "overhead": "looks straight down", "ground": "is on the ground", "aerial": "looks down from the air"},
}  # fmt: skip
MOVES = {
    "pan_left": "pans left", "pan_right": "pans right", "tilt_up": "tilts up", "tilt_down": "tilts down",
    "zoom_in": "zooms in", "zoom_out": "zooms out", "dolly_in": "moves in", "dolly_out": "moves back",
    "truck_left": "moves left", "truck_right": "moves right", "crane_up": "rises", "crane_down": "sinks",
    "orbit_left": "circles to the left", "orbit_right": "circles", "track": "follows", "aerial": "flies over",
    "handheld": "is held in the hand", "reveal": "reveals what is there", "rack_focus": "shifts its focus", "roll": "rolls",
}  # fmt: skip
TURNS = {"left": "pan_left", "right": "pan_right", "up": "tilt_up", "down": "tilt_down"}
WAYS = {"left": "truck_left", "right": "truck_right", "up": "crane_up", "down": "crane_down", "in": "dolly_in",
        "out": "dolly_out", "back": "dolly_out", "forward": "dolly_in", "closer": "dolly_in"}  # fmt: skip


def says_camera(described: Described) -> bool:
    """Whether a description says anything of the camera."""
    return bool(described.scene.moves or {n for n in described.scene.camera if n != "depth_of_field"})


def film_it(bench: Bench, run: Run) -> bool:
    """Carry out `run` if it is about the camera: a turn by degrees, a lens, a side, a move of its own."""
    pace = next((PACES[token.lower] for token in run if token.lower in PACES), None)
    if pace is not None and len(run) > 1:
        plain = tuple(token for token in run if token.lower not in PACES)
        before = len(bench.operations)
        if not film_it(bench, plain):
            return False
        for token in run:
            bench.note(
                token.start, token.end, "manner", f"at {pace:g} times the usual pace"
            ) if token.lower in PACES else None
        _pace_last(bench, before, pace)
        return True
    low = lowers(run)
    words = edit_words()
    about = next((i for i, text in enumerate(low) if text in words.topics["camera"] or text in ("cam",)), None)
    if about is not None and set(low[:about]) & {"to", "of", "from", "at", "with", "by", "for"}:
        about = None
    if about is None and not (_leads(bench, run) or _lens(low) or _side(bench, run)):
        return False
    return (
        _turned(bench, run, about)
        or _given_lens(bench, run)
        or _held(bench, run, about)
        or _expressed(bench, run, about)
        or _from_side(bench, run)
        or _followed(bench, run, about)
    )


def _leads(bench: Bench, run: Run) -> bool:
    """Whether a run begins with what only cameras do."""
    low = lowers(run)
    if low[0] in ("zoom", "pan", "tilt", "dolly", "truck", "orbit", "crane", "refocus", "reframe", "film", "whip"):
        return True
    return low[0] in ("follow", "track", "circle", "chase", "trail", "focus") and len(low) > 1


def _lens(low: tuple[str, ...]) -> bool:
    return "mm" in low or "lens" in low or "millimetre" in low or "millimeter" in low


_SIDES = frozenset(
    ("behind", "above", "below", "front", "back", "left", "right", "side", "overhead", "top", "afar", "underneath")
)


def _side(bench: Bench, run: Run) -> bool:
    low = lowers(run)
    if low[0] in ("show", "see", "film", "shoot", "view", "look", "watch", "frame") and "from" in low:
        return any(text in _SIDES for text in low[low.index("from") :])
    return low[0] in ("from", "through") or low[:2] in (
        ("look", "at"),
        ("seen", "from"),
        ("view", "from"),
        ("see", "it"),
    )


def _held(bench: Bench, run: Run, about: int | None) -> bool:
    """ "freeze the camera", "the camera should not move", "a low camera"."""
    low = lowers(run)
    if about is None or low[about] not in ("camera", "cam"):
        return False
    told = set(low)
    unmoved = told & {"not", "n't"} and "move" in told
    if unmoved or told & {"freeze", "still", "static", "steady", "fixed", "stop", "motionless"}:
        for token in run:
            bench.note(token.start, token.end, "camera", "static")
        return stand_still(bench)
    angle = {"low": "low", "high": "high", "overhead": "overhead"}.get(low[about - 1] if about else "")
    if angle is None or about > 2:
        return False
    bench.note(run[0].start, run[-1].end, "camera", angle)
    _set_fields(bench, {"angle": angle})
    return True


# Turns by degrees -----------------------------------------------------------------------------------------------------


def _turned(bench: Bench, run: Run, about: int | None) -> bool:
    """ "turn the camera 90 degrees (to the left)", "rotate the view by 45°", "tilt down 10 degrees"."""
    low = lowers(run)
    at = next((i for i, t in enumerate(low) if t in ("degree", "degrees", "°", "deg")), None)
    number = number_of(run[at - 1]) if at else None
    if number is None or (about is None and low[0] not in ("pan", "tilt", "orbit", "turn", "rotate")):
        return False
    amount = float(number)
    side = next((t for t in low if t in ("left", "right", "up", "down", "clockwise", "counterclockwise")), "right")
    side = {"clockwise": "right", "counterclockwise": "left"}.get(side, side)
    for token in run:
        bench.note(token.start, token.end, "camera", f"{amount:g} degrees")
    if low[0] in ("orbit", "circle") or "around" in low or "orbit" in low:
        return _moves(bench, [("orbit_left" if side == "left" else "orbit_right", None, 1.0, amount)])
    if low[0] in ("pan", "tilt") or bench.scope.timed or side in ("up", "down"):
        return _moves(bench, [(TURNS[side], None, 1.0, amount)])
    now = bench.shot.camera.azimuth or 0.0
    turned = (now + (amount if side == "right" else -amount) + 180.0) % 360.0 - 180.0
    bench.change(ChangeCamera(azimuth=round(turned, 1)), shows=False)
    bench.say(f"the camera is turned by {amount:g} degrees")
    return True


def _given_lens(bench: Bench, run: Run) -> bool:
    low = lowers(run)
    at = next(
        (i for i, t in enumerate(low) if t in ("mm", "millimetre", "millimeter", "millimetres", "millimeters")), None
    )
    number = number_of(run[at - 1]) if at else None
    if number is None:
        return False
    if not 8 <= number <= 400:
        raise Unclear(f"There is no {float(number):g} mm lens here; give 8 to 400 mm.", f"{float(number):g} mm")
    for token in run:
        bench.note(token.start, token.end, "camera", f"{float(number):g} mm lens")
    bench.change(ChangeCamera(lens_mm=float(number)), shows=False)
    bench.say(f"the lens has {float(number):g} mm")
    return True


def _from_side(bench: Bench, run: Run) -> bool:
    """ "from behind", "from the left (side of X)", "from above", "through the eyes of X"."""
    low = lowers(run)
    if "from" not in low and "through" not in low:
        return False
    at = low.index("from") if "from" in low else low.index("through")
    rest = low[at + 1 :]
    if low[at] == "through" or rest[:2] == ("the", "eyes"):
        if "eyes" not in low:
            return False
        return _point_of_view(bench, run, low.index("eyes") + 2)
    plain = tuple(t for t in rest if t not in ("the", "a", "its", "his", "her", "their", "directly", "right", "side") or (
        t == "right" and "side" in rest) or (t == "right" and rest[-1] == "right"))  # fmt: skip
    side = plain[0] if plain else ""
    if (
        "to" in rest
        and "from" in low
        and low.index("from") < low.index("to")
        and "side" not in rest[: rest.index("to")]
    ):
        return False
    values: dict[str, Any] = {
        "behind": {"azimuth": 180.0}, "back": {"azimuth": 180.0}, "front": {"azimuth": 0.0},
        "above": {"angle": "high"}, "below": {"angle": "low"}, "underneath": {"angle": "low"}, "beneath": {"angle": "low"},
        "overhead": {"angle": "overhead"}, "top": {"angle": "overhead"}, "left": {"azimuth": -90.0},
        "right": {"azimuth": 90.0}, "higher": {"angle": "high"}, "lower": {"angle": "low"}, "side": {"azimuth": 90.0},
        "far": {"framing": "wide"}, "afar": {"framing": "wide"},
        "closer": {"framing": "close"}, "opposite": {"azimuth": "opposite"}, "other": {"azimuth": "opposite"},
    }.get("side" if rest[:2] == ("the", "side") else side, {})  # fmt: skip
    if low[:1] == ("from",) and "directly" in rest and side == "above":
        values = {"angle": "overhead"}
    if not values:
        return False
    if values.get("azimuth") == "opposite":
        values = {"azimuth": ((bench.shot.camera.azimuth or 0.0) + 360.0) % 360.0 - 180.0}
    for token in run:
        bench.note(token.start, token.end, "camera", f"from {' '.join(plain[:1]) or 'the side'}")
    _set_fields(bench, values)
    return True


def _point_of_view(bench: Bench, run: Run, at: int) -> bool:
    described = describe(bench, run[at:] or (word("it", run[-1].end),), about=()) if at < len(run) else None
    found = _named(bench, run[at:]) if described is not None else References(bench).pronoun("it")
    if not found:
        raise Unclear("It is not clear through whose eyes is to be seen.")
    bench.note(run[0].start, run[-1].end, "camera", "point of view")
    bench.change(ChangeCamera(point_of_view=found[0]), shows=False)
    bench.say(f"it is seen through the eyes of the {bench.subject(found[0]).name}")
    return True


def _named(bench: Bench, run: Run) -> tuple[str, ...]:
    for clause in parsed(run, bench.meanings).clauses:
        for noun in (*clause.subjects, *clause.objects, *(n for _, n in clause.places)):
            return References(bench).named(noun, strict=True)
    return ()


# Expressions ----------------------------------------------------------------------------------------------------------


def _expressed(bench: Bench, run: Run, about: int | None) -> bool:
    """What the words of camera.yaml say, with "the camera" put in front where only its verb is said."""
    start = run[0].start
    camera = (word("the", start), word("camera", start))
    low = lowers(run)
    tail = run[about + 1 :] if about is not None and low[about] in ("camera", "cam") else ()
    lead = tail[1:] if tail and tail[0].lower in ("to", "should", "must") else tail
    tries: list[Run] = [(*camera, *lead)] if lead else []
    tries += [run, (*camera, *run)]
    if about is not None and about > 1 and low[about - 1] == "the" and len(run) > about + 1:
        tries.append((*camera, run[0], *run[about + 1 :]))
    if "to" in low and about is not None and about < low.index("to"):
        tries.append(run[low.index("to") + 1 :])
    if low[0] in (
        "make",
        "use",
        "set",
        "add",
        "give",
        "create",
        "get",
        "put",
        "show",
        "do",
        "simulate",
        "apply",
        "take",
    ):
        tries.append(run[1:])
    best: Described | None = None
    for attempt in tries:
        if not attempt or not _has_expression(bench, attempt):
            continue
        described = describe(bench, attempt, strict=False)
        if says_camera(described) and not described.new and (best is None or len(described.lost) < len(best.lost)):
            best = described
    if best is None or any(
        len(text) > 2 for text in best.lost if text not in ("simulate", "effect", "change", "shooting")
    ):
        return False
    bench.take_notes(best.scene)
    lay_camera(bench, best)
    return True


def _has_expression(bench: Bench, run: Run) -> bool:
    units = find_units(run, bench.meanings.lexicon, bench.meanings.wordnet)
    return any(u.kind == "expression" and isinstance(u.entry, Effect) and u.entry.kind == "camera" and not u.entry.scene
               for u in units)  # fmt: skip


def _followed(bench: Bench, run: Run, about: int | None) -> bool:
    """ "move the camera left", "the camera rises", "focus on the dog", "aim the camera at the tree"."""
    low = lowers(run)
    side = next((t for t in low if t in WAYS), None)
    if about is not None and side is not None and low[0] in ("move", "slide", "push", "pull", "bring", "send", "raise",
                                                            "lower", "take", "let", "have", "make"):  # fmt: skip
        for token in run:
            bench.note(token.start, token.end, "camera", MOVES[WAYS[side]])
        return _moves(bench, [(WAYS[side], None, 1.0, None)])
    if about is not None and low[0] in ("raise", "lower", "lift"):
        for token in run:
            bench.note(token.start, token.end, "camera", low[0])
        _set_fields(bench, {"angle": "low" if low[0] == "lower" else "high"})
        return True
    if "on" in low or "at" in low:
        at = low.index("on") if "on" in low else low.index("at")
        if low[0] in ("focus", "aim", "point", "concentrate", "center", "centre") and run[at + 1 :]:
            names = _named(bench, run[at + 1 :])
            if names:
                for token in run:
                    bench.note(token.start, token.end, "camera", f"on the {bench.subject(names[0]).name}")
                bench.change(ChangeCamera(focus=names[0]), shows=False)
                bench.mention(names[:1])
                bench.say(f"the camera is on the {bench.subject(names[0]).name}")
                return True
    return False


# Laying ---------------------------------------------------------------------------------------------------------------


def lay_camera(bench: Bench, described: Described) -> None:
    """Carry out everything that `described` says of the camera."""
    scene = described.scene
    values = {name: scene.camera[name] for name in FIELDS if name in scene.camera}
    focus = _id(described, scene.camera.get("focus"))
    view = _id(described, scene.camera.get("point_of_view"))
    if view is None and scene.camera.get("point_of_view"):
        names = References(bench).pronoun("it")
        view = names[0] if names else None
    if focus and not scene.moves:
        values["focus"] = focus
    if view:
        values["point_of_view"] = view
    if scene.moves and values.get("angle") == "aerial":
        values.pop("framing", None)
    if values:
        _set_fields(bench, values)
    if scene.camera.get("static") and not scene.moves:
        stand_still(bench)
    if scene.moves:
        _moves(bench, [(kind, _id(described, target), pace, None) for kind, target, pace, _ in scene.moves])


def _id(described: Described, thing: Any) -> str | None:
    if not isinstance(thing, Thing):
        return None
    return next((name for name, known in described.known.items() if known is thing), None)


def _set_fields(bench: Bench, values: dict[str, Any]) -> None:
    now = bench.shot.camera
    changed = {name: value for name, value in values.items() if getattr(now, name) != value}
    if changed:
        bench.change(ChangeCamera(**changed), shows=False)
    sentences = [f"the camera {SAID[n][v]}" for n, v in values.items() if n in SAID]
    if "lens_mm" in values:
        sentences.append(f"the lens has {values['lens_mm']:g} mm")
    if "azimuth" in values and not sentences:
        sentences.append(f"the camera looks {_direction(values['azimuth'])}")
    if "focus" in values and not sentences:
        sentences.append(f"the camera is on the {bench.subject(values['focus']).name}")
    if "point_of_view" in values:
        sentences.append(f"it is seen through the eyes of the {bench.subject(values['point_of_view']).name}")
    for sentence in sentences:
        bench.say(sentence) if changed else bench.already.append(sentence)


def _direction(azimuth: float) -> str:
    azimuth = (azimuth + 180.0) % 360.0 - 180.0
    if abs(azimuth) < 30:
        return "from the front"
    if abs(azimuth) > 150:
        return "from behind"
    return "from the right" if azimuth > 0 else "from the left"


def stand_still(bench: Bench) -> bool:
    """Let the camera stand still."""
    moving = [shot for shot in bench.shots if shot.camera.moves]
    for shot in moving:
        if bench.scope.timed:
            span = bench.scope.span_in(bench.film, shot)
            kept = tuple(m for m in shot.camera.moves if m.span.end <= span.start or m.span.start >= span.end)
        else:
            kept = ()
        bench.change_in(shot, ChangeCamera(moves=kept), timed=False)
    bench.say("the camera stands still") if moving else bench.already.append("the camera stands still")
    return True


def _moves(bench: Bench, wishes: list[tuple[str, str | None, float, float | None]]) -> bool:
    """Moves over the scope's stretch of each shot; over a whole shot they take the place of those there were."""
    before = len(bench.operations)
    for shot in bench.shots:
        span = bench.scope.span_in(bench.film, shot)
        fresh = tuple(
            CameraMove(kind=kind, span=span, amount=amount, target=target or _aim(bench, shot, kind), pace=pace)  # type: ignore[arg-type]
            for kind, target, pace, amount in wishes
        )
        whole = span == Span(start=span.start, end=shot.duration) and span.start == 0
        kept = () if whole else tuple(m for m in shot.camera.moves if not _plain(m))
        if (*kept, *fresh) != shot.camera.moves:
            bench.change_in(shot, ChangeCamera(moves=(*kept, *fresh)), timed=False)
    names = [target for _, target, _, _ in wishes if target is not None]
    bench.mention(names)
    whom = (
        f" the {bench.subject(names[0]).name}"
        if names and wishes[0][0] in ("track", "orbit_left", "orbit_right")
        else ""
    )
    sentence = f"the camera {MOVES[wishes[0][0]]}{whom}"
    bench.say(sentence) if len(bench.operations) > before else bench.already.append(sentence)
    return True


def _plain(move: CameraMove) -> bool:
    """Whether a move is only the slow approach of a shot for which nothing was asked."""
    return move.kind == "dolly_in" and move.amount is None and move.pace < 0.5


def _aim(bench: Bench, shot: Shot, kind: str) -> str | None:
    """Whom a move that needs somebody is about when nobody is named."""
    if kind not in ("track", "orbit_left", "orbit_right"):
        return None
    here = {s.id for s in shot.subjects}
    spoken = [n for n in (*bench.pointed, *bench.salient) if n in here]
    return next(iter(spoken), shot.camera.focus or (shot.subjects[0].id if shot.subjects else None))


def approach(bench: Bench, run: Run, *, closer: bool) -> bool:
    """ "closer to the dog": nearer to somebody; as a move of the camera where only a stretch of time is meant."""
    names = _named(bench, run)
    if not names:
        return False
    bench.note(
        run[0].start,
        run[-1].end,
        "camera",
        f"{'closer to' if closer else 'away from'} the {bench.subject(names[0]).name}",
    )
    bench.mention(names[:1])
    if bench.scope.timed:
        return _moves(bench, [("dolly_in" if closer else "dolly_out", names[0], 1.0, None)])
    order = list(SAID["framing"])
    now = order.index(bench.shot.camera.framing or "full")
    _set_fields(bench, {"framing": order[min(len(order) - 1, max(0, now + (1 if closer else -1)))], "focus": names[0]})
    return True


def _pace_last(bench: Bench, before: int, pace: float) -> None:
    """Let the moves that the operations since `before` added go at `pace`."""
    fresh = [o.what for o in bench.operations[before:] if isinstance(o, Change) and isinstance(o.what, ChangeCamera)]
    kinds = {m.kind for what in fresh for m in what.moves or ()}
    for shot in bench.shots:
        paced = tuple(m.model_copy(update={"pace": pace}) if m.kind in kinds else m for m in shot.camera.moves)
        if paced != shot.camera.moves:
            bench.change_in(shot, ChangeCamera(moves=paced), timed=False)
