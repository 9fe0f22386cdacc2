"""Comparatives: "warmer", "a bit closer", "twice as large", "less fog": what they are said of, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vitascope.director.editing.acting import change_pace
from vitascope.director.editing.bench import Already, Bench, Unclear
from vitascope.director.editing.moving import lift
from vitascope.director.editing.subjects import be, dress, name_of, resize
from vitascope.director.editing.targets import Target
from vitascope.director.editing.words import Run, edit_words, found, number_of
from vitascope.film import (
    AttributesChange,
    ChangeCamera,
    ChangeLight,
    ChangeLook,
    ChangeSet,
    ChangeSubject,
    WeatherChange,
)

__all__ = ["Comparison", "compare", "comparison_in"]

EXPOSURE = 0.6
"""Stops of one step brighter or darker."""
GROWTH = 1.3
FRAMINGS = ("extreme_wide", "wide", "full", "medium", "close", "extreme_close")
HEIGHTS = ("ground", "low", "eye", "high", "overhead")
AGES = ("baby", "toddler", "child", "teenager", "adult", "old")
BUILDS: dict[str, Literal["heavy", "slim"]] = {"stouter": "heavy", "slimmer": "slim"}
LIGHTS = {"softer": "soft", "harsher": "dramatic", "warmer": "warm", "cooler": "cool"}
GRADES = {"warmer": "warm", "cooler": "cool", "colourful": "vivid", "muted": "muted"}
WEATHER = ("rain", "snow", "fog", "wind", "clouds", "lightning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A way to change and how far: steps, or a factor that was said."""

    way: str
    steps: float = 1.0
    factor: float | None = None
    run: Run = ()
    """The words of it."""


def comparison_in(run: Run) -> tuple[Comparison, int, int] | None:
    """The comparative in `run` with its degree, and where it begins and ends."""
    words = edit_words()
    match = found(words.comparatives, run)
    if match is None:
        return None
    start, end, way = match
    steps, factor, first = _degree(run[:start])
    after_steps, after_factor, taken = _degree_behind(run[end:])
    return (
        Comparison(way=way, steps=steps * after_steps, factor=factor or after_factor, run=run[first : end + taken]),
        first,
        end + taken,
    )


def degree_of(run: Run) -> tuple[float, float | None]:
    """Steps and factor that a run names somewhere."""
    words = edit_words()
    factor = found(words.factors, run)
    percent = next((i for i, t in enumerate(run) if t.lower in ("%", "percent")), None)
    if percent:
        number = number_of(run[percent - 1])
        if number is not None:
            return 1.0, 1.0 + float(number) / 100
    times = next((i for i, t in enumerate(run) if t.lower in ("x", "times")), None)
    if times and (number := number_of(run[times - 1])) is not None and number > 0:
        return 1.0, float(number)
    amount = found(words.amounts, run)
    return (float(amount[2]) if amount else 1.0), (float(factor[2]) if factor else None)


def _degree(before: Run) -> tuple[float, float | None, int]:
    """What stands right in front of a comparative: "a bit", "much", "twice as"."""
    for size in (4, 3, 2, 1):
        piece = before[-size:]
        if len(piece) < size:
            continue
        for table in (edit_words().amounts, edit_words().factors):
            match = found(table, piece)
            if match is not None and match[0] == 0 and match[1] == len(piece):
                steps, factor = degree_of(piece)
                return steps, factor, len(before) - size
    return 1.0, None, len(before)


def _degree_behind(after: Run) -> tuple[float, float | None, int]:
    for size in (4, 3, 2, 1):
        piece = after[:size]
        if len(piece) < size:
            continue
        percent = piece[-1].lower in ("%", "percent", "times") and any(number_of(t) is not None for t in piece)
        for table in (edit_words().amounts, edit_words().factors):
            match = found(table, piece)
            if percent or (match is not None and match[0] == 0 and match[1] == len(piece)):
                steps, factor = degree_of(piece)
                return steps, factor, size
    return 1.0, None, 0


