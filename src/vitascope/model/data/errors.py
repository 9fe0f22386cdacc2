"""What goes wrong with training data."""

__all__ = ["DataError"]


class DataError(ValueError):
    """Training data that cannot be made or read, in one sentence."""
