"""The stage: a shot made concrete. Geometry that is uploaded once, and a pure function from time to what is drawn.

A renderer needs nothing but a Stage: `stage.at(t)` gives the snapshot of any moment, in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.sky import Sky
from vitascope.world.soundscape import Soundscape

__all__ = ["Air", "Lens", "Motion", "PointLight", "Pose", "Snapshot", "Stage", "Still", "Thing", "Water"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Where a thing is at one moment.

    transforms (K, 4, 4) float32 world_from_object, one per instance (K = 1 for skinned meshes). joints (J, 4, 4) float32
    or None: skinning matrices in object space, rest position -> posed position.
    """

    transforms: np.ndarray
    joints: np.ndarray | None = None
    visible: bool = True
    tints: np.ndarray | None = None
    """(K, 3) linear multipliers of albedo, or None for the thing's own."""


class Motion(Protocol):
    """Time to pose, pure: the same `t` [s of film] gives the same pose, in any order, before 0 and after the end too."""

    def at(self, t: float) -> Pose: ...


@dataclass(frozen=True, slots=True)
class Still:
    """The motion of a thing that does not move."""

    pose: Pose

    def at(self, t: float) -> Pose:
        return self.pose


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something drawn: one mesh, its materials, one motion (of one or many instances)."""

    name: str
    mesh: Mesh
    materials: tuple[Material, ...]
    motion: Motion
    subject: int = 0
    """Id written to the id pass: 0 for the set, i + 1 for the i-th subject of the shot."""
    moving: bool = False
    """Whether the motion ever changes; things that do not move may be cached in static shadow maps."""
    casts_shadow: bool = True
    tints: np.ndarray | None = None
    """(K, 3) float32 linear multipliers of albedo per instance."""
    double_sided: bool = False
    ground: bool = False
    """Part of the terrain or floor (receives occlusion, wetness and snow; is not outlined in ink)."""
    bounds_radius: float | None = None
    """Radius [m] round each instance's origin that holds it in every pose; None lets the renderer use the mesh's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """The camera at one moment: world_from_camera (4, 4) rigid (looks along its -z), vertical field of view [rad]."""

    world_from_camera: np.ndarray
    fov_y: float
    focus_distance: float = 10.0
    """Metres to the plane in focus."""
    f_number: float = 8.0
    """Aperture; the gate is 24 mm high, so blur follows from it, the field of view and the distances."""
    near: float = 0.1
    far: float = 4000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PointLight:
    """A lamp: position [m], linear colour x intensity (radiance at 1 m), reach [m]."""

    position: tuple[float, float, float]
    colour: tuple[float, float, float]
    reach: float = 12.0
    direction: tuple[float, float, float] | None = None
    """Axis of a spot or beam (unit); None shines all round."""
    cone: float = 0.35
    """Half angle of the beam [rad], where there is a direction."""
    beam: float = 0.0
    """0..1, how visible the beam itself is in the air (lighthouse, head lamps, shafts)."""
    size: float = 0.0
    """Half width [m] of what shines: highlights are as soft as it is large and near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """What is between the camera and things. `density` is extinction per metre at height `base`, falling with height."""

    density: float = 0.0008
    colour: tuple[float, float, float] = (0.55, 0.65, 0.8)
    """Linear colour that distant things take away from the sun."""
    glow: tuple[float, float, float] = (0.3, 0.25, 0.15)
    """Added towards the sun."""
    base: float = 0.0
    falloff: float = 0.02
    """Exponential decrease per metre of height."""
    rain: float = 0.0
    snow: float = 0.0
    wetness: float = 0.0
    """0..1, how wet open surfaces are (darker, glossier)."""
    snow_cover: float = 0.0
    """0..1, snow settled on surfaces that face up."""
    wind: tuple[float, float, float] = (1.0, 0.0, 0.3)
    """Metres a second at eye height."""
    gust: float = 0.3
    underwater: bool = False
    mist: float = 0.0
    """0..1, drifting banks of mist low over ground or water."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Water:
    """A body of water with a level surface at height `level` [m]; where terrain rises above it there is shore."""

    level: float = 0.0
    deep: tuple[float, float, float] = (0.005, 0.03, 0.05)
    shallow: tuple[float, float, float] = (0.05, 0.22, 0.2)
    clarity: float = 4.0
    """Metres over which the bed fades from sight."""
    wave_height: float = 0.1
    """Metres from trough to crest of the largest waves (0 is a mirror)."""
    wave_length: float = 6.0
    wave_direction: tuple[float, float] = (1.0, 0.25)
    """Travel in x and z."""
    foam: float = 0.3
    extent: float = 2000.0
    """Half side [m] of the square of water round `centre`."""
    centre: tuple[float, float] = (0.0, 0.0)
    shore: bool = True
    flow: tuple[float, float] = (0.0, 0.0)
    """Current of a river [m/s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that differs from moment to moment, except poses (ask each thing's motion)."""

    time: float
    """Seconds of film."""
    world_time: float
    """Seconds of the world (waves, wind, clouds), scaled by the shot's pace."""
    lens: Lens
    sky: Sky
    air: Air
    lights: tuple[PointLight, ...] = ()
    exposure: float = 1.0
    """Linear multiplier before the tone curve."""
    flash: float = 0.0
    """0..1 brightness of lightning now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A shot, concrete. `things` never changes; `snapshot(t)` and each thing's `motion.at(t)` are pure in t."""

    name: str
    duration: float
    things: tuple[Thing, ...]
    snapshot: Callable[[float], Snapshot]
    soundscape: Callable[..., Soundscape]
    """What is heard; `soundscape(cues=..., levels=...)` with other written sounds and levels than those of the shot."""
    water: Water | None = None
    focus: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Centre of the action; shadow detail is concentrated round it."""
    reach: float = 30.0
    """Radius [m] round `focus` in which subjects move."""
    style: str = "cinematic"
    look: Mapping[str, float | str] = field(default_factory=dict)
    """Finishing: grain, depth_of_field, motion_blur, grade, vignette..."""
    subject_names: tuple[str, ...] = ()
    """Subject ids by number: subject i + 1 of the id pass is subject_names[i]."""
    ground_height: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None
    """Height [m] of the ground at x, z arrays of equal shape."""
    indoor: bool = False
    seed: int = 0
