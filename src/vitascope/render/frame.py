"""The uniform `Frame` of shaders/frame.wgsl, and the targets that passes draw into.

Passes over the lit picture follow one contract, so that each can be written without the others:

* shaders/sky.wgsl      `@group(0) @binding(1) var<uniform> sky: Sky`; `sky_radiance(d)`, `sky_full(d)`: vec3f -> vec3f
* shaders/air.wgsl      `air_apply(c: vec3f, p_world: vec3f) -> vec3f`
* shaders/caustics.wgsl `caustics(p_world: vec3f) -> f32`, about 1 on average
* shaders/clouds.wgsl   `cloud_shadow(p_world: vec3f) -> f32`, 1 in full sun; functions only, no entry points or bindings
* sky.py                `pack_sky(sky: Sky) -> bytes`, a fixed length that is a multiple of 16
* clouds.py             `CloudPass(gpu)`: draws `sky_full` and the clouds wherever depth is 0, in a region of the picture
* water.py              `WaterPass(gpu, water)`: reads `targets.lit_copy` and `targets.depth`, draws over `targets.light`
* weather.py            `WeatherPass(gpu, stage)`: rain, snow, lightning, beams; reads depth, draws over `targets.light`

Each pass has `encode(encoder, targets, frame)`, where `encoder` is a GPUCommandEncoder, and binds `targets.frame_group`
as group 0 (layout `gpu.frame_layout`). Shaders of passes have names of their own (sky_pass.wgsl, water.wgsl,
weather.wgsl) and include "frame.wgsl", which also brings noise.wgsl and the vertex entry point `screen_vertex`.
`targets.lit_copy` is a copy of the light made just before the water. Depth is read as texture_depth_2d with textureLoad,
or tested against as a read-only attachment, never written.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import wgpu

from vitascope.world.stage import Lens, Snapshot, Stage

__all__ = [
    "FRAME_BYTES",
    "FrameState",
    "Targets",
    "finishing_uniform",
    "fixed_constants",
    "frame_state",
    "moment_before",
    "projection",
    "view_projection",
]

_MATRIX_ROWS = 5 * 4
FRAME_BYTES = (_MATRIX_ROWS + 12) * 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Views and groups that passes over the lit picture use. All pictures have `size` (width, height) pixels."""

    size: tuple[int, int]
    light: wgpu.GPUTextureView
    """Linear radiance, rgba16float, to draw over."""
    lit_copy: wgpu.GPUTextureView
    """What was in `light` before the water, to sample."""
    depth: wgpu.GPUTextureView
    """Reversed depth, depth32float, to sample or to test against (read only)."""
    frame_group: wgpu.GPUBindGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameState:
    """One moment for the passes: the snapshot, its place in the film and the camera's matrices (4, 4) float64."""

    snapshot: Snapshot
    index: int
    """Frame number, from time and frame rate."""
    seed: int
    view: np.ndarray
    """camera_from_world."""
    proj: np.ndarray
    view_proj: np.ndarray
    previous_view_proj: np.ndarray
    """Of the moment one frame before, for the motion pass."""
    uniform: bytes


def projection(lens: Lens, aspect: float) -> np.ndarray:
    """(4, 4) clip_from_camera with reversed infinite depth: near plane 1, infinity 0."""
    f = 1.0 / np.tan(lens.fov_y / 2.0)
    return np.array([[f / aspect, 0, 0, 0], [0, f, 0, 0], [0, 0, 0, lens.near], [0, 0, -1, 0]], np.float64)


def _view(lens: Lens) -> np.ndarray:
    return np.linalg.inv(lens.world_from_camera.astype(np.float64))


def view_projection(lens: Lens, aspect: float) -> np.ndarray:
    """(4, 4) clip_from_world."""
    return projection(lens, aspect) @ _view(lens)


def moment_before(t: float, fps: float) -> float:
    """The time [s] one frame before `t`: that of the frame itself where `t` is one, so that motions find what they kept."""
    index = round(t * fps)
    return (index - 1) / fps if abs(t * fps - index) < 1e-6 else t - 1.0 / fps


