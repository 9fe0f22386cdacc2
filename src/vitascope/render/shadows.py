"""Shadow maps of the key light: two drawn once per direction for what stands still, one each frame for what moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import wgpu

from vitascope.render.geometry import DrawList, Geometry, GeometryPipelines, Placed, box_planes, draw
from vitascope.render.gpu import Gpu
from vitascope.world.stage import Stage

__all__ = ["ShadowMap", "Shadows", "shadow_rows"]

_DEPTH = 2400.0
"""Metres of depth that a map covers along the light."""
_MAP_FORMAT = "depth32float"
_MOVING_RADIUS = 60.0
_LEAN = 25.0
"""Metres from the picture's edge within which a moving thing may still throw its shadow into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowMap:
    """Where a map looks: texture_from_world (4, 4), metres a texel, metres of depth, whether anything is drawn."""

    texture_from_world: np.ndarray
    texel: float
    drawn: bool
    side: int


class Shadows:
    """Three maps in order near, wide, moving; `views` to sample them, `prepare` and `encode` to draw."""

    def __init__(self, gpu: Gpu, stage: Stage, geometry: Geometry) -> None:
        self._gpu, self._stage, self._geometry = gpu, stage, geometry
        self._sides = (2048, 2048, 1024)
        still = gpu.texture((self._sides[0], self._sides[0], 2), _MAP_FORMAT)
        moving = gpu.texture((self._sides[2], self._sides[2], 1), _MAP_FORMAT)
        self.views = [texture.create_view(dimension="2d-array") for texture in (still, moving)]
        """Arrays to sample: near and wide, moving."""
        self._layers = [
            texture.create_view(dimension="2d", base_array_layer=layer, array_layer_count=1)
            for texture, layer in ((still, 0), (still, 1), (moving, 0))
        ]
        layout = gpu.layout("uniform")
        self._uniforms = [gpu.buffer(80, "uniform") for _ in self._sides]
        self._groups = [gpu.bind(layout, buffer) for buffer in self._uniforms]
        self._pipelines = GeometryPipelines(
            gpu, gpu.shader("shadow.wgsl"), [geometry.layout, layout], vertex="shadow", fragment=None,
            depth={
                "format": _MAP_FORMAT, "depth_compare": "less", "depth_write_enabled": True,
                "depth_bias": 2, "depth_bias_slope_scale": 1.5,
            },
        )  # fmt: skip
        self.idle_group = self._groups[0]
        """Any of the maps' uniforms, for pipelines that share the layout but draw no map."""
        self._direction: tuple | None = None
        self._static: list[ShadowMap] = []
        self._lists: list[tuple[int, DrawList]] = []

    def prepare(self, sun: Sequence[float], placed: Sequence[Placed], planes: np.ndarray) -> list[ShadowMap]:
        """Choose what each map covers and list what must be drawn; call before `Geometry.upload_lists`."""
        self._lists = []
        direction = np.asarray(sun, np.float64)
        direction = direction / max(float(np.linalg.norm(direction)), 1e-9)
        moving = [p for p in placed if p.thing.casts_shadow and p.thing.moving]
        still = [p for p in (*self._geometry.still, *placed) if p.thing.casts_shadow and not p.thing.moving]
        if self._direction != tuple(direction):
            self._direction = tuple(direction)
            focus, reach = np.asarray(self._stage.focus, np.float64), float(self._stage.reach)
            near = float(np.clip(reach * 1.15, 5.0, 60.0))
            wide = float(np.clip(reach * 7.0, 120.0, 320.0))
            self._static = [self._map(i, direction, focus, radius, still) for i, radius in enumerate((near, wide))]
        centre, radius = _around(moving, planes)
        if radius > 0.0:
            return [*self._static, self._map(2, direction, centre, radius, moving)]
        return [*self._static, ShadowMap(texture_from_world=np.eye(4), texel=1.0, drawn=False, side=self._sides[2])]

    def encode(self, encoder: wgpu.GPUCommandEncoder, frame_group: wgpu.GPUBindGroup, **timing) -> None:
        """Draw the maps that `prepare` found stale."""
        for index, listed in self._lists:
            render_pass = encoder.begin_render_pass(
                color_attachments=[],
                depth_stencil_attachment={
                    "view": self._layers[index], "depth_clear_value": 1.0, "depth_load_op": "clear",
                    "depth_store_op": "store",
                },
                **(timing if index == 2 else {}),
            )  # fmt: skip
            render_pass.set_bind_group(0, frame_group)
            render_pass.set_bind_group(1, self._geometry.group)
            render_pass.set_bind_group(2, self._groups[index])
            draw(render_pass, self._geometry, self._pipelines, listed)
            render_pass.end()

    def _map(
        self, index: int, sun: np.ndarray, centre: np.ndarray, radius: float, casters: Sequence[Placed]
    ) -> ShadowMap:
        matrix = _light_view(sun, centre, radius, self._sides[index])
        sway = np.array([1.0 if index == 2 else 0.0, 0, 0, 0], np.float32)
        self._gpu.queue.write_buffer(self._uniforms[index], 0, matrix.T.astype(np.float32).tobytes() + sway.tobytes())
        self._lists.append((index, self._geometry.list_of(casters, box_planes(matrix), None)))
        to_texture = np.array([[0.5, 0, 0, 0.5], [0, -0.5, 0, 0.5], [0, 0, 1, 0], [0, 0, 0, 1]])
        side = self._sides[index]
        return ShadowMap(texture_from_world=to_texture @ matrix, texel=2 * radius / side, drawn=True, side=side)