def compare(bench: Bench, comparison: Comparison, target: Target | None) -> bool:
    """Carry out a comparison of `target`, or of what it is usually said of. False where it makes no sense of it."""
    way = comparison.way
    for token in comparison.run[:1]:
        bench.note(token.start, comparison.run[-1].end, "manner", way)
    subjects = target.names if target is not None and target.kind in ("subjects", "it") else ()
    kind = target.kind if target is not None else ""
    if target is not None and target.kind == "effect":
        return _weather(bench, target, comparison)
    if subjects and _subject_compared(bench, subjects, comparison, target):
        return True
    if kind == "subjects":
        return False
    if way in ("closer", "wider") and kind in ("", "camera", "it", "scenery"):
        return _framing(bench, comparison)
    if way in ("higher", "lower") and kind in ("", "camera"):
        return _height(bench, comparison)
    if way in ("faster", "slower") and kind in ("", "speed", "it", "scenery", "length"):
        return _pace(bench, comparison)
    if target is not None and not of_picture(bench, target):
        return False
    if way in ("brighter", "darker"):
        return _exposure(bench, comparison)
    if way in ("warmer", "cooler", "softer", "harsher", "colourful", "muted"):
        return _mood(bench, comparison, kind)
    return way in ("sharper", "blurrier") and _focus(bench, comparison)


def of_picture(bench: Bench, target: Target) -> bool:
    """Whether a target is the picture, its light or its colours, and no thing or place in it."""
    if target.kind == "it":
        return True
    if target.kind != "scenery" or target.noun is None:
        return target.kind in ("scenery", "camera")
    lemma = bench.meanings.of(target.noun).lemma
    return lemma in edit_words().topics["scenery"] and lemma not in ("sky", "sun", "shadow")


def _factor(comparison: Comparison, growth: float, *, more: bool) -> float:
    if comparison.factor is not None:
        factor = comparison.factor
        return factor if (factor > 1) == more or factor == 1 else 1 / factor
    return growth**comparison.steps if more else growth**-comparison.steps


def _subject_compared(bench: Bench, names: tuple[str, ...], comparison: Comparison, target: Target | None) -> bool:

    way, aspect = comparison.way, target.aspect if target is not None else None
    if (
        target is not None
        and way in ("longer", "shorter")
        and (aspect == "hair" or (target.part and target.part.text == "hair"))
    ):
        return _hair(bench, names, "long" if way == "longer" else "short")
    if target is not None and (target.garment or target.part) and way not in (
        "brighter", "darker", "older", "younger", *BUILDS
    ):  # fmt: skip
        return False
    if target is not None and target.kind == "it" and way in (
        "brighter", "darker", "warmer", "cooler", "softer", "closer", "wider", "longer", "shorter"
    ):  # fmt: skip
        return False
    if way in ("bigger", "smaller") or (
        way in ("more", "less", "higher", "lower", "longer", "shorter") and aspect == "size"
    ):
        resize(bench, names, _factor(comparison, GROWTH, more=way in ("bigger", "more", "higher", "longer")))
        return True
    settled = bool(bench.salient or bench.pointed) or target is None or target.kind != "it"
    if (way in ("faster", "slower") and settled) or (way in ("more", "less") and aspect == "speed"):
        change_pace(bench, names, _factor(comparison, 1.5, more=way in ("faster", "more")))
        return True
    if way in ("higher", "lower") and aspect is None:
        lift(bench, names, up=way == "higher", steps=comparison.steps)
        return True
    if way in BUILDS:
        return _build(bench, names, way)
    if way in ("older", "younger"):
        return _age(bench, names, 1 if way == "older" else -1)
    if way in ("brighter", "darker"):
        return _shade(bench, names, way, target)
    return False


def _hair(bench: Bench, names: tuple[str, ...], length: str) -> bool:
    for name in names:
        kept = [w for w in (bench.subject(name).attributes.hair or "").split() if w not in ("long", "short")]
        change = AttributesChange(hair=" ".join((length, *kept)))
        bench.change(ChangeSubject(subject=name, attributes=change))
    bench.say(f"{name_of(bench, names)} {be(names)} {length}-haired")
    return True


