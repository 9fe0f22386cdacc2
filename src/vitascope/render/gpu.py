"""The graphics device: which adapter, shaders with includes, textures, buffers and pipelines.

Everything that allocates on the device goes through a `Gpu`, so that closing it frees all of it.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import wgpu
from wgpu.backends.wgpu_native.extras import set_instance_extras

__all__ = [
    "DEPTH_FORMAT",
    "LIGHT_FORMAT",
    "Gpu",
    "RenderError",
    "adapter_name",
    "describe_adapter",
    "shader_source",
    "starting",
]

LIGHT_FORMAT = "rgba16float"
"""Format of the lit picture, linear radiance."""
DEPTH_FORMAT = "depth32float"
"""Reversed depth: near / distance along the view axis, 0 where there is nothing."""

_BACKENDS = ("Vulkan", "Metal", "DX12")
_PREFERENCE = {"DiscreteGPU": 0, "IntegratedGPU": 1, "Unknown": 2, "CPU": 3}
_INCLUDE = re.compile(r'^\s*#include\s+"([\w.]+)"\s*$', re.MULTILINE)
_GUARD = re.compile(r"\b(has|has_pattern)\((\d+)u\)")
_TEXTURES = {
    "texture": "float", "array": "float", "volume": "float", "texel": "unfilterable-float", "utexel": "uint",
    "depth": "depth", "depths": "depth",
}  # fmt: skip
_SHAPES = {"array": "2d-array", "depths": "2d-array", "volume": "3d"}
_SAMPLERS = {"sampler": "filtering", "comparison": "comparison"}
_BUFFER_KINDS = {"uniform": "uniform", "storage": "read-only-storage", "writable": "storage"}


starting = threading.RLock()
"""Held while a device is opened or warmed up on a thread; making a `Gpu` waits for it."""


class RenderError(Exception):
    """The picture cannot be drawn on this machine; the text says what to do."""


class _Device:
    """A device of the process, with what does not depend on a stage: shaders, layouts and pipelines, made once."""

    def __init__(self, wanted: str | None) -> None:
        self.adapter = _choose_adapter(wanted)
        names = ("max-texture-dimension-2d", "max-storage-buffer-binding-size", "max-buffer-size")
        limits = {name: self.adapter.limits[name] for name in names}
        self.device = self.adapter.request_device_sync(
            required_limits={**limits, "max-color-attachment-bytes-per-sample": 32}
        )
        self.modules: dict[tuple, wgpu.GPUShaderModule] = {}
        self.layouts: dict[tuple[str, ...], wgpu.GPUBindGroupLayout] = {}
        self.pipelines: dict[tuple, tuple[wgpu.GPURenderPipeline, Sequence, dict]] = {}
        self.textures: dict[str, wgpu.GPUTexture] = {}
        both = wgpu.ShaderStage.VERTEX | wgpu.ShaderStage.FRAGMENT | wgpu.ShaderStage.COMPUTE
        self.frame_layout = self.device.create_bind_group_layout(
            entries=[{"binding": b, "visibility": both, "buffer": {"type": "uniform"}} for b in (0, 1)]
        )
        self.fence = self.device.create_buffer(size=16, usage=wgpu.BufferUsage.COPY_SRC)


class Gpu:
    """One adapter and device, and what one renderer owns on it. `adapter` picks one by a part of its name."""

    def __init__(self, adapter: str | None = None) -> None:
        with starting:
            self._shared = shared = _device(adapter)
        self.adapter, self.device, self.queue = shared.adapter, shared.device, shared.device.queue
        self.is_software = self.adapter.info["adapter_type"] == "CPU"
        self.frame_layout = shared.frame_layout
        """Group 0 of every shader: binding 0 the uniform `Frame`, binding 1 the uniform `Sky`."""
        self._modules, self._layouts = shared.modules, shared.layouts
        self._owned: list = []

    def shader(self, name: str, constants: Mapping[str, bool | int | float] | None = None) -> wgpu.GPUShaderModule:
        """The module of shaders/`name`, includes resolved, with `constants` written before it as WGSL `const`s.

        A constant whose name has dots ("frame.misc.w") replaces that value of a uniform: software adapters run both sides
        of a branch, so what a value switches off for a whole shot has to be known when the shader is compiled. Blocks
        `if (has(3u) ...) {` and `if (has_pattern(3u) ...) {` of kinds that do not occur are left out, which makes compiling
        several times faster.
        """
        key = (name, tuple(sorted((constants or {}).items())))
        if key not in self._modules:
            plain = {k: v for k, v in key[1] if "." not in k}
            code = "".join(f"const {k} = {_literal(v)};\n" for k, v in plain.items())
            code += _without_unused(shader_source(name), plain) if "PATTERNS_USED" in plain else shader_source(name)
            for k, v in key[1]:
                if "." in k:
                    code = re.sub(rf"\b{re.escape(k)}\b", _literal(v), code)
            self._modules[key] = self.device.create_shader_module(label=name, code=code)
        return self._modules[key]

    def layout(self, *entries: str) -> wgpu.GPUBindGroupLayout:
        """A bind group layout from words, in binding order, visible to the vertex and fragment stages.

        Words: uniform, storage, texture (filtered), texel (float, unfiltered), utexel (uint), depth, array, depths (array),
        volume (3d, filtered), sampler, comparison.
        """
        if entries not in self._layouts:
            visibility = wgpu.ShaderStage.VERTEX | wgpu.ShaderStage.FRAGMENT
            self._layouts[entries] = self.device.create_bind_group_layout(
                entries=[{"binding": i, "visibility": visibility, **_layout_entry(w)} for i, w in enumerate(entries)]
            )
        return self._layouts[entries]

    def bind(self, layout: wgpu.GPUBindGroupLayout, *resources) -> wgpu.GPUBindGroup:
        """A bind group of buffers, texture views and samplers in binding order."""
        entries = [
            {
                "binding": i,
                "resource": {"buffer": r, "offset": 0, "size": r.size} if isinstance(r, wgpu.GPUBuffer) else r,
            }
            for i, r in enumerate(resources)
        ]
        return self.device.create_bind_group(layout=layout, entries=entries)

    def texture(self, size: Sequence[int], format: str, *, mips: int = 1, copy: bool = False) -> wgpu.GPUTexture:
        """A texture that can be drawn to, sampled and, with `copy`, copied from and to. `size` is (w, h[, layers])."""
        usage = wgpu.TextureUsage.RENDER_ATTACHMENT | wgpu.TextureUsage.TEXTURE_BINDING
        if copy:
            usage |= wgpu.TextureUsage.COPY_SRC | wgpu.TextureUsage.COPY_DST
        shape = (size[0], size[1], size[2] if len(size) > 2 else 1)
        texture = self.device.create_texture(size=shape, format=format, usage=usage, mip_level_count=mips)
        self._owned.append(texture)
        return texture

    def picture(self, pixels: np.ndarray, format: str) -> wgpu.GPUTexture:
        """A texture filled with `pixels` (H, W, C), for sampling only."""
        height, width = pixels.shape[:2]
        usage = wgpu.TextureUsage.TEXTURE_BINDING | wgpu.TextureUsage.COPY_DST
        texture = self.device.create_texture(size=(width, height, 1), format=format, usage=usage)
        data = np.ascontiguousarray(pixels)
        layout = {"bytes_per_row": data.nbytes // height, "rows_per_image": height}
        self.queue.write_texture({"texture": texture}, data, layout, (width, height, 1))
        self._owned.append(texture)
        return texture

    def buffer(self, content: bytes | np.ndarray | int, kind: str) -> wgpu.GPUBuffer:
        """A buffer with `content`, or of that many bytes. Kinds: uniform, storage, vertex, index, readback."""
        usage = {
            "uniform": wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST,
            "storage": wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_DST,
            "vertex": wgpu.BufferUsage.VERTEX | wgpu.BufferUsage.COPY_DST,
            "index": wgpu.BufferUsage.INDEX | wgpu.BufferUsage.COPY_DST,
            "readback": wgpu.BufferUsage.MAP_READ | wgpu.BufferUsage.COPY_DST,
        }[kind]
        if isinstance(content, int):
            buffer = self.device.create_buffer(size=max(16, -(-content // 16) * 16), usage=usage)
        else:
            data = content.tobytes() if isinstance(content, np.ndarray) else content
            data = data + b"\0" * (max(16, -(-len(data) // 16) * 16) - len(data))
            buffer = self.device.create_buffer_with_data(data=data, usage=usage)
        self._owned.append(buffer)
        return buffer

    def sampler(self, *, linear: bool = True, repeat: bool = False, compare: str | None = None) -> wgpu.GPUSampler:
        """A sampler; `compare` makes one for shadow maps."""
        kind, edge = ("linear" if linear else "nearest"), ("repeat" if repeat else "clamp-to-edge")
        return self.device.create_sampler(
            mag_filter=kind, min_filter=kind, mipmap_filter=kind, address_mode_u=edge, address_mode_v="clamp-to-edge",
            compare=compare,
        )  # fmt: skip

    def screen_pipeline(
        self,
        module: wgpu.GPUShaderModule,
        entry: str,
        formats: Sequence[str],
        groups: Sequence[wgpu.GPUBindGroupLayout] = (),
        *,
        depth: tuple[str, str, bool] | None = None,
        blend: Mapping | None = None,
        vertex: str = "screen_vertex",
    ) -> wgpu.GPURenderPipeline:
        """A pipeline that covers the target with one triangle (`screen_vertex` of frame.wgsl) and runs `entry`.

        Groups follow group 0. `depth` is (format, compare, write): the triangle lies at depth 0 (sky).
        """
        targets = [{"format": f, **({"blend": dict(blend)} if blend else {})} for f in formats]
        extra = {}
        if depth is not None:
            extra["depth_stencil"] = {"format": depth[0], "depth_compare": depth[1], "depth_write_enabled": depth[2]}
        return self.pipeline(
            [self.frame_layout, *groups],
            vertex={"module": module, "entry_point": vertex, "buffers": []},
            primitive={"topology": "triangle-list"},
            fragment={"module": module, "entry_point": entry, "targets": targets},
            **extra,
        )

    def pipeline(self, groups: Sequence[wgpu.GPUBindGroupLayout], **description) -> wgpu.GPURenderPipeline:
        """The render pipeline of a WebGPU description without its layout, made once for the process."""
        key = (tuple(map(id, groups)), repr(description))
        if key not in self._shared.pipelines:
            pipeline = self.device.create_render_pipeline(
                layout=self.device.create_pipeline_layout(bind_group_layouts=list(groups)), **description
            )
            # The parts are kept alive with it, since the key names them by address.
            self._shared.pipelines[key] = pipeline, groups, description
        return self._shared.pipelines[key][0]

    def shared_texture(self, name: str, make: Callable[[], wgpu.GPUTexture]) -> wgpu.GPUTexture:
        """The texture that `make` gives, the same whatever the stage: made once for the process."""
        if name not in self._shared.textures:
            self._shared.textures[name] = make()
        return self._shared.textures[name]

    def finish(self) -> None:
        """Wait until everything that was submitted is drawn."""
        self.queue.read_buffer(self._shared.fence, 0, 16)

    def close(self) -> None:
        """Free what was made for this renderer; shaders and pipelines stay for the next one."""
        self.finish()
        for owned in self._owned:
            owned.destroy()
        self._owned.clear()


@cache
def _device(wanted: str | None) -> _Device:
    return _Device(wanted)


def describe_adapter(adapter: str | None = None) -> str:
    """What would draw: name, kind and driver of the adapter in one line. Raises RenderError where there is none."""
    info = _choose_adapter(adapter).info
    return f"{info['device']} ({info['adapter_type']}, {info['backend_type']}, {info['description']})"


def adapter_name(adapter: str | None = None) -> tuple[str, bool]:
    """The name of what would draw, and whether it is a processor. Raises RenderError where there is none."""
    info = _choose_adapter(adapter).info
    return str(info["device"]), info["adapter_type"] == "CPU"


@cache
def shader_source(name: str) -> str:
    """WGSL text of shaders/`name`; each `#include "x.wgsl"` line is replaced by that file, once."""
    seen: set[str] = set()

    def resolve(part: str) -> str:
        if part in seen:
            return ""
        seen.add(part)
        text = (files("vitascope.render") / "shaders" / part).read_text(encoding="utf-8")
        return _INCLUDE.sub(lambda found: resolve(found.group(1)), text)

    return resolve(name)


def _without_unused(source: str, constants: Mapping[str, bool | int | float]) -> str:
    low, high, patterns = (int(constants[name]) for name in ("SURFACES_LOW", "SURFACES_HIGH", "PATTERNS_USED"))
    bits = {"has": low | high << 32, "has_pattern": patterns}
    kept, skipping = [], False
    for line in source.splitlines():
        asked = _GUARD.findall(line) if line.startswith("    if (") else []
        if skipping:
            skipping = line != "    }"
        elif asked and not any(bits[kind] >> int(number) & 1 for kind, number in asked):
            skipping = not line.rstrip().endswith("}")
        else:
            kept.append(line)
    return "\n".join(kept)


def _literal(value: bool | int | float) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value}u" if isinstance(value, int) else f"{float(value)!r}f"


@cache
def _instance() -> wgpu.GPU:
    # Mesa's device-select layer asks the window system for its GPU, and complains on machines without a desktop.
    os.environ.setdefault("NODEVICE_SELECT", "1")
    set_instance_extras(backends=_BACKENDS)
    return wgpu.gpu


def _choose_adapter(wanted: str | None) -> wgpu.GPUAdapter:
    found = [a for a in _instance().enumerate_adapters_sync() if a.info["backend_type"] != "OpenGL"]
    if not found:
        raise RenderError(
            "No graphics adapter was found; drawing needs Vulkan, Metal or Direct3D 12. "
            "On Debian or Ubuntu without a GPU install the package mesa-vulkan-drivers."
        )
    if wanted is not None:
        matching = [a for a in found if wanted.lower() in a.summary.lower()]
        if not matching:
            names = ", ".join(a.info["device"] for a in found)
            raise RenderError(f"No graphics adapter is called {wanted!r}; this machine has {names}. Name one of them.")
        found = matching
    return min(found, key=lambda a: _PREFERENCE.get(a.info["adapter_type"], 2))


def _layout_entry(word: str) -> dict:
    if word in _BUFFER_KINDS:
        return {"buffer": {"type": _BUFFER_KINDS[word]}}
    if word in _SAMPLERS:
        return {"sampler": {"type": _SAMPLERS[word]}}
    return {"texture": {"sample_type": _TEXTURES[word], "view_dimension": _SHAPES.get(word, "2d")}}
