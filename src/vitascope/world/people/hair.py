"""Hair as sculpted masses: a cap round the skull, locks, fringes, tails, curls and beards."""

from __future__ import annotations

import numpy as np

from vitascope.recipe import RecipeError
from vitascope.world.people.frame import bound, fixed
from vitascope.world.people.head import in_head
from vitascope.world.people.physique import Physique
from vitascope.world.people.piece import Cells, Piece, moulded
from vitascope.world.shape import Blob, ball, cone, ellipsoid

__all__ = ["BEARDS", "STYLES", "beard_piece", "hair_pieces"]

STYLES = (
    "short", "side part", "crop", "buzz", "spiky", "bob", "long", "wavy", "ponytail", "pigtails", "bun", "braids", "curly",
    "afro", "bald", "fringe of hair", "baby", "under a hood",
)  # fmt: skip
BEARDS = ("full", "long", "stubble", "moustache", "goatee")


def hair_pieces(
    p: Physique, grain: Cells, style: str, *, seed: int, under_hat: bool = False, bangs: bool = False
) -> list[Piece]:
    """The hair of one person in one of STYLES; under a hat it lies flat on top, `bangs` fall over the forehead. Raises
    RecipeError for an unknown style."""
    if style not in STYLES:
        raise RecipeError(f"{style!r} is not a hair style; the styles are {', '.join(STYLES)}.")
    if style == "bald":
        return []
    rng = np.random.default_rng([seed, 41])
    side = 1.0 if rng.random() < 0.5 else -1.0
    make = _Barber(p, side, rng, flat=under_hat)
    blobs, tail = _CUTS[style](make)
    if bangs and not under_hat:
        blobs = [*blobs, *make.fringe(0.68 + (p.eye_y - 0.475), count=6, sweep=0.05)]
    cell = grain.head * 0.95
    pieces = [Piece(mesh=bound(moulded(blobs, cell), p), materials=("hair",))]
    if tail:
        pieces.append(Piece(mesh=fixed(moulded(tail, cell), "tail"), materials=("hair",)))
    return pieces


def beard_piece(p: Physique, grain: Cells, kind: str) -> Piece:
    """A beard of one of BEARDS on chin and jaw (stubble is painted elsewhere and is not a piece)."""
    h = p.head

    def at(x: float, y: float, z: float) -> tuple[float, float, float]:
        return in_head(p, x, y, z)

    blobs: list[Blob] = []
    for s in (1, -1):
        blobs.append(
            cone(at(s * 0.012, 0.242, 0.352), at(s * 0.105, 0.205, 0.290), 0.026 * h, 0.012 * h, blend=0.02 * h)
        )
    if kind in ("full", "long"):
        for s in (1, -1):
            blobs.append(
                cone(at(s * 0.285, 0.40, 0.02), at(s * 0.205, 0.17, 0.09), 0.050 * h, 0.088 * h, blend=0.05 * h)
            )
            blobs.append(
                cone(at(s * 0.205, 0.17, 0.09), at(s * 0.05, 0.06, 0.235), 0.088 * h, 0.092 * h, blend=0.06 * h)
            )
            blobs.append(
                cone(at(s * 0.120, 0.20, 0.275), at(s * 0.08, 0.10, 0.275), 0.030 * h, 0.05 * h, blend=0.04 * h)
            )
    if kind in ("full", "long", "goatee"):
        drop = {"full": -0.01, "goatee": 0.02, "long": -0.30}[kind]
        blobs.append(
            cone(
                at(0, 0.085, 0.255),
                at(0, drop, 0.27),
                0.075 * h,
                (0.05 if kind != "long" else 0.03) * h,
                blend=0.05 * h,
            )
        )
    if kind == "long":
        for s in (1, -1):
            blobs.append(cone(at(s * 0.10, 0.07, 0.21), at(s * 0.04, -0.20, 0.26), 0.09 * h, 0.045 * h, blend=0.05 * h))
    if kind in ("full", "long", "goatee"):
        blobs.append(ellipsoid(at(0, 0.185, 0.36), (0.082 * h, 0.030 * h, 0.09 * h), blend=0.012 * h, cut=True))
    lower = kind not in ("moustache",)
    mesh = moulded(blobs, 0.9 * grain.head)
    return Piece(mesh=bound(mesh, p) if not lower else fixed(mesh, "head"), materials=("hair",))


