"""What shines on a stage: the sky gathered for ambient light and mirrors, the lamps, the shadow maps' places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import wgpu

from vitascope.render.gpu import LIGHT_FORMAT, Gpu
from vitascope.render.region import Region
from vitascope.render.screen import screen_pass
from vitascope.render.shadows import ShadowMap, shadow_rows
from vitascope.world.stage import PointLight

__all__ = ["LAMP_LIMIT", "LIGHTS_BYTES", "Environment", "LampTiles", "lights_bytes"]

LAMP_LIMIT = 16
LIGHTS_BYTES = 3 * 64 + 3 * 16 + 16 + LAMP_LIMIT * 48
_CELLS = 24
_TILE = 32
"""Pixels a side, as in shade.wgsl and lamp_tiles.wgsl."""
_ENTRIES = ("dome_fragment", "glossy_fragment", "rough_fragment", "matt_fragment")


class Environment:
    """Octahedral pictures of the sky (layers: as it is, glossy, rough, matt), drawn again when the sky changes."""

    def __init__(self, gpu: Gpu) -> None:
        self._gpu = gpu
        texture = gpu.texture((_CELLS, _CELLS, len(_ENTRIES)), LIGHT_FORMAT, copy=True)
        self._layers = [
            texture.create_view(dimension="2d", base_array_layer=i, array_layer_count=1) for i in range(len(_ENTRIES))
        ]
        self.view = texture.create_view(dimension="2d-array")
        layout = gpu.layout("texel")
        module = gpu.shader("environment.wgsl")
        self._pipelines = [
            gpu.screen_pipeline(module, entry, [LIGHT_FORMAT], [layout] if i else [])
            for i, entry in enumerate(_ENTRIES)
        ]
        self._source = gpu.bind(layout, self._layers[0])
        self._drawn: bytes | None = None

    def encode(self, encoder: wgpu.GPUCommandEncoder, frame_group: wgpu.GPUBindGroup, key: bytes) -> None:
        """Gather the sky again unless `key` (everything that it depends on) is that of the last time."""
        if key == self._drawn:
            return
        self._drawn = key
        for i, pipeline in enumerate(self._pipelines):
            render_pass = encoder.begin_render_pass(
                color_attachments=[{"view": self._layers[i], "load_op": "clear", "store_op": "store"}]
            )
            render_pass.set_pipeline(pipeline)
            render_pass.set_bind_group(0, frame_group)
            if i:
                render_pass.set_bind_group(1, self._source)
            render_pass.draw(3)
            render_pass.end()


class LampTiles:
    """A picture with one texel for each tile of 32 pixels: the bits of the lamps that reach what is seen there."""

    def __init__(
        self,
        gpu: Gpu,
        size: tuple[int, int],
        stage_layout: wgpu.GPUBindGroupLayout,
        openness: wgpu.GPUTextureView,
        shadows: tuple[wgpu.GPUBindGroupLayout, wgpu.GPUBindGroup],
    ) -> None:
        self.view = gpu.texture([-(-side // _TILE) for side in size], "r32uint").create_view()
        layout = gpu.layout("texel")
        self._pipeline = gpu.screen_pipeline(
            gpu.shader("lamp_tiles.wgsl", {"MOVING": False}),
            "lamp_tiles_fragment",
            ["r32uint"],
            [stage_layout, layout, shadows[0]],
        )
        self._group, self._shadow_group = gpu.bind(layout, openness), shadows[1]

    @staticmethod
    def tiles(region: Region, size: tuple[int, int]) -> Region:
        """The pixels of all tiles that a region of a picture of `size` touches: what the occlusion must be known of."""
        return region.aligned(_TILE, size)

    def encode(
        self,
        encoder: wgpu.GPUCommandEncoder,
        frame_group: wgpu.GPUBindGroup,
        stage_group: wgpu.GPUBindGroup,
        region: Region,
    ) -> None:
        """Find the lamps of each tile that `region` touches; call after the occlusion, which knows the distances."""
        groups = [frame_group, stage_group, self._group, self._shadow_group]
        screen_pass(encoder, self.view, self._pipeline, groups, region=region.coarse(_TILE))


def lights_bytes(
    maps: Sequence[ShadowMap],
    lamps: Sequence[PointLight],
    eye: np.ndarray,
    planes: np.ndarray,
    focus: tuple[float, float, float],
) -> bytes:
    """The uniform `Lights` of shadow_maps.wgsl.

    Lamps whose reach lies outside `planes` (P, 4) are left out; of more than `LAMP_LIMIT` the strongest at the camera stay.
    First of them comes the strongest at `focus`, the only one that throws a shadow.
    """
    near = [lamp for lamp in lamps if (planes[:, :3] @ np.asarray(lamp.position) + planes[:, 3] > -lamp.reach).all()]
    ranked = sorted(near, key=lambda lamp: -_weight(lamp, eye))[:LAMP_LIMIT]
    ranked.sort(key=lambda lamp: -_weight(lamp, np.asarray(focus)))
    rows = np.zeros((LAMP_LIMIT * 3, 4), np.float32)
    for i, lamp in enumerate(ranked):
        direction = np.zeros(3) if lamp.direction is None else np.asarray(lamp.direction, np.float64)
        direction = direction / max(float(np.linalg.norm(direction)), 1e-9)
        rows[3 * i] = (*lamp.position, lamp.reach)
        rows[3 * i + 1] = (*lamp.colour, -2.0 if lamp.direction is None else np.cos(lamp.cone))
        rows[3 * i + 2] = (*direction, lamp.size)
    head = np.concatenate(shadow_rows(maps)).astype(np.float32).tobytes()
    return head + np.array([len(ranked), 0, 0, 0], np.uint32).tobytes() + rows.tobytes()


def _weight(lamp: PointLight, point: np.ndarray) -> float:
    distance = float(np.linalg.norm(np.asarray(lamp.position) - point))
    return max(lamp.colour) * lamp.reach**2 / (1.0 + distance**2)
