"""Logs as lines of JSON: the time, what happened, the request it belongs to. Never words of users, never keys.

Messages of exceptions can quote what somebody typed, so only their kind and place are told, unless VITASCOPE_LOG is debug.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TextIO

from vitascope.jobs.audit import request_id

__all__ = ["JsonLines", "set_up_logs"]

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
FRAMES_MAX = 12


class JsonLines(logging.Formatter):
    """One object a line: time, level, logger, message, request, and what was given as `extra`."""

    def __init__(self, *, whole_faults: bool = False) -> None:
        super().__init__()
        self._whole_faults = whole_faults

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (request := request_id.get()) is not None:
            line["request"] = request
        line |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = self._fault(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)

    def _fault(self, error: BaseException) -> object:
        if self._whole_faults:
            return "".join(traceback.format_exception(error))
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
        return {
            "kind": type(error).__name__,
            "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }


def set_up_logs(environment: Mapping[str, str] = os.environ, stream: TextIO = sys.stderr) -> None:
    """Have everything that is logged written as lines of JSON. VITASCOPE_LOG is debug, info (the default), warning or error."""
    said = environment.get("VITASCOPE_LOG", "info").lower()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(whole_faults=said == "debug"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("vitascope").setLevel(LEVELS.get(said, logging.INFO))
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").disabled = True
