"""Stage and time to picture: owns the targets and the order of the passes."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import wgpu

from vitascope.render.clouds import CloudPass
from vitascope.render.frame import FRAME_BYTES, FrameState, Targets, fixed_constants, frame_state, moment_before
from vitascope.render.geometry import GEOMETRY_FORMATS, DrawList, Geometry, GeometryPipelines, draw, sphere_planes
from vitascope.render.gpu import DEPTH_FORMAT, LIGHT_FORMAT, Gpu, RenderError
from vitascope.render.lighting import LIGHTS_BYTES, Environment, LampTiles, lights_bytes
from vitascope.render.occlusion import OcclusionPass
from vitascope.render.outputs import Outputs, Wanted, wanted
from vitascope.render.plates import Kept, PlateUpload
from vitascope.render.post import Post
from vitascope.render.readback import Frame
from vitascope.render.region import Region
from vitascope.render.screen import Step
from vitascope.render.shading import QUAD, GeometryBuffer, Shading, class_areas, within
from vitascope.render.shadows import Shadows
from vitascope.render.sky import SKY_BYTES, pack_sky
from vitascope.render.streaks import is_mirror, mirrors_above
from vitascope.render.styles import style_named
from vitascope.render.surfaces import SurfaceTable
from vitascope.render.tone import Tone
from vitascope.render.water import WaterPass
from vitascope.render.weather import WeatherPass
from vitascope.world.stage import Stage

__all__ = ["Renderer"]

_SIDE_MAX = 8192


class Renderer:
    """Draws one stage at one size. `size` is (width, height); `supersample` 1, 1.5 or 2 draws that much finer.

    The same stage, adapter and time give the same bytes, in any order of times.
    """

    def __init__(
        self, stage: Stage, size: tuple[int, int], *, fps: float, supersample: float = 1.0, adapter: str | None = None
    ) -> None:
        drawn = (round(size[0] * supersample), round(size[1] * supersample))
        if min(size) < 1 or max(drawn) > _SIDE_MAX:
            raise RenderError(
                f"A picture of {size[0]}x{size[1]} at supersample {supersample} cannot be drawn; sides of 1 to {_SIDE_MAX} "
                "pixels after supersampling are allowed. Choose a smaller size."
            )
        self._stage, self._size, self._drawn, self._fps = stage, size, drawn, float(fps)
        self._style = style_named(stage.style)
        self._gpu = gpu = Gpu(adapter)
        self._laps: list[tuple[str, float]] | None = None
        self._frame_buffer = gpu.buffer(FRAME_BYTES, "uniform")
        self._sky_buffer = gpu.buffer(SKY_BYTES, "uniform")
        self._lights_buffer = gpu.buffer(LIGHTS_BYTES, "uniform")
        self._frame_group = gpu.bind(gpu.frame_layout, self._frame_buffer, self._sky_buffer)
        self._surfaces = SurfaceTable(gpu, stage)
        self._geometry = Geometry(gpu, stage, self._surfaces)
        self._shadows = Shadows(gpu, stage, self._geometry)
        self._environment = Environment(gpu)
        self._where, self._what = (gpu.texture(drawn, f).create_view() for f in GEOMETRY_FORMATS)
        self._depth = gpu.texture(drawn, DEPTH_FORMAT).create_view()
        self._light, self._lit_copy = (gpu.texture(drawn, LIGHT_FORMAT, copy=True) for _ in range(2))
        self._targets = Targets(
            size=drawn, light=self._light.create_view(), lit_copy=self._lit_copy.create_view(), depth=self._depth,
            frame_group=self._frame_group,
        )  # fmt: skip
        self._buffer = buffer = GeometryBuffer(size=drawn, where=self._where, what=self._what, depth=self._depth)
        self._geometry_pipelines = GeometryPipelines(
            gpu, gpu.shader("geometry.wgsl"), [self._geometry.layout, gpu.layout("uniform")], vertex="vertex",
            fragment={"entry_point": "geometry_fragment", "targets": [{"format": f} for f in GEOMETRY_FORMATS]},
            depth={"format": DEPTH_FORMAT, "depth_compare": "greater", "depth_write_enabled": True},
        )  # fmt: skip
        fixed = fixed_constants(stage)
        shadow_layout = gpu.layout("depths", "depths", "comparison", "uniform")
        shadows = (
            shadow_layout,
            gpu.bind(shadow_layout, *self._shadows.views, gpu.sampler(compare="less-equal"), self._lights_buffer),
        )
        self._occlusion = OcclusionPass(
            gpu,
            drawn,
            self._geometry.layout,
            self._what,
            self._depth,
            shadows,
            moving=bool(fixed["MOVING"]),
            lamps=bool(fixed["LAMPS"]),
        )
        self._lamp_tiles = LampTiles(gpu, drawn, self._geometry.layout, self._occlusion.view, shadows)
        self._lit_by_lamps = bool(fixed["LAMPS"])
        self._shading = Shading(
            gpu, buffer, self._geometry, self._surfaces, {**fixed, **self._style.constants()},
            [self._occlusion.view, self._environment.view, gpu.sampler(), self._lamp_tiles.view], shadows,
        )  # fmt: skip
        self._clouds = CloudPass(gpu)
        self._water = WaterPass(gpu, stage.water) if stage.water is not None else None
        self._weather = WeatherPass(gpu, stage)
        self._post = Post(
            gpu, buffer, self._geometry.layout, self._targets.light, self._targets.lit_copy, self._style, stage.look
        )
        self._tone = Tone(gpu, self._post.composed_view, drawn=drawn, size=size, style=self._style, look=stage.look)
        composed = self._post.composed, 4 if self._style.ink > 0 else 3
        self._outputs = Outputs(
            gpu, buffer, self._geometry.layout, colour=self._tone.final,
            plates={"light": (self._light, 3), "composed": composed},
        )  # fmt: skip
        self._upload = PlateUpload(gpu, self._light, name="light", channels=3)

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the memory on the device."""
        self._gpu.close()

    def draw(
        self, t: float, passes: Collection[str] = (), *, plates: Collection[str] = (), kept: Kept | None = None
    ) -> Frame:
        """The picture at `t` [s]. `passes` may name "depth", "ids" and "motion", `plates` "light" and "composed".

        Where another drawing has been `kept`, only its region is lit anew.
        """
        asked = wanted(passes, plates)
        self._gpu.queue.submit([self._record(t, 0, asked, kept)])
        return self._outputs.fetch(0, asked)

    def frames(
        self,
        times: Iterable[float],
        passes: Collection[str] = (),
        *,
        plates: Collection[str] = (),
        kept: Callable[[float], Kept | None] = lambda t: None,
    ) -> Iterator[Frame]:
        """The pictures at `times` in order, each as by `draw`; `kept` is asked at each time what there is to use again.

        While one picture is drawn the next is recorded and the last is handed out.
        """
        asked = wanted(passes, plates)
        drawing: int | None = None
        for number, t in enumerate(times):
            recorded = self._record(t, number % 2, asked, kept(t))
            if drawing is None:
                self._gpu.queue.submit([recorded])
            else:
                # Waiting takes all that was submitted: so the next frame may start only after the wait, and must at once.
                self._outputs.wait(drawing, asked)
                self._gpu.queue.submit([recorded])
                yield self._outputs.fetch(drawing, asked)
            drawing = number % 2
        if drawing is not None:
            yield self._outputs.fetch(drawing, asked)

    def profile(self, t: float, kept: Kept | None = None) -> dict[str, float]:
        """Milliseconds of each step of one frame, each waited for on its own (slower in sum than `draw`)."""
        self._gpu.finish()
        self._laps = [("", time.perf_counter())]
        self.draw(t, kept=kept)
        laps = [*self._laps, ("read back", time.perf_counter())]
        self._laps = None
        return {name: (now - before) * 1e3 for (_, before), (name, now) in pairwise(laps)}

    def _record(self, t: float, place: int, asked: Wanted, kept: Kept | None) -> wgpu.GPUCommandBuffer:
        """The commands that draw the moment `t` and copy it to the buffers of `place`; what they read is queued before them."""
        gpu = self._gpu
        again = None if kept is None else kept.again(self._drawn)
        if kept is not None:
            self._upload.write(kept.light)
        state = frame_state(
            self._stage, t, fps=self._fps, size=self._size, drawn=self._drawn, style_index=self._style.index
        )
        sky = pack_sky(state.snapshot.sky)
        eye = np.asarray(state.snapshot.lens.world_from_camera, np.float64)[:3, 3]
        placed = self._geometry.place(t, moment_before(t, self._fps))
        planes = sphere_planes(state.view_proj)
        seen = self._geometry.list_of([*self._geometry.still, *placed], planes, eye)
        clear = self._geometry.list_of([*self._geometry.still, *placed], planes, eye, clear=True)
        maps = self._shadows.prepare(state.snapshot.sky.sun_direction, placed, planes)
        self._geometry.upload_lists()
        gpu.queue.write_buffer(self._frame_buffer, 0, state.uniform)
        gpu.queue.write_buffer(self._sky_buffer, 0, sky)
        gpu.queue.write_buffer(
            self._lights_buffer, 0, lights_bytes(maps, state.snapshot.lights, eye, planes, self._stage.focus)
        )
        self._lap("place")
        encoder = gpu.device.create_command_encoder()
        for name, encode in [
            *self._lit_steps(state, seen, again),
            *([("keep", lambda e: self._outputs.encode_light(e, place, kept))] if "light" in asked.plates else []),
            *self._later_steps(state, clear, place, asked),
        ]:
            encode(encoder)
            if self._laps is not None:
                gpu.queue.submit([encoder.finish()])
                encoder = gpu.device.create_command_encoder()
                gpu.finish()
                self._lap(name)
        return encoder.finish()

    def _lit_steps(self, state: FrameState, seen: DrawList, again: Region | None) -> list[Step]:
        """Up to the plate "light": all that is solid, and the sky; only the region `again` where the rest is kept."""
        frame, stage, load = self._frame_group, self._geometry.group, again is not None
        region = Region.whole(self._drawn) if again is None else again
        steps: list[Step] = [
            ("sky light", lambda e: self._environment.encode(e, frame, _dome_key(state))),
            ("shadows", lambda e: self._shadows.encode(e, frame)),
            ("geometry", lambda e: self._encode_geometry(e, seen)),
        ]
        if region.empty:
            return steps
        reached = LampTiles.tiles(region, self._drawn) if self._lit_by_lamps else region
        known = mirrors_above(region, state.view_proj, self._drawn) if is_mirror(state.snapshot.air) else region
        known = known.aligned(QUAD, self._drawn)
        areas = class_areas(self._surfaces, seen.seen, state.view_proj, self._drawn)
        steps.append(("occlusion", lambda e: self._occlusion.encode(e, frame, stage, reached)))
        if self._lit_by_lamps:
            steps.append(("lamps", lambda e: self._lamp_tiles.encode(e, frame, stage, reached)))
        return [
            *steps,
            ("surfaces", lambda e: self._shading.encode_surfaces(e, frame, within(areas, known), known)),
            (
                "light",
                lambda e: self._shading.encode_light(e, frame, within(areas, region), self._targets.light, load=load),
            ),
            ("clouds", lambda e: self._clouds.encode(e, self._targets, state, region)),
        ]

    def _later_steps(self, state: FrameState, clear: DrawList, place: int, asked: Wanted) -> list[Step]:
        """From the plate "light" to copies of everything that is asked for."""
        frame, stage = self._frame_group, self._geometry.group
        moves = not np.array_equal(state.view_proj, state.previous_view_proj) or any(
            t.moving for t in self._stage.things
        )
        steps: list[Step] = []
        if self._water is not None:
            steps.append(("water", lambda e: self._encode_water(e, state)))
        if clear.calls:
            steps.append(("glass", lambda e: self._shading.encode_clear(e, frame, clear, self._targets.light)))
        return [
            *steps,
            ("weather", lambda e: self._weather.encode(e, self._targets, state)),
            *self._post.steps(frame, stage, state, moves),
            ("tone", lambda e: self._tone.encode_tone(e, frame)),
            ("smooth", lambda e: self._tone.encode_smooth(e, frame)),
            ("ids", lambda e: self._encode_geometry(e, clear, load=True) if asked.passes and clear.calls else None),
            ("copy", lambda e: self._outputs.encode(e, (frame, stage), place, asked)),
        ]

    def _encode_geometry(self, encoder: wgpu.GPUCommandEncoder, seen: DrawList, *, load: bool = False) -> None:
        start = "load" if load else "clear"
        render_pass = encoder.begin_render_pass(
            color_attachments=[
                {"view": view, "load_op": start, "store_op": "store", "clear_value": (0, 0, 0, 0)}
                for view in (self._where, self._what)
            ],
            depth_stencil_attachment={
                "view": self._depth, "depth_clear_value": 0.0, "depth_load_op": start, "depth_store_op": "store",
            },
        )  # fmt: skip
        for index, group in enumerate((self._frame_group, self._geometry.group, self._shadows.idle_group)):
            render_pass.set_bind_group(index, group)
        draw(render_pass, self._geometry, self._geometry_pipelines, seen)
        render_pass.end()

    def _encode_water(self, encoder: wgpu.GPUCommandEncoder, state: FrameState) -> None:
        assert self._water is not None
        encoder.copy_texture_to_texture({"texture": self._light}, {"texture": self._lit_copy}, (*self._drawn, 1))
        self._water.encode(encoder, self._targets, state)
        self._water.encode_surface(encoder, self._frame_group, self._buffer)

    def _lap(self, name: str) -> None:
        if self._laps is not None:
            self._laps.append((name, time.perf_counter()))


def _dome_key(state: FrameState) -> bytes:
    """Everything that the light of the dome depends on; the drift of clouds is no part of it."""
    snapshot = state.snapshot
    sky = pack_sky(replace(snapshot.sky, cloud_offset=(0.0, 0.0), bolt=None))
    rest = (
        *snapshot.air.colour,
        snapshot.flash,
        *snapshot.sky.sun_colour,
        snapshot.exposure,
        float(snapshot.air.underwater),
    )
    return sky + np.array(rest, np.float64).tobytes()