def _build(bench: Bench, names: tuple[str, ...], way: str) -> bool:
    people = [n for n in names if bench.catalogue.recipe(bench.subject(n).recipe).kind == "person"]
    changed = [n for n in people if bench.subject(n).attributes.build != BUILDS[way]]
    for name in changed:
        bench.change(ChangeSubject(subject=name, attributes=AttributesChange(build=BUILDS[way])))
    if people and not changed:
        raise Already(f"{name_of(bench, names).capitalize()} cannot be {way}.")
    bench.say(f"{name_of(bench, people)} {be(people)} {way}")
    return bool(changed)


def _age(bench: Bench, names: tuple[str, ...], step: int) -> bool:
    changed = []
    for name in names:
        now = AGES.index(bench.subject(name).attributes.age or "adult")
        age = AGES[min(len(AGES) - 1, max(0, now + step))]
        if age != bench.subject(name).attributes.age:
            bench.change(ChangeSubject(subject=name, attributes=AttributesChange(age=age)))  # type: ignore[arg-type]
            changed.append(name)
    if not changed:
        raise Already(f"{name_of(bench, names).capitalize()} cannot be {'older' if step > 0 else 'younger'}.")
    bench.say(f"{name_of(bench, names)} {be(names)} {'older' if step > 0 else 'younger'}")
    return True


def _shade(bench: Bench, names: tuple[str, ...], way: str, target: Target | None) -> bool:
    """A lighter or darker tone of the colour that a subject, or what it wears, has."""
    for name in names:
        subject = bench.subject(name)
        worn = next((g for g in subject.attributes.clothing if target is not None and g.kind == target.garment), None)
        if target is not None and target.garment is not None and worn is None:
            return False
        own = subject.attributes.colour or bench.catalogue.recipe(subject.recipe).colour
        shade = _toned(bench, worn.colour if worn is not None else own, way)
        if shade is None:
            return False
        if worn is not None:
            dress(bench, (name,), worn.model_copy(update={"colour": shade}))
            bench.said.pop()
            bench.say(f"the {worn.kind} is {'lighter' if way == 'brighter' else 'darker'}")
            return True
        bench.change(ChangeSubject(subject=name, attributes=AttributesChange(colour=shade)))
    bench.say(f"{name_of(bench, names)} {be(names)} {'lighter' if way == 'brighter' else 'darker'}")
    return True


def _toned(bench: Bench, colour: str | None, way: str) -> str | None:
    text = bench.catalogue.colours.get(colour or "", colour or "")
    if not text.startswith("#") or len(text) != 7:
        return None
    channels = [int(text[i : i + 2], 16) for i in (1, 3, 5)]
    toned = [round(c + (255 - c) * 0.35) if way == "brighter" else round(c * 0.62) for c in channels]
    return "#" + "".join(f"{c:02x}" for c in toned)


# The camera and the picture -------------------------------------------------------------------------------------------


def _framing(bench: Bench, comparison: Comparison) -> bool:
    closer = comparison.way == "closer"
    if comparison.steps < 1:
        return _distance(bench, 0.8 if closer else 1.25)
    if bench.shot.camera.viewpoint is not None:  # it was put there, and goes nearer or farther on its line of sight
        return _distance(bench, 0.6 if closer else 1.6)
    now = FRAMINGS.index(bench.shot.camera.framing or "full")
    steps = max(1, round(comparison.steps)) if comparison.steps <= 2 else 2
    wanted = min(len(FRAMINGS) - 1, max(0, now + (steps if closer else -steps)))
    if wanted == now:
        raise Already(f"The camera is as {'close' if closer else 'far'} as it can be already.")
    bench.change(ChangeCamera(framing=FRAMINGS[wanted]), shows=False)  # type: ignore[arg-type]
    bench.say(f"the camera is {'closer' if closer else 'farther away'}")
    return True


def _distance(bench: Bench, factor: float) -> bool:
    now = bench.shot.camera.distance
    bench.change(ChangeCamera(distance=min(10.0, max(0.1, round(now * factor, 3)))), shows=False)
    little = "a little " if 0.7 < factor < 1.5 else ""
    bench.say(f"the camera is {little}{'closer' if factor < 1 else 'farther away'}")
    return True


