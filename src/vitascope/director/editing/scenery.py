"""What a description says of the set and the picture, as operations: place, hour, weather, season, light, look, camera."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from vitascope.director.editing.bench import Already, Bench, Unclear
from vitascope.director.editing.reading import Described
from vitascope.director.habitats import suited_place
from vitascope.director.scene import Act, Scene
from vitascope.film import (
    AddCue,
    Change,
    ChangeFilm,
    ChangeLight,
    ChangeLook,
    ChangeSet,
    Cue,
    RemoveCue,
    TimeKey,
    WeatherChange,
)

__all__ = ["clear_away", "hour_name", "lay_scenery", "says_scenery"]

GOLDEN = ((6.2, 7.2), (18.0, 19.4))
"""Hours whose warm light goes when the hour does."""
SKY = frozenset(
    ("stars", "aurora", "meteor shower", "full moon", "crescent moon", "rainbow", "earth in the sky", "clouds")
)
"""Traits of the sky, which go with any place."""
NEAR = 0.75
"""Hours within which two of the same name are the same."""
_CLEAR = 0.3
"""Cover of clouds below which nothing falls from them."""


def says_scenery(scene: Scene) -> bool:
    """Whether a description says anything of the set or the picture."""
    return bool(
        scene.hours or scene.weather or scene.season or scene.features or scene.light or scene.look or scene.backdrop
        or (scene.place and scene.place_said) or scene.cues or scene.silent
    )  # fmt: skip


def lay_scenery(bench: Bench, described: Described, *, changing: bool = False) -> None:
    """Carry out everything that `described` says of the set, the light and the look. Raises Already for nothing new."""
    scene = described.scene
    before, sentences = len(bench.operations), []
    if scene.place and scene.place_said:
        sentences.append(_place(bench, scene))
    if scene.hours or scene.light:
        sentences.append(_light(bench, scene, changing=changing))
    if scene.weather:
        sentences.append(_weather(bench, scene))
    if scene.season:
        _set(bench, season=scene.season)
        sentences.append(f"it is {scene.season}")
    if scene.features:
        sentences.append(_features(bench, scene))
    if scene.backdrop:
        _set(bench, backdrop=scene.backdrop)
        sentences.append(f"the backdrop is {scene.backdrop}")
    sentences += _look(bench, scene)
    sentences += _sound(bench, scene)
    for sentence in dict.fromkeys(filter(None, sentences)):
        bench.say(sentence) if len(bench.operations) > before else bench.already.append(sentence)


def _set(bench: Bench, **fields: Any) -> None:
    bench.change(ChangeSet(**fields))


def _place(bench: Bench, scene: Scene) -> str:
    """Another place: the nearest one where those who are there can be."""
    probe = Scene(bench.text)
    probe.things, probe.place, probe.place_said = list(scene.things), scene.place, True
    by_id = {name: thing for thing in scene.things for name in thing.ids}
    for subject in bench.shot.subjects:
        thing = by_id.get(subject.id)
        for action in subject.actions:
            if thing is None:
                break
            probe.acts.append(Act(thing=thing, verb=action.verb, words=(*action.manner, action.verb)[-1], beat=0))
    place = suited_place(probe, bench.catalogue)
    known = bench.catalogue.place(place).features
    scene.features = list(scene.features)
    for extra in probe.features:
        if extra not in scene.features:
            scene.features.append(extra)
    shot = bench.shot
    dropped = tuple(f for f in shot.set.features if f not in SKY and f not in known and f not in scene.features)
    if shot.set.place != place or dropped:
        resets = ("backdrop",) if shot.set.backdrop and not scene.backdrop else ()
        bench.change(ChangeSet(place=place, drop_features=dropped, reset=resets), shows=False)
    if place != scene.place:
        wanted = str(scene.place).replace("_", " ")
        bench.ledger.remarks.append(f"Nobody here could be in {_a(wanted)}, so the place is {_a(place)}.")
    return f"the place is {_a(place.replace('_', ' '))}"


def _a(noun: str) -> str:
    if noun in ("space", "underwater") or noun.endswith("s"):
        return noun
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun.replace('_', ' ')}"


def _light(bench: Bench, scene: Scene, *, changing: bool) -> str:
    shot = bench.shot
    said: list[str] = []
    if scene.hours:
        keys = _keys(bench, scene.hours, changing=changing or scene.changing)
        if keys != shot.set.hours and not _alike(keys, shot.set.hours):
            bench.change(ChangeSet(hours=keys))
        first, last = hour_name(keys[0].hour), hour_name(keys[-1].hour)
        said.append(f"the light is {first}" if len(keys) == 1 else f"it goes from {first} to {last}")
        golden = any(a <= shot.set.hours[0].hour <= b for a, b in GOLDEN)
        if "mood" not in scene.light and golden and shot.light.mood == "warm":
            bench.change(ChangeLight(reset=("mood",)))
    mood = scene.light.get("mood")
    if mood is not None and mood != shot.light.mood:
        bench.change(ChangeLight(mood=mood))
    if mood is not None and not said:
        said.append(f"the light is {mood}")
    return said[0] if said else ""


def _alike(keys: tuple[TimeKey, ...], now: tuple[TimeKey, ...]) -> bool:
    """Whether two single hours have the same name and lie close together."""
    one, other = keys[0].hour, now[0].hour
    return len(keys) == len(now) == 1 and hour_name(one) == hour_name(other) and abs(one - other) < NEAR


def _keys(bench: Bench, hours: list[float], *, changing: bool) -> tuple[TimeKey, ...]:
    """One hour; or, where the hours pass, all of them spread over the stretch in question."""
    distinct = list(dict.fromkeys(hours))
    if len(distinct) < 2 or not changing:
        return (TimeKey(at=Fraction(0), hour=distinct[-1] if not changing else distinct[0]),)
    span = bench.scope.span_in(bench.film, bench.shot)
    keys, last = [], -1.0
    for index, hour in enumerate(distinct[:6]):
        while hour < last and hour + 24 <= 48:
            hour += 24
        last = max(hour, last)
        at = span.start + (span.end - span.start) * index / (min(len(distinct), 6) - 1)
        keys.append(TimeKey(at=at, hour=last))
    return tuple(keys)


def hour_name(hour: float) -> str:
    """A word for an hour of the day."""
    names = ((0.0, "night"), (5.5, "dawn"), (6.6, "sunrise"), (7.2, "morning"), (11.5, "noon"), (13.5, "afternoon"),
             (17.6, "golden hour"), (18.7, "sunset"), (19.2, "dusk"), (20.5, "night"))  # fmt: skip
    hour %= 24
    return next(name for start, name in reversed(names) if hour >= start)


def _weather(bench: Bench, scene: Scene) -> str:
    """The amounts that are said; under a clear sky nothing falls, and snow takes the place of rain."""
    wanted = dict(scene.weather)
    now = bench.shot.set.weather
    if wanted.get("clouds", 1.0) < _CLEAR:
        for name in ("rain", "snow", "fog", "lightning"):
            if getattr(now, name) > 0:
                wanted.setdefault(name, 0.0)
    for falls, other in (("snow", "rain"), ("rain", "snow")):
        if wanted.get(falls, 0.0) > 0 and getattr(now, other) > 0:
            wanted.setdefault(other, 0.0)
    if wanted.get("rain", 0.0) > 0 and now.clouds > wanted.get("clouds", 1.0):
        wanted.pop("clouds")
    changed = {name: value for name, value in wanted.items() if getattr(now, name) != value}
    if changed:
        _set(bench, weather=WeatherChange(**changed))
    return weather_sentence(scene.weather)


def weather_sentence(wanted: dict[str, float]) -> str:
    """What the weather is like, in words."""
    amount = {"rain": "it rains", "snow": "it snows", "fog": "there is fog", "lightning": "there is lightning",
              "wind": "the wind blows", "clouds": "it is cloudy", "cloud_speed": "the clouds move"}  # fmt: skip
    for name in ("lightning", "snow", "rain", "fog", "wind"):
        value = wanted.get(name, 0.0)
        if value > 0.06:
            manner = " gently" if value < 0.35 and name in ("rain", "snow", "wind") else ""
            manner = " hard" if value >= 0.9 and name in ("rain", "snow", "wind") else manner
            return amount[name] + manner
    if wanted.get("clouds", 0.5) < _CLEAR:
        return "the sky is clear"
    return "the air is still" if "wind" in wanted and "clouds" not in wanted else "it is cloudy"


def _features(bench: Bench, scene: Scene) -> str:
    shot = bench.shot
    place = bench.catalogue.place(shot.set.place)
    wanted = [f for f in scene.features if f in place.features or f in SKY or f == "snowy"]
    wanted = [f for f in wanted if f not in shot.set.place.split("_")]
    strange = [f for f in scene.features if f not in wanted and f not in ("sky", "air", *shot.set.place.split("_"))]
    coming = any(not thing.ids for thing in scene.things)
    if strange and not wanted and not bench.operations and not coming:
        raise Unclear(f"A {shot.set.place.replace('_', ' ')} has no {strange[0]} to show.", strange[0])
    for feature in strange:
        bench.ledger.retake("place", feature, "not_understood", "")
        bench.ledger.remarks.append(f"A {shot.set.place.replace('_', ' ')} has no {feature} to show.")
    fresh = tuple(f for f in wanted if f not in shot.set.features)
    if fresh:
        _set(bench, add_features=fresh)
    told = " and ".join(f.replace("_", " ") for f in wanted)
    plain = all(f in bench.meanings.lexicon.adjectives for f in wanted)
    return "" if not told else f"it is {told} there" if plain else f"there is {told} to be seen"


def _look(bench: Bench, scene: Scene) -> list[str]:
    look = bench.shot.look
    values = {n: v for n, v in scene.look.items() if n in ("style", "grade", "pace", "time_scale", "depth_of_field")}
    if "depth_of_field" in scene.camera:
        values["depth_of_field"] = scene.camera["depth_of_field"]
    changed = {name: value for name, value in values.items() if getattr(look, name) != value}
    if values.get("pace") == "time_lapse" or (values and "time_scale" in values):
        span_free = {n: v for n, v in changed.items() if n in ("pace", "time_scale")}
        if span_free:
            bench.change(ChangeLook(**span_free), timed=False)
        changed = {n: v for n, v in changed.items() if n not in span_free}
    if changed:
        bench.change(ChangeLook(**changed))
    said = []
    if "style" in values:
        said.append(f"the style is {values['style']}")
    if "grade" in values:
        said.append(f"the colours are {str(values['grade']).replace('-', ' ')}")
    if "pace" in values:
        said.append(f"the film is in {str(values['pace']).replace('_', ' ')}")
    elif "time_scale" in values:
        said.append(f"time runs {values['time_scale']:g} times as fast")
    if "depth_of_field" in values:
        said.append("the background is blurred" if values["depth_of_field"] > 0.5 else "everything is in focus")
    return said


def _sound(bench: Bench, scene: Scene) -> list[str]:
    said = []
    if scene.silent and not bench.film.silent:
        bench.do(ChangeFilm(silent=True))
        said.append("the film is silent")
    for kind, text, speaker, _ in scene.cues:
        for shot, span in bench.scope.parts(bench.film):
            cue = Cue(kind=kind, span=span or bench.scope.span_in(bench.film, shot), text=text, speaker=speaker)  # type: ignore[arg-type]
            if cue in shot.cues:
                continue
            _cue(bench, cue, shot.id)
        said.append(f"there is {text} music" if kind == "music" else f"there is the sound of {text}")
    return said


def _cue(bench: Bench, cue: Cue, shot: str) -> None:
    only = () if len(bench.film.shots) == 1 else (shot,)
    bench.do(Change(what=AddCue(cue=cue), shots=only))


def clear_away(bench: Bench, scene: Scene) -> list[str]:
    """Take away what a description names of weather, sky and look: "the rain", "the moon", "the sepia tone"."""
    shot, said = bench.shot, []
    wanted = {name: 0.0 for name in scene.weather if name != "clouds" and getattr(shot.set.weather, name) > 0}
    if set(scene.weather) == {"clouds"}:
        wanted["clouds"] = 0.0
    elif "clouds" in scene.weather and wanted:
        wanted["clouds"] = min(0.4, shot.set.weather.clouds)
    if wanted:
        _set(bench, weather=WeatherChange(**wanted))
        name = next(n for n in (*scene.weather, "clouds") if n in wanted)
        said.append(f"there is no {name}")
    named = {*scene.features, *(("snowy",) if "snow" in scene.weather else ())}
    gone = tuple(f for f in shot.set.features if f in named)
    if gone:
        _set(bench, drop_features=gone)
        said += [f"there is no {f}" for f in gone] if not wanted else []
    resets = tuple(n for n, v in scene.look.items() if n in ("style", "grade", "pace", "time_scale")
                   and getattr(shot.look, n) == v)  # fmt: skip
    if resets:
        bench.change(ChangeLook(reset=resets), timed="pace" not in resets)
        said.append(f"the {resets[0]} is as usual")
    if scene.light.get("mood") and shot.light.mood == scene.light["mood"]:
        bench.change(ChangeLight(reset=("mood",)))
        said.append("the light is natural")
    if scene.cues:
        said += _cues_gone(bench, {kind for kind, *_ in scene.cues})
    if not said and (scene.weather or scene.features or scene.look):
        name = next(iter((*scene.weather, *scene.features, *scene.look.values())))
        raise Already(f"There is no {str(name).replace('_', ' ')} already.")
    return said


def _cues_gone(bench: Bench, kinds: set[str]) -> list[str]:
    said = []
    for shot in bench.shots:
        for kind in sorted(kinds & {cue.kind for cue in shot.cues}):
            bench.do(Change(what=RemoveCue(kind=kind), shots=(shot.id,)))  # type: ignore[arg-type]
            said.append(f"there is no {kind}")
    return said
