"""Stage and time to picture: owns the targets and the order of the passes."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import wgpu

from vitascope.render.frame import FRAME_BYTES, FrameState, frame_state
from vitascope.render.geometry import GEOMETRY_FORMATS, DrawList, Geometry, GeometryPipelines, draw, sphere_planes
from vitascope.render.gpu import DEPTH_FORMAT, LIGHT_FORMAT, Gpu
from vitascope.render.lighting import Environment, lights_bytes
from vitascope.render.occlusion import OcclusionPass
from vitascope.render.screen import screen_pass
from vitascope.render.shading import GeometryBuffer, Shading, class_areas
from vitascope.render.shadows import Shadows
from vitascope.render.sky import SKY_BYTES, pack_sky
from vitascope.render.surfaces import SurfaceTable
from vitascope.world.stage import Stage

__all__ = ["Frame", "Renderer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One picture. Passes are None unless they were asked for."""

    colour: np.ndarray
    """(H, W, 3) uint8 sRGB."""
    depth: np.ndarray | None = None
    """(H, W) float32, metres along the view axis, inf where there is only sky."""
    ids: np.ndarray | None = None
    """(H, W) uint16, subject ids: 0 the set, i + 1 the i-th subject."""
    motion: np.ndarray | None = None
    """(H, W, 2) float32, pixels from here to where the same point was one frame before (x right, y down)."""


