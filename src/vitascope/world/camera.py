"""The camera operator: from framing, angle, lens and moves to a smooth path that frames the figures.

A shot is framed once for its key moment; moves then depart from that frame and arrive at it. The gate is 36 x 24 mm, so
the vertical field of view is 2 atan(12 / f) in landscape. Every path is kept above the ground and inside rooms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vitascope.film import Camera, CameraMove, Look, Shot, Viewpoint
from vitascope.world.figure import Figure
from vitascope.world.land import Land
from vitascope.world.stage import Lens

__all__ = ["CameraPath", "camera_path"]

HALF_GATE = 12.0
CLEARANCE = 0.35
PUT_CLEARANCE = 0.12
"""Metres over the ground, at least, of a camera that was put somewhere."""
SAMPLE_RATE = 24.0

# Height of the picture as a multiple of the figure's height, and the lens [mm] that suits the framing.
FRAMINGS = {
    "extreme_wide": (7.0, 24.0),
    "wide": (2.9, 28.0),
    "full": (1.55, 40.0),
    "medium": (0.85, 50.0),
    "close": (0.42, 85.0),
    "extreme_close": (0.18, 100.0),
}
# Width of the picture as a multiple of the figures' breadth, where that asks for more than their height does.
ROOM = {"extreme_wide": 2.6, "wide": 1.4, "full": 1.2}
# Elevation [deg] of the camera over the point it looks at.
ANGLES = {"eye": 4.0, "low": -9.0, "high": 28.0, "overhead": 82.0, "ground": -4.0, "aerial": 32.0}
NEAREST = 0.45
"""Metres between the camera and what it looks at, at least: smaller things are seen through a longer lens."""
SEEN_UNDERWATER = 9.0
"""Metres beyond which water hides a subject: the camera stays nearer."""
AIR_TO_AIR = 8.0
"""Elevation [deg] of an aerial camera whose subject flies too: the land opens behind it."""
UNDER_WINGS = 2.15
"""Height of the picture over that of those on the ground where birds pass over them: they stand low, the sky is above."""
TABLE_TOP = 13.0
"""Elevation [deg] from which small things are seen: their tops show, and what stands behind them too."""
OVER_RANKS = 15.0
"""Elevation [deg] from which more than four long, low bodies are seen: those behind show over those before."""
# Default amounts: degrees for turns, ratios for zooms, shares of the camera distance for the rest.
AMOUNTS = {
    "pan": 26.0, "tilt": 20.0, "zoom": 1.7, "dolly": 0.42, "truck": 0.45, "crane": 0.5, "orbit": 75.0, "aerial": 0.9,
    "reveal": 0.8, "roll": 12.0, "handheld": 1.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """The key frame: what is looked at, from which side and how far, through which lens."""

    aim: np.ndarray
    azimuth: float
    elevation: float
    distance: float
    fov_y: float
    focus_id: str | None
    track: Figure | None
    height: float
    """Of the tallest figure in it [m]."""
    put: bool = False
    """Whether the camera was put there, and so stays off the ground only as far as it has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraPath:
    """Camera over time, sampled: times (K,), positions (K, 3), aims (K, 3), fovs (K,) [rad], rolls (K,) [rad]."""

    times: np.ndarray
    positions: np.ndarray
    aims: np.ndarray
    fovs: np.ndarray
    rolls: np.ndarray
    focus: np.ndarray
    """(K,) metres to the plane in focus."""
    f_number: float

    def at(self, t: float) -> Lens:
        """The lens at `t` [s]."""

        def sample(values: np.ndarray) -> np.ndarray:
            if values.ndim == 1:
                return np.asarray(np.interp(t, self.times, values))
            return np.array([np.interp(t, self.times, values[:, k]) for k in range(values.shape[1])])

        position = sample(self.positions)
        return Lens(
            world_from_camera=looking(position, sample(self.aims), float(sample(self.rolls))),
            fov_y=float(sample(self.fovs)),
            focus_distance=max(0.2, float(sample(self.focus))),
            f_number=self.f_number,
            near=0.08,
            far=6000.0,
        )


def looking(position: np.ndarray, aim: np.ndarray, roll: float = 0.0) -> np.ndarray:
    """(4, 4) world_from_camera at `position` looking at `aim`, level but for `roll` [rad]."""
    back = position - aim
    back = back / max(float(np.linalg.norm(back)), 1e-9)
    right = np.cross([0.0, 1.0, 0.0], back)
    if np.linalg.norm(right) < 1e-5:
        right = np.array([1.0, 0.0, 0.0])
    right = right / np.linalg.norm(right)
    up = np.cross(back, right)
    sine, cosine = np.sin(roll), np.cos(roll)
    out = np.eye(4)
    out[:3, 0], out[:3, 1], out[:3, 2] = cosine * right + sine * up, cosine * up - sine * right, back
    out[:3, 3] = position
    return out


