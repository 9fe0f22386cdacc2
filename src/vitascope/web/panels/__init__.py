"""Panels of the film page. A panel is a function of a `Session`: it builds itself where it is called, and listens."""
