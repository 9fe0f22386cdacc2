"""From a recipe and its attributes to the body of a person: measures, face, hair, skin and clothes."""

from __future__ import annotations

from vitascope.film import Attributes, Garment
from vitascope.recipe import Recipe
from vitascope.world.blueprint import Body, Socket
from vitascope.world.material import Material
from vitascope.world.people.fitting import Fitting
from vitascope.world.people.frame import bones_of, bound, hand_size
from vitascope.world.people.hair import STYLES, beard_piece, hair_pieces
from vitascope.world.people.head import face_of, head_pieces
from vitascope.world.people.limbs import bare_arms, bare_feet, bare_legs, bare_trunk, hands
from vitascope.world.people.palette import eye_colour, hair_colour, skin_colour, skin_step
from vitascope.world.people.physique import Physique, physique_of
from vitascope.world.people.piece import body_of, cells
from vitascope.world.people.wardrobe import dress_up, outfit

__all__ = ["build_person"]


def build_person(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body of one person. Raises RecipeError for words (age, hair, pattern) that are not known."""
    p = physique_of(recipe, attributes, seed=seed)
    grain = cells(detail, height=p.height, head=p.head)
    fit = Fitting(p=p, grain=grain, seed=seed, materials=_flesh(p, recipe, attributes, seed))
    preset = tuple(Garment(**g) for g in recipe.parameters.get("outfit", ()))
    dress_up(fit, outfit(fit, attributes.clothing, preset, attributes.states))
    _bare(fit)
    if not fit.head_hidden:
        _head(fit, recipe, attributes)
    return body_of(fit.pieces, bones_of(p), fit.materials, _sockets(p))


def _flesh(p: Physique, recipe: Recipe, attributes: Attributes, seed: int) -> dict[str, Material]:
    asked = attributes.skin or recipe.parameters.get("skin")
    step = skin_step(seed, asked)
    skin = skin_colour(seed, asked)
    hair = hair_colour(seed, step, p.age, " ".join(filter(None, (attributes.hair, recipe.parameters.get("hair")))))
    dark = tuple(0.82 * c for c in skin)
    lips = (0.62 * skin[0] + 0.05, 0.42 * skin[1] + 0.012, 0.42 * skin[2] + 0.015)
    if p.female and p.age in ("adult", "teenager"):
        lips = (0.70 * skin[0] + 0.08, 0.34 * skin[1] + 0.01, 0.36 * skin[2] + 0.02)
    brow = tuple(0.75 * c for c in hair) if p.age != "old" else tuple(0.55 * c for c in hair)
    return {
        "skin": Material(base=skin, surface="skin", roughness=0.5, translucency=0.25),
        "lid": Material(base=dark, surface="skin", roughness=0.5, translucency=0.2),  # type: ignore[arg-type]
        "lips": Material(base=lips, surface="skin", roughness=0.35, translucency=0.2),
        "teeth": Material(base=(0.74, 0.71, 0.65), surface="ceramic", roughness=0.35),
        "mouth": Material(base=(0.055, 0.010, 0.012), surface="skin", roughness=0.5),
        "tongue": Material(base=(0.40, 0.085, 0.09), surface="skin", roughness=0.3),
        "iris": Material(base=eye_colour(seed, step), surface="eye", roughness=0.06, clearcoat=1.0),
        "eye_white": Material(base=(0.80, 0.79, 0.76), surface="eye", roughness=0.08, clearcoat=1.0),
        "glint": Material(base=(1.0, 1.0, 1.0), surface="emissive", roughness=0.5, emission=0.9),
        "lash": Material(base=(0.012, 0.009, 0.008), surface="hair", roughness=0.7),
        "brow": Material(base=brow, surface="hair", roughness=0.7),  # type: ignore[arg-type]
        "hair": Material(base=hair, surface="hair", roughness=0.55),
    }


def _bare(fit: Fitting) -> None:
    """Skin where no cloth covers it."""
    p, grain = fit.p, fit.grain
    if fit.trunk_bare:
        fit.pieces += bare_trunk(p, grain, low=fit.trunk_low)
    if fit.arms < 0.93:
        fit.pieces += bare_arms(p, grain, start=fit.arms)
    if fit.legs < 0.93:
        fit.pieces += bare_legs(p, grain, start=fit.legs)
    if fit.hands_bare:
        fit.pieces += hands(p, grain)
    if fit.feet_bare:
        fit.pieces += bare_feet(p, grain)


def _head(fit: Fitting, recipe: Recipe, attributes: Attributes) -> None:
    p, grain, seed = fit.p, fit.grain, fit.seed
    face = face_of(p, seed=seed, mood=attributes.mood or recipe.parameters.get("mood"))
    fit.pieces += head_pieces(
        p, face, grain, bind=lambda mesh: bound(mesh, p), ears=not (fit.hair_hidden or fit.hooded)
    )
    if not fit.hair_hidden:
        style = _style(fit, f"{attributes.hair or ''} {recipe.parameters.get('hair', '')}".lower())
        style = "under a hood" if fit.hooded and style != "bald" else style
        fit.pieces += hair_pieces(
            p, grain, style, seed=seed, under_hat=fit.hat_on or fit.hooded, bangs=_has_bangs(p, style, attributes)
        )
    beard = _beard(
        fit, f"{attributes.hair or ''} {' '.join(attributes.states)} {recipe.parameters.get('beard', '')}".lower()
    )
    if beard:
        fit.pieces.append(beard_piece(p, grain, beard))


def _style(fit: Fitting, words: str) -> str:
    for name in sorted(STYLES, key=len, reverse=True):
        if name in words:
            return name
    also = {
        "pony": "ponytail",
        "pigtail": "pigtails",
        "braid": "braids",
        "plait": "braids",
        "curl": "curly",
        "shaved": "buzz",
        "cropped": "crop",
        "straight": "long",
        "spiked": "spiky",
    }
    for word, name in also.items():
        if word in words:
            return name
    p, rng = fit.p, fit.draw(3)
    choices = {
        "baby": ("baby", "bald"), "toddler": ("short", "curly", "bob") if p.female else ("short", "curly", "crop"),
        "old": ("bun", "bob", "short", "curly") if p.female else ("fringe of hair", "short", "bald", "side part"),
    }.get(p.age)  # fmt: skip
    if choices is None:
        choices = (
            ("long", "bob", "ponytail", "wavy", "bun", "curly", "braids")
            if p.female
            else ("short", "side part", "crop", "curly", "spiky", "short")
        )
        if p.age == "child":
            choices = (
                ("ponytail", "pigtails", "bob", "long", "braids", "curly")
                if p.female
                else ("short", "spiky", "side part", "curly")
            )
    if fit.hat_on:
        choices = tuple(c for c in choices if c not in ("bun", "spiky", "afro")) or ("short",)
    return choices[int(rng.integers(0, len(choices)))]


def _has_bangs(p: Physique, style: str, attributes: Attributes) -> bool:
    """Whether locks fall over the forehead that the style itself leaves free, as drawn people wear them."""
    free = ("ponytail", "pigtails", "bun", "braids", "long", "short", "side part", "crop")
    return "large eyes" in attributes.states and p.age != "old" and style in free


def _beard(fit: Fitting, words: str) -> str | None:
    if fit.p.female or fit.p.age not in ("adult", "old"):
        return None
    for name in ("moustache", "goatee", "stubble"):
        if name in words:
            return name if name != "stubble" else None
    if "beard" in words:
        return "long" if "long beard" in words else "full"
    if any(word in words for word in ("clean", "none", "shaven")):
        return None
    draw = fit.draw(5).random()
    share = 0.45 if fit.p.age == "old" else 0.24
    return ("full", "full", "goatee", "moustache")[int(draw / share * 4)] if draw < share else None


def _sockets(p: Physique) -> dict[str, Socket]:
    grip = p.arm_direction * 0.075 * hand_size(p)
    inward = 0.028 * hand_size(p)
    left = (p.wrist[0] + grip[0] - 0.74 * inward, p.wrist[1] + grip[1] - 0.67 * inward, p.wrist[2] + grip[2])
    return {
        "hand_left": Socket(bone="hand_l", position=left),
        "hand_right": Socket(bone="hand_r", position=(-left[0], left[1], left[2])),
        "head_top": Socket(bone="head", position=(0.0, p.height, -0.05 * p.head)),
        "top": Socket(bone="head", position=(0.0, p.height, -0.05 * p.head)),
        "mouth": Socket(bone="head", position=(0.0, p.chin_y + 0.18 * p.head, 0.36 * p.head)),
        "back": Socket(bone="chest", position=(0.0, p.shoulder[1] - 0.15 * p.trunk, -p.chest[1] - 0.02 * p.height)),
        "seat": Socket(bone="hips", position=(0.0, p.hip[1] - 0.22 * p.trunk, -0.01 * p.height)),
        "lap": Socket(bone="hips", position=(0.0, p.hip[1] + 0.05 * p.trunk, 0.14 * p.height)),
    }
