"""Films for other programs. So far: a stage at a moment as glTF."""

from vitascope.exchange.gltf import LIMIT_BYTES, SceneFile, stage_as_gltf

__all__ = ["LIMIT_BYTES", "SceneFile", "stage_as_gltf"]
