"""What cannot be done, as one sentence for people and one word for programs. Every face turns these into its own form."""

from __future__ import annotations

__all__ = ["Conflict", "Forbidden", "Invalid", "JobError", "Missing", "TooBusy", "Unauthorised"]


class JobError(Exception):
    """`status` is that of HTTP; `param` the field that is wrong; `retry_after` [s] when trying again can help."""

    status = 500
    code = "internal_error"

    def __init__(
        self, message: str, *, code: str | None = None, param: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.param = param
        self.retry_after = retry_after


class Invalid(JobError):
    """A value that is not allowed, or words that cannot be followed."""

    status, code = 400, "invalid_value"


class Unauthorised(JobError):
    """No key, or one that does not hold."""

    status, code = 401, "invalid_api_key"


class Forbidden(JobError):
    """A key or a role that does not allow this."""

    status, code = 403, "forbidden"


class Missing(JobError):
    """Nothing has this id here; what belongs to others is not here either."""

    status, code = 404, "not_found"


class Conflict(JobError):
    """Not in this state."""

    status, code = 409, "conflict"


class TooBusy(JobError):
    """A limit of the tier or of the server; `retry_after` says when to come again."""

    status, code = 429, "rate_limit_exceeded"