class _Barber:
    """The masses that styles are made of, in shares of the head."""

    def __init__(self, p: Physique, side: float, rng: np.random.Generator, *, flat: bool) -> None:
        self.p, self.h, self.side, self.rng, self.flat = p, p.head, side, rng, flat
        self.wide = 0.322 + 0.026 * p.youth

    def at(self, x: float, y: float, z: float) -> tuple[float, float, float]:
        return in_head(self.p, x, y, z)

    def egg(
        self,
        centre: tuple[float, float, float],
        radii: tuple[float, float, float],
        blend: float = 0.05,
        *,
        cut: bool = False,
    ) -> Blob:
        rx, ry, rz = (r * self.h for r in radii)
        return ellipsoid(self.at(*centre), (rx, ry, rz), blend=blend * self.h, cut=cut)

    def lock(self, a: tuple, b: tuple, ra: float, rb: float, blend: float = 0.03) -> Blob:
        return cone(self.at(*a), self.at(*b), ra * self.h, rb * self.h, blend=blend * self.h)

    def cap(self, thick: float, *, line: float = 0.82, temple: float = 0.315) -> list[Blob]:
        """A shell round the skull with the hairline at height `line` over the middle of the forehead."""
        up = 0.0 if self.flat else thick * 0.6
        low = self.p.eye_y - 0.475
        face = 0.5 * (line + low - 0.02)
        return [
            self.egg((0, 0.642, -0.068), (self.wide + thick, 0.372 + up, 0.395 + thick), 0),
            self.egg((0, 0.42, -0.16), (self.wide - 0.02 + thick, 0.27, 0.26 + thick), 0.06),
            self.egg((0, face, 0.46), (temple + 0.012, line - face, 0.43), 0.018, cut=True),
            self.egg((0, 0.15, 0.35), (0.5, 0.36, 0.365), 0.02, cut=True),
        ]

    def fringe(self, low: float, *, count: int = 7, sweep: float = 0.0) -> list[Blob]:
        """Locks that fall over the forehead down to the height `low`."""
        blobs = []
        for k in np.linspace(-1, 1, count):
            jitter = self.rng.uniform(-0.015, 0.015)
            top = (0.14 * k, 0.955 - 0.02 * abs(k), 0.14)
            bow = (0.20 * k + 0.5 * sweep * self.side, 0.5 * (0.95 + low), 0.30 + 0.03 * self.p.youth - 0.10 * k * k)
            end = (
                0.245 * k + sweep * self.side,
                low + 0.02 * abs(k) + jitter,
                0.335 + 0.02 * self.p.youth - 0.10 * k * k,
            )
            blobs += [self.lock(top, bow, 0.060, 0.046), self.lock(bow, end, 0.046, 0.022)]
        return blobs


