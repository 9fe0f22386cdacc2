"""The pass of weather: rain, snow, drifting motes, splashes, lightning, and the beams and halos of lamps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import wgpu

from vitascope.render.frame import FrameState, Targets
from vitascope.render.gpu import DEPTH_FORMAT, LIGHT_FORMAT, Gpu
from vitascope.world.sky import Sky
from vitascope.world.stage import PointLight, Snapshot, Stage

__all__ = ["DRIFTS", "WEATHER_BYTES", "WeatherPass", "bolt_segments"]

DRIFTS = ("fireflies", "leaves", "dust", "petals", "embers")
"""What may drift through the air of a stage whose `look` has the key "drift"."""

_LAYERS, _LAMPS = 4, 8
WEATHER_BYTES = (_LAYERS + 3 * _LAMPS + 1) * 16
"""Size of the struct `Weather` in weather.wgsl."""

_RAIN, _SNOW, _MOTE, _FIREFLY, _LEAF, _DUST, _PETAL, _EMBER = range(8)
_BOLT_SEGMENTS = 400
RISING = 7.5
"""Metres a second of an updraught that carries rain up: then nothing strikes the ground."""
_SPLASHES = 900

_OVER = {
    "color": {"src_factor": "one", "dst_factor": "one-minus-src-alpha", "operation": "add"},
    "alpha": {"src_factor": "zero", "dst_factor": "one", "operation": "add"},
}


@dataclass(frozen=True, slots=True)
class _Layer:
    """One cube of particles round the camera: side [m], size of one [m], opacity, how many."""

    kind: int
    box: float
    size: float
    opacity: float
    count: int


class WeatherPass:
    """Draws what falls and shines in the air of `stage` over `targets.light`, hidden by what is nearer."""

    def __init__(self, gpu: Gpu, stage: Stage) -> None:
        self._gpu = gpu
        self._drift = str(stage.look.get("drift", ""))
        self._uniform = gpu.buffer(WEATHER_BYTES, "uniform")
        self._bolt = gpu.buffer(_BOLT_SEGMENTS * 32, "storage")
        self._layout = gpu.layout("uniform", "depth", "storage")
        module = gpu.shader("weather.wgsl")
        self._pipelines = {
            name: self._pipeline(module, f"{name}_vertex", f"{fragment}_fragment")
            for name, fragment in (
                ("particle", "spark"), ("splash", "spark"), ("bolt", "bolt"), ("beam", "beam"), ("halo", "halo")
            )
        }  # fmt: skip

    def encode(self, encoder: wgpu.GPUCommandEncoder, targets: Targets, frame: FrameState) -> None:
        """Draw over `targets.light`, reading `targets.depth`."""
        snapshot = frame.snapshot
        layers = _layers_of(snapshot, self._drift)
        lamps = _lamps_of(snapshot, frame)
        draws = [("particle", layer.count, number << 16) for number, layer in enumerate(layers)]
        if snapshot.air.rain > 0.03 and snapshot.air.wind[1] < RISING:
            draws.append(("splash", int(_SPLASHES * min(1.0, snapshot.air.rain * 1.4)), 0))
        if snapshot.sky.bolt is not None:
            segments = bolt_segments(snapshot.sky)
            self._gpu.queue.write_buffer(self._bolt, 0, segments.tobytes())
            draws.append(("bolt", 2 * len(segments), 0))
        if lamps:
            draws += [("beam", len(lamps), 0), ("halo", len(lamps), 0)]
        if not draws:
            return
        self._gpu.queue.write_buffer(self._uniform, 0, _pack(layers, lamps))
        group = self._gpu.bind(self._layout, self._uniform, targets.depth, self._bolt)
        air = encoder.begin_render_pass(
            color_attachments=[{"view": targets.light, "load_op": "load", "store_op": "store"}],
            depth_stencil_attachment={"view": targets.depth, "depth_read_only": True},
        )
        air.set_bind_group(0, targets.frame_group)
        air.set_bind_group(1, group)
        for name, count, first in draws:
            air.set_pipeline(self._pipelines[name])
            air.draw(4, count, 0, first)
        air.end()

    def _pipeline(self, module: wgpu.GPUShaderModule, vertex: str, fragment: str) -> wgpu.GPURenderPipeline:
        return self._gpu.pipeline(
            [self._gpu.frame_layout, self._layout],
            vertex={"module": module, "entry_point": vertex, "buffers": []},
            primitive={"topology": "triangle-strip"},
            depth_stencil={"format": DEPTH_FORMAT, "depth_compare": "greater", "depth_write_enabled": False},
            fragment={
                "module": module, "entry_point": fragment, "targets": [{"format": LIGHT_FORMAT, "blend": _OVER}],
            },
        )  # fmt: skip


def bolt_segments(sky: Sky) -> np.ndarray:
    """The bolt of `sky` as segments (N, 2, 4) float32: start and width [m], end and brightness; N at most 400.

    A channel from the cloud base to the ground, bent by halving and shifting (Reed and Wyvill 1994), with branches that
    leave it downwards and thin out.
    """
    if sky.bolt is None:
        return np.zeros((0, 2, 4), np.float32)
    x, z, seed, _ = sky.bolt
    rng = np.random.default_rng(int(seed))
    top = np.array([x + rng.uniform(-180, 180), sky.cloud_height * 1.05, z + rng.uniform(-120, 120)])
    channel = _bent(top, np.array([x, -5.0, z]), 6, 0.17, rng)
    parts = [_segments(channel, 1.1, 1.0)]
    for start in sorted(rng.choice(np.arange(4, 48), size=7, replace=False)):
        root = channel[start]
        reach = root[1] * rng.uniform(0.25, 0.6)
        side = rng.uniform(-0.8, 0.8, 2)
        tip = root + np.array([side[0] * reach, -reach * rng.uniform(0.5, 1.0), side[1] * reach])
        branch = _bent(root, tip, 5, 0.2, rng)
        parts.append(_segments(branch, 0.6, 0.4, fading=True))
    return np.concatenate(parts)[:_BOLT_SEGMENTS].astype(np.float32)


def _bent(start: np.ndarray, end: np.ndarray, halvings: int, sway: float, rng: np.random.Generator) -> np.ndarray:
    """Points (2**halvings + 1, 3) of a jagged line between two points."""
    points = np.stack([start, end])
    for _ in range(halvings):
        gaps = np.diff(points, axis=0)
        middle = points[:-1] + gaps * rng.uniform(0.4, 0.6, (len(gaps), 1))
        lengths = np.linalg.norm(gaps, axis=1, keepdims=True)
        middle = middle + rng.normal(0.0, sway, middle.shape) * lengths * (0.9, 0.25, 0.9)
        merged = np.empty((len(points) + len(middle), 3))
        merged[0::2], merged[1::2] = points, middle
        points = merged
    return points


def _segments(points: np.ndarray, width: float, light: float, *, fading: bool = False) -> np.ndarray:
    """Segments (N - 1, 2, 4) of a line of N points."""
    count = len(points) - 1
    along = np.linspace(1.0, 0.15, count) if fading else np.ones(count)
    start = np.concatenate([points[:-1], (width * along)[:, None]], axis=1)
    end = np.concatenate([points[1:], (light * along)[:, None]], axis=1)
    return np.stack([start, end], axis=1)


def _layers_of(snapshot: Snapshot, drift: str) -> list[_Layer]:
    """The cubes of particles that a moment shows, at most four, near ones first."""
    air = snapshot.air
    found: list[_Layer] = []
    if air.underwater:
        return [_Layer(_MOTE, 7.0, 0.008, 0.55, 700), _Layer(_MOTE, 18.0, 0.014, 0.4, 900)]
    if air.rain > 0.01:
        amount = min(1.0, air.rain * 1.15)
        found += [
            _Layer(_RAIN, 9.0, 0.0045, 0.42, int(1500 * amount)),
            _Layer(_RAIN, 26.0, 0.009, 0.42, int(5500 * amount)),
            _Layer(_RAIN, 80.0, 0.024, 0.34, int(7000 * amount)),
        ]
    elif air.snow > 0.01:
        amount = min(1.0, air.snow * 1.1)
        found += [
            _Layer(_SNOW, 8.0, 0.014, 0.9, int(1500 * amount)),
            _Layer(_SNOW, 24.0, 0.034, 0.95, int(6000 * amount)),
            _Layer(_SNOW, 70.0, 0.085, 0.9, int(9000 * amount)),
        ]
    kinds = {
        "fireflies": _Layer(_FIREFLY, 26.0, 0.035, 1.0, 90),
        "leaves": _Layer(_LEAF, 16.0, 0.055, 1.0, 90),
        "dust": _Layer(_DUST, 9.0, 0.006, 0.5, 500),
        "petals": _Layer(_PETAL, 14.0, 0.028, 1.0, 220),
        "embers": _Layer(_EMBER, 10.0, 0.008, 1.0, 160),
    }
    if drift in kinds:
        found.append(kinds[drift])
    return found[:_LAYERS]


def _lamps_of(snapshot: Snapshot, frame: FrameState) -> list[PointLight]:
    """The lamps that matter most for the air: those with a beam, then the nearest, at most eight."""
    eye = np.linalg.inv(frame.view)[:3, 3]

    def rank(lamp: PointLight) -> tuple[bool, float]:
        return lamp.beam <= 0.0, float(np.linalg.norm(np.asarray(lamp.position) - eye))

    return sorted(snapshot.lights, key=rank)[:_LAMPS]


def _pack(layers: list[_Layer], lamps: list[PointLight]) -> bytes:
    rows = [(float(layer.kind), layer.box, layer.size, layer.opacity) for layer in layers]
    rows += [(0.0, 1.0, 0.0, 0.0)] * (_LAYERS - len(layers))
    for lamp in lamps:
        axis = np.zeros(3) if lamp.direction is None else np.asarray(lamp.direction, np.float64)
        axis = axis / max(float(np.linalg.norm(axis)), 1e-9)
        cone = 0.0 if lamp.direction is None else min(lamp.cone, 0.49 * math.pi)
        rows += [(*lamp.position, lamp.reach), (*lamp.colour, lamp.beam), (*axis, cone)]
    rows += [(0.0, 0.0, 0.0, 0.0)] * (3 * (_LAMPS - len(lamps)))
    rows.append((float(len(lamps)), 0.0, 0.0, 0.0))
    return np.array(rows, np.float32).tobytes()
