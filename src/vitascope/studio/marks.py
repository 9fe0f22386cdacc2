"""Which marks films carry that an operator may decide about."""

from __future__ import annotations

import os

__all__ = ["visible_label"]

LABEL_SETTING = "VITASCOPE_VISIBLE_LABEL"


def visible_label() -> bool:
    """Whether films carry the visible label: always, unless the operator sets VITASCOPE_VISIBLE_LABEL=off."""
    return os.environ.get(LABEL_SETTING, "on").strip().lower() not in ("off", "0", "no", "false")
