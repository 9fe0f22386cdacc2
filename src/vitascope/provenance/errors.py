"""The one error of this package.

ProvenanceError (ValueError)
"""


class ProvenanceError(ValueError):
    """A film that cannot be marked, or a key that cannot be used; the message is one sentence for the user."""
