"""What a cast and its camera ask of a place before it is furnished: free ways, lines of sight, and where detail must be fine."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from vitascope.film import Shot
from vitascope.world.camera import CameraPath
from vitascope.world.cast import Player
from vitascope.world.land import Corridor

__all__ = ["USUAL_ROWS", "arena_of", "detail_of", "sights_of", "ways_of"]

PIXELS_PER_CELL = 3.0
"""A cell of a moulded mesh covers about this many pixels of a picture when the subject is nearest."""
USUAL_ROWS = 720
"""Of that picture, whatever the size of the film: a film looks alike at every size."""


def ways_of(players: tuple[Player, ...], shot: Shot) -> tuple[Corridor, ...]:
    """The ways of the subjects' bodies."""
    duration = float(shot.duration)
    found = []
    for player in players:
        size = player.figure.size
        radius = max(size[0], size[2]) / 2 + 0.35
        points = player.figure.bases(np.linspace(0, duration, 9 if player.figure.travels else 2))
        low = points[0][1] - player.ground.at(points[0][0], points[0][2])
        if low > 12.0:
            continue
        for a, b in pairwise(points):
            found.append(Corridor(start=(float(a[0]), float(a[2])), end=(float(b[0]), float(b[2])), radius=radius))
    return tuple(found)


def sights_of(camera: CameraPath, duration: float) -> tuple[Corridor, ...]:
    """The camera's own way, and the lines of sight from it to what it looks at, for as long as it was composed for [s]."""
    found = []
    for t in np.linspace(0, duration, 5):
        lens = camera.at(t)
        eye = lens.world_from_camera[:3, 3]
        aim = np.array([np.interp(t, camera.times, camera.aims[:, k]) for k in range(3)])
        far = float(np.linalg.norm(aim - eye))
        clear_height = 0.55 * max(float(min(eye[1], aim[1])), 0.3)
        here, there = (float(eye[0]), float(eye[2])), (float(aim[0]), float(aim[2]))
        found.append(Corridor(start=here, end=there, radius=float(np.clip(0.16 * far, 0.6, 6.0)), height=clear_height))
        found.append(Corridor(start=here, end=here, radius=1.3, height=0.25))
    return tuple(found)


def detail_of(player: Player, camera: CameraPath, *, rows: int) -> float:
    """Metres of one mesh cell: fine when near or large in a frame of so many rows, coarse when far; in steps so that alike stay
    alike."""
    moments = camera.times[:: max(1, len(camera.times) // 6)]
    eyes = np.array([camera.at(t).world_from_camera[:3, 3] for t in moments])
    nearest = float(np.linalg.norm(player.figure.centres(moments) - eyes, axis=1).min())
    pixel = 2 * np.tan(float(camera.fovs.min()) / 2) * max(nearest, 0.3) / rows
    finest, coarsest = max(player.figure.size) / 110.0, max(player.figure.size) / 34.0
    wanted = float(np.clip(PIXELS_PER_CELL * pixel, finest, coarsest))
    return float(2.0 ** (np.round(np.log2(wanted) * 2) / 2))


def arena_of(
    players: tuple[Player, ...], camera: CameraPath, duration: float
) -> tuple[tuple[float, float, float], float]:
    """Centre and radius of where shadows must be fine: the leads' ways, or what the camera looks at."""
    if players:
        leads = players[:6]
        points = np.concatenate([p.figure.corners(np.linspace(0, duration, 5)) for p in leads])
    else:
        points = np.stack([camera.aims.min(0), camera.aims.max(0)])
    low, high = points.min(0), points.max(0)
    centre = (low + high) / 2
    x, y, z = (float(c) for c in centre)
    return (x, y, z), float(np.clip(np.linalg.norm(high - low) / 2 + 1.5, 3.0, 120.0))