class Renderer:
    """Draws one stage at one size. `size` is (width, height); `supersample` 1, 1.5 or 2 draws that much finer."""

    def __init__(
        self, stage: Stage, size: tuple[int, int], *, fps: float, supersample: float = 1.0, adapter: str | None = None
    ) -> None:
        self._stage, self._size, self._fps = stage, size, float(fps)
        self._drawn = (round(size[0] * supersample), round(size[1] * supersample))
        self._gpu = gpu = Gpu(adapter)
        self._frame_buffer = gpu.buffer(FRAME_BYTES, "uniform")
        self._sky_buffer = gpu.buffer(SKY_BYTES, "uniform")
        self._frame_group = gpu.bind(gpu.frame_layout, self._frame_buffer, self._sky_buffer)
        self._surfaces = SurfaceTable(gpu, stage)
        self._geometry = Geometry(gpu, stage, self._surfaces)
        self._shadows = Shadows(gpu, stage, self._geometry)
        self._environment = Environment(gpu)
        self._laps: list[tuple[str, float]] | None = None
        self._make_targets()
        self._make_pipelines()

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the memory on the device."""
        self._gpu.close()

    def draw(self, t: float, passes: Collection[str] = ()) -> Frame:
        """The picture at `t` [s]. `passes` may name "depth", "ids" and "motion"."""
        self._encode(t)
        width, height = self._size
        raw = self._gpu.queue.read_texture(
            {"texture": self._final}, {"bytes_per_row": width * 4, "rows_per_image": height}, (width, height, 1)
        )
        return Frame(colour=np.frombuffer(raw, np.uint8).reshape(height, width, 4)[:, :, :3].copy())

    def frames(self, times: Iterable[float]) -> Iterator[Frame]:
        """The pictures at `times` in order."""
        for t in times:
            yield self.draw(t)

    def _make_targets(self) -> None:
        gpu, size = self._gpu, self._drawn
        self._where, self._what = (gpu.texture(size, f) for f in GEOMETRY_FORMATS)
        self._depth = gpu.texture(size, DEPTH_FORMAT)
        self._light = gpu.texture(size, LIGHT_FORMAT, copy=True)
        self._lit_copy = gpu.texture(size, LIGHT_FORMAT, copy=True)
        self._final = gpu.texture(self._size, "rgba8unorm", copy=True)
        self._lights_buffer = gpu.buffer(3 * 64 + 3 * 16 + 16 + 16 * 48, "uniform")
        buffer = GeometryBuffer(
            size=size, where=self._where.create_view(), what=self._what.create_view(), depth=self._depth.create_view()
        )
        self._occlusion = OcclusionPass(gpu, size, self._geometry.layout, buffer.what, buffer.depth)
        self._shading = Shading(
            gpu, buffer, self._geometry, self._surfaces, self._constants(),
            [
                self._occlusion.view, self._environment.view, gpu.sampler(), *self._shadows.views,
                gpu.sampler(compare="less-equal"), self._lights_buffer,
            ],
        )  # fmt: skip

    def _make_pipelines(self) -> None:
        gpu = self._gpu
        self._geometry_pipelines = GeometryPipelines(
            gpu, gpu.shader("geometry.wgsl"), [self._geometry.layout, gpu.layout("uniform")], vertex="vertex",
            fragment={"entry_point": "geometry_fragment", "targets": [{"format": f} for f in GEOMETRY_FORMATS]},
            depth={"format": DEPTH_FORMAT, "depth_compare": "greater", "depth_write_enabled": True},
        )  # fmt: skip
        layout = gpu.layout("texture", "sampler")
        self._finish_pipeline = gpu.screen_pipeline(
            gpu.shader("finish.wgsl"), "finish_fragment", ["rgba8unorm"], [layout]
        )
        self._finish_group = gpu.bind(layout, self._light.create_view(), gpu.sampler())

    def _constants(self) -> dict[str, bool | int | float]:
        """What holds for the whole shot, for the shaders to be compiled without the rest."""
        moments = [self._stage.snapshot(self._stage.duration * k / 16) for k in range(17)]
        things = self._stage.things
        fixed = {
            "frame.misc.w": {float(m.air.underwater) for m in moments},
            "frame.air.w": {m.air.mist for m in moments},
            "sky.bodies.y": {float(m.sky.airless) for m in moments},
            "sky.plain.w": {float(m.sky.plain is not None) for m in moments},
        }
        return {
            **{name: values.pop() for name, values in fixed.items() if values in ({0.0}, {1.0})},
            "WET": any(m.air.wetness > 0 for m in moments),
            "SNOWY": any(m.air.snow_cover > 0 for m in moments),
            "UNDERWATER": any(m.air.underwater for m in moments),
            "LAMPS": any(m.lights for m in moments),
            "MOVING": any(thing.moving and thing.casts_shadow for thing in things),
        }

    def _encode(self, t: float) -> FrameState:
        gpu = self._gpu
        state = frame_state(self._stage, t, fps=self._fps, size=self._size, drawn=self._drawn, style_index=0)
        sky = pack_sky(state.snapshot.sky)
        eye = np.asarray(state.snapshot.lens.world_from_camera, np.float64)[:3, 3]
        placed = self._geometry.place(t, t - 1.0 / self._fps)
        planes = sphere_planes(state.view_proj)
        seen = self._geometry.list_of([*self._geometry.still, *placed], planes, eye)
        maps = self._shadows.prepare(state.snapshot.sky.sun_direction, placed, planes)
        self._geometry.upload_lists()
        gpu.queue.write_buffer(self._frame_buffer, 0, state.uniform)
        gpu.queue.write_buffer(self._sky_buffer, 0, sky)
        gpu.queue.write_buffer(self._lights_buffer, 0, lights_bytes(maps, state.snapshot.lights, eye))
        for name, encode in self._steps(state, sky, seen):
            encoder = gpu.device.create_command_encoder()
            encode(encoder)
            gpu.queue.submit([encoder.finish()])
            if self._laps is not None:
                gpu.finish()
                self._laps.append((name, time.perf_counter()))
        return state

    def _steps(self, state: FrameState, sky: bytes, seen: DrawList) -> list[tuple[str, Callable]]:
        frame, stage = self._frame_group, self._geometry.group
        areas = class_areas(self._surfaces, seen.seen, state.view_proj, self._drawn)
        return [
            ("sky light", lambda e: self._environment.encode(e, frame, sky)),
            ("shadows", lambda e: self._shadows.encode(e, frame)),
            ("geometry", lambda e: self._encode_geometry(e, seen)),
            ("occlusion", lambda e: self._occlusion.encode(e, frame, stage)),
            ("surfaces", lambda e: self._shading.encode_surfaces(e, frame, areas)),
            ("light", lambda e: self._shading.encode_light(e, frame, areas, self._light.create_view())),
            (
                "finish",
                lambda e: screen_pass(e, self._final.create_view(), self._finish_pipeline, [frame, self._finish_group]),
            ),
        ]

    def profile(self, t: float) -> dict[str, float]:
        """Milliseconds of each step of one frame, each waited for on its own (slower in sum than `draw`)."""
        self._gpu.finish()
        self._laps = [("", time.perf_counter())]
        self.draw(t)
        laps = [*self._laps, ("read back", time.perf_counter())]
        self._laps = None
        return {name: (now - before) * 1e3 for (_, before), (name, now) in pairwise(laps)}

    def _encode_geometry(self, encoder: wgpu.GPUCommandEncoder, seen: DrawList) -> None:
        render_pass = encoder.begin_render_pass(
            color_attachments=[
                {"view": t.create_view(), "load_op": "clear", "store_op": "store", "clear_value": (0, 0, 0, 0)}
                for t in (self._where, self._what)
            ],
            depth_stencil_attachment={
                "view": self._depth.create_view(), "depth_clear_value": 0.0, "depth_load_op": "clear",
                "depth_store_op": "store",
            },
        )  # fmt: skip
        render_pass.set_bind_group(0, self._frame_group)
        render_pass.set_bind_group(1, self._geometry.group)
        render_pass.set_bind_group(2, self._shadows.idle_group)
        draw(render_pass, self._geometry, self._geometry_pipelines, seen)
        render_pass.end()