def frame_state(
    stage: Stage, t: float, *, fps: float, size: tuple[int, int], drawn: tuple[int, int], style_index: int
) -> FrameState:
    """The moment `t` [s] of a stage for a picture of `size`, drawn at `drawn` (width, height) pixels."""
    now, before = stage.snapshot(t), stage.snapshot(moment_before(t, fps))
    aspect = size[0] / size[1]
    view, proj = _view(now.lens), projection(now.lens, aspect)
    view_proj, previous = view_projection(now.lens, aspect), view_projection(before.lens, aspect)
    index, seed = round(t * fps), _seed(stage.seed)
    shutter = float(stage.look.get("motion_blur", 0.5)) / fps
    air, sky = now.air, now.sky
    sun = np.asarray(sky.sun_direction, np.float64)
    sun = sun / max(float(np.linalg.norm(sun)), 1e-9)
    rows = [
        (*now.lens.world_from_camera[:3, 3], now.world_time),
        _screen_row(drawn),
        (*sun, now.flash),
        (*sky.sun_colour, now.exposure),
        (*stage.focus, stage.reach),
        (air.density, air.base, air.falloff, air.mist),
        (*air.colour, before.world_time),
        (*air.glow, 0.0),
        (air.rain, air.snow, air.wetness, air.snow_cover),
        (*air.wind, air.gust),
        (t, now.lens.near, now.lens.far, float(air.underwater)),
        _style_row(style_index, index, seed, shutter),
    ]
    matrices = [view_proj, np.linalg.inv(view_proj), previous, view, proj]
    packed = np.concatenate([m.T.ravel() for m in matrices] + [np.asarray(row, np.float64) for row in rows])
    uniform = packed.astype(np.float32).tobytes()
    return FrameState(
        snapshot=now, index=index, seed=seed, view=view, proj=proj, view_proj=view_proj, previous_view_proj=previous,
        uniform=uniform,
    )  # fmt: skip


def fixed_constants(stage: Stage) -> dict[str, bool | int | float]:
    """What holds for the whole shot, for the shaders to be compiled without the rest."""
    moments = [stage.snapshot(stage.duration * k / 16) for k in range(17)]
    values = {
        "frame.misc.w": {float(m.air.underwater) for m in moments},
        "frame.air.w": {float(m.air.mist) for m in moments},
        "sky.bodies.y": {float(m.sky.airless) for m in moments},
        "sky.plain.w": {float(m.sky.plain is not None) for m in moments},
    }
    return {
        **{name: found.pop() for name, found in values.items() if found in ({0.0}, {1.0})},
        "WET": any(m.air.wetness > 0 for m in moments),
        "SNOWY": any(m.air.snow_cover > 0 for m in moments),
        "UNDERWATER": any(m.air.underwater for m in moments),
        "LAMPS": any(m.lights for m in moments),
        "MOVING": any(thing.moving and thing.casts_shadow for thing in stage.things),
    }


def finishing_uniform(t: float, *, fps: float, drawn: tuple[int, int], style_index: int, seed: int) -> bytes:
    """The uniform with no more than what the passes of tone.py read; the rest is 0."""
    packed = np.zeros((FRAME_BYTES // 16, 4), np.float32)
    packed[_MATRIX_ROWS + 1] = _screen_row(drawn)
    packed[-1] = _style_row(style_index, round(t * fps), _seed(seed), 0.0)
    return packed.tobytes()


def _screen_row(drawn: tuple[int, int]) -> tuple[float, float, float, float]:
    return drawn[0], drawn[1], 1.0 / drawn[0], 1.0 / drawn[1]


def _style_row(style_index: int, index: int, seed: int, shutter: float) -> tuple[float, float, float, float]:
    return style_index, index, seed, shutter


def _seed(seed: int) -> int:
    """What a float holds of it."""
    return seed & 0xFFFF