def camera_path(shot: Shot, figures: Sequence[Figure], land: Land, *, aspect: float, seed: int) -> CameraPath:
    """The path of the shot's camera for the cast that it was composed for. `aspect` is width over height of the picture.

    A shot that goes on keeps the path it had: samples lie at whole multiples of 1 / SAMPLE_RATE from one before the start,
    so that a camera that follows moves in the first frame as in the second.
    """
    times = np.arange(-1, max(3, int(np.ceil(float(shot.duration) * SAMPLE_RATE)) + 1)) / SAMPLE_RATE
    duration = float(shot.duration if shot.composition is None else shot.composition.duration)
    frame = _key_frame(shot, figures, land, aspect, duration)
    if shot.camera.point_of_view:
        positions, aims, fovs, rolls = _through_eyes(shot, figures, times)
    else:
        positions, aims, fovs, rolls = _moved(shot, frame, figures, times, duration, seed)
        positions, aims = _kept_clear(positions, aims, land, frame, follows=frame.track is not None)
    return CameraPath(
        times=times,
        positions=positions,
        aims=aims,
        fovs=fovs,
        rolls=rolls,
        focus=_focus(shot.camera, frame, figures, times, positions, duration),
        f_number=_f_number(shot.look, frame),
    )


def _key_frame(shot: Shot, figures: Sequence[Figure], land: Land, aspect: float, duration: float) -> _Frame:
    composed = _composed_frame(shot, figures, land, aspect, duration)
    return composed if shot.camera.viewpoint is None else _put(composed, shot.camera, shot.camera.viewpoint)


def _put(frame: _Frame, camera: Camera, viewpoint: Viewpoint) -> _Frame:
    """The frame from where the camera was put: straight down at most as steep as its up stays up."""
    aim = np.array(viewpoint.aim)
    line = np.array(viewpoint.position) - aim
    flat = float(np.hypot(line[0], line[2]))
    fov_y = 2 * np.arctan(HALF_GATE / camera.lens_mm) if camera.lens_mm else frame.fov_y
    return replace(
        frame,
        aim=aim,
        azimuth=float(np.arctan2(line[0], line[2])),
        elevation=float(np.arctan2(line[1], flat)),
        distance=float(np.linalg.norm(line)) * camera.distance,
        fov_y=float(fov_y),
        put=True,
    )


