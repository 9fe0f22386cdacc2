"""What is wrong with a project or a take, said in one sentence.

ProjectError (ValueError)
"""

__all__ = ["ProjectError"]


class ProjectError(ValueError):
    """A project or take that is not there, cannot be read or cannot be written; the text says what there is."""
