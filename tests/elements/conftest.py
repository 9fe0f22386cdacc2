"""A device, targets and moments without anything in them but sky, water and weather."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vitascope import film
from vitascope.render.clouds import CloudPass
from vitascope.render.frame import FRAME_BYTES, Targets, frame_state
from vitascope.render.gpu import DEPTH_FORMAT, LIGHT_FORMAT, Gpu
from vitascope.render.region import Region
from vitascope.render.sky import SKY_BYTES, pack_sky
from vitascope.render.water import WaterPass
from vitascope.render.weather import WeatherPass
from vitascope.world import climate, daylight
from vitascope.world.soundscape import Soundscape
from vitascope.world.stage import Lens, Snapshot, Stage

SIZE = (160, 90)


def lens_at(height, tilt=0.0):
    """A camera at `height` [m] that looks along -z, `tilt` degrees up."""
    c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    matrix = np.array([[1, 0, 0, 0], [0, c, -s, height], [0, s, c, 0], [0, 0, 0, 1]], np.float64)
    return Lens(world_from_camera=matrix, fov_y=np.radians(50.0))


def empty_stage(set_, *, height=2.0, tilt=6.0, water=None, traits=None, **changes):
    """An empty stage under the sky of a set; `changes` replace fields of its snapshots."""
    traits = traits or {}

    def snapshot(t):
        sky = daylight.sky_at(set_, film.Light(), t, t, place_traits=traits)
        air = climate.air_at(set_, sky, t, t, place_traits=traits)
        exposure = daylight.exposure_for(sky, film.Light(), place_traits=traits)
        now = Snapshot(time=t, world_time=t, lens=lens_at(height, tilt), sky=sky, air=air, exposure=exposure)
        return replace(now, **changes)

    return Stage(
        name="empty", duration=1000.0, things=(), snapshot=snapshot, water=water,
        soundscape=lambda: Soundscape(duration=1.0, listener=None),  # type: ignore[arg-type]
    )  # fmt: skip


class Studio:
    """Draws the elements of a stage into a small picture."""

    def __init__(self):
        self.gpu = Gpu()
        self.light = self.gpu.texture(SIZE, LIGHT_FORMAT, copy=True)
        self.copy = self.gpu.texture(SIZE, LIGHT_FORMAT, copy=True)
        self.depth = self.gpu.texture(SIZE, DEPTH_FORMAT)
        self.frame_buffer = self.gpu.buffer(FRAME_BYTES, "uniform")
        self.sky_buffer = self.gpu.buffer(SKY_BYTES, "uniform")
        self.targets = Targets(
            size=SIZE, light=self.light.create_view(), lit_copy=self.copy.create_view(),
            depth=self.depth.create_view(),
            frame_group=self.gpu.bind(self.gpu.frame_layout, self.frame_buffer, self.sky_buffer),
        )  # fmt: skip
        self.clouds = CloudPass(self.gpu)

    def picture(self, stage, t):
        """(H, W, 3) float32 of sky, water and weather at `t`, multiplied by the exposure."""
        state = self._begin(stage, t)
        encoder = self.gpu.device.create_command_encoder()
        self.clouds.encode(encoder, self.targets, state, Region.whole(SIZE))
        if stage.water is not None:
            encoder.copy_texture_to_texture({"texture": self.light}, {"texture": self.copy}, (*SIZE, 1))
            WaterPass(self.gpu, stage.water).encode(encoder, self.targets, state)
        WeatherPass(self.gpu, stage).encode(encoder, self.targets, state)
        self.gpu.queue.submit([encoder.finish()])
        raw = self.gpu.queue.read_texture(
            {"texture": self.light}, {"bytes_per_row": SIZE[0] * 8, "rows_per_image": SIZE[1]}, (*SIZE, 1)
        )
        pixels = np.frombuffer(raw, np.float16).reshape(SIZE[1], SIZE[0], 4)[:, :, :3].astype(np.float32)
        return pixels * state.snapshot.exposure

    def water_points(self, water, t):
        """(N, 3) points of the surface that is drawn, up to 15 m away."""
        stage = empty_stage(film.Set(place="sea"), height=3.5, tilt=-20.0, water=water)
        state = self._begin(stage, t)
        surface = WaterPass(self.gpu, water)
        encoder = self.gpu.device.create_command_encoder()
        surface.encode(encoder, self.targets, state)
        self.gpu.queue.submit([encoder.finish()])
        raw = self.gpu.queue.read_texture(
            {"texture": surface.depth.texture, "aspect": "depth-only"},
            {"bytes_per_row": SIZE[0] * 4, "rows_per_image": SIZE[1]}, (*SIZE, 1),
        )  # fmt: skip
        depth = np.frombuffer(raw, np.float32).reshape(SIZE[1], SIZE[0])
        row, column = np.nonzero(depth > state.snapshot.lens.near / 15.0)
        ndc = np.stack([(column + 0.5) / SIZE[0] * 2 - 1, 1 - (row + 0.5) / SIZE[1] * 2, depth[row, column]], axis=-1)
        point = np.concatenate([ndc, np.ones((len(ndc), 1))], axis=1) @ np.linalg.inv(state.view_proj).T
        return point[:, :3] / point[:, 3:]

    def _begin(self, stage, t):
        state = frame_state(stage, t, fps=24, size=SIZE, drawn=SIZE, style_index=0)
        self.gpu.queue.write_buffer(self.frame_buffer, 0, state.uniform)
        self.gpu.queue.write_buffer(self.sky_buffer, 0, pack_sky(state.snapshot.sky))
        encoder = self.gpu.device.create_command_encoder()
        encoder.begin_render_pass(
            color_attachments=[{"view": self.targets.light, "load_op": "clear", "store_op": "store"}],
            depth_stencil_attachment={
                "view": self.targets.depth, "depth_clear_value": 0.0, "depth_load_op": "clear",
                "depth_store_op": "store",
            },
        ).end()  # fmt: skip
        self.gpu.queue.submit([encoder.finish()])
        return state


@pytest.fixture(scope="session")
def studio():
    """One device for all tests of the elements."""
    return Studio()


@pytest.fixture(scope="session")
def stage_of():
    """The function that makes an empty stage under the sky of a set."""
    return empty_stage