def shadow_rows(maps: Sequence[ShadowMap]) -> list[np.ndarray]:
    """The matrices and facts of three maps as the first rows of the uniform `Lights` of light.wgsl."""
    matrices = [m.texture_from_world.T.ravel() for m in maps]
    facts = [np.array([m.texel, _DEPTH, float(m.drawn), m.side]) for m in maps]
    return [*matrices, *facts]


def _light_view(sun: np.ndarray, centre: np.ndarray, radius: float, side: int) -> np.ndarray:
    """(4, 4) clip_from_world of a map that looks along the light, moved to whole texels so that edges do not crawl."""
    helper = np.array([0.0, 1.0, 0.0]) if abs(sun[1]) < 0.99 else np.array([0.0, 0.0, 1.0])
    right = np.cross(helper, sun)
    right /= np.linalg.norm(right)
    up = np.cross(sun, right)
    texel = 2.0 * radius / side
    x, y = (np.round(axis @ centre / texel) * texel for axis in (right, up))
    z = sun @ centre
    return np.array(
        [
            [*(right / radius), -x / radius],
            [*(up / radius), -y / radius],
            [*(-sun / _DEPTH), z / _DEPTH + 0.5],
            [0, 0, 0, 1],
        ]
    )


def _around(moving: Sequence[Placed], planes: np.ndarray) -> tuple[np.ndarray, float]:
    """(3,) centre and radius of a sphere round the moving things near the picture; radius in steps, 0 for none."""
    kept = []
    for item in moving:
        near = np.all(item.spheres[:, :3] @ planes[:, :3].T + planes[:, 3] > -item.spheres[:, 3:] - _LEAN, axis=1)
        kept.append(item.spheres[near])
    spheres = np.concatenate(kept) if kept else np.zeros((0, 4))
    if len(spheres) == 0:
        return np.zeros(3), 0.0
    size = np.minimum(spheres[:, 3:], _MOVING_RADIUS / 4)
    low, high = (spheres[:, :3] - size).min(0), (spheres[:, :3] + size).max(0)
    radius = float(np.linalg.norm(high - low)) / 2
    return (low + high) / 2, float(min(2.0 ** (np.ceil(np.log2(max(radius, 0.5)) * 2) / 2), _MOVING_RADIUS))
