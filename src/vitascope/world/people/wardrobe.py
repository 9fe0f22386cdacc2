"""The wardrobe: which garment a word means, the order clothes go on, and what people wear when nobody says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from vitascope.film import Garment
from vitascope.recipe.catalogue import read_yaml
from vitascope.world.people.fitting import Fitting
from vitascope.world.people.garments import KINDS, Cut

__all__ = ["cut_of", "dress_up", "kind_of", "outfit"]


@cache
def _words() -> dict[str, str]:
    table = read_yaml(files("vitascope.world.people") / "garments.yaml")
    return {word: kind for kind, words in table.items() for word in words}


def kind_of(word: str) -> str | None:
    """The kind of KINDS that a word for a garment means ("trench coat" -> "coat"), or None."""
    word = word.lower().strip().replace("_", " ")
    for candidate in (word, word.removesuffix("s"), word.rsplit(" ", 1)[-1], word.rsplit(" ", 1)[-1].removesuffix("s")):
        if candidate in KINDS:
            return candidate
        if candidate in _words():
            return _words()[candidate]
    return None


def cut_of(garment: Garment) -> Cut:
    """How the garment is cut; what no kind covers becomes a jumper."""
    return KINDS[kind_of(garment.kind) or "jumper"]


def dress_up(fit: Fitting, clothes: Sequence[Garment]) -> None:
    """Puts the clothes on, inner ones first; the top under a closed coat is left out."""
    known = [(cut_of(g), g) for g in clothes]
    slots = {cut.slot for cut, _ in known}
    fit.tucked = any(kind_of(g.kind) == "boots" for g in clothes)
    buttoned = any(kind_of(g.kind) in ("raincoat", "open raincoat", "parka") for g in clothes)
    order = {"bottom": 0, "top": 1, "whole": 2, "outer": 3, "feet": 4, "head": 5, "extra": 6}
    for cut, garment in sorted(known, key=lambda pair: order[pair[0].slot]):
        if cut.slot == "top" and "outer" in slots and (buttoned or kind_of(garment.kind) != "shirt"):
            fit.trunk_bare = False
            continue
        cut.make(fit, garment)


def outfit(
    fit: Fitting, given: Sequence[Garment], preset: Sequence[Garment], states: Sequence[str]
) -> tuple[Garment, ...]:
    """What one person wears: what was asked for, filled up from the recipe's outfit or from a drawn one for age and weather."""
    own = tuple(given)
    taken = {cut_of(g).slot for g in own}
    if "whole" in taken:
        taken |= {"top", "bottom"}
    fill = tuple(preset) or _drawn(fit, set(states))
    if taken & {"top", "bottom"}:
        fill = tuple(g for g in fill if cut_of(g).slot != "whole")
        slots = {cut_of(g).slot for g in fill} | taken
        fill += tuple(g for g in _drawn(fit, {*states, "separates"}) if cut_of(g).slot in {"top", "bottom"} - slots)
    bare = any(kind_of(g.kind) in ("swimsuit", "swim trunks", "bare feet") for g in own)
    free = {"extra"} | ({"feet"} if bare else set())
    kept = tuple(g for g in fill if (slot := cut_of(g).slot) not in taken and not (bare and slot in ("feet", "outer")))
    return own + tuple(g for g in kept if free or g)


def _drawn(fit: Fitting, states: set[str]) -> tuple[Garment, ...]:
    """Everyday clothes by age, sex and conditions ("cold", "rain", "sheltered", "hot", "beach", "formal")."""
    p, rng = fit.p, fit.draw(7)
    pick = rng.random(8)

    def of(*kinds: str) -> Garment:
        return Garment(kind=kinds[int(pick[0] * len(kinds))])

    if states & {"beach", "swimming"}:
        return (Garment(kind="swimsuit" if p.female else "swim trunks"),)
    feet = Garment(
        kind="boots" if states & {"cold", "snow", "rain"} else ("sneakers", "shoes", "sneakers")[int(pick[1] * 3)]
    )
    if p.age == "baby":
        return (Garment(kind="romper"),)
    young = p.age in ("toddler", "child", "teenager")
    if p.female and pick[2] < (0.42 if p.age != "old" else 0.3) and not states & {"separates", "cold", "snow"}:
        worn = [Garment(kind="dress", pattern=("floral", None, "polka dot", None)[int(pick[3] * 4)]), feet]
    else:
        tops = (
            ("t-shirt", "jumper", "hoodie", "t-shirt")
            if young
            else ("shirt", "jumper", "t-shirt", "jacket", "cardigan")
        )
        legs = (
            ("jeans", "shorts", "trousers") if young and states.isdisjoint({"cold", "snow"}) else ("jeans", "trousers")
        )
        pattern = "striped" if pick[4] < 0.22 else None
        bottom = legs[int(pick[5] * len(legs))]
        if p.female and pick[6] < 0.25:
            bottom = "skirt"
        worn = [Garment(kind=of(*tops).kind, pattern=pattern), Garment(kind=bottom), feet]
    if states & {"cold", "snow"}:
        worn += [Garment(kind="coat"), Garment(kind="beanie"), Garment(kind="scarf")]
    elif "rain" in states:
        worn += [Garment(kind="open raincoat" if "sheltered" in states else "raincoat")]
    if (p.age == "old" and pick[7] < 0.5) or (p.age == "adult" and pick[7] < 0.15):
        worn.append(Garment(kind="glasses"))
    return tuple(worn)
