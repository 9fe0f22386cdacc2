"""Starting early: the shaders that most shots need are compiled on a thread while the stage of a shot is still being built."""

from __future__ import annotations

import threading
from contextlib import suppress

import numpy as np

from vitascope.film import Film
from vitascope.render.gpu import starting
from vitascope.render.renderer import Renderer
from vitascope.world import climate, daylight
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.stage import Lens, Pose, Snapshot, Stage, Still, Thing

__all__ = ["warm_up"]


def warm_up(film: Film, index: int = 0) -> threading.Thread:
    """Start to compile, on a thread, what a stand-in for a shot needs: its style, size, sky and air over a few triangles.

    What the shot turns out not to need is lost work on a processor that would have been idle; pictures do not depend on it.
    A renderer that is made meanwhile waits for it. Where drawing fails nothing happens: that renderer will say why.
    """
    thread = threading.Thread(target=_draw_stand_in, args=(film, index), name="warm up")
    thread.start()
    return thread


def _draw_stand_in(film: Film, index: int) -> None:
    size = (film.size.width, film.size.height)
    with starting, suppress(Exception), Renderer(_stand_in(film, index), size, fps=float(film.fps)) as renderer:
        renderer.draw(0.0)


def _stand_in(film: Film, index: int) -> Stage:
    """A stage with the light of the shot and four triangles: rigid and skinned, with one and two sides, one of them moving."""
    shot = film.shots[index]
    sky = daylight.sky_at(shot.set, shot.light, 0.0, 0.0, place_traits={})
    air = climate.air_at(shot.set, sky, 0.0, 0.0, place_traits={})
    exposure = daylight.exposure_for(sky, shot.light, place_traits={})
    lens = Lens(world_from_camera=np.eye(4), fov_y=0.8)

    def snapshot(t: float) -> Snapshot:
        return Snapshot(time=t, world_time=t, lens=lens, sky=sky, air=air, exposure=exposure)

    def soundscape():
        raise AssertionError("a stand-in is silent")

    look: dict[str, float | str] = {
        "grain": shot.look.grain, "depth_of_field": shot.look.depth_of_field, "motion_blur": shot.look.motion_blur
    }  # fmt: skip
    return Stage(
        name="stand-in", duration=1.0, things=_triangles(), snapshot=snapshot, soundscape=soundscape,
        style=shot.look.style, look=look, reach=2.0, focus=(0.0, 0.0, -5.0),
    )  # fmt: skip


def _triangles() -> tuple[Thing, ...]:
    corners = np.array([[-1.0, -1.0, 0.0], [1.0, -1.0, 0.0], [0.0, 1.0, 0.0]])
    facing = np.tile([0.0, 0.0, 1.0], (3, 1))
    rigid = Mesh.of(corners, np.array([[0, 1, 2]]), normals=facing)
    place = np.eye(4, dtype=np.float32)
    place[2, 3] = -5.0
    bones = np.eye(4, dtype=np.float32)[None]
    skinned = Mesh.of(
        corners, np.array([[0, 1, 2]]), normals=facing,
        joints=np.zeros((3, 4), np.uint8), weights=np.tile(np.array([1.0, 0.0, 0.0, 0.0], np.float32), (3, 1)),
    )  # fmt: skip
    return tuple(
        Thing(
            name="triangle", mesh=mesh, materials=(Material(),), double_sided=double, moving=moving,
            motion=Still(Pose(transforms=place[None], joints=bones if mesh is skinned else None)), bounds_radius=1.5,
        )
        for mesh, double, moving in (
            (rigid, False, False), (rigid, True, False), (skinned, False, True), (skinned, True, True),
        )
    )  # fmt: skip
