"""How each phrase of an instruction was taken: understood, substituted or not understood. Nothing is dropped silently."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Phrase", "Reading"]


class Phrase(BaseModel):
    """One content phrase: the words, their place in the text (half-open characters), and what was made of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    kind: Literal[
        "subject", "attribute", "count", "action", "manner", "relation", "place", "time", "weather", "season", "light",
        "camera", "style", "pace", "duration", "sound", "negation", "other",
    ]  # fmt: skip
    status: Literal["understood", "substituted", "not_understood"]
    taken_as: str = ""
    """What it became, in words ("snow leopard", "cat with spots")."""


class Reading(BaseModel):
    """Every content phrase of an instruction, in text order, and remarks in whole sentences."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phrases: tuple[Phrase, ...] = ()
    remarks: tuple[str, ...] = ()

    def with_status(self, status: str) -> tuple[Phrase, ...]:
        """The phrases that have `status`."""
        return tuple(phrase for phrase in self.phrases if phrase.status == status)
