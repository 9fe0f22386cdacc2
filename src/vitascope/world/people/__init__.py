"""People: measures, faces, hair, clothes and ways of moving, for the family "person"."""

from vitascope.world.people.build import build_person
from vitascope.world.people.performance import perform_person

__all__ = ["build_person", "perform_person"]