def _composed_frame(shot: Shot, figures: Sequence[Figure], land: Land, aspect: float, duration: float) -> _Frame:
    camera = shot.camera
    chosen = [f for f in figures if f.id == camera.focus] or _principal(figures)
    chosen += [f for f in figures if f.aboard is not None and f not in chosen and f.aboard in {c.id for c in chosen}]
    framing = camera.framing or land.recipe.framing
    ratio, lens = FRAMINGS[framing]
    fov_y = 2 * np.arctan(HALF_GATE / (camera.lens_mm or lens))
    azimuth = np.radians(camera.azimuth if camera.azimuth is not None else 18.0)
    aloft = camera.angle == "aerial" and bool(chosen) and chosen[0].base(0.0)[1] > 6.0
    small = camera.angle == "eye" and bool(chosen) and chosen[0].kind == "prop" and max(chosen[0].size) < 0.8
    ranks = camera.angle == "eye" and len(chosen) > 4 and all(max(f.size) > 1.2 * f.size[1] for f in chosen)
    elevation = np.radians(
        AIR_TO_AIR if aloft else OVER_RANKS if ranks else TABLE_TOP if small else ANGLES[camera.angle]
    )
    tracked = next((f for f in figures if f.id == _track_target(camera, chosen)), None)
    if not chosen:
        height = 6.0 if not land.room else 1.5
        far = 16.0 if not land.room else 3.4
        aim = np.array([0.0, land.ground.at(0.0, 0.0) + height * 0.45, 0.0])
        return _Frame(
            aim=aim,
            azimuth=azimuth,
            elevation=elevation,
            distance=far * camera.distance,
            fov_y=fov_y,
            focus_id=None,
            track=None,
            height=1.0,
        )
    moments = np.array([duration / 2]) if tracked else np.linspace(0, duration, 9)
    company = [f for f in chosen if f.kind == chosen[0].kind or not f.travels]
    points = np.concatenate([f.corners(moments) for f in company])
    low, high = points.min(0), points.max(0)
    tallest = max(f.size[1] for f in chosen)
    middle = (low + high) / 2
    view = np.array([np.cos(azimuth), 0.0, -np.sin(azimuth)])
    breadth = float(np.ptp(points @ view))
    rise = high[1] - low[1] + max(f.leap for f in company)
    winged = any(f.kind in ("bird", "prop") and f.base(duration / 2)[1] > high[1] for f in figures)
    if framing in ("medium", "close", "extreme_close"):
        person_like = chosen[0].kind == "person"
        visible = tallest * ratio * (1.0 if person_like else 1.25)
        middle[1] = low[1] + _focus_height(chosen[0], framing)
        visible = max(visible, 0.55 * breadth / aspect if len(chosen) > 1 else 0.0)
    else:
        visible = max(tallest * ratio, rise * 1.3, breadth * ROOM[framing] / aspect)
        visible = max(visible, tallest * UNDER_WINGS) if winged else visible
    distance = visible / 2 / np.tan(fov_y / 2)
    depth = float(np.ptp(points @ np.array([np.sin(azimuth), 0.0, np.cos(azimuth)])))
    distance += 0.35 * depth
    if distance < NEAREST:
        fov_y, distance = 2 * np.arctan(np.tan(fov_y / 2) * distance / NEAREST), NEAREST
    if land.recipe.medium == "underwater":
        distance = min(distance, SEEN_UNDERWATER)
    distance *= camera.distance
    if framing in ("full", "wide", "extreme_wide"):
        middle[1] = low[1] + rise * 0.5 + visible * {"full": 0.04, "wide": 0.10, "extreme_wide": 0.14}[framing]
        if framing == "full" and winged:
            middle[1] = low[1] + 0.4 * visible
    middle = middle + _lead(tracked or chosen[0], duration / 2, view, visible * aspect)
    return _Frame(
        aim=middle, azimuth=azimuth, elevation=elevation, distance=float(distance), fov_y=float(fov_y),
        focus_id=chosen[0].id, track=tracked, height=tallest,
    )  # fmt: skip


def _principal(figures: Sequence[Figure]) -> list[Figure]:
    """The figures worth framing: all but those dwarfed by scenery, and never scenery that dwarfs a living lead."""
    if not figures:
        return []
    lead = figures[0]
    scale = max(lead.size)
    dwarfs = 3.0 if lead.kind == "prop" else 6.0
    near = [f for f in figures if max(f.size) <= dwarfs * scale or f is lead]
    return [f for f in near if np.linalg.norm(f.base(0.0) - lead.base(0.0)) <= max(12.0 * scale, 8.0)] or [lead]


def _track_target(camera: Camera, chosen: Sequence[Figure]) -> str | None:
    for move in camera.moves:
        if move.kind in ("track", "aerial", "reveal"):
            return move.target or (chosen[0].id if chosen else None)
    return None


def _focus_height(figure: Figure, framing: str) -> float:
    share = {"medium": 0.70, "close": 0.96, "extreme_close": 1.0}[framing]
    if figure.kind in ("person", "animal", "bird"):
        return figure.eye_level * share
    return figure.size[1] * 0.5


def _lead(figure: Figure, t: float, view: np.ndarray, width: float) -> np.ndarray:
    """Room ahead of the motion: the aim moves a tenth of the picture's width the way the figure goes."""
    before, after = figure.base(max(t - 0.1, 0.0)), figure.base(t + 0.1)
    sideways = float((after - before) @ view)
    if figure.travels and abs(sideways) > 0.02:
        return view * np.sign(sideways) * 0.09 * width
    return np.zeros(3)


def _eased(t: np.ndarray, move: CameraMove, duration: float) -> np.ndarray:
    """Progress 0..1 of a move: quintic ease (Perlin), held 0.3 s at the ends of the shot where there is room."""
    start, end = float(move.span.start), float(move.span.end)
    hold = min(0.3, (end - start) * 0.06)
    start += hold * (start <= 0)
    end -= hold * (end >= duration)
    u = np.clip((t - start) / max(end - start, 1e-6), 0.0, 1.0)
    return u * u * u * (u * (6 * u - 15) + 10)


