"""Simple facts read from the words of an edit instruction, and whether a film before and after agrees with them.

Written without the code that reads instructions: regular expressions for a dozen forms, and the lists of colours, styles
and places of the library. What no form covers yields no facts, and an edit that is carried out without facts is wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vitascope.director import DirectorError, direct
from vitascope.director.lexicon import data
from vitascope.director.morphology import noun_lemmas
from vitascope.film import Film, Subject
from vitascope.recipe import catalogue

__all__ = ["Facts", "facts_of", "judged", "source_prompt"]

GENERIC = frozenset(
    [
        "image",
        "picture",
        "video",
        "photo",
        "background",
        "foreground",
        "scene",
        "color",
        "colour",
        "material",
        "texture",
        "style",
        "tone",
        "left",
        "right",
        "middle",
        "center",
        "top",
        "bottom",
        "side",
        "front",
        "back",
        "position",
        "size",
        "effect",
        "view",
        "viewpoint",
        "perspective",
        "angle",
        "text",
        "overall",
        "entire",
        "whole",
        "atmosphere",
        "details",
        "detail",
        "shape",
        "expression",
        "pose",
        "hair",
        "head",
        "surface",
        "original",
        "existing",
        "other",
        "same",
        "first",
        "two",
        "three",
        "number",
        "environment",
        "camera",
        "gesture",
        "smile",
        "lens",
        "weather",
        "location",
        "way",
    ]
)
REASONS = re.compile(
    r"[,]? (?:to (?:create|make|enhance|give|highlight|increase|show|focus|add|simulate|form|enrich|reveal|emphasi[sz]e|improve|"
    r"bring|match|evoke|achieve|look|form|change the overall|make it)|making (?:it|them|the|him|her)|creating|giving|showing|"
    r"so (?:that|it|they)|for (?:a|more|better)|in order|while |maintaining|keeping|leaving|and keep|and observe|enhancing|as if|"
    r"and create|using the).*$"
)
PARTS = (
    r"(?:, (?:and )?|; | and (?:also )?|\. |, then )(?=(?:add|change|make|replace|remove|move|put|place|use|apply|first|then|"
    r"double|adjust|have|bring|enlarge|aerial view|harsh lighting)\b)"
)
BEHIND = (
    r" (?:in|on|next to|around|behind|beside|near|at|among|to|above|with|wearing|that|of|identical|sitting|walking|standing|"
    r"swimming)\b"
)
SIZED = (
    r"(?:increase|enlarge|reduce|double|halve|shrink|widen|extend|lengthen|shorten) (?:the )?"
    r"(?:size|height|width|length|diameter|volume|thickness)?(?: of )?(?P<x>.+?)(?: (?:by|to|so|until|making)\b.*)?$"
)
RESTYLED = (
    r"(?:transform|transfer|convert|change) the (?:overall |entire )?(?:image )?(?:style|image)\b"
    r"(?P<x>.*?)\b(?:in)?to (?P<y>.+)"
)
WEATHERS = (
    ("rain", "rain"), ("snow", "snow"), ("fog", "fog"), ("mist", "fog"), ("cloud", "clouds"), ("sunny", "clear"),
    ("clear", "clear"), ("storm", "rain"), ("wind", "wind"),
)  # fmt: skip
COLOURS = {**{name: name for name in catalogue().colours}, **data("adjectives")["colours"]}
MATERIALS = data("adjectives")["materials"]
PATTERNS = data("adjectives")["patterns"]
MOODS = {**data("adjectives")["moods"], **data("adjectives")["near_moods"]}
GARMENTS = {word: kind for kind, words in data("garments").items() for word in words}
STYLES = {str(word): row["do"] for row in data("style")["styles"] for word in row["words"]}
HOURS = {"sunset": (18, 20), "sunrise": (5.5, 8), "dawn": (5, 7.5), "dusk": (18, 21), "night": (20, 28), "midnight": (23, 25),
         "golden hour": (17, 20), "morning": (5.5, 12), "daytime": (8, 18), "sunny day": (8, 18), "noon": (11, 14)}  # fmt: skip


@dataclass
class Facts:
    """What has to hold. `allowed` names the kinds of difference that the instruction speaks of."""

    allowed: set[str] = field(default_factory=set)
    added: list[tuple[set[str], int | None]] = field(default_factory=list)
    removed: list[set[str]] = field(default_factory=list)
    recast: list[tuple[set[str], set[str]]] = field(default_factory=list)
    looks: list[tuple[set[str], str, set[str]]] = field(default_factory=list)
    """Words of the subject, the attribute, and the values that are right."""
    garments: list[tuple[set[str], set[str]]] = field(default_factory=list)
    scale: list[tuple[set[str], int]] = field(default_factory=list)
    moved: list[set[str]] = field(default_factory=list)
    acting: list[set[str]] = field(default_factory=list)
    place: str = ""
    hours: tuple[float, float] | None = None
    weather: str = ""
    style: dict = field(default_factory=dict)
    tone: str = ""
    camera: dict = field(default_factory=dict)
    passes: bool = False
    """Whether the hours pass on screen."""


def words_in(text: str) -> set[str]:
    """The nouns and names of a phrase, singular."""
    found = set()
    for word in re.findall(r"[a-z][a-z'-]*", text.lower()):
        found.add(word.removesuffix("'s"))
        found.update(noun_lemmas(word.removesuffix("'s")))
    return found - {"the", "a", "an", "of", "and", "in", "on", "with", "to", "some", "several"}


def facts_of(instruction: str) -> Facts | None:
    """The facts of every part of an instruction; None where no form covers one of its parts."""
    facts = Facts()
    text = re.sub(r"\s+", " ", instruction.strip().rstrip(".")).replace("’", "'")
    covered = True
    for part in re.split(PARTS, text, flags=re.IGNORECASE):
        toned = re.match(r"(?:adjust|change) the (?:overall )?tone", part.strip(), re.IGNORECASE)
        plain = part.strip() if toned else REASONS.sub("", part.strip())
        plain = re.sub(r"^(?:first|then|please|and|also) ", "", plain, flags=re.IGNORECASE)
        covered = _form(plain, facts) and covered
    return facts if covered else None


def _form(text: str, facts: Facts) -> bool:
    return any(re.match(pattern, text, re.IGNORECASE) and form(re.match(pattern, text, re.IGNORECASE), facts)  # type: ignore[arg-type]
               for pattern, form in FORMS)  # fmt: skip


def _background(match: re.Match, facts: Facts) -> bool:
    wanted = match["y"]
    facts.allowed |= {"place", "hours", "weather", "light", "features", "season", "added", "grade"}
    facts.place = wanted
    _hours(wanted, facts)
    return True


def _hours(text: str, facts: Facts) -> None:
    low = text.lower()
    for word, hours in HOURS.items():
        if re.search(rf"\b{word}\b", low):
            facts.hours = hours
            facts.allowed |= {"hours", "light", "weather", "features"}


def _replaced(match: re.Match, facts: Facts) -> bool:
    x, y = match["x"].lower(), match["y"]
    xs = words_in(x)
    if re.search(r"\b(background|backdrop|location|setting|scenery)\b", x) or _is_place(x):
        return _background(match, facts)
    if re.match(r"(the )?(weather|lighting|light|time of day|season)\b", x):
        return _weather(y, facts)
    if re.search(r"\b(style|tone)\b", x):
        return _styled(y, facts)
    if "hair" in x or "hair" in y.lower():
        facts.looks.append((words_in(x), "hair", set(y.lower().split())))
        facts.allowed |= {"looks"}
        return True
    if re.search(r"\b(material|stone|wooden|brick)\b", x) and re.search(r"\bmaterial\b", y):
        return _material(match, facts)
    garments = {GARMENTS[w] for w in GARMENTS if re.search(rf"\b{re.escape(w)}s?\b", x)}
    new = {GARMENTS[w] for w in GARMENTS if re.search(rf"\b{re.escape(w)}s?\b", y.lower())}
    if garments and not new and _colours(y) and len(y.split()) < 4:
        return _coloured(match, facts)
    if garments and new:
        facts.garments.append((new, _colours(y)))
        facts.allowed |= {"clothing"}
        return True
    facts.recast.append((xs, words_in(y)))
    facts.allowed |= {"recast", "looks", "actions", "placement", "added"}
    return True


def _is_place(text: str) -> bool:
    words = re.sub(r"^the ", "", text).split(" in the ")[0]
    return words in catalogue().place_words or words.rsplit(" ", 1)[-1] in (
        "street",
        "racetrack",
        "pool",
        "ocean",
        "cityscape",
    )


def _weather(text: str, facts: Facts) -> bool:
    low = text.lower()
    for word, name in WEATHERS:
        if word in low:
            facts.weather = name
    _hours(text, facts)
    facts.allowed |= {"weather", "light", "hours", "features", "season"}
    return bool(facts.weather or facts.hours)


def _colours(text: str) -> set[str]:
    low = text.lower()
    found = [w for w in sorted(COLOURS, key=len, reverse=True) if re.search(rf"\b{re.escape(w)}\b", low)]
    return {COLOURS[w] for w in found[:1]} | {w for w in found[:1] if w in catalogue().colours}


def _coloured(match: re.Match, facts: Facts) -> bool:
    x, y = match["x"].lower(), match["y"]
    colours = _colours(y)
    if "hair" in x and "style" not in x:
        facts.looks.append(
            (words_in(x), "hair", {c for w in y.lower().split() for c in (w, COLOURS.get(w, w))} | {"blond"})
        )
        facts.allowed |= {"looks"}
        return True
    garments = {GARMENTS[w] for w in GARMENTS if re.search(rf"\b{re.escape(w)}s?\b", x)}
    if garments or "clothes" in x:
        facts.garments.append((garments or set(data("garments")), colours))
        facts.allowed |= {"clothing"}
        return bool(colours)
    facts.looks.append((words_in(x), "colour", colours))
    facts.allowed |= {"looks"}
    return bool(colours)


def _material(match: re.Match, facts: Facts) -> bool:
    x, y = match["x"].lower(), match["y"].lower()
    found = {MATERIALS[w] for w in MATERIALS if re.search(rf"\b{re.escape(str(w))}\b", y)}
    found |= {PATTERNS[w] for w in PATTERNS if re.search(rf"\b{re.escape(w)}\b", y)}
    facts.looks.append((words_in(x), "material", found))
    facts.allowed |= {"looks"}
    return bool(found)


def _added(match: re.Match, facts: Facts) -> bool:
    y = match["y"]
    low = y.lower()
    passing = re.search(r"transition from (\w+) to (\w+)", low)
    if passing is not None:
        facts.hours, facts.passes = HOURS["night"] if passing[1] == "night" else HOURS["daytime"], True
        facts.allowed |= {"hours", "light"}
        return True
    if re.search(r"\b(spotlight|harsh lighting)\b", low):
        facts.tone = "dramatic"
        facts.allowed |= {"light"}
        return True
    if re.search(r"\bsubdued colou?r palette\b", low):
        facts.style, facts.allowed = {"grade": "muted"}, facts.allowed | {"grade"}
        return True
    if re.search(r"\b(effect|style|tone|colors?|lighting|palette|view)\b", low) and not re.search(r"\bnext to\b", low):
        _hours(y, facts)
        return (
            _styled(y, facts) or _tones(y, facts) or _framed(y, facts) or facts.hours is not None or _season(low, facts)
        )
    if re.search(r"\b(rain|snow|fog|rainy day|clouds)\b", low) and not re.search(r"\b(next to|man|dog)\b", low):
        return _weather(y, facts)
    _hours(y, facts)
    if facts.hours and len(low.split()) < 4:
        return True
    number = re.match(r"(?:an?other |one more |(two|three|four|five|six) more )", low)
    counts = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
    head = re.split(BEHIND, re.sub(r"^(?:an?other|one more|two more|three more) ", "", low))[0]
    count = None if number is None else counts.get(number[1] or "", 1)
    several = (
        r"(?:another |an? |two more |one more )?(?:group|pair|plate|bowl|bouquet|few|slices?|pieces?|couple) of (.*)"
    )
    group = re.match(several, low)
    wanted = words_in(head) | (
        words_in(re.split(r" (?:in|on|next|around|near|walking)\b", group[1])[0]) if group else set()
    )
    facts.added.append((wanted, count))
    facts.allowed |= {"added", "features", "place", "actions"}
    return True


def _season(low: str, facts: Facts) -> bool:
    if re.search(r"\b(autumn|fall|winter|spring|summer)\b", low):
        facts.allowed |= {"season", "features", "grade"}
        facts.weather = "season"
        return True
    return False


def _removed(match: re.Match, facts: Facts) -> bool:
    x = match["x"].lower()
    garments = {GARMENTS[w] for w in GARMENTS if re.search(rf"'s {re.escape(w)}\b", x)}
    facts.allowed |= {"removed", "actions"} if not garments else {"clothing"}
    if not garments:
        facts.removed.append(words_in(re.split(r" (?:from|in|on|next to|around|of|who|covering|at)\b", x)[0]))
    return True


def _styled(text: str, facts: Facts) -> bool:
    low = f" {text.lower().replace('-', ' ')} "
    found = [
        s
        for s in sorted(STYLES, key=len, reverse=True)
        if f" {s} " in low or (f" {s.rstrip('s')}" in low and len(s) > 8)
    ]
    if not found:
        return False
    facts.style = {k: v for k, v in STYLES[found[0]].items() if k in ("style", "grade")}
    facts.allowed |= {"style", "grade", "light"}
    return True


def _made(match: re.Match, facts: Facts) -> bool:
    x, y = match["x"].lower(), match["y"]
    if x in ("it", "the style", "style", "the background", "background", "the weather", "weather", "the view"):
        if "background" in x:
            return _background(match, facts)
        return _styled(y, facts) or _weather(y, facts) or _framed(y, facts) or _tones(y, facts)
    if re.match(r"(?:made |out )+of ", y.lower()) or y.lower() in MATERIALS:
        return _material(match, facts)
    if _colours(y) and len(y.split()) < 4:
        return _coloured(match, facts)
    deed = re.match(
        r"(?:appear (?:as if|like|to) |look (?:as if|like) |start |do |doing |is |are )*([a-z]+)", y.lower()
    )
    if re.match(r"(?:an?|the) ", y.lower()):
        facts.recast.append((words_in(x), words_in(y)))
        facts.allowed |= {"recast", "looks", "actions", "placement"}
        return True
    facts.acting.append(words_in(x))
    facts.allowed |= {"actions", "looks", "placement", "followed", "added"}
    if re.match(r"(?:appear )?(?:more |much )?(?:younger|older|mature)", y.lower()):
        facts.looks.append((words_in(x), "age", {"child", "teenager", "old", "toddler", "adult"}))
    return deed is not None


def _acting(match: re.Match, facts: Facts) -> bool:
    facts.acting.append(words_in(match["x"]))
    facts.allowed |= {"actions", "looks", "placement", "followed", "added"}
    return True


def _moodily(match: re.Match, facts: Facts) -> bool:
    moods = {MOODS[w] for w in MOODS if re.search(rf"\b{re.escape(w)}\b", match["y"].lower())}
    if re.search(r"smile|laugh|grin", match["y"].lower()):
        moods.add("happy")
    facts.looks.append((words_in(match["x"]), "mood", moods))
    facts.allowed |= {"looks"}
    return bool(moods)


def _tones(text: str, facts: Facts) -> bool:
    low = text.lower()
    facts.tone = "warm" if "warm" in low else "cool" if "cold" in low or "cool" in low else ""
    _hours(text, facts)
    facts.allowed |= {"light", "grade"}
    return bool(facts.tone or facts.hours)


def _toned(match: re.Match, facts: Facts) -> bool:
    return _tones(match["y"], facts)


def _framed(text: str, facts: Facts) -> bool:
    low = text.lower().replace("-", " ")
    facts.allowed |= {"camera"}
    for pattern, want in (
        (r"top down|top view|overhead", {"angle": ("overhead", "high")}), (r"aerial|bird", {"angle": ("aerial",)}),
        (r"to a level view|eye level view", {"angle": ("eye",)}), (r"right side", {"azimuth": (45.0, 135.0)}),
        (r"left side", {"azimuth": (-135.0, -45.0)}), (r"security camera", {"moves": ("handheld",)}),
        (r"soft focus", {"dof": (0.5, 1.0)}), (r"zoom(ing)? out", {"wider": True}),
        (r"zoom|close up|enlarge|closer", {"closer": True}),
    ):  # fmt: skip
        if re.search(pattern, low):
            facts.camera = want
            facts.allowed |= {"dof"} if "dof" in want else set()
            return True
    return False


def _viewed(match: re.Match, facts: Facts) -> bool:
    return _framed(match["y"], facts)


def _zoomed(match: re.Match, facts: Facts) -> bool:
    return _framed(match[0], facts)


def _sized(match: re.Match, facts: Facts) -> bool:
    word = match[0].lower()
    up = bool(re.search(r"increase|enlarge|double|bigger|larger|taller|twice|widen|triple", word))
    facts.scale.append((words_in(match["x"]), 1 if up else -1))
    facts.allowed |= {"looks"}
    return True


def _moved(match: re.Match, facts: Facts) -> bool:
    behind = re.search(r"(?:on|in|against|into) an? (?P<y>[\w -]+) background", match["x"])
    if behind is not None and behind["y"] != "new":
        return _background(behind, facts)
    facts.moved.append(words_in(re.split(r" (?:to|behind|next|under|directly|closer|from|so|below)\b", match["x"])[0]))
    facts.allowed |= {"placement", "actions"}
    return True


def _switched(match: re.Match, facts: Facts) -> bool:
    state = "open" if "open" in match["v"].lower() else "closed" if match["v"].lower() in ("close", "shut") else "dark"
    facts.looks.append((words_in(match["x"]), "states", {state}))
    facts.allowed |= {"looks"}
    return True


FORMS = (
    (r"(?P<v>(?:fully )?open|close|shut|turn off|extinguish) (?P<x>.+)", _switched),
    (r"(?:change|alter|modify|set) (?:the )?colou?r of (?P<x>.+?) to (?P<y>.+)", _coloured),
    (r"(?:change|alter) (?P<x>.+?) colou?r(?: of .+?)? to (?P<y>.+)", _coloured),
    (r"(?:change|modify) (?:the )?(?:cover |surface )?(?:material|texture) of (?P<x>.+?) to (?P<y>.+)", _material),
    (r"(?:change) (?P<x>.+?)'s material to (?P<y>.+)", _material),
    (r"(?:replace|modify) the (?:hair )?texture of (?P<x>.+?) (?:with|to) (?P<y>.+)", _material),
    (r"(?:change|alter) (?P<x>.+?)'s (?:expression|smile|mood) (?:from .+? )?to (?P<y>.+)", _moodily),
    (r"(?:change|alter) (?:the )?(?P<x>.+?)'s (?:pose|posture|gesture|right hand gesture|head orientation)\b(?P<y>.*)", _acting),
    (r"alter the pose (?:of |so that )(?P<x>.+)", _acting),
    (r"(?:change|transform|switch) the (?:viewpoint|shooting perspective|perspective|view|camera angle)\b(?P<y>.*)", _viewed),
    (r"simulate .*", _zoomed),
    (r"adjust the (?:overall )?tone\b(?P<y>.*)", _toned),
    (RESTYLED, lambda m, f: _styled(m["y"], f)),
    (r"(?:convert|transform) the (?:overall |entire )(?P<x>.*?) (?:in)?to (?P<y>.+)", lambda m, f: _styled(m["y"], f)),
    (r"(?:replace|swap) (?P<x>.+?) (?:with|to|for|by) (?P<y>.+)", _replaced),
    (r"(?:add|use|apply|insert) (?:use )?(?P<y>.+)", _added),
    (r"(?:remove|delete|erase|decrease one) (?P<x>.+)", _removed),
    (SIZED, _sized),
    (r"(?:change|adjust|modify) the (?:size|height|width|length) of (?P<x>.+?) .*(?:bigger|larger|double|twice|half|smaller).*",
     _sized),
    (r"(?:move|place|put) (?P<x>.+)", _moved),
    (r"(?:make|have) (?P<x>the \w+'s body(?: shape)?|her|him|it|people|"
     r"the (?:style|background|weather|view|people|man|woman|person)) (?P<y>.+)", _made),
    (r"(?:make|have) (?P<x>(?:the )?(?:two |three |left |right )?\w+(?: \w+)??) (?P<y>.+)", _made),
    (r"(?:change|turn) (?P<x>.+?) (?:in)?to (?P<y>.+)", _replaced),
    (r"(?P<x>the \w+) (?:is|kicks|runs|walks) (?P<y>.+)", _acting),
    (r"(?P<y>aerial view)$", _viewed),
    (r"(?P<y>split-toning effect)$", lambda m, f: False),
)  # fmt: skip


# The films ------------------------------------------------------------------------------------------------------------


def _named(subject: Subject) -> set[str]:
    words = words_in(subject.name) | words_in(subject.recipe.replace("_", " "))
    people = {"person", "people", "character", "figure", "model", "individual", "adult"}
    return words | people if catalogue().recipe(subject.recipe).kind == "person" else words


def differences(before: Film, after: Film) -> dict[str, list]:
    """What differs between two films, by kind."""
    found: dict[str, list] = {}

    def note(kind: str, *values) -> None:
        found.setdefault(kind, []).append(values)

    a, b = before.shots[0], after.shots[0]
    if len(before.shots) != len(after.shots):
        note("shots", len(after.shots))
    if a.duration != b.duration or before.size != after.size or before.silent != after.silent:
        note("film", b.duration)
    for name in ("place", "hours", "season", "features", "backdrop", "weather"):
        if getattr(a.set, name) != getattr(b.set, name):
            note({"backdrop": "place"}.get(name, name), getattr(b.set, name))
    if a.light.mood != b.light.mood or a.light.exposure != b.light.exposure:
        note("light", b.light.mood)
    for name, kind in (
        ("style", "style"),
        ("grade", "grade"),
        ("depth_of_field", "dof"),
        ("pace", "pace"),
        ("time_scale", "pace"),
    ):
        if getattr(a.look, name) != getattr(b.look, name):
            note(kind, getattr(b.look, name))
    followed = {m.kind for m in b.camera.moves} == {"track"} and a.camera.model_copy(
        update={"moves": b.camera.moves}
    ) == b.camera
    if a.camera != b.camera:
        note("followed" if followed else "camera", b.camera)
    if a.cues != b.cues or a.levels != b.levels:
        note("sound")
    old, new = {s.id: s for s in a.subjects}, {s.id: s for s in b.subjects}
    for name in old.keys() - new.keys():
        note("removed", old[name])
    for name in new.keys() - old.keys():
        note("added", new[name])
    for name in old.keys() & new.keys():
        s, t = old[name], new[name]
        if s.recipe != t.recipe or s.name != t.name:
            note("recast", s, t)
            continue
        if s.attributes.clothing != t.attributes.clothing:
            note("clothing", s, t)
        if s.attributes.model_copy(update={"clothing": ()}) != t.attributes.model_copy(update={"clothing": ()}):
            note("looks", s, t)
        if s.placement != t.placement:
            note("placement", s, t)
        if s.actions != t.actions:
            note("actions", s, t)
    return found


def judged(facts: Facts, before: Film, after: Film, target: Film | None) -> str:
    """What is wrong with a film after an edit; empty where all facts hold and nothing else differs."""
    found = differences(before, after)
    if not found:
        return "nothing differs"
    if not facts.allowed:
        return "no form covers it"
    if "removed" in facts.allowed or "recast" in facts.allowed:
        facts.allowed |= {"actions", "placement"}
    if target is not None:
        _allow_what_the_target_has(facts, found, after, target)
    strange = found.keys() - facts.allowed
    if strange:
        return f"differs in {', '.join(sorted(strange))} too"
    return (
        _cast_fault(facts, found, before)
        or _set_fault(facts, found, after, target)
        or _look_fault(facts, found, before, after)
    )


def _allow_what_the_target_has(facts: Facts, found: dict, after: Film, target: Film) -> None:
    """Where the film of the target prompt has the same set and look, they were asked for."""
    got, wanted = after.shots[0], target.shots[0]
    for name in ("place", "hours", "season", "features", "weather"):
        if getattr(got.set, name) == getattr(wanted.set, name):
            facts.allowed.add(name)
    for name in ("style", "grade"):
        if getattr(got.look, name) == getattr(wanted.look, name):
            facts.allowed.add(name)
    if got.look.depth_of_field == wanted.look.depth_of_field:
        facts.allowed.add("dof")
    if got.light.mood == wanted.light.mood:
        facts.allowed.add("light")


def _cast_fault(facts: Facts, found: dict, before: Film) -> str:
    added, removed = [s for (s,) in found.get("added", [])], [s for (s,) in found.get("removed", [])]
    for words, count in facts.added:
        fitting = [s for s in added if _named(s) & words]
        if not fitting and not found.keys() & {"features", "place", "weather"}:
            return f"none of {sorted(words)} was added"
        if count is not None and len(fitting) != count:
            return f"{len(fitting)} instead of {count} were added"
    for words in facts.removed:
        if not removed or any(not _named(s) & words for s in removed):
            return f"removed were {[s.name for s in removed]}, not {sorted(words)}"
    for xs, ys in facts.recast:
        pairs = found.get("recast", [])
        if any(
            _named(s) & xs and _named(t) & ys and _colours(" ".join(ys)) & {t.attributes.colour}
            for s, t in found.get("looks", [])
        ):
            continue
        fresh = [t for _, t in pairs] + added
        if not any(_named(s) & xs for s, _ in pairs) and not (found.keys() & {"place"}):
            return f"none of {sorted(xs)} took another part"
        if not any(_named(t) & ys or _near(t, ys) for t in fresh):
            return f"nothing became {sorted(ys)}"
    for words in facts.moved:
        if words <= {"it", "him", "her", "them"}:
            words = set.union(*(_named(s) for s, _ in found.get("placement", [])), {"it"})
        if not any(_named(s) & words for s, _ in found.get("placement", [])):
            return f"none of {sorted(words)} moved"
    for words in facts.acting:
        if not any(_named(s) & words for kind in ("actions", "looks", "placement") for s, _ in found.get(kind, [])):
            return f"none of {sorted(words)} does otherwise"
    return ""


def _near(subject: Subject, words: set[str]) -> bool:
    """Whether a prompt with the words alone leads to the same recipe."""
    try:
        film = direct(f"a {' '.join(sorted(words))}", catalogue=catalogue())
    except DirectorError:
        return False
    return any(s.recipe == subject.recipe for s in film.shots[0].subjects)


def _set_fault(facts: Facts, found: dict, after: Film, target: Film | None) -> str:
    shot = after.shots[0]
    if facts.place:
        wanted = _place_of(facts.place)
        got = shot.set.place
        aimed = target.shots[0].set.place if target is not None else None
        if wanted is not None and got != wanted and got != aimed and not (found.keys() & {"added", "features"}):
            return f"the place is {got}, not {wanted}"
        if wanted is None and not facts.hours and not found.keys() & {"weather", "features", "added", "grade", "place"}:
            return "the place is no other"
    if facts.hours:
        hour = shot.set.hours[0].hour
        if not any(facts.hours[0] <= h <= facts.hours[1] for h in (hour, hour + 24, *(k.hour for k in shot.set.hours))):
            return f"the hour is {hour:g}"
    if facts.passes and len(shot.set.hours) < 2:
        return "the hours do not pass"
    now = shot.set.weather
    right = {
        "rain": now.rain > 0, "snow": now.snow > 0 or "snowy" in shot.set.features, "fog": now.fog > 0,
        "clouds": now.clouds > 0.5, "clear": now.clouds < 0.35 and now.rain == 0, "wind": now.wind > 0.3,
        "season": "season" in found, "": True,
    }  # fmt: skip
    return "" if right[facts.weather] else f"the weather is not {facts.weather}"


def _place_of(words: str) -> str | None:
    """The place that words name, by a prompt of them alone."""
    try:
        film = direct(f"in {words}", catalogue=catalogue())
    except DirectorError:
        return None
    said = [p for p in film.reading.phrases if p.kind == "place"]
    return film.shots[0].set.place if said else None


def _each(value: object) -> tuple:
    return value if isinstance(value, tuple) else (value,)


def _look_fault(facts: Facts, found: dict, before: Film, after: Film) -> str:
    for words, name, values in facts.looks:
        changed = [t for s, t in found.get("looks", []) if _named(s) & words]
        others = [s.name for s, _ in found.get("looks", []) if not _named(s) & words]
        names = ("colour", "second_colour", "material", "pattern") if name in ("colour", "material") else (name,)
        got = {str(v) for t in changed for n in names for v in _each(getattr(t.attributes, n))}
        if not changed or not ({p for g in got for p in (g, *g.split())} & values) or others:
            return f"the {name} of {sorted(words)} is not {sorted(values)}"
    for kinds, colours in facts.garments:
        worn = {g for _, t in found.get("clothing", []) for g in t.attributes.clothing}
        if not any(g.kind in kinds and (not colours or g.colour in colours) for g in worn):
            return f"no {sorted(kinds)} of {sorted(colours)} is worn"
    for words, way in facts.scale:
        if not any(
            _named(s) & words and (t.attributes.scale - s.attributes.scale) * way > 0 for s, t in found.get("looks", [])
        ):
            return f"{sorted(words)} is not {'larger' if way > 0 else 'smaller'}"
    look, light = after.shots[0].look, after.shots[0].light
    for name, value in facts.style.items():
        renderers = data("style")["renderers"]
        if name == "style" and value not in renderers:
            continue
        if getattr(look, name) != value:
            return f"the {name} is {getattr(look, name)}, not {value}"
    if facts.tone and facts.tone not in (light.mood, look.grade):
        return f"the tone is not {facts.tone}"
    return _camera_fault(facts, found, before, after)


def _camera_fault(facts: Facts, found: dict, before: Film, after: Film) -> str:
    camera, was = after.shots[0].camera, before.shots[0].camera
    order = ["extreme_wide", "wide", "full", "medium", "close", "extreme_close"]
    step = order.index(camera.framing or "full") - order.index(was.framing or "full")
    kinds = {m.kind for m in camera.moves}
    for name, want in facts.camera.items():
        right = {
            "angle": lambda w: camera.angle in w, "azimuth": lambda w: w[0] <= (camera.azimuth or 0.0) <= w[1],
            "moves": lambda w: bool(kinds & set(w)), "dof": lambda w: w[0] <= after.shots[0].look.depth_of_field <= w[1],
            "closer": lambda w: step > 0 or bool(kinds & {"zoom_in", "dolly_in"} - {m.kind for m in was.moves if m.pace >= 0.5}),
            "wider": lambda w: step < 0 or bool(kinds & {"zoom_out", "dolly_out"}),
        }[name](want)  # fmt: skip
        if not right:
            return f"the camera has no {name} {want}"
    return ""


# Films for instructions that come without one -------------------------------------------------------------------------


def source_prompt(instruction: str) -> str:
    """A prompt with the things that an instruction takes for granted: "the woman's dress" needs a woman in a dress."""
    text = re.sub(r"\s+", " ", instruction.strip().rstrip(".")).replace("’", "'")
    text = REASONS.sub("", text)
    text = re.sub(r"\b(?:with|into|to) (?:an?|some|several) [^,]*", "", text)
    found: list[str] = []
    ends = (
        r"(?=$|,| (?:in|on|of|to|with|from|next|and|so|that|who|into|by|near|around|at|is|as|behind|under|covering|for|appear|"
        r"look|turn|slightly|start|assume)\b)"
    )
    for match in re.finditer(rf"\b(?:the|her|his|its) ((?:[\w'-]+ )*?[\w'-]+){ends}", text, re.IGNORECASE):
        phrase = match[1].lower()
        if "'s " in phrase:
            owner, thing = phrase.split("'s ", 1)
            head = thing.split(" ")[-1]
            worn = head in GARMENTS or head.rstrip("s") in GARMENTS or head in ("clothes",)
            phrase = f"{owner} wearing a {'suit' if head == 'clothes' else thing}" if worn else owner
        words = [
            w
            for w in phrase.split()
            if w not in ("main", "distant", "existing", "entire", "overall", "far", "one", "all")
        ]
        if not words or set(words) <= GENERIC or (words[-1] in GENERIC and len(words) < 3):
            continue
        phrase = " ".join(w for w in words if w not in ("left", "right"))
        if phrase and phrase not in found:
            found.append(phrase)
    return ", ".join(f"{'an' if p[0] in 'aeiou' else 'a'} {p}" if not p.endswith("s") else p for p in found[:4])
