"""From the geometry buffer to light: pixels are sorted by class of material, each class is drawn by its own small shader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import wgpu

from vitascope.render.bounds import clip_box, corners_of, region_of
from vitascope.render.geometry import DrawList, Geometry, GeometryPipelines, draw
from vitascope.render.gpu import DEPTH_FORMAT, LIGHT_FORMAT, Gpu
from vitascope.render.region import Region
from vitascope.render.surfaces import SurfaceTable

__all__ = ["QUAD", "ClassArea", "GeometryBuffer", "Shading", "class_areas", "within"]

QUAD = 2
"""Side of the squares of pixels that are drawn together: materials differ from pixel to pixel by slopes within one."""

_CLASS_FORMAT = "depth32float"
_NO_CLASS = 255
"""Lies between the matt classes and the glossy ones, as in frame.wgsl."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeometryBuffer:
    """Views of what the geometry pass draws, and the picture's size."""

    size: tuple[int, int]
    where: wgpu.GPUTextureView
    what: wgpu.GPUTextureView
    depth: wgpu.GPUTextureView


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassArea:
    """A class of materials that is in the picture, and the pixels that hold it."""

    number: int
    region: Region


class Shading:
    """Classes, materials, then light: `encode_surfaces` and `encode_light`, in this order, after the occlusion."""

    def __init__(
        self,
        gpu: Gpu,
        buffer: GeometryBuffer,
        geometry: Geometry,
        table: SurfaceTable,
        constants: Mapping[str, bool | int | float],
        light_resources: Sequence,
        shadows: tuple[wgpu.GPUBindGroupLayout, wgpu.GPUBindGroup],
    ) -> None:
        self._gpu, self._buffer, self._geometry, self._table = gpu, buffer, geometry, table
        self._constants = dict(constants)
        self._classes = gpu.texture(buffer.size, _CLASS_FORMAT).create_view()
        self._lit = gpu.texture(buffer.size, "rgba32uint").create_view()
        stage = geometry.layout
        classify_layout = gpu.layout("utexel", "depth")
        self._classify = gpu.screen_pipeline(
            gpu.shader("classify.wgsl"), "classify_fragment", [], [stage, classify_layout],
            depth=(_CLASS_FORMAT, "always", True),
        )  # fmt: skip
        self._classify_group = gpu.bind(classify_layout, buffer.where, buffer.depth)
        self._surface_layout = gpu.layout("utexel", "utexel", "depth")
        self._surface_group = gpu.bind(self._surface_layout, buffer.where, buffer.what, buffer.depth)
        self._surface_pipelines: dict[int, wgpu.GPURenderPipeline] = {}
        self._light_layout = gpu.layout("utexel", "utexel", "depth", "texel", "array", "sampler", "utexel")
        self._shadow_layout, self._shadow_group = shadows
        self._light_group = gpu.bind(self._light_layout, self._lit, buffer.what, buffer.depth, *light_resources)
        self._light_pipelines: dict[bool, wgpu.GPURenderPipeline] = {}
        self._clear: GeometryPipelines | None = None

    def encode_surfaces(
        self,
        encoder: wgpu.GPUCommandEncoder,
        frame_group: wgpu.GPUBindGroup,
        areas: Sequence[ClassArea],
        region: Region,
    ) -> None:
        """Sort the pixels of `region` by class and write the material of each."""
        sort = encoder.begin_render_pass(
            color_attachments=[],
            depth_stencil_attachment={
                "view": self._classes, "depth_clear_value": 0.0, "depth_load_op": "clear", "depth_store_op": "store",
            },
        )  # fmt: skip
        sort.set_pipeline(self._classify)
        for i, group in enumerate((frame_group, self._geometry.group, self._classify_group)):
            sort.set_bind_group(i, group)
        sort.set_scissor_rect(*region)
        sort.draw(3)
        sort.end()
        surfaces = self._class_pass(encoder, self._lit, frame_group, self._surface_group)
        for area in areas:
            surfaces.set_pipeline(self._surface_pipeline(area.number))
            surfaces.set_scissor_rect(*area.region)
            surfaces.draw(3, 1, 0, self._table.place_of(area.number))
        surfaces.end()

    def encode_clear(
        self,
        encoder: wgpu.GPUCommandEncoder,
        frame_group: wgpu.GPUBindGroup,
        listed: DrawList,
        target: wgpu.GPUTextureView,
    ) -> None:
        """Draw what lets light through over `target`, in the order of `listed`."""
        render_pass = encoder.begin_render_pass(
            color_attachments=[{"view": target, "load_op": "load", "store_op": "store"}],
            depth_stencil_attachment={"view": self._buffer.depth, "depth_read_only": True},
        )
        for i, bound in enumerate((frame_group, self._geometry.group, self._light_group, self._shadow_group)):
            render_pass.set_bind_group(i, bound)
        draw(render_pass, self._geometry, self._clear_pipelines(), listed)
        render_pass.end()

    def encode_light(
        self,
        encoder: wgpu.GPUCommandEncoder,
        frame_group: wgpu.GPUBindGroup,
        areas: Sequence[ClassArea],
        target: wgpu.GPUTextureView,
        *,
        load: bool,
    ) -> None:
        """Light the materials into `target`; `load` keeps what is there besides."""
        light = self._class_pass(encoder, target, frame_group, self._light_group, load=load)
        for glossy in (False, True):
            lit = [area.region for area in areas if self._table.classes[area.number].glossy == glossy]
            if lit:
                light.set_pipeline(self._light_pipeline(glossy))
                light.set_scissor_rect(*Region.around(lit))
                light.draw(3, 1, 0, _NO_CLASS)
        light.end()

    def _class_pass(
        self,
        encoder: wgpu.GPUCommandEncoder,
        target: wgpu.GPUTextureView,
        frame_group: wgpu.GPUBindGroup,
        group: wgpu.GPUBindGroup,
        *,
        load: bool = False,
    ) -> wgpu.GPURenderPassEncoder:
        render_pass = encoder.begin_render_pass(
            color_attachments=[{"view": target, "load_op": "load" if load else "clear", "store_op": "store"}],
            depth_stencil_attachment={"view": self._classes, "depth_read_only": True},
        )
        for i, bound in enumerate((frame_group, self._geometry.group, group, self._shadow_group)):
            render_pass.set_bind_group(i, bound)
        return render_pass

    def _surface_pipeline(self, number: int) -> wgpu.GPURenderPipeline:
        if number not in self._surface_pipelines:
            module = self._gpu.shader(
                "surface_pass.wgsl", {**self._constants, **self._table.classes[number].constants()}
            )
            self._surface_pipelines[number] = self._gpu.screen_pipeline(
                module, "surface_fragment", ["rgba32uint"], [self._geometry.layout, self._surface_layout, self._shadow_layout],
                depth=(_CLASS_FORMAT, "equal", False), vertex="class_vertex",
            )  # fmt: skip
        return self._surface_pipelines[number]

    def _clear_pipelines(self) -> GeometryPipelines:
        if self._clear is None:
            module = self._gpu.shader(
                "glass.wgsl", {**self._constants, **self._table.clear.constants(), "GLOSSY": True}
            )
            over = {"src_factor": "one", "dst_factor": "one-minus-src-alpha", "operation": "add"}
            target = {"format": LIGHT_FORMAT, "blend": {"color": over, "alpha": over}}
            self._clear = GeometryPipelines(
                self._gpu, module, [self._geometry.layout, self._light_layout, self._shadow_layout], vertex="vertex",
                fragment={"entry_point": "glass_fragment", "targets": [target]},
                depth={"format": DEPTH_FORMAT, "depth_compare": "greater-equal", "depth_write_enabled": False},
            )  # fmt: skip
        return self._clear

    def _light_pipeline(self, glossy: bool) -> wgpu.GPURenderPipeline:
        if glossy not in self._light_pipelines:
            module = self._gpu.shader("shade.wgsl", {**self._constants, "GLOSSY": glossy})
            self._light_pipelines[glossy] = self._gpu.screen_pipeline(
                module, "shade_fragment", [LIGHT_FORMAT], [self._geometry.layout, self._light_layout, self._shadow_layout],
                depth=(_CLASS_FORMAT, "less" if glossy else "greater", False), vertex="class_vertex",
            )  # fmt: skip
        return self._light_pipelines[glossy]


def class_areas(
    table: SurfaceTable, seen: Sequence[tuple[int, np.ndarray]], view_proj: np.ndarray, size: tuple[int, int]
) -> list[ClassArea]:
    """The classes of things that are seen (number of the thing, spheres (K, 4)) and where they can be, by number."""
    boxes: dict[int, np.ndarray] = {}
    for thing, spheres in seen:
        box = clip_box(corners_of(spheres), view_proj)
        for number in table.of_thing[thing]:
            known = boxes.get(number, box)
            boxes[number] = np.array([*np.minimum(known[:2], box[:2]), *np.maximum(known[2:], box[2:])])
    regions = {number: region_of(box, size).aligned(QUAD, size) for number, box in sorted(boxes.items())}
    return [ClassArea(number=number, region=region) for number, region in regions.items() if not region.empty]


def within(areas: Sequence[ClassArea], region: Region) -> list[ClassArea]:
    """What of some areas lies in a region."""
    parts = [replace(area, region=area.region.common(region)) for area in areas]
    return [part for part in parts if not part.region.empty]