def _moved(
    shot: Shot, frame: _Frame, figures: Sequence[Figure], times: np.ndarray, duration: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    azimuth = np.full(len(times), frame.azimuth)
    elevation = np.full(len(times), frame.elevation)
    distance = np.full(len(times), frame.distance)
    aim = np.tile(frame.aim, (len(times), 1))
    shift = np.zeros((len(times), 3))
    turn, tilt, roll = (np.zeros(len(times)) for _ in range(3))
    zoom = np.ones(len(times))
    for move in shot.camera.moves:
        u = _eased(times, move, duration)
        kind, _, side = move.kind.partition("_")
        pace = move.pace * np.clip(float(move.span.length) / 5.0, 0.45, 2.0) ** 0.5
        amount = move.amount if move.amount is not None else AMOUNTS.get(kind, 1.0) * pace
        metres = amount if move.amount is not None else amount * frame.distance
        view_right = np.stack([np.cos(azimuth), np.zeros_like(azimuth), -np.sin(azimuth)], 1)
        sign = 1.0 if side in ("right", "up", "in") else -1.0
        if kind == "pan":
            turn += -sign * np.radians(amount) * (u - 0.5)
        elif kind == "tilt":
            tilt += sign * np.radians(amount) * (u - 0.5)
        elif kind == "zoom":
            ratio = max(amount, 1.01)
            zoom *= ratio ** (u - 1.0) if side == "in" else ratio ** (-u)
        elif kind == "dolly":
            share = np.clip(metres / frame.distance, 0.05, 3.0)
            distance = distance * (1 + share * (1 - u) if side == "in" else 1 + share * u)
        elif kind == "truck":
            shift += sign * view_right * (metres * (u - 0.5))[:, None]
        elif kind == "crane":
            rise = sign * metres * (u - 0.5)
            shift[:, 1] += rise - min(rise.min(), 0.0) * 0.6
            aim[:, 1] += 0.25 * rise
        elif kind == "orbit":
            full = amount if move.amount is not None else np.clip(amount, 40, 150)
            azimuth = azimuth + sign * np.radians(full) * (u - 0.5)
        elif kind == "roll":
            roll += np.radians(amount) * (u - 0.5)
        elif kind == "aerial":
            elevation = elevation + np.radians(6.0) * (0.5 - u)
            azimuth = azimuth + np.radians(10.0) * (u - 0.5)
            if frame.track is None:
                shift += (-_flat(azimuth) * (metres * (u - 0.5))[:, None]) * 0.6
        elif kind == "reveal":
            elevation = elevation + np.radians(14.0) * (u - 0.35)
            distance = distance * (1 + 0.35 * (1 - u))
            aim[:, 1] += (0.35 - u) * 0.1 * frame.distance
        elif kind == "handheld":
            wobble = _wobble(times, seed, amount * np.radians(0.45))
            turn, tilt, roll = turn + wobble[0], tilt + wobble[1], roll + 0.5 * wobble[2]
    if frame.track is not None:
        aim = aim + _followed(frame.track, times, duration / 2)
    outward = np.stack([np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)], 1)
    positions = aim + outward * distance[:, None]
    if any(m.kind.startswith("truck") for m in shot.camera.moves):
        positions, aim = positions + shift, aim + shift
    else:
        positions = positions + shift
    aims = _turned_aims(positions, aim, turn, tilt)
    return positions, aims, 2 * np.arctan(np.tan(frame.fov_y / 2) / zoom), roll


def _flat(azimuth: np.ndarray) -> np.ndarray:
    return np.stack([np.sin(azimuth), np.zeros_like(azimuth), np.cos(azimuth)], 1)


def _followed(figure: Figure, times: np.ndarray, key: float) -> np.ndarray:
    """(K, 3) how far the figure is from where it is in the key frame, without its bounce."""
    base = figure.bases(times)
    width = min(len(times) // 2 * 2 - 1, int(SAMPLE_RATE * 0.7) | 1)
    if width >= 3:
        kernel = np.hanning(width + 2)[1:-1]
        kernel /= kernel.sum()
        pad = width // 2
        ahead = base[-1] + (base[-1] - base[-2]) * np.arange(1, pad + 1)[:, None]
        behind = base[0] - (base[1] - base[0]) * np.arange(pad, 0, -1)[:, None]
        padded = np.concatenate([behind, base, ahead])
        base = np.stack([np.convolve(padded[:, k], kernel, "valid") for k in range(3)], 1)
    key_base = np.array([np.interp(key, times, base[:, k]) for k in range(3)])
    return base - key_base


def _turned_aims(positions: np.ndarray, aims: np.ndarray, turn: np.ndarray, tilt: np.ndarray) -> np.ndarray:
    line = aims - positions
    flat = np.hypot(line[:, 0], line[:, 2])
    yaw = np.arctan2(line[:, 0], line[:, 2]) + turn
    pitch = np.clip(np.arctan2(line[:, 1], flat) + tilt, np.radians(-89), np.radians(89))
    reach = np.linalg.norm(line, axis=1)
    return positions + reach[:, None] * np.stack(
        [np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)], 1
    )


