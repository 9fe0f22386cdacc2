"""The one error of this package, and the words for what an operating system says about a write.

MediaError (ValueError)
"""

from __future__ import annotations

import errno
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class MediaError(ValueError):
    """A picture, a sound or a file that cannot be read or written; the message is one sentence for the user."""


def describe_write_failure(error: OSError, path: Path) -> MediaError:
    """Return the sentence for a failed write to `path`: full disk, missing permission, or the system's own words."""
    if error.errno in _FULL:
        return MediaError(f"The disk is full, so the film was not written; free some space and try again: {path}")
    if isinstance(error, PermissionError):
        return MediaError(f"This place may not be written to; choose another folder or change its permissions: {path}")
    reason = error.strerror or str(error) or type(error).__name__
    return MediaError(f"Writing failed ({reason}); nothing was left behind: {path}")
