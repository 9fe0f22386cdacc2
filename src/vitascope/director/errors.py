"""What the director cannot do, said in one sentence to the person who asked."""

__all__ = ["DirectorError"]


class DirectorError(ValueError):
    """An instruction that cannot be directed; the text says what was given, what is allowed and what to do."""