def _height(bench: Bench, comparison: Comparison) -> bool:
    angle = bench.shot.camera.angle
    now = HEIGHTS.index("high" if angle == "aerial" else angle)
    wanted = min(len(HEIGHTS) - 1, max(0, now + (1 if comparison.way == "higher" else -1)))
    if wanted == now:
        raise Already(f"The camera is as {comparison.way.removesuffix('er')} as it can be already.")
    bench.change(ChangeCamera(angle=HEIGHTS[wanted]), shows=False)  # type: ignore[arg-type]
    bench.say(f"the camera is {comparison.way}")
    return True


def _exposure(bench: Bench, comparison: Comparison) -> bool:
    now = bench.shot.light.exposure
    step = EXPOSURE * comparison.steps * (1 if comparison.way == "brighter" else -1)
    wanted = min(3.0, max(-3.0, round(now + step, 3)))
    if wanted == now:
        raise Already(f"The picture is as {comparison.way.removesuffix('er')} as it can be already.")
    bench.change(ChangeLight(exposure=wanted))
    bench.say(f"the picture is {comparison.way}")
    return True


def _mood(bench: Bench, comparison: Comparison, kind: str) -> bool:
    """Light first; where the light is so already, the colours."""
    way = comparison.way
    light, grade = LIGHTS.get(way), GRADES.get(way)
    if light is not None and bench.shot.light.mood != light and way not in ("colourful", "muted"):
        bench.change(ChangeLight(mood=light))  # type: ignore[arg-type]
        bench.say(f"the light is {way}")
        return True
    if grade is not None and bench.shot.look.grade != grade:
        bench.change(ChangeLook(grade=grade))
        bench.say(f"the colours are {'more vivid' if way == 'colourful' else 'more muted' if way == 'muted' else way}")
        return True
    raise Already(f"The picture is as {light or grade} as it can be already.")


def _focus(bench: Bench, comparison: Comparison) -> bool:
    now = bench.shot.look.depth_of_field
    step = 0.35 * comparison.steps * (1 if comparison.way == "blurrier" else -1)
    wanted = min(1.0, max(0.0, round(now + step, 3)))
    if wanted == now:
        raise Already(
            "Everything is as sharp as it can be already." if step < 0 else "The blur is as strong as it can be."
        )
    bench.change(ChangeLook(depth_of_field=wanted))
    bench.say("the picture is sharper" if step < 0 else "more of the picture is blurred")
    return True


def _pace(bench: Bench, comparison: Comparison) -> bool:
    faster = comparison.way == "faster"
    now = bench.shot.look.time_scale
    factor = _factor(comparison, 2.0 if comparison.steps >= 1 else 1.4, more=faster)
    wanted = min(10000.0, max(0.05, now * factor))
    pace = "time_lapse" if wanted > 60 else "slow_motion" if wanted < 0.8 else "normal"
    bench.change(ChangeLook(time_scale=wanted, pace=pace), timed=False)
    bench.say(f"everything goes {comparison.way}")
    return True


def _weather(bench: Bench, target: Target, comparison: Comparison) -> bool:
    """ "heavier rain", "less fog": an amount a step up or down."""
    assert target.noun is not None
    effect = bench.meanings.of(target.noun).take("effect")
    if effect is None or effect.effect is None:
        return False
    names = [n for n in WEATHER if effect.effect.do.get(n)]
    if not names:
        return False
    name = names[0]
    more = comparison.way not in ("less", "softer", "smaller", "quieter", "lower", "slower", "darker")
    now = getattr(bench.shot.set.weather, name)
    step = 0.3 * comparison.steps * (1 if more else -1)
    wanted = min(1.0, max(0.0, now * comparison.factor if comparison.factor else now + step))
    if round(wanted, 3) == now:
        raise Already(f"There is {'as much' if more else 'no'} {name}{' as there can be' if more else ''} already.")
    bench.change(ChangeSet(weather=WeatherChange(**{name: round(wanted, 3)})))
    bench.say(f"there is {'more' if more else 'less'} {name}")
    return True


def unclear_comparison(comparison: Comparison, text: str) -> Unclear:
    """The sentence for a comparison of something that has no such degree."""
    word = " ".join(t.text for t in comparison.run)
    return Unclear(f"It is not clear what is to be {word}.", text)