def _short(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    blobs = b.cap(0.030, line=0.80)
    if not b.flat:
        for k, x in enumerate((-0.17, -0.06, 0.06, 0.17)):
            lift = b.rng.uniform(-0.01, 0.012)
            blobs.append(
                b.lock(
                    (x * 0.9, 0.95 + lift - 0.5 * x * x, -0.12),
                    (x + 0.04 * b.side, 0.880 + lift + 0.010 * (k % 2) - x * x, 0.235 - 0.6 * x * x),
                    0.085,
                    0.046,
                    0.05,
                )
            )
    return blobs, []


def _side_part(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    blobs = b.cap(0.034, line=0.80)
    if not b.flat:
        for k in range(4):
            z = -0.16 + 0.10 * k
            blobs.append(
                b.lock(
                    (b.side * 0.14, 0.955 - 0.02 * k, z),
                    (b.side * -0.20, 0.905 - 0.012 * k, z + 0.05),
                    0.085,
                    0.070,
                    0.05,
                )
            )
        blobs.append(b.lock((b.side * 0.15, 0.875, 0.205), (b.side * -0.17, 0.895, 0.205), 0.050, 0.062, 0.05))
    return blobs, []


def _crop(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    return b.cap(0.020, line=0.81), []


def _buzz(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    return b.cap(0.010, line=0.815), []


def _spiky(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    blobs = b.cap(0.024, line=0.80)
    if not b.flat:
        for _ in range(16):
            a, r = b.rng.uniform(0, 2 * np.pi), b.rng.uniform(0.02, 0.26)
            x, z = r * np.sin(a), r * np.cos(a) - 0.02
            y = 0.655 + 0.36 * np.sqrt(max(1 - (x / 0.36) ** 2 - (z / 0.42) ** 2, 0))
            blobs.append(b.lock((x, y - 0.04, z), (1.35 * x + 0.02, y + 0.075, 1.2 * z + 0.05), 0.062, 0.010, 0.02))
    return blobs, []


def _bob(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    blobs = b.cap(0.045, line=0.83)
    for s in (1, -1):
        blobs += [
            b.lock((s * 0.325, 0.66, 0.02), (s * 0.325, 0.17, 0.055), 0.080, 0.070, 0.06),
            b.lock((s * 0.29, 0.62, -0.16), (s * 0.30, 0.14, -0.14), 0.12, 0.10, 0.06),
        ]
    blobs.append(b.egg((0, 0.36, -0.24), (0.31, 0.27, 0.20), 0.08))
    return blobs + ([] if b.flat else b.fringe(0.665 + (b.p.eye_y - 0.475))), []


def _long(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    blobs = b.cap(0.040, line=0.83)
    for s in (1, -1):
        blobs += [
            b.lock((s * 0.315, 0.68, 0.0), (s * 0.345, 0.20, -0.02), 0.075, 0.085, 0.06),
            b.lock((s * 0.345, 0.20, -0.02), (s * 0.30, -0.22, 0.02), 0.085, 0.040, 0.05),
            b.lock((s * 0.10, 0.97, 0.08), (s * 0.295, 0.72, 0.175), 0.055, 0.045, 0.03),
        ]
    blobs += [
        b.lock((0, 0.55, -0.26), (0, 0.10, -0.30), 0.22, 0.20, 0.08),
        b.lock((0.10, 0.15, -0.30), (0.10, -0.36, -0.27), 0.17, 0.06, 0.08),
        b.lock((-0.10, 0.15, -0.30), (-0.10, -0.33, -0.27), 0.17, 0.06, 0.08),
    ]
    return blobs, []


def _wavy(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    blobs, _ = _long(b)
    for s in (1, -1):
        for k in range(5):
            y = 0.50 - 0.16 * k
            blobs.append(b.egg((s * (0.36 + 0.02 * (k % 2)), y, -0.04 + 0.04 * (k % 2)), (0.085, 0.10, 0.11), 0.03))
    return blobs + b.fringe(0.74, count=4, sweep=0.10), []


def _pulled(b: _Barber) -> list[Blob]:
    blobs = b.cap(0.022, line=0.825)
    return (
        blobs
        if b.flat
        else [*blobs, *(b.lock((s * 0.03, 0.955, 0.14), (s * 0.27, 0.76, 0.13), 0.045, 0.035) for s in (1, -1))]
    )


def _ponytail(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    blobs = [*_pulled(b), b.lock((0, 0.66, -0.40), (0, 0.665, -0.48), 0.075, 0.065, 0.05)]
    tail = [
        b.lock((0, 0.66, -0.47), (0, 0.56, -0.60), 0.060, 0.095, 0.04),
        b.lock((0, 0.56, -0.60), (0.0, 0.20, -0.62), 0.095, 0.090, 0.05),
        b.lock((0, 0.20, -0.62), (0.02, -0.08, -0.54), 0.090, 0.015, 0.05),
    ]
    return blobs, tail


def _pigtails(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    blobs = [*_pulled(b), *([] if b.flat else b.fringe(0.69 + (b.p.eye_y - 0.475), count=6))]
    for s in (1, -1):
        blobs += [
            b.lock((s * 0.30, 0.56, -0.20), (s * 0.40, 0.55, -0.22), 0.07, 0.055, 0.03),
            b.lock((s * 0.42, 0.54, -0.22), (s * 0.47, 0.36, -0.20), 0.075, 0.095, 0.03),
            b.lock((s * 0.47, 0.36, -0.20), (s * 0.45, 0.10, -0.17), 0.095, 0.018, 0.04),
        ]
    return blobs, []


def _bun(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    blobs = _pulled(b)
    if b.flat:
        return [*blobs, ball(b.at(0, 0.42, -0.46), 0.11 * b.h, blend=0.02 * b.h)], []
    return [*blobs, b.egg((0, 0.93, -0.34), (0.145, 0.125, 0.145), 0.025)], []


def _braids(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    blobs = _pulled(b)
    for s in (1, -1):
        for k in range(7):
            u = k / 6
            centre = (
                s * (0.31 + 0.07 * np.sin(u * 2.2) - 0.03 * u + 0.012 * (-1) ** k),
                0.36 - 0.70 * u,
                -0.12 + 0.22 * u,
            )
            size = 0.068 - 0.022 * u
            blobs.append(b.egg(centre, (size, 0.072, size), 0.012))
    return blobs, []


def _curls(b: _Barber, count: int, grow: float, size: float, low: float) -> list[Blob]:
    blobs = []
    for k in range(count):
        y = 1 - 2 * (k + 0.5) / count
        angle = k * np.pi * (3 - np.sqrt(5))
        r = np.sqrt(1 - y * y)
        n = np.array([r * np.sin(angle), y, r * np.cos(angle)])
        c = np.array([0, 0.655, -0.075]) + n * np.array([b.wide + grow, 0.36 + (0 if b.flat else grow), 0.39 + grow])
        hairline = 0.80 - 0.10 * (abs(c[0]) / 0.3) ** 2
        if c[1] < low or (c[2] > 0.02 and c[1] < hairline) or (c[2] > -0.06 and c[1] < 0.58):
            continue
        s = size * b.rng.uniform(0.85, 1.15)
        blobs.append(ball(b.at(*c), s * b.h, blend=0.016 * b.h))
    return blobs


def _curly(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    return [*b.cap(0.030, line=0.815), *_curls(b, 90, 0.035, 0.075, 0.33)], []


def _afro(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    shell = [
        b.egg((0, 0.70, -0.10), (b.wide + 0.165, 0.42 if not b.flat else 0.34, 0.50), 0),
        b.egg((0, 0.40, 0.52), (0.36, 0.44, 0.46), 0.03, cut=True),
        b.egg((0, 0.08, 0.30), (0.6, 0.42, 0.42), 0.03, cut=True),
    ]
    return [*shell, *_curls(b, 110, 0.135, 0.07, 0.40)], []


def _fringe_of_hair(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    return [*b.cap(0.030, line=0.82), b.egg((0, 0.98, 0.06), (0.31, 0.36, 0.44), 0.02, cut=True)], []


def _under_a_hood(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    return [*b.cap(0.020, line=0.81), *b.fringe(0.70 + (b.p.eye_y - 0.475), count=6, sweep=0.05)], []


def _baby(b: _Barber) -> tuple[list[Blob], list[Blob]]:
    return [*b.cap(0.012, line=0.84), b.lock((0, 0.985, 0.05), (0.05 * b.side, 0.955, 0.20), 0.05, 0.018)], []


_CUTS = {
    "short": _short, "side part": _side_part, "crop": _crop, "buzz": _buzz, "spiky": _spiky, "bob": _bob, "long": _long,
    "wavy": _wavy, "ponytail": _ponytail, "pigtails": _pigtails, "bun": _bun, "braids": _braids, "curly": _curly,
    "afro": _afro, "fringe of hair": _fringe_of_hair, "baby": _baby,
    "under a hood": _under_a_hood,
}  # fmt: skip
