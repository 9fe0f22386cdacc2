"""Flora: meshes of what grows, by form and parameters, in three levels of detail. Used by places and by subjects."""

from vitascope.world.flora.grown import FORMS, Detail, Grown, grown, leaf_fall

__all__ = ["FORMS", "Detail", "Grown", "grown", "leaf_fall"]
