"""Stage and time to picture and passes, on any Vulkan, Metal or Direct3D 12 adapter, a software one included."""

from vitascope.render.change import EVERYTHING, Changes
from vitascope.render.gpu import RenderError, adapter_name, describe_adapter
from vitascope.render.grading import Grader
from vitascope.render.plates import Kept
from vitascope.render.readback import Frame
from vitascope.render.region import Region
from vitascope.render.renderer import Renderer
from vitascope.render.warming import warm_up

__all__ = [
    "EVERYTHING",
    "Changes",
    "Frame",
    "Grader",
    "Kept",
    "Region",
    "RenderError",
    "Renderer",
    "adapter_name",
    "describe_adapter",
    "warm_up",
]
