"""The one error of this package.

ProvenanceError (ValueError)
"""


class ProvenanceError(ValueError):
    """A film that cannot be marked, or a key that cannot be used; the message is one sentence for the user."""


def first_line(error: BaseException) -> str:
    """Return the first line of what `error` says, or its name."""
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
