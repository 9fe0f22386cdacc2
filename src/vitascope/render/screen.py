"""Passes that cover a whole picture with one triangle."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import wgpu

from vitascope.render.region import Region

__all__ = ["Step", "screen_pass"]

Step = tuple[str, Callable[[wgpu.GPUCommandEncoder], object]]
"""The name of a part of a frame and what records it."""


def screen_pass(
    encoder: wgpu.GPUCommandEncoder,
    target: wgpu.GPUTextureView,
    pipeline: wgpu.GPURenderPipeline,
    groups: Sequence[wgpu.GPUBindGroup],
    *,
    load: bool = False,
    region: Region | None = None,
) -> None:
    """Record one pass of `pipeline` over `target`, binding `groups` from 0; `load` keeps what is there.

    Only pixels of `region` are drawn where there is one.
    """
    render_pass = encoder.begin_render_pass(
        color_attachments=[{"view": target, "load_op": "load" if load else "clear", "store_op": "store"}]
    )
    render_pass.set_pipeline(pipeline)
    for index, group in enumerate(groups):
        render_pass.set_bind_group(index, group)
    if region is not None:
        render_pass.set_scissor_rect(*region)
    render_pass.draw(3)
    render_pass.end()