def _wobble(times: np.ndarray, seed: int, strength: float) -> np.ndarray:
    """(3, K) handheld shake: sums of sines from 0.3 to 3 Hz whose amplitude falls as 1/f."""
    rng = np.random.default_rng([seed, 7])
    frequency = np.geomspace(0.3, 3.0, 9)
    phase = rng.uniform(0, 2 * np.pi, (3, len(frequency)))
    waves = np.sin(2 * np.pi * frequency[None, :, None] * times[None, None, :] + phase[..., None])
    return strength * (waves * (0.3 / frequency)[None, :, None]).sum(1)


def _kept_clear(
    positions: np.ndarray, aims: np.ndarray, land: Land, frame: _Frame, *, follows: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Lift the path over the ground and the water, and push it back into the room, without a kink."""
    floor = land.ground.height(positions[:, 0], positions[:, 2])
    if land.water is not None and land.recipe.medium != "underwater":
        floor = np.maximum(floor, land.water.level + 0.25 * land.water.wave_height)
    clearance = min(max(CLEARANCE, min(0.6 * frame.height, 1.6)), 0.25 * frame.distance + 0.05)
    clearance = min(clearance, PUT_CLEARANCE) if frame.put else clearance
    lack = floor + clearance - positions[:, 1]
    if lack.max() > 0:
        lift = _bridged(np.maximum(lack, 0.0)) if follows else np.full(len(lack), lack.max())
        positions = positions + np.stack([np.zeros_like(lift), lift, np.zeros_like(lift)], 1)
        aims = aims + np.stack([np.zeros_like(lift), 0.3 * lift, np.zeros_like(lift)], 1)
    if land.room is not None:
        x0, x1, low, high, z0, z1 = land.room
        margin = 0.3
        positions = np.clip(positions, [x0 + margin, low + 0.2, z0 + margin], [x1 - margin, high - margin, z1 - margin])
    return positions, aims


def _bridged(lack: np.ndarray) -> np.ndarray:
    """A smooth curve that is nowhere below `lack`."""
    width = max(3, len(lack) // 3 | 1)
    peak = np.array([lack[max(0, i - width) : i + width + 1].max() for i in range(len(lack))])
    kernel = np.hanning(width + 2)[1:-1]
    return np.convolve(np.pad(peak, width // 2, mode="edge"), kernel / kernel.sum(), "valid")[: len(lack)]


def _through_eyes(
    shot: Shot, figures: Sequence[Figure], times: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    seer = next(f for f in figures if f.id == shot.camera.point_of_view)
    eyes = seer.eyes(times)
    heading = np.array([seer.heading(t) for t in times])
    ahead = np.stack([np.sin(heading), np.full(len(heading), -0.06), np.cos(heading)], 1)
    eyes = eyes + ahead * (seer.size[2] / 2 + 0.05)
    fov = 2 * np.arctan(HALF_GATE / (shot.camera.lens_mm or 28.0))
    return eyes, eyes + ahead * 5.0, np.full(len(times), fov), np.zeros(len(times))


def _focus(
    camera: Camera,
    frame: _Frame,
    figures: Sequence[Figure],
    times: np.ndarray,
    positions: np.ndarray,
    duration: float,
) -> np.ndarray:
    by_id = {f.id: f for f in figures}

    def distance_to(figure_id: str | None) -> np.ndarray:
        points = by_id[figure_id].eyes(times) if figure_id in by_id else np.tile(frame.aim, (len(times), 1))
        return np.linalg.norm(points - positions, axis=1)

    focus = distance_to(frame.focus_id)
    for move in camera.moves:
        if move.kind == "rack_focus":
            others = [f.id for f in figures if f.id != frame.focus_id]
            to = move.target if move.target in by_id and move.target != frame.focus_id else (others or [None])[0]
            u = _eased(times, move, duration)
            end = distance_to(to) if to else focus * 3.0
            focus = focus * (1 - u) + end * u
    return focus


def _f_number(look: Look, frame: _Frame) -> float:
    """Wide open for much depth of field blur, stopped down for little: f/16 to f/1.8, never a blurred model world."""
    stop = 16.0 * (1.8 / 16.0) ** look.depth_of_field
    return float(stop * np.clip(frame.distance / 4.0, 0.75, 2.5))
